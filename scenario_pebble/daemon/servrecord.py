"""What the daemon knows of a service that was started, and how its state changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from ..dataclass import dataclass
from ..frozen import EMPTY, Draft, FrozenDict, empty, evolve
from . import plan
from .workload import Behaviour

if TYPE_CHECKING:
    from .daemon import Daemon

State = Literal[
    'initial', 'starting', 'running', 'terminating', 'killing', 'stopped', 'backoff', 'exited'
]
"""Of the state machine of Pebble's servstate/handlers.go.

initial: about to start.  starting: the process runs, for less than a second.  running: it runs.
terminating: SIGTERM was sent.  killing: SIGKILL was sent.  stopped: on request, or after a success
that is ignored.  backoff: waits to be restarted.  exited: by itself, and stays so.
"""

Status = Literal['active', 'inactive', 'backoff', 'error']
"""What the API shows of a state."""

_STATUS: dict[State, Status] = {
    'initial': 'error',
    'starting': 'active',
    'running': 'active',
    'terminating': 'inactive',
    'killing': 'inactive',
    'stopped': 'inactive',
    'backoff': 'backoff',
    'exited': 'error',
}


@dataclass(frozen=True, kw_only=True)
class Process:
    """A service's running process."""

    number: int
    """Of this service's processes in this container; tells a timer whether it comes too late."""
    started_ns: int
    behaviour: Behaviour
    written: int = 0
    """How many of the behaviour's outputs are in the log."""
    in_line: bool = False
    """Whether the latest output didn't end its line."""


@dataclass(frozen=True, kw_only=True)
class ServiceData:
    """One service that was started since the daemon was."""

    config: plan.Service
    """As of the latest start, replan included; the plan may say otherwise by now."""
    workload: plan.Workload | None = None
    state: State = 'initial'
    restarting: bool = False
    """Whether it is being terminated because a check failed, and will be started again."""
    current_since_ns: int | None = None
    """When the status changed last."""
    process: Process | None = None
    start_count: int = 0
    start_task: str = ''
    """The task that waits to see whether the process survives its first second."""
    stop_task: str = ''
    """The task that waits for the process to end."""
    backoff_number: int = 0
    backoff_ns: int = 0
    """The latest backoff's length, before jitter."""
    started_ns: int = 0
    """When the latest process was started."""
    running_ns: int = 0
    """When it became running."""
    reset_ns: int = 0
    """When the backoff is forgotten if the service is running then."""

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def status(self) -> Status:
        return _STATUS[self.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedServices:
    """All services at one moment."""

    services: FrozenDict[str, ServiceData] = dataclasses.field(default_factory=empty)
    runs: FrozenDict[str, int] = dataclasses.field(default_factory=empty)
    """How often each service's program was started in this container; outlives the daemon."""


class ServiceStore:
    """The records of all services that were started."""

    def __init__(self, daemon: Daemon, saved: SavedServices):
        self._daemon = daemon
        self._saved = saved
        self._services: Draft[str, ServiceData] = Draft(saved.services)
        self.runs: Draft[str, int] = Draft(saved.runs)

    def save(self) -> SavedServices:
        """The services as a value; the one they were made from if nothing was touched."""
        if self._services.touched or self.runs.touched:
            self._saved = SavedServices(services=self._services.done(), runs=self.runs.done())
        return self._saved

    def clear(self) -> None:
        """The daemon was restarted: no service was started by this one."""
        self._services = Draft(EMPTY)
        self._saved = SavedServices(runs=self.runs.done())

    def get(self, name: str) -> ServiceData | None:
        return self._services.get(name)

    def __getitem__(self, name: str) -> ServiceData:
        return self._services[name]

    def __iter__(self) -> Iterator[ServiceData]:
        """All services, by name."""
        return iter([self._services[name] for name in sorted(self._services)])

    def add(self, data: ServiceData) -> None:
        self._services[data.name] = data

    def update(self, name: str, **fields: Any) -> ServiceData:
        """Replace fields of a service other than its state."""
        data = self._services[name] = evolve(self._services[name], **fields)
        return data

    def remove(self, name: str) -> None:
        del self._services[name]

    def transition(
        self, name: str, state: State, *, why: str = '', restarting: bool = False, **fields: Any
    ) -> ServiceData:
        """Change a service's state, and other fields with it."""
        # Pebble: servstate/handlers.go transitionRestarting
        old = self.settle(name)
        now_ns = self._daemon.clock.now_ns
        if state == 'running':
            fields['running_ns'] = now_ns
        if old.status != _STATUS[state]:
            fields['current_since_ns'] = now_ns
        new = evolve(old, state=state, restarting=restarting, **fields)
        self._services[name] = new
        if self._daemon.log is not None:
            self._tell(old, new, why)
        return new

    def _tell(self, old: ServiceData, new: ServiceData, why: str) -> None:
        before = 'inactive' if old.state == 'initial' else old.status
        text = new.status if before == new.status else f'{before} → {new.status}'
        if self._daemon.log is not None and new.state != 'initial' and (why or text != new.status):
            self._daemon.log('service', new.name, text + (why and f' ({why})'))

    def settle(self, name: str) -> ServiceData:
        """Forget the backoff of a service that was running when the time for that came."""
        # Pebble: servstate/handlers.go backoffResetElapsed.  Its timer acts once, if at all.
        data = self._services[name]
        at_ns = data.reset_ns
        if data.state != 'running' or at_ns > self._daemon.clock.now_ns or not data.backoff_number:
            return data
        if at_ns > data.running_ns or at_ns == data.running_ns == data.started_ns:
            return self.update(name, backoff_number=0, backoff_ns=0)
        return data
