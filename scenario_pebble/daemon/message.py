"""Requests to the daemon and its answers, as Python values; the wires translate them from and to
bytes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..dataclass import dataclass
from ..frozen import EMPTY, empty
from .shownchange import ShownChange

STATUS_TEXT = {
    200: 'OK',
    202: 'Accepted',
    301: 'Moved Permanently',
    400: 'Bad Request',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'Not Found',
    405: 'Method Not Allowed',
    500: 'Internal Server Error',
    502: 'Bad Gateway',
    504: 'Gateway Timeout',
}


class Request(NamedTuple):
    """One HTTP request.

    Args:
        method: ``GET``, ``POST`` …
        path: Without the query.
        query: Each parameter's values, in order.
        body: Raw bytes (the strict wires: decoded by Go's rules), or a Python value (the fast
        wire), or None.
        headers: Names in lower case.
        user_id: Who asks, as SO_PEERCRED would say.
    """

    method: str
    path: str
    query: Mapping[str, Sequence[str]] = EMPTY
    body: Any = None
    headers: Mapping[str, str] = EMPTY
    user_id: int = 0


class ApiError(Exception):
    """A request is refused. Raised by handlers; answered as an error envelope.

    Args:
        status: The HTTP status.
        message: Pebble's exact text.
        kind: ``not-found``, ``generic-file-error`` … or empty.
    """

    def __init__(self, status: int, message: str, kind: str = ''):
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind


class Response(NamedTuple):
    """A JSON answer: Pebble's envelope."""

    status: int = 200
    type: str = 'sync'
    """``sync``, ``async`` or ``error``."""
    result: Any = None
    """JSON-like data, not yet encoded, or a change that is to be shown."""
    change: str | None = None
    """The change's id, in an async answer."""
    has_result: bool = True
    """False leaves the key out of a sync answer."""

    @property
    def json(self) -> Any:
        """The result as JSON-like data, made where somebody needs it."""
        return self.result.info() if isinstance(self.result, ShownChange) else self.result

    def envelope(self) -> dict[str, Any]:
        """The JSON object."""
        value: dict[str, Any] = {
            'type': self.type,
            'status-code': self.status,
            'status': STATUS_TEXT[self.status],
        }
        if self.change is not None:
            value['change'] = self.change
        if self.has_result:
            value['result'] = self.json
        return value


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart answer: a file, or (without a file name) the closing JSON
    envelope.
    """

    name: str
    filename: str | None
    content: Any
    """bytes of a file, or the envelope's dict."""


@dataclass(frozen=True, slots=True)
class Multipart:
    """The answer to reading files."""

    parts: tuple[Part, ...]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Lines:
    """An ndjson answer: logs."""

    lines: tuple[Mapping[str, Any], ...]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Text:
    """A plain answer: metrics, redirects."""

    text: str
    content_type: str = 'text/plain; version=0.0.4; charset=utf-8'
    status: int = 200
    headers: Mapping[str, str] = dataclasses.field(default_factory=empty)


Answered = Response | Multipart | Lines | Text


@dataclasses.dataclass(slots=True, eq=False)
class Pending:
    """An answer that isn't known yet.

    The daemon asks `poll` after everything that happens, so that the answer is that of the moment
    it became known.
    """

    poll: Callable[[], Answered | None]
    """The answer, once there is one."""
    deadline_ns: int | None
    """When to give up waiting; None: never."""
    expired: Callable[[], Answered]
    """The answer at the deadline."""
    answer: Answered | None = None
    """Filled in by the daemon."""
    dropped: bool = False
    """Whether the connection was lost: there will be no answer."""
