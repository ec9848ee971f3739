"""How does a daemon come by its parts?

Each is made when it is first needed, so that an event costs what it uses; until then it is as it
was saved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

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

P = TypeVar('P')


class Part(Generic[P]):
    """An attribute of a daemon that is made when it is first asked for.

    Args:
        make: Is given the daemon.
    """

    def __init__(self, make: Callable[[Any], P]):
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, daemon: Any, owner: type) -> P:
        if daemon is None:
            raise AttributeError(f'type object {owner.__name__!r} has no attribute {self._name!r}')
        part = self._make(daemon)
        setattr(daemon, self._name, part)  # this is what is found from now on
        daemon.made[self._name] = part
        return part


class Parts:
    """The part of a `Daemon` that makes the others."""

    saved: Saved
    """What the parts go on from that are not made yet."""
    made: dict[str, Any]
    """The parts that have been made, by name."""

    notices = Part(lambda daemon: Notices(daemon.clock, daemon.saved.notices, daemon.log))
    changes = Part(lambda daemon: Changes(daemon.clock, daemon.notices, daemon.saved.changes))
    runner = Part(lambda daemon: TaskRunner(daemon.changes, daemon.make_performer))
    plan = Part(lambda daemon: PlanManager(daemon.saved.layers, daemon.users, daemon.plan_changed))
    logs = Part(lambda daemon: ServiceLogs(daemon.saved.logs))
    services = Part(lambda daemon: Services(daemon, daemon.saved.services))
    checks = Part(lambda daemon: Checks(daemon, daemon.saved.checks))
    execs = Part(lambda daemon: Execs(daemon, daemon.saved.execs))
    identities = Part(lambda daemon: Identities(daemon.saved.identities))
    shutdown = Part(lambda daemon: Shutdown(daemon))
    files: Part[Files] = Part(lambda daemon: daemon.make_files())

    def has(self, part: str) -> bool:
        """Whether there is anything in a part: it has been made, or something in it was saved."""
        if part in self.made:
            return True
        field = 'layers' if part == 'plan' else part
        return getattr(self.saved, field) is not getattr(NOTHING, field)

    def make_performer(self, action: str) -> None:
        """Make the part that performs timers or tasks of some kind."""
        getattr(self, _PERFORMERS[action.partition('-')[0]])


SAVED_PARTS = ('checks', 'changes', 'notices', 'services', 'logs', 'execs', 'identities')
"""Those that are saved; the checks first, as they may write to the logs of tasks."""

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
