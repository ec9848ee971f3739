"""How a client reaches the daemon of a container, if it can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from ..daemon.daemon import Daemon
from ..daemon.message import Answered, Request, Response

T = TypeVar('T')


class Unreachable(Exception):
    """Pebble does not answer at all."""


class Refused(Exception):
    """Pebble answers with an error, since a test says so.

    Args:
        answer: It.
    """

    def __init__(self, answer: Response):
        super().__init__(f'{answer.status} {answer.result["message"]}')
        self.answer = answer


class Host(Protocol):
    """A container, as its clients reach it."""

    def call(self, method: str, path: str, act: Callable[..., T], *args: Any) -> T:
        """Make a request: let *act* do it with the daemon and *args*, if the daemon answers.

        Raises:
            Unreachable: If there is no Pebble.
            DaemonGone: If it has shut down.
            ApiError: If *act* raises it.
            Refused: If Pebble answers with an error, since a test says so.
            OSError: What the socket gives if the answer doesn't come.
        """
        ...

    def ask(self, request: Request) -> Answered:
        """Make a request; *act* is that of the daemon.

        Raises:
            Exception: As `call` does.
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
