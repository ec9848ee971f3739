"""The State: all that Juju and Pebble know about the unit before, or after, one event."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import ops

from ..arguments import checked
from ..dataclass import dataclass
from ..errors import closest
from ..fields import check_fields
from ..frozen import EMPTY, empty, empty_list, fill
from . import declared
from .changing import Changing, ConfigValue
from .container import Container
from .deferred import DeferredEvent
from .given import read_only_list, read_only_mapping, read_only_set
from .model import Model
from .moment import real_utc
from .network import Network
from .port import Port, to_port
from .queue import QueuedEvent
from .relation import RelationBase
from .resource import Resource
from .secret import Secret
from .status import UNKNOWN, EntityStatus, to_entity_status
from .stimulus import Stimulus
from .storage import Storage
from .stored import StoredState
from .value import Value

if TYPE_CHECKING:
    from typing_extensions import TypedDict, Unpack

    from ..context import Context

    class OtherFields(TypedDict, total=False):
        """What a State has beside what the metadata declares."""

        networks: Iterable[Network]
        opened_ports: Iterable[Port | ops.Port]
        leader: bool
        model: Model
        secrets: Iterable[Secret]
        resources: Iterable[Resource]
        planned_units: int
        deferred: Iterable[DeferredEvent]
        app_status: EntityStatus | ops.StatusBase
        unit_status: EntityStatus | ops.StatusBase
        workload_version: str
        server_state: Mapping[str, str]
        time: datetime.datetime
        queue: Iterable[QueuedEvent]
        schedule: Iterable[Stimulus]


R = TypeVar('R', bound=RelationBase)

_DEFAULT_MODEL = Model()


@dataclass(frozen=True, init=False, repr=False)
class State(Changing):
    """The world around one unit.  A run takes one and gives a new one; neither ever changes.

    Example::

        state = State(leader=True, containers={Container('db', can_connect=True)})
        out = ctx.run(ctx.on.update_status(), state)
        assert out.unit_status == ActiveStatus()

    What an event doesn't touch is the very same object in the new State.
    """

    COMPARED = True

    config: Mapping[str, ConfigValue] = dataclasses.field(default_factory=empty)
    """The options that were set; the others have the defaults of the charm's metadata."""

    relations: frozenset[RelationBase] = frozenset()
    """The relations that exist."""

    networks: frozenset[Network] = frozenset()
    """What ``network-get`` answers; a binding that isn't here has a default."""

    containers: frozenset[Container] = frozenset()
    """The workload containers."""

    storages: frozenset[Storage] = frozenset()
    """The storage instances that are attached."""

    opened_ports: frozenset[Port] = frozenset()
    """The ports that this unit opened."""

    leader: bool = False
    """Whether this unit leads its application."""

    model: Model = _DEFAULT_MODEL
    """The model that the unit lives in."""

    secrets: frozenset[Secret] = frozenset()
    """The secrets that the unit or its application owns, or was granted."""

    resources: frozenset[Resource] = frozenset()
    """The resources that were attached to the application."""

    planned_units: int = 1
    """How many units the application is to have."""

    deferred: Sequence[DeferredEvent] = dataclasses.field(default_factory=empty_list)
    """The events that ops will emit again, oldest first."""

    stored_states: frozenset[StoredState] = frozenset()
    """What the charm's ``ops.StoredState`` attributes hold."""

    app_status: EntityStatus = UNKNOWN
    """The application's status, as the leader set it."""

    unit_status: EntityStatus = UNKNOWN
    """This unit's status."""

    workload_version: str = ''
    """The application's version in ``juju status``."""

    server_state: Mapping[str, str] = dataclasses.field(default_factory=empty)
    """What the charm keeps on the controller (hook tools ``state-set`` and ``state-get``)."""

    time: datetime.datetime | None = dataclasses.field(default=None, compare=False)
    """What the clocks show, in UTC; None: a run starts at the time that the test sees."""

    queue: Sequence[QueuedEvent] = dataclasses.field(default_factory=empty_list)
    """What Juju has yet to send: a hook that failed, then what became due; see ``ctx.advance``."""

    schedule: Sequence[Stimulus] = dataclasses.field(default_factory=empty_list)
    """What is going to happen to the containers, and when."""

    def __init__(
        self,
        *,
        config: Mapping[str, ConfigValue] | None = None,
        relations: Iterable[RelationBase] = (),
        networks: Iterable[Network] = (),
        containers: Iterable[Container] = (),
        storages: Iterable[Storage | ops.Storage] = (),
        opened_ports: Iterable[Port | ops.Port] = (),
        leader: bool = False,
        model: Model | None = None,
        secrets: Iterable[Secret] = (),
        resources: Iterable[Resource] = (),
        planned_units: int = 1,
        deferred: Iterable[DeferredEvent] = (),
        stored_states: Iterable[StoredState] = (),
        app_status: EntityStatus | ops.StatusBase | None = None,
        unit_status: EntityStatus | ops.StatusBase | None = None,
        workload_version: str = '',
        server_state: Mapping[str, str] = EMPTY,
        time: datetime.datetime | None = None,
        queue: Iterable[QueuedEvent] = (),
        schedule: Iterable[Stimulus] = (),
    ):
        fill(
            self,
            config=read_only_mapping(config or EMPTY, object, 'State.config'),
            relations=read_only_set(relations, RelationBase, 'State.relations'),
            networks=read_only_set(networks, Network, 'State.networks'),
            containers=read_only_set(containers, Container, 'State.containers'),
            storages=_each(
                _storage, read_only_set(storages, Storage | ops.Storage, 'State.storages')
            ),
            opened_ports=_each(
                to_port, read_only_set(opened_ports, Port | ops.Port, 'State.opened_ports')
            ),
            leader=leader,
            model=_DEFAULT_MODEL if model is None else model,
            secrets=read_only_set(secrets, Secret, 'State.secrets'),
            resources=read_only_set(resources, Resource, 'State.resources'),
            planned_units=planned_units,
            deferred=read_only_list(deferred, DeferredEvent, 'State.deferred'),
            stored_states=read_only_set(stored_states, StoredState, 'State.stored_states'),
            app_status=to_entity_status(app_status, 'app_status'),
            unit_status=to_entity_status(unit_status, 'unit_status'),
            workload_version=workload_version,
            server_state=read_only_mapping(server_state, str, 'State.server_state'),
            time=time if time is None else real_utc(time, 'State.time'),
            queue=read_only_list(queue, QueuedEvent, 'State.queue'),
            schedule=read_only_list(schedule, Stimulus, 'State.schedule'),
        )
        if (  # cheaper than the call
            model is not None
            or leader.__class__ is not bool
            or planned_units.__class__ is not int
            or workload_version.__class__ is not str
        ):
            check_fields(self)

    def to_json(self) -> str:
        """This State as JSON text: sorted, without what equals its default.

        Needs the extra ``json``.

        Raises:
            StateValidationError: If something can't be written, for example a lambda.
        """
        from . import document

        return document.to_json(self)

    @classmethod
    @checked
    def from_json(cls, text: str) -> State:
        """The State that a JSON text describes.

        The modules of the functions that it names (handlers of Execs) are imported: read only
        what you trust.

        Raises:
            StateValidationError: If the text is no State; says what is wrong, and where.
        """
        from . import document

        return document.from_json(text)

    def to_yaml(self) -> str:
        """This State as YAML text. Otherwise like `to_json`."""
        from . import document

        return document.to_yaml(self)

    @classmethod
    @checked
    def from_yaml(cls, text: str) -> State:
        """The State that a YAML text describes. Otherwise like `from_json`."""
        from . import document

        return document.from_yaml(text)

    @classmethod
    @checked
    def from_context(
        cls,
        ctx: Context[Any],
        *,
        config: Mapping[str, ConfigValue] | None = None,
        relations: Iterable[RelationBase] | None = None,
        containers: Iterable[Container] | None = None,
        storages: Iterable[Storage] | None = None,
        stored_states: Iterable[StoredState] | None = None,
        **others: Unpack[OtherFields],
    ) -> State:
        """A State with one of everything that the charm's metadata declares.

        That is: the defaults of the options, a relation per endpoint, the containers
        (``can_connect=True``), an instance of each storage, and an empty StoredState per
        ``ops.StoredState`` attribute of the charm's class.

        Args:
            ctx: Where the metadata comes from.
            config: Options that differ from their defaults.
            relations: Take the place of those that would be made for their endpoints.
            containers: Take the place of those of the same name.
            storages: Take the place of those of the same name.
            stored_states: Take the place of those of the same name and owner.
            others: All other fields of the State.
        """
        _check_fields_exist(others)
        fields = declared.fields(
            ctx.prepared.spec,
            config=config,
            relations=relations,
            containers=containers,
            storages=storages,
            stored_states=stored_states,
        )
        return cls(**fields, **others)


def _each(convert: Callable[[Any], Value], values: frozenset[Any]) -> frozenset[Any]:
    return frozenset(map(convert, values)) if values else values


def _storage(storage: Storage | ops.Storage) -> Storage:
    if isinstance(storage, ops.Storage):
        return Storage(storage.name, index=storage.index)
    return storage


def _check_fields_exist(given: Mapping[str, Any]) -> None:
    known = [field.name for field in dataclasses.fields(State)]
    for name in given:
        if name not in known:
            raise TypeError(
                f'cannot make a State with {name!r}: it has no such field\n'
                f'  hint: {closest(name, known) or "it has " + ", ".join(known)}'
            )
