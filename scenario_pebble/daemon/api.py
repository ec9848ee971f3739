"""The whole API of Pebble v1.32.1 as one table, and the way from a request to its handler."""

from __future__ import annotations

import posixpath
import re
import urllib.parse
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from . import (
    api_changes,
    api_checks,
    api_exec,
    api_files,
    api_health,
    api_identities,
    api_layers,
    api_logs,
    api_metrics,
    api_notices,
    api_services,
    api_signals,
)
from .apirequest import access_of
from .gotext import quote
from .message import Answered, ApiError, Pending, Request, Response, Text

if TYPE_CHECKING:
    from .daemon import Daemon

Handler = Callable[..., 'Answered | Pending']
"""A function of the daemon, the request, and one text for each variable in the path."""

Access = Literal['open', 'user', 'admin', 'metrics', 'nobody']
"""Who may: everybody, who has ``read``, ``admin`` or ``metrics``, or nobody on this socket."""


class Route(NamedTuple):
    """One path of the API."""

    path: str
    """Segments in braces are variables."""
    get: Handler | None = None
    post: Handler | None = None
    read: Access = 'user'
    """Who may GET."""
    write: Access = 'admin'
    """Who may POST."""


def not_simulated(daemon: Daemon, request: Request, *variables: str) -> Response:
    """Refuse what Pebble has and the simulation hasn't; ``docs/pebble.md`` lists it."""
    raise ApiError(500, f'not simulated: {request.method} {request.path}')


def _not_implemented(daemon: Daemon, request: Request, name: str) -> Response:
    raise ApiError(400, 'not implemented')


ROUTES = (
    Route('/v1/system-info', api_health.get_system_info, read='open'),
    Route('/v1/health', api_health.get_health, read='open'),
    Route('/v1/changes', api_changes.get_changes),
    Route(
        '/v1/changes/{id}',
        api_changes.get_change,
        api_changes.post_change,
    ),
    Route('/v1/changes/{id}/wait', api_changes.wait_change),
    Route(
        '/v1/services',
        api_services.get_services,
        api_services.post_services,
    ),
    Route('/v1/services/{name}', _not_implemented, _not_implemented),
    Route('/v1/plan', api_layers.get_plan, read='admin'),
    Route('/v1/layers', post=api_layers.post_layers),
    Route(
        '/v1/files',
        api_files.get_files,
        api_files.post_files,
        read='admin',
    ),
    Route('/v1/logs', api_logs.get_logs),
    Route('/v1/exec', post=api_exec.post_exec),
    Route(
        '/v1/tasks/{task-id}/websocket/{websocket-id}',
        api_exec.get_websocket,
        read='admin',
    ),
    Route('/v1/signals', post=api_signals.post_signals),
    Route(
        '/v1/checks',
        api_checks.get_checks,
        api_checks.post_checks,
    ),
    Route('/v1/checks/refresh', post=api_checks.post_refresh),
    Route(
        '/v1/notices',
        api_notices.get_notices,
        api_notices.post_notices,
        write='user',
    ),
    Route('/v1/notices/{id}', api_notices.get_notice),
    Route(
        '/v1/identities',
        api_identities.get_identities,
        api_identities.post_identities,
    ),
    # Pairing is open to clients over HTTPS alone.
    Route('/v1/pairing', post=not_simulated, write='nobody'),
    Route('/v1/metrics', api_metrics.get_metrics, read='metrics'),
)

_FIXED = {route.path: route for route in ROUTES if '{' not in route.path}
_VARIABLE = [
    (re.compile(re.sub('{[^}]*}', '([^/]+)', route.path)), route)
    for route in ROUTES
    if '{' in route.path
]
_ALLOWED: dict[Access, frozenset[str]] = {
    'user': frozenset(('read', 'admin')),
    'admin': frozenset(('admin',)),
    'metrics': frozenset(('metrics', 'read', 'admin')),
    'nobody': frozenset(),
}


def dispatch(daemon: Daemon, request: Request) -> Answered | Pending:
    """Answer a request.

    Raises:
        ApiError: If it is refused.
    """
    path = request.path
    route, variables = _FIXED.get(path), ()
    if route is None:
        if ('//' in path or '/.' in path) and (cleaned := _cleaned(path)) != path:
            return _redirect(request, cleaned)
        route, variables = _find(path)
    reads = request.method == 'GET'
    handler = route.get if reads else route.post if request.method == 'POST' else None
    if handler is None:
        raise ApiError(405, f'method {quote(request.method)} not allowed')
    needed = route.read if reads else route.write
    if needed != 'open' and access_of(daemon, request.user_id) not in _ALLOWED[needed]:
        raise ApiError(401, 'access denied')
    return handler(daemon, request, *variables)


def _find(path: str) -> tuple[Route, tuple[str, ...]]:
    for pattern, route in _VARIABLE:
        if found := pattern.fullmatch(path):
            return route, found.groups()
    raise ApiError(404, 'invalid API endpoint requested')


def _cleaned(path: str) -> str:
    # gorilla/mux: cleanPath
    cleaned = posixpath.normpath('/' + path.lstrip('/'))
    return cleaned + '/' if path.endswith('/') and cleaned != '/' else cleaned


def _redirect(request: Request, path: str) -> Text:
    query = urllib.parse.urlencode(request.query, doseq=True)
    location = urllib.parse.quote(path) + (f'?{query}' if query else '')
    return Text('', '', 301, {'location': location})
