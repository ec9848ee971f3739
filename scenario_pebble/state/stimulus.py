"""What happens to a unit from outside, at once or at a time: notices, failing checks, crashes …

`State.schedule` holds what is to come; the methods of a Context of the same names make it happen.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Mapping
from typing import Any

from ..errors import StateValidationError
from ..frozen import FrozenDict, empty
from .moment import real_utc
from .value import Value


@dataclasses.dataclass(frozen=True, repr=False)
class Stimulus(Value):
    """Something that happens to a container; the classes below say what.

    Example::

        schedule = [
            FailCheck('web', 'up', at=30),
            PassCheck('web', 'up', at=90),
            CrashService('web', 'server', at=600, every=600),
        ]
        state = State(containers={Container('web')}, schedule=schedule)

    Raises:
        StateValidationError: If *at* or *every* can't be used.
    """

    container: str
    """The container's name."""
    _: dataclasses.KW_ONLY
    at: datetime.datetime | float = 0.0
    """When: an aware time, or seconds from the State's own time; becomes a time in UTC as soon as
    the State is run."""
    every: float | None = None
    """Seconds after which it happens again, and so on; None: it happens once."""

    def __post_init__(self) -> None:
        self.__dict__['at'] = _moment(self.at)
        if self.every is not None and not _is_number(self.every, above=0):
            raise StateValidationError(
                f'cannot repeat something every {self.every!r}: not a number of seconds above 0'
            )

    @property
    def label(self) -> str:
        """What it is, for the timeline."""
        return type(self).__name__


@dataclasses.dataclass(frozen=True, repr=False)
class Notify(Stimulus):
    """The workload records a notice, as ``pebble notify`` does."""

    key: str
    """In the form ``domain.tld/path``."""
    _: dataclasses.KW_ONLY
    data: Mapping[str, str] = dataclasses.field(default_factory=empty)
    """What the notice says."""
    repeat_after: float | None = None
    """For so many seconds after it last repeated the charm gets no further event."""
    user_id: int = 0
    """The user who runs the command."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.__dict__['data'] = FrozenDict(self.data)

    @property
    def label(self) -> str:
        return f'Notify {self.key}'


@dataclasses.dataclass(frozen=True, repr=False)
class FailCheck(Stimulus):
    """From then on a check fails, whatever the workload does."""

    check: str
    """The check's name."""
    error: str = 'connection refused'
    """The error that Pebble logs for each failure."""

    @property
    def label(self) -> str:
        return f'FailCheck {self.check}'


@dataclasses.dataclass(frozen=True, repr=False)
class PassCheck(Stimulus):
    """From then on a check passes, whatever the workload does."""

    check: str
    """The check's name."""

    @property
    def label(self) -> str:
        return f'PassCheck {self.check}'


@dataclasses.dataclass(frozen=True, repr=False)
class CrashService(Stimulus):
    """The process of a service ends by itself; nothing happens if it does not run."""

    service: str
    """The service's name."""
    exit_code: int = 137
    """128 + N if signal N kills it; by default, SIGKILL does."""

    @property
    def label(self) -> str:
        return f'CrashService {self.service}'


@dataclasses.dataclass(frozen=True, repr=False)
class Disconnect(Stimulus):
    """From then on Pebble can't be reached, though it goes on; requests that wait are cut off."""


@dataclasses.dataclass(frozen=True, repr=False)
class Connect(Stimulus):
    """Pebble can be reached again."""


@dataclasses.dataclass(frozen=True, repr=False)
class RestartContainer(Stimulus):
    """Kubernetes restarts the container."""

    _: dataclasses.KW_ONLY
    graceful: bool = False
    """Whether Pebble gets a SIGTERM, and stops the services in order before; otherwise all
    processes are killed."""


@dataclasses.dataclass(frozen=True, repr=False)
class ReplaceContainer(Stimulus):
    """A new pod takes the place of the old one."""


def _moment(at: Any) -> datetime.datetime | float:
    if isinstance(at, datetime.datetime):
        return real_utc(at, 'at')
    if _is_number(at, above=-math.inf) and at >= 0:
        return at
    raise StateValidationError(
        f'cannot let something happen at {at!r}: not a time, and not a number of seconds\n'
        '  hint: at=30, or at=datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)'
    )


def _is_number(value: Any, *, above: float) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and above < value < math.inf
