"""How the API shows, awaits and aborts changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import gojson, gotext
from .apirequest import duration, first, refusal
from .changes import Change
from .message import Answered, ApiError, Pending, Request, Response

if TYPE_CHECKING:
    from .daemon import Daemon

_ACTION = gojson.Struct({'action': gojson.Field(gojson.STRING, 'Action')})


def get_changes(daemon: Daemon, request: Request) -> Response:
    """GET /v1/changes."""
    select = first(request, 'select') or 'in-progress'
    if select not in ('all', 'in-progress', 'ready'):
        raise ApiError(400, 'select should be one of: all,in-progress,ready')
    service = first(request, 'for')
    daemon.checks.settle()
    found = [
        daemon.changes.shown(change).info()
        for change in daemon.changes.all()
        if (select == 'all' or change.ready == (select == 'ready'))
        and (not service or service in change.service_names)
    ]
    return Response(result=found)


def get_change(daemon: Daemon, request: Request, change_id: str) -> Response:
    """GET /v1/changes/{id}."""
    daemon.checks.settle()
    return Response(result=daemon.changes.shown(_find(daemon, change_id)))


def wait_change(daemon: Daemon, request: Request, change_id: str) -> Pending:
    """GET /v1/changes/{id}/wait."""
    _find(daemon, change_id)
    timeout_ns = duration(request, 'timeout')
    if daemon.has('execs'):
        daemon.execs.expect(change_id)

    def ready() -> Answered | None:
        change = daemon.changes.get(change_id)
        if change is None:
            return expired()
        return Response(result=daemon.changes.shown(change)) if change.ready else None

    def expired() -> Answered:
        if not timeout_ns:
            return refusal(ApiError(500, 'request cancelled'))
        text = f'timed out waiting for change after {gotext.format_duration(timeout_ns)}'
        return refusal(ApiError(504, text))

    # Go's timers of negative durations fire at once.
    deadline_ns = daemon.clock.now_ns + max(timeout_ns, 0) if timeout_ns else None
    return Pending(ready, deadline_ns, expired)


def post_change(daemon: Daemon, request: Request, change_id: str) -> Response:
    """POST /v1/changes/{id}."""
    change = _find(daemon, change_id)
    action = gojson.decode(request.body, _ACTION, gojson.REQUEST_DATA)['action']
    if action != 'abort':
        raise ApiError(400, f'invalid action {gotext.quote(action)}')
    if change.ready:
        raise ApiError(400, f'cannot abort change {change_id} with nothing pending')
    daemon.checks.settle()
    daemon.runner.abort(change_id)
    return Response(result=daemon.changes.shown(daemon.changes[change_id]))


def _find(daemon: Daemon, change_id: str) -> Change:
    change = daemon.changes.get(change_id)
    if change is None:
        raise ApiError(404, f'cannot find change with id {gotext.quote(change_id)}')
    return change
