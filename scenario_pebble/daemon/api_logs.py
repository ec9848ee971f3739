"""How the API shows what services print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import gotext
from .apirequest import first, listed
from .message import Answered, ApiError, Lines, Pending, Request

if TYPE_CHECKING:
    from .daemon import Daemon

# Pebble: daemon/api_logs.go defaultNumLogs
DEFAULT_COUNT = 30


def get_logs(daemon: Daemon, request: Request) -> Answered | Pending:
    """GET /v1/logs."""
    names = listed(request, 'services')
    follow = first(request, 'follow')
    if follow not in ('', 'true', 'false'):
        raise ApiError(400, 'follow parameter must be "true" or "false"')
    count = _count(request, 0 if follow == 'true' else DEFAULT_COUNT)
    names = names or list(daemon.plan.plan.services)
    daemon.services.write_output(names)
    lines = [entry.info() for entry in daemon.logs.entries(names, count)]
    return _following(daemon, names, lines) if follow == 'true' else Lines(tuple(lines))


def _following(daemon: Daemon, names: list[str], lines: list[dict[str, str]]) -> Pending:
    """Pebble sends lines until the client hangs up; here they come all together, then."""
    written = {name: daemon.logs.written(name) for name in names}

    def hung_up() -> Lines:
        daemon.services.write_output(names)
        since = [entry.info() for entry in daemon.logs.entries_since(written)]
        return Lines((*lines, *since))

    return Pending(lambda: None, None, hung_up)


def _count(request: Request, default: int) -> int:
    text = first(request, 'n')
    if not text:
        return default
    try:
        count = gotext.parse_int(text)
    except ValueError:
        count = -2
    if count < -1:
        raise ApiError(400, 'n must be -1, 0, or a positive integer')
    return count
