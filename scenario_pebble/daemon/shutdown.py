"""How the daemon ends: on whose request, with which exit code, after stopping the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..dataclass import dataclass
from ..frozen import evolve
from . import servreplan

if TYPE_CHECKING:
    from .daemon import Daemon


@dataclass(frozen=True, kw_only=True)
class SavedLife:
    """How far the end has come at one moment."""

    requested: int | None = None
    """The exit code that a service or check has asked for."""
    change: str | None = None
    """The change that stops the services, or empty; None if the daemon isn't ending."""
    exit_code: int | None = None
    """Once the daemon has ended."""
    boots: int = 0
    """How often it has started."""
    begun_ns: int = 0
    """When it started last."""

    @property
    def is_ending(self) -> bool:
        """Whether the end was asked for, and has not come."""
        asked = self.requested is not None or self.change is not None
        return asked and self.exit_code is None


class Shutdown:
    """The end of the daemon's life, which is ``daemon.life``."""

    # Pebble: daemon/daemon.go HandleRestart, Stop

    def __init__(self, daemon: Daemon):
        self._daemon = daemon
        daemon.timers.on('shutdown-timeout', self._timed_out)

    def request(self, exit_code: int) -> None:
        """A service or check asks for the end; the first one decides on the exit code."""
        if self._daemon.life.requested is None:
            self._daemon.life = evolve(self._daemon.life, requested=exit_code)

    def terminate(self) -> None:
        """Stop the services, then end, as on SIGTERM."""
        if self._daemon.life.change is None and self._daemon.life.exit_code is None:
            self._begin()

    def advance(self) -> bool:
        """Go on towards the end, if that was asked for; whether anything happened."""
        state = self._daemon.life
        if state.exit_code is not None:
            return False
        if state.change is None:
            if state.requested is None:
                return False
            self._begin()
            return True
        change = self._daemon.changes.get(state.change)
        if change is None or change.ready:
            self._end()
            return True
        return False

    def _begin(self) -> None:
        daemon = self._daemon
        tasks = servreplan.tasks(daemon, 'stop', daemon.services.lanes_to_shut_down())
        if not tasks:
            self._daemon.life = evolve(self._daemon.life, change='')
            return
        due_ns = daemon.clock.now_ns + daemon.services.stop_timeout_ns()
        change = daemon.changes.new_change('stop', 'Stop all running services', tasks)
        self._daemon.life = evolve(self._daemon.life, change=change.id)
        daemon.timers.add(due_ns, 'shutdown-timeout', change.id)
        daemon.runner.wake()

    def _timed_out(self, change_id: str) -> None:
        if self._daemon.life.change == change_id and self._daemon.life.exit_code is None:
            self._end()

    def _end(self) -> None:
        self._daemon.runner.stop()
        self._daemon.life = evolve(self._daemon.life, exit_code=self._daemon.life.requested or 0)
