"""How the API lists services, and turns a request about them into a change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from . import gojson, servreplan
from .apirequest import listed
from .changes import Task
from .gotext import quote
from .message import ApiError, Request, Response
from .plan import FormatError
from .servreplan import Lanes

if TYPE_CHECKING:
    from .daemon import Daemon

_ACTION = gojson.Struct(
    {
        'action': gojson.Field(gojson.STRING, 'Action'),
        'services': gojson.Field(gojson.Array(gojson.STRING), 'Services'),
    }
)


class _Request(NamedTuple):
    """What is to be done about services."""

    tasks: Sequence[Task]
    names: Sequence[str]
    """Those asked for; the first is in the summary."""
    named: int
    """How many services the summary speaks of."""


def get_services(daemon: Daemon, request: Request) -> Response:
    """GET /v1/services."""
    return Response(result=daemon.services.infos(listed(request, 'names')))


def post_services(daemon: Daemon, request: Request) -> Response:
    """POST /v1/services."""
    payload = gojson.decode(request.body, _ACTION, gojson.REQUEST_DATA)
    return act(daemon, payload['action'], payload['services'] or [])


def act(daemon: Daemon, action: str, names: Sequence[str]) -> Response:
    """Begin a change that starts, stops, restarts, replans or autostarts services."""
    # Pebble: daemon/api_services.go v1PostServices
    names = _checked(daemon, action, names)
    if action not in _PLANNERS:
        raise ApiError(400, f'invalid action {quote(action)}')
    try:
        wanted = _PLANNERS[action](daemon, names)
    except FormatError as e:
        raise ApiError(400, f'cannot {action} services: {e}') from None
    title = action.title()
    if not wanted.tasks:
        summary = f'{title} - no services'
    else:
        summary = f'{title} service {quote(wanted.names[0])}'
        if wanted.named > 1:
            summary += f' and {wanted.named - 1} more'
    change = daemon.changes.new_change(
        action, summary, wanted.tasks, service_names=wanted.names if wanted.tasks else ()
    )
    daemon.runner.wake()
    return Response(status=202, type='async', change=change.id)


def _checked(daemon: Daemon, action: str, names: Sequence[str]) -> Sequence[str]:
    if action not in ('replan', 'autostart'):
        if not names:
            raise ApiError(400, f'must specify services for {action} action')
        return names
    if names:
        raise ApiError(400, f'{action} accepts no service names')
    if action == 'replan':
        return names
    return _default_services(daemon)


def _default_services(daemon: Daemon) -> Sequence[str]:
    plan = daemon.plan.plan
    enabled = tuple(name for name, config in plan.services.items() if config.enabled)
    try:
        lanes = servreplan.start_lanes(plan, enabled)
    except FormatError as e:
        raise ApiError(500, str(e)) from None
    names = [name for lane in lanes for name in lane]
    if not names:
        raise ApiError(400, 'no default services', 'no-default-services')
    return names


def _start(daemon: Daemon, names: Sequence[str]) -> _Request:
    lanes = servreplan.start_lanes(daemon.plan.plan, tuple(names))
    return _Request(servreplan.tasks(daemon, 'start', lanes), names, _count(lanes))


def _stop(daemon: Daemon, names: Sequence[str]) -> _Request:
    lanes = servreplan.stop_lanes(daemon.plan.plan, tuple(names))
    return _Request(servreplan.tasks(daemon, 'stop', lanes), names, _count(lanes))


def _restart(daemon: Daemon, names: Sequence[str]) -> _Request:
    plan = daemon.plan.plan
    stops = servreplan.only(names, servreplan.stop_lanes(plan, tuple(names)))
    starts = servreplan.start_lanes(plan, tuple(names))
    return _Request(_in_turn(daemon, stops, starts), names, _count(starts))


def _replan(daemon: Daemon, _: Sequence[str]) -> _Request:
    stops, starts = daemon.services.replan()
    tasks = _in_turn(daemon, stops, starts)
    daemon.checks.replan()
    affected = sorted({name for lane in (*stops, *starts) for name in lane})
    return _Request(tasks, affected, len(affected))


_PLANNERS = {
    'start': _start,
    'autostart': _start,
    'stop': _stop,
    'restart': _restart,
    'replan': _replan,
}


def _in_turn(daemon: Daemon, stops: Lanes, starts: Lanes) -> list[Task]:
    """First everything stops, then everything starts."""
    stopping = servreplan.tasks(daemon, 'stop', stops)
    return stopping + servreplan.tasks(daemon, 'start', starts, after=stopping)


def _count(lanes: Lanes) -> int:
    return sum(map(len, lanes))
