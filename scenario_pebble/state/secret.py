"""Secrets: their content, who owns them and to whom they are granted."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from collections.abc import Iterable, Mapping
from typing import Any, Literal, cast

import ops

from ..dataclass import dataclass
from ..errors import StateValidationError, closest
from ..fields import check_fields
from ..frozen import EMPTY, FrozenDict, empty, fill
from .given import read_only_mapping, strings
from .moment import plain
from .value import Value

RawSecretRevisionContents = dict[str, str]
"""The content of one revision of a secret."""

_next_number = itertools.count(1).__next__
_DIGITS = '0123456789abcdefghijklmnopqrstuv'


def new_secret_id() -> str:
    """An id of Juju's form, ``secret:`` and 20 characters, made from a process-wide counter."""
    number, digits = _next_number(), ''
    while number:
        number, digit = divmod(number, 32)
        digits = _DIGITS[digit] + digits
    return f'secret:d{digits:0>19}'


def bare_id(secret_id: str) -> str:
    """A secret's id without scheme and model: ``secret:x`` and ``secret://uuid/x`` are ``x``."""
    return secret_id.rpartition(':')[2].rpartition('/')[2]


@dataclass(frozen=True, init=False, repr=False)
class Secret(Value):
    """A Juju secret, of a charm or of a user.

    Example::

        # granted to us: the owner has changed it, and we still see what it was
        Secret({'password': 'old'}, latest_content={'password': 'new'}, label='admin')
        # our own
        Secret({'password': 'x'}, owner='app', remote_grants={relation.id: {'remote'}})
    """

    COMPARED = True

    tracked_content: RawSecretRevisionContents
    """What this unit sees: the content of the revision that it tracks (``get_content()``)."""

    latest_content: RawSecretRevisionContents
    """The content of the newest revision (``peek_content()``, ``refresh``)."""

    id: str
    """Juju's URI of the secret, ``secret:`` and 20 characters.  Given out at construction."""

    owner: Literal['unit', 'app'] | None = None
    """This unit, this application, or None: somebody else, who granted it to this unit."""

    remote_grants: Mapping[int, frozenset[str]] = dataclasses.field(default_factory=empty)
    """By relation id: the units and applications to which this secret was granted."""

    label: str | None = None
    """The charm's own name for the secret."""

    description: str | None = None
    """Text for people."""

    expire: datetime.datetime | None = None
    """When Juju asks the owner to remove the latest revision."""

    rotate: ops.SecretRotate | None = None
    """How often Juju asks the owner for a new revision."""

    tracked_revision: int = dataclasses.field(default=1, compare=False)
    """The number of the revision that this unit tracks, from 1."""

    latest_revision: int = dataclasses.field(default=1, compare=False)
    """The newest revision; by default the tracked one, or the next if the contents differ."""

    def __init__(
        self,
        tracked_content: RawSecretRevisionContents,
        *,
        latest_content: RawSecretRevisionContents | None = None,
        id: str | None = None,
        owner: Literal['unit', 'app'] | None = None,
        remote_grants: Mapping[int, Iterable[str]] = EMPTY,
        label: str | None = None,
        description: str | None = None,
        expire: datetime.datetime | None = None,
        rotate: ops.SecretRotate | str | None = None,
        tracked_revision: int = 1,
        latest_revision: int | None = None,
    ):
        tracked = _content(tracked_content, 'tracked_content')
        latest = tracked if latest_content is None else _content(latest_content, 'latest_content')
        fill(
            self,
            tracked_content=tracked,
            latest_content=latest,
            id=new_secret_id() if id is None else id,
            owner=_owner(owner),
            remote_grants=_grants(remote_grants),
            label=label,
            description=description,
            expire=plain(expire),
            rotate=_rotation(rotate),
            tracked_revision=tracked_revision,
            latest_revision=tracked_revision if latest_revision is None else latest_revision,
        )
        check_fields(self)
        if latest_revision is None and tracked != latest:
            self.__dict__['latest_revision'] += 1

    def __hash__(self) -> int:
        return hash(self.id)


# ops.testing takes any text: suites give Juju's word in `secret-add --owner`, and a word for
# somebody else.
_OTHER_OWNERS: Mapping[str, Literal['app'] | None] = {'application': 'app', 'remote': None}


def _owner(owner: Any) -> Any:
    return _OTHER_OWNERS.get(owner, owner) if isinstance(owner, str) else owner


def _content(content: Any, field: str) -> FrozenDict[str, str]:
    if type(content) is FrozenDict:  # a part of a State: checked before
        return cast('FrozenDict[str, str]', content)
    if not isinstance(content, dict):
        raise StateValidationError(
            f'cannot use {content!r} for {field} of a secret: it is no dict of strings\n'
            "  hint: {'password': '…'}"
        )
    if not content:
        raise StateValidationError(
            f'cannot use an empty {field} for a secret: Juju wants at least one key\n'
            "  hint: {'password': '…'}"
        )
    for key, value in content.items():  # type: ignore[reportUnknownVariableType]
        if not isinstance(key, str) or not isinstance(value, str):
            raise StateValidationError(
                f'cannot use {key!r}: {value!r} in {field} of a secret: Juju keeps strings only\n'
                '  hint: str(…) or json.dumps(…), as the charm would'
            )
    return FrozenDict(content)  # type: ignore[reportUnknownArgumentType]


def _grants(grants: Mapping[int, Iterable[str]]) -> FrozenDict[int, frozenset[str]]:
    if type(grants) is FrozenDict:
        return cast('FrozenDict[int, frozenset[str]]', grants)
    field = 'Secret.remote_grants'
    checked = read_only_mapping(grants, object, field, keys=int)
    return FrozenDict(
        {key: frozenset(strings(whom, f'{field}[{key}]')) for key, whom in checked.items()}
    )


def _rotation(rotate: Any) -> ops.SecretRotate | None:
    try:
        return ops.SecretRotate(rotate) if isinstance(rotate, str) else rotate
    except ValueError:
        known = [policy.value for policy in ops.SecretRotate]
        raise StateValidationError(
            f'cannot use {rotate!r} for Secret.rotate: Juju has no such policy\n'
            f'  hint: {closest(str(rotate), known) or "one of " + ", ".join(known)}'
        ) from None
