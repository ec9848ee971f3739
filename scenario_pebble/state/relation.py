"""Relations: who is on the other side, and what is in the databags."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any, NoReturn, cast

from ..dataclass import dataclass
from ..errors import StateValidationError
from ..fields import check_fields
from ..frozen import EMPTY, Constant, FrozenDict, empty, fill
from . import names
from .given import read_only_mapping
from .value import Value

UnitID = int
"""The number in a unit's name: 0 in ``db/0``."""
RawDataBagContents = dict[str, str]
"""A databag: Juju holds strings only."""

_next_id = itertools.count(1).__next__

# What Juju itself writes into each unit's databag.
DEFAULT_DATABAG: RawDataBagContents = FrozenDict(
    dict.fromkeys(('egress-subnets', 'ingress-address', 'private-address'), '192.0.2.0')
)
_ONE_UNIT: Mapping[UnitID, RawDataBagContents] = FrozenDict({0: DEFAULT_DATABAG})


@dataclass(frozen=True, init=False, repr=False)
class RelationBase(Value):
    """What all relations have.  Use `Relation`, `PeerRelation` or `SubordinateRelation`."""

    COMPARED = True

    endpoint: str
    """The name of the endpoint in the charm's metadata, verbatim."""

    interface: str | None = None
    """The interface that the metadata declares for the endpoint."""

    _: dataclasses.KW_ONLY

    id: int = dataclasses.field(default_factory=_next_id)
    """Juju's number for the relation.  Given out at construction."""

    local_app_data: RawDataBagContents = dataclasses.field(default_factory=empty)
    """This application's databag; only the leader writes it."""

    local_unit_data: RawDataBagContents = dataclasses.field(
        default_factory=Constant(DEFAULT_DATABAG)
    )
    """This unit's databag."""

    def __init__(
        self,
        endpoint: str,
        interface: str | None = None,
        *,
        id: int | None = None,
        local_app_data: RawDataBagContents = EMPTY,
        local_unit_data: RawDataBagContents = DEFAULT_DATABAG,
    ):
        if type(self) is RelationBase:
            raise RuntimeError(
                'cannot make a RelationBase: it is the base of the kinds of relations\n'
                '  hint: Relation, PeerRelation or SubordinateRelation'
            )
        names.check_name('relation endpoint', endpoint)
        fill(
            self,
            endpoint=endpoint,
            interface=interface,
            id=_next_id() if id is None else id,
            local_app_data=_databag(local_app_data, endpoint, 'local_app_data'),
            local_unit_data=_databag(local_unit_data, endpoint, 'local_unit_data'),
        )
        if (id is not None and id.__class__ is not int) or (
            interface is not None and interface.__class__ is not str
        ):
            check_fields(self)

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def relation_id(self) -> NoReturn:
        """The field is called `id`."""
        raise AttributeError("cannot read 'relation_id': the field is called 'id'")

    @property
    def remote_units(self) -> Mapping[UnitID, RawDataBagContents]:
        """The databags of the units on the other side, whatever the kind of relation."""
        raise NotImplementedError


@dataclass(frozen=True, init=False, repr=False, kw_only=True)
class Relation(RelationBase):
    """A relation with another application.

    Example::

        Relation(
            'database',
            remote_app_name='mysql',
            remote_app_data={'endpoints': '10.0.0.5:3306'},
            remote_units_data={0: {}, 1: {}},
        )
    """

    remote_app_name: str = 'remote'
    """The other application."""

    limit: int = 1
    """The most relations that the endpoint may have."""

    remote_app_data: RawDataBagContents = dataclasses.field(default_factory=empty)
    """The other application's databag."""

    remote_units_data: Mapping[UnitID, RawDataBagContents] = dataclasses.field(
        default_factory=Constant(_ONE_UNIT)
    )
    """The databag of each unit of the other application."""

    remote_model_uuid: str | None = None
    """Where the other application lives, if in another model."""

    def __init__(
        self,
        endpoint: str,
        interface: str | None = None,
        *,
        id: int | None = None,
        local_app_data: RawDataBagContents = EMPTY,
        local_unit_data: RawDataBagContents = DEFAULT_DATABAG,
        remote_app_name: str = 'remote',
        limit: int = 1,
        remote_app_data: RawDataBagContents = EMPTY,
        remote_units_data: Mapping[UnitID, RawDataBagContents] = _ONE_UNIT,
        remote_model_uuid: str | None = None,
    ):
        super().__init__(
            endpoint,
            interface,
            id=id,
            local_app_data=local_app_data,
            local_unit_data=local_unit_data,
        )
        fill(
            self,
            remote_app_name=remote_app_name,
            limit=limit,
            remote_app_data=_databag(remote_app_data, endpoint, 'remote_app_data'),
            remote_units_data=_databags(remote_units_data, self, 'remote_units_data'),
            remote_model_uuid=remote_model_uuid,
        )
        if (
            remote_app_name.__class__ is not str
            or limit.__class__ is not int
            or (remote_model_uuid is not None and remote_model_uuid.__class__ is not str)
        ):
            check_fields(self)

    __hash__ = RelationBase.__hash__

    @property
    def remote_units(self) -> Mapping[UnitID, RawDataBagContents]:
        """The databags of the units on the other side."""
        return self.remote_units_data


@dataclass(frozen=True, init=False, repr=False, kw_only=True)
class SubordinateRelation(RelationBase):
    """A relation of scope ``container``, between a principal unit and its subordinate.

    Example::

        SubordinateRelation('logging', remote_unit_data={'port': '3100'})
    """

    remote_app_data: RawDataBagContents = dataclasses.field(default_factory=empty)
    """The other application's databag."""

    remote_unit_data: RawDataBagContents = dataclasses.field(
        default_factory=Constant(DEFAULT_DATABAG)
    )
    """The databag of the one unit on the other side."""

    remote_app_name: str = 'remote'
    """The other application."""

    remote_unit_id: int = 0
    """The number of the unit on the other side."""

    def __init__(
        self,
        endpoint: str,
        interface: str | None = None,
        *,
        id: int | None = None,
        local_app_data: RawDataBagContents = EMPTY,
        local_unit_data: RawDataBagContents = DEFAULT_DATABAG,
        remote_app_data: RawDataBagContents = EMPTY,
        remote_unit_data: RawDataBagContents = DEFAULT_DATABAG,
        remote_app_name: str = 'remote',
        remote_unit_id: int = 0,
    ):
        super().__init__(
            endpoint,
            interface,
            id=id,
            local_app_data=local_app_data,
            local_unit_data=local_unit_data,
        )
        fill(
            self,
            remote_app_data=_databag(remote_app_data, endpoint, 'remote_app_data'),
            remote_unit_data=_databag(remote_unit_data, endpoint, 'remote_unit_data'),
            remote_app_name=remote_app_name,
            remote_unit_id=remote_unit_id,
        )
        if remote_app_name.__class__ is not str or remote_unit_id.__class__ is not int:
            check_fields(self)

    __hash__ = RelationBase.__hash__

    @property
    def remote_unit_name(self) -> str:
        """The name of the unit on the other side."""
        return f'{self.remote_app_name}/{self.remote_unit_id}'

    @property
    def remote_units(self) -> Mapping[UnitID, RawDataBagContents]:
        """The databag of the one unit on the other side, by its number."""
        return {self.remote_unit_id: self.remote_unit_data}


@dataclass(frozen=True, init=False, repr=False, kw_only=True)
class PeerRelation(RelationBase):
    """The relation between the units of this application.

    Example::

        PeerRelation('cluster', peers_data={1: {'address': '10.0.0.2'}})
    """

    peers_data: Mapping[UnitID, RawDataBagContents] = dataclasses.field(default_factory=empty)
    """The databag of each *other* unit; this unit's is `local_unit_data`."""

    def __init__(
        self,
        endpoint: str,
        interface: str | None = None,
        *,
        id: int | None = None,
        local_app_data: RawDataBagContents = EMPTY,
        local_unit_data: RawDataBagContents = DEFAULT_DATABAG,
        peers_data: Mapping[UnitID, RawDataBagContents] = EMPTY,
    ):
        super().__init__(
            endpoint,
            interface,
            id=id,
            local_app_data=local_app_data,
            local_unit_data=local_unit_data,
        )
        self.__dict__['peers_data'] = _databags(peers_data, self, 'peers_data')

    __hash__ = RelationBase.__hash__

    @property
    def remote_units(self) -> Mapping[UnitID, RawDataBagContents]:
        """The databags of the other units of this application."""
        return self.peers_data


def _databag(bag: Any, endpoint: str, field: str) -> FrozenDict[str, str]:
    if type(bag) is FrozenDict:  # a part of a State: checked before
        return cast('FrozenDict[str, str]', bag)
    if not isinstance(bag, dict):
        raise StateValidationError(
            f'cannot use {bag!r} for {field} of relation {endpoint!r}: it is no dict of strings\n'
            "  hint: {'port': '80'}"
        )
    for key, value in bag.items():  # type: ignore[reportUnknownVariableType]
        if not isinstance(key, str) or not isinstance(value, str):
            raise StateValidationError(
                f'cannot use {key!r}: {value!r} in {field} of relation {endpoint!r}: '
                'Juju keeps strings only\n'
                '  hint: str(…) or json.dumps(…), as the charm on that side would'
            )
    return FrozenDict(bag)  # type: ignore[reportUnknownArgumentType]


def _databags(
    bags: Any, relation: RelationBase, field: str
) -> FrozenDict[int, FrozenDict[str, str]]:
    if type(bags) is FrozenDict:
        return cast('FrozenDict[int, FrozenDict[str, str]]', bags)
    if bags.__class__ is not dict or not all(unit.__class__ is int for unit in bags):
        bags = read_only_mapping(bags, object, f'{type(relation).__name__}.{field}', keys=int)
    return FrozenDict(
        {
            unit: _databag(bag, relation.endpoint, f'{field}[{unit!r}]')
            for unit, bag in bags.items()
        }
    )
