"""What happens to a unit from outside, at once or at a time: notices, failing checks, crashes …

`State.schedule` holds what is to come; the methods of a Context of the same names make it happen.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any

from ..dataclass import dataclass
from ..errors import StateValidationError
from ..frozen import empty, fill
from .given import read_only_dict
from .moment import LONGEST, real_utc
from .programrules import check_exit_code, check_seconds
from .value import Value

Every = float | datetime.timedelta
"""Seconds, or a timedelta."""

When = float | datetime.timedelta | datetime.datetime
"""How long after the State's own time (in seconds, or a timedelta), or an aware time."""


@dataclass(frozen=True, repr=False)
class Stimulus(Value):
    """Something that happens to a container; the classes below say what.

    Example::

        schedule = [
            FailCheck('web', 'up', at=30),
            PassCheck('web', 'up', at=90),
            Notify('web', 'example.com/full', data={'disk': 'sda'}, at=120),
            Disconnect('web', at=200),
            Connect('web', at=210),
            RestartContainer('web', at=300),
            ReplaceContainer('web', at=400),
            CrashService('web', 'server', at=600, every=600),
        ]
        state = State(containers={Container('web')}, schedule=schedule)

    Raises:
        StateValidationError: If *at* or *every* can't be used.
    """

    container: str
    """The container's name."""
    _: dataclasses.KW_ONLY
    at: When = 0.0
    """When: an aware time, or how long after the State's own time (in seconds, or a timedelta);
    becomes a time in UTC as soon as the State is run."""
    every: Every | None = None
    """How long after that it happens again, and so on (in seconds, or a timedelta); None: it
    happens once."""

    def __post_init__(self) -> None:
        super().__post_init__()
        every = seconds(self.every)
        if every is not None and not _SHORTEST <= every < LONGEST:
            raise StateValidationError(
                f'cannot repeat something every {every!r} seconds: it is not in 0.001 to 1e10\n'
                '  hint: every=600'
            )
        fill(self, at=self._moment(), every=every)

    def _moment(self) -> datetime.datetime | float:
        if isinstance(self.at, datetime.datetime):
            return real_utc(self.at, 'at')
        after = seconds(self.at)
        check_seconds(type(self).__name__, 'at', after)
        return after

    @property
    def label(self) -> str:
        """What it is, for the timeline."""
        return type(self).__name__


@dataclass(frozen=True, repr=False)
class Notify(Stimulus):
    """The workload records a notice, as ``pebble notify`` does."""

    key: str
    """In the form ``domain.tld/path``."""
    _: dataclasses.KW_ONLY
    data: Mapping[str, str] = dataclasses.field(default_factory=empty)
    """What the notice says."""
    repeat_after: Every | None = None
    """For so long after it last repeated (in seconds, or a timedelta) the charm gets no further
    event."""
    user_id: int = 0
    """The user who runs the command."""

    def __post_init__(self) -> None:
        super().__post_init__()
        after = seconds(self.repeat_after)
        check_seconds('Notify', 'repeat_after', after)
        fill(self, data=read_only_dict(self.data), repeat_after=after)

    @property
    def label(self) -> str:
        return f'Notify {self.key}'


@dataclass(frozen=True, repr=False)
class FailCheck(Stimulus):
    """From then on a check fails, whatever the workload does."""

    check: str
    """The check's name."""
    error: str = 'connection refused'
    """The error that Pebble logs for each failure."""

    @property
    def label(self) -> str:
        return f'FailCheck {self.check}'


@dataclass(frozen=True, repr=False)
class PassCheck(Stimulus):
    """From then on a check passes, whatever the workload does."""

    check: str
    """The check's name."""

    @property
    def label(self) -> str:
        return f'PassCheck {self.check}'


@dataclass(frozen=True, repr=False)
class CrashService(Stimulus):
    """The process of a service ends by itself; nothing happens if it does not run."""

    service: str
    """The service's name."""
    exit_code: int = 137
    """128 + N if signal N kills it; by default, SIGKILL does."""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_exit_code('CrashService', self.exit_code)

    @property
    def label(self) -> str:
        return f'CrashService {self.service}'


@dataclass(frozen=True, repr=False)
class Disconnect(Stimulus):
    """From then on Pebble can't be reached, though it goes on; requests that wait are cut off."""


@dataclass(frozen=True, repr=False)
class Connect(Stimulus):
    """Pebble can be reached again."""


@dataclass(frozen=True, repr=False)
class RestartContainer(Stimulus):
    """Kubernetes restarts the container."""

    _: dataclasses.KW_ONLY
    graceful: bool = False
    """Whether Pebble gets a SIGTERM, and stops the services in order before; otherwise all
    processes are killed."""


@dataclass(frozen=True, repr=False)
class ReplaceContainer(Stimulus):
    """A new pod takes the place of the old one."""


def seconds(duration: Any) -> Any:
    """A timedelta in seconds; all else as it is given."""
    return duration.total_seconds() if isinstance(duration, datetime.timedelta) else duration


_SHORTEST = 0.001  # seconds
