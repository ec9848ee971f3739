"""How does a daemon come by its parts?

Each is made when it is first needed, so that an event costs what it uses; until then it is as it
was saved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .changes import Changes
from .checkstate import Checks
from .cmdstate import Execs
from .files import Files
from .identities import Identities
from .notices import Notices
from .planstate import PlanManager
from .saved import NOTHING, Saved
from .servicelog import ServiceLogs
from .servstate import Services
from .shutdown import Shutdown
from .taskrunner import TaskRunner


class Parts:
    """The part of a `Daemon` that makes the others."""

    plan: PlanManager
    services: Services
    logs: ServiceLogs
    checks: Checks
    changes: Changes
    runner: TaskRunner
    notices: Notices
    files: Files
    execs: Execs
    identities: Identities
    shutdown: Shutdown

    saved: Saved
    """What the parts go on from that are not made yet."""

    def __getattr__(self, name: str) -> Any:
        """A part that is needed for the first time."""
        if name not in _MAKERS:
            raise AttributeError(f'{type(self).__name__!r} object has no attribute {name!r}')
        part = self.__dict__[name] = _MAKERS[name](self, self.saved)
        return part

    def has(self, part: str) -> bool:
        """Whether there is anything in a part: it has been made, or something in it was saved."""
        if part in self.__dict__:
            return True
        field = 'layers' if part == 'plan' else part
        return getattr(self.saved, field) is not getattr(NOTHING, field)

    def make_performer(self, action: str) -> None:
        """Make the part that performs timers or tasks of some kind."""
        getattr(self, _PERFORMERS[action.partition('-')[0]])


SAVED_PARTS = ('checks', 'changes', 'notices', 'services', 'logs', 'execs', 'identities')
"""Those that are saved; the checks first, as they may write to the logs of tasks."""

_MAKERS: dict[str, Callable[[Any, Saved], Any]] = {
    'notices': lambda daemon, saved: Notices(daemon.clock, saved.notices, daemon.log),
    'changes': lambda daemon, saved: Changes(daemon.clock, daemon.notices, saved.changes),
    'runner': lambda daemon, saved: TaskRunner(daemon.changes, daemon.make_performer),
    'plan': lambda daemon, saved: PlanManager(saved.layers, daemon.users, daemon.plan_changed),
    'logs': lambda daemon, saved: ServiceLogs(saved.logs),
    'services': lambda daemon, saved: Services(daemon, saved.services),
    'checks': lambda daemon, saved: Checks(daemon, saved.checks),
    'execs': lambda daemon, saved: Execs(daemon, saved.execs),
    'identities': lambda daemon, saved: Identities(saved.identities),
    'shutdown': lambda daemon, saved: Shutdown(daemon),
    'files': lambda daemon, saved: daemon.make_files(),
}

_PERFORMERS = {
    'service': 'services',
    'start': 'services',
    'stop': 'services',
    'check': 'checks',
    'perform': 'checks',
    'recover': 'checks',
    'exec': 'execs',
    'shutdown': 'shutdown',
}
"""The parts that perform timers and tasks, by how the names of their kinds begin."""
