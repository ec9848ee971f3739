"""How a client reaches the daemon of a container, if it can."""

from __future__ import annotations

from typing import Protocol

from ..daemon.daemon import Daemon


class Unreachable(Exception):
    """Pebble does not answer at all."""


class Host(Protocol):
    """A container, as its clients reach it."""

    def reach(self, method: str, path: str) -> Daemon:
        """The daemon, for a request that is about to be made.

        Raises:
            Unreachable: If Pebble does not answer.
        """
        ...


class Always:
    """A container whose daemon is always there.

    Args:
        daemon: It.
    """

    def __init__(self, daemon: Daemon):
        self._daemon = daemon

    def reach(self, method: str, path: str) -> Daemon:
        """The daemon."""
        return self._daemon
