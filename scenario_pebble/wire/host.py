"""How a client reaches the daemon of a container, if it can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from ..daemon.daemon import Daemon
from ..daemon.message import Answered, Request

T = TypeVar('T')


class Unreachable(Exception):
    """Pebble does not answer at all."""


class Host(Protocol):
    """A container, as its clients reach it."""

    def call(self, method: str, path: str, act: Callable[..., T], *args: Any) -> T:
        """Make a request: let *act* do it with the daemon and *args*, if the daemon answers.

        Raises:
            Unreachable: If Pebble does not answer.
            ApiError: If *act* raises it.
        """
        ...

    def ask(self, request: Request) -> Answered:
        """Make a request.

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

    def call(self, method: str, path: str, act: Callable[..., T], *args: Any) -> T:
        """Let *act* make a request."""
        return act(self._daemon, *args)

    def ask(self, request: Request) -> Answered:
        """Make a request."""
        return self._daemon.request(request)
