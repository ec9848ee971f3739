"""What handlers of the API need to know of a request: its parameters, and what its user may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import gotext
from .message import ApiError, Request, Response

if TYPE_CHECKING:
    from .daemon import Daemon


def listed(request: Request, name: str) -> list[str]:
    """The items of a parameter that may be repeated and comma-separated."""
    # x-go: strutil.MultiCommaSeparatedList
    values = request.query.get(name, ())
    items = (item.strip() for value in values for item in value.split(','))
    return [item for item in items if item]


def first(request: Request, name: str) -> str:
    """A parameter's first value, or an empty string."""
    values = request.query.get(name)
    return values[0] if values else ''


def duration(request: Request, name: str) -> int:
    """A parameter that holds a Go duration; 0 if it is missing.

    Raises:
        ApiError: 400, if it isn't one.
    """
    text = first(request, name)
    try:
        return gotext.parse_duration(text) if text else 0
    except ValueError as e:
        raise ApiError(400, f'invalid {name}: {e}') from None


def refusal(error: ApiError) -> Response:
    """The answer to a request that is refused."""
    # Pebble: daemon/response.go ErrorResponse
    result = {'message': error.message}
    kind = error.kind or ('login-required' if error.status == 401 else '')
    if kind:
        result['kind'] = kind
    return Response(status=error.status, type='error', result=result)


def access_of(daemon: Daemon, user_id: int) -> str:
    """What a user may do: ``admin``, ``read``, ``metrics`` or ``untrusted``."""
    # Pebble: daemon/daemon.go Command.ServeHTTP
    if daemon.has('identities'):
        identity = daemon.identities.access(user_id)
        if identity is not None:
            return identity
    return 'admin' if user_id in (0, daemon.user_id) else 'read'
