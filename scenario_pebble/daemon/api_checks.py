"""The endpoints of checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import gojson
from .apirequest import first, listed
from .checkstate import ChecksNotFound
from .gotext import quote
from .message import Answered, ApiError, Pending, Request, Response

if TYPE_CHECKING:
    from .daemon import Daemon

_ACTION = gojson.Struct(
    {
        'action': gojson.Field(gojson.STRING, 'Action'),
        'checks': gojson.Field(gojson.Array(gojson.STRING), 'Checks'),
    }
)
_REFRESH = gojson.Struct({'name': gojson.Field(gojson.STRING, 'Name')})


def get_checks(daemon: Daemon, request: Request) -> Response:
    """``GET /v1/checks``: the checks, all or those of a level or some names."""
    level = checked_level(request)
    names = listed(request, 'names')
    return Response(
        result=[
            data.info()
            for data in daemon.checks.all()
            if (not level or data.level == level) and (not names or data.name in names)
        ]
    )


def checked_level(request: Request) -> str:
    """The parameter ``level``; empty if it is missing.

    Raises:
        ApiError: 400, if there's no such level.
    """
    level = first(request, 'level')
    if level not in ('', 'alive', 'ready'):
        raise ApiError(400, 'level must be "alive" or "ready"')
    return level


def post_checks(daemon: Daemon, request: Request) -> Response:
    """``POST /v1/checks``: start or stop checks."""
    body = gojson.decode(request.body, _ACTION, gojson.REQUEST_DATA)
    action, names = body['action'], body['checks']
    if not names:
        raise ApiError(400, f'must specify checks for {action} action')
    actions = {'start': daemon.checks.start, 'stop': daemon.checks.stop}
    if action not in actions:
        raise ApiError(400, f'invalid action {quote(action)}')
    try:
        changed = actions[action](names)
    except ChecksNotFound as e:
        raise ApiError(400, f'cannot {action} checks: {e}') from None
    return Response(result={'changed': changed})


def post_refresh(daemon: Daemon, request: Request) -> Response | Pending:
    """``POST /v1/checks/refresh``: run a check at once."""
    name = gojson.decode(request.body, _REFRESH, gojson.REQUEST_DATA)['name']
    if not name:
        raise ApiError(400, 'must specify check name')
    if name not in daemon.plan.plan.checks:
        raise ApiError(404, f'cannot find check with name {quote(name)}')
    refresh = daemon.checks.refresh(name)

    def answer(error: str | None) -> Answered:
        data = daemon.checks.get(name)
        result = {'info': data.info() if data else {}}
        return Response(result={**result, 'error': error} if error else result)

    def poll() -> Answered | None:
        return answer(refresh.error) if refresh.done else None

    def expired() -> Answered:
        # The run of an inactive check is over, or whoever asked has hung up.
        error = refresh.error if refresh.ends_ns is not None else 'context canceled'
        refresh.finish(error)
        return answer(error)

    return Pending(poll, refresh.ends_ns, expired)
