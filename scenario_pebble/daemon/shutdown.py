"""How the daemon ends: on whose request, with which exit code, after stopping the services."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from ..frozen import evolve
from . import servreplan

if TYPE_CHECKING:
    from .daemon import Daemon


@dataclasses.dataclass(frozen=True, kw_only=True)
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


class Shutdown:
    """The life of the daemon."""

    # Pebble: daemon/daemon.go HandleRestart, Stop

    def __init__(self, daemon: Daemon, saved: SavedLife):
        self._daemon = daemon
        self.state = saved
        daemon.timers.on('shutdown-timeout', self._timed_out)

    def boot(self) -> None:
        """The daemon starts."""
        now_ns = self._daemon.clock.now_ns
        self.state = SavedLife(boots=self.state.boots + 1, begun_ns=now_ns)

    def request(self, exit_code: int) -> None:
        """A service or check asks for the end; the first one decides on the exit code."""
        if self.state.requested is None:
            self.state = evolve(self.state, requested=exit_code)

    def terminate(self) -> None:
        """Stop the services, then end, as on SIGTERM."""
        if self.state.change is None and self.state.exit_code is None:
            self._begin()

    def advance(self) -> bool:
        """Go on towards the end, if that was asked for; whether anything happened."""
        state = self.state
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
            self.state = evolve(self.state, change='')
            return
        due_ns = daemon.clock.now_ns + daemon.services.stop_timeout_ns()
        change = daemon.changes.new_change('stop', 'Stop all running services', tasks)
        self.state = evolve(self.state, change=change.id)
        daemon.timers.add(due_ns, 'shutdown-timeout', change.id)
        daemon.runner.wake()

    def _timed_out(self, change_id: str) -> None:
        if self.state.change == change_id and self.state.exit_code is None:
            self._end()

    def _end(self) -> None:
        self._daemon.runner.stop()
        self.state = evolve(self.state, exit_code=self.state.requested or 0)
