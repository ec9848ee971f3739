"""The statuses of a unit and of an application; each is also one of ops' statuses."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

import ops

from ..dataclass import dataclass
from .value import Value

StatusName = Literal['unknown', 'error', 'active', 'blocked', 'maintenance', 'waiting']


@dataclass(frozen=True, eq=False, repr=False)
class EntityStatus(Value):
    """Base of the statuses.  Equal to any status, ours or ops', with the same name and message.

    Example::

        State(unit_status=WaitingStatus('for Pebble'), app_status=ActiveStatus())
    """

    COMPARED = True

    message: str = ''
    """What ``juju status`` shows beside the status."""

    name: StatusName = dataclasses.field(init=False)
    """Juju's word for it."""

    def __init_subclass__(cls) -> None:
        # Not passed on: ops would register the class, and hand it out to charms from then on.
        pass

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (EntityStatus, ops.StatusBase)):
            return self.name == other.name and self.message == other.message
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.message))

    def __repr__(self) -> str:
        return f'{type(self).__name__}({self.message!r})'

    @staticmethod
    def from_status_name(name: str, message: str = '') -> EntityStatus:
        """The status that Juju calls by this name; ``unknown`` has no message."""
        if name == 'unknown':
            return UnknownStatus()
        return BY_NAME[name](message)

    @staticmethod
    def from_ops(status: ops.StatusBase) -> EntityStatus:
        """The same status as one of our classes."""
        return EntityStatus.from_status_name(status.name, status.message)


@dataclass(frozen=True, eq=False, repr=False)
class UnknownStatus(EntityStatus, ops.UnknownStatus):
    """The charm hasn't set a status yet."""

    message: str = dataclasses.field(default='', init=False)
    name: Literal['unknown'] = dataclasses.field(default='unknown', init=False)

    def __repr__(self) -> Literal['UnknownStatus()']:
        return 'UnknownStatus()'


@dataclass(frozen=True, eq=False, repr=False)
class ErrorStatus(EntityStatus, ops.ErrorStatus):
    """A hook failed.  Juju sets it; a charm can't."""

    name: Literal['error'] = dataclasses.field(default='error', init=False)


@dataclass(frozen=True, eq=False, repr=False)
class ActiveStatus(EntityStatus, ops.ActiveStatus):
    """Ready, and doing its work."""

    name: Literal['active'] = dataclasses.field(default='active', init=False)


@dataclass(frozen=True, eq=False, repr=False)
class BlockedStatus(EntityStatus, ops.BlockedStatus):
    """Unable to go on until somebody does something."""

    name: Literal['blocked'] = dataclasses.field(default='blocked', init=False)


@dataclass(frozen=True, eq=False, repr=False)
class MaintenanceStatus(EntityStatus, ops.MaintenanceStatus):
    """Not serving yet, but working on it."""

    name: Literal['maintenance'] = dataclasses.field(default='maintenance', init=False)


@dataclass(frozen=True, eq=False, repr=False)
class WaitingStatus(EntityStatus, ops.WaitingStatus):
    """Unable to go on until a related application does something."""

    name: Literal['waiting'] = dataclasses.field(default='waiting', init=False)


BY_NAME: dict[str, type[EntityStatus]] = {
    'error': ErrorStatus,
    'active': ActiveStatus,
    'blocked': BlockedStatus,
    'maintenance': MaintenanceStatus,
    'waiting': WaitingStatus,
}


def to_entity_status(status: Any, field: str) -> EntityStatus:
    """What was given for a status field of a State, as one of our classes.

    Raises:
        TypeError: If it is no status.
    """
    if status is None:
        return UNKNOWN
    if isinstance(status, EntityStatus):
        return status
    if isinstance(status, ops.StatusBase):
        return EntityStatus.from_ops(status)
    raise TypeError(
        f'cannot use {status!r} for State.{field}: it is no status\n'
        '  hint: for example ActiveStatus() or BlockedStatus("message")'
    )


UNKNOWN = UnknownStatus()
