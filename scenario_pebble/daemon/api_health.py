"""The endpoints that say how the daemon is: its health, and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .api_checks import checked_level
from .apirequest import listed
from .message import Request, Response

if TYPE_CHECKING:
    from .daemon import Daemon

# A check of level alive counts for ready, too.
_COUNTED = {'': ('', 'alive', 'ready'), 'alive': ('alive',), 'ready': ('alive', 'ready')}


def get_health(daemon: Daemon, request: Request) -> Response:
    """``GET /v1/health``: whether no check is down."""
    levels = _COUNTED[checked_level(request)]
    names = listed(request, 'names')
    healthy = not any(
        data.status == 'down' and data.level in levels and (not names or data.name in names)
        for data in daemon.checks.all()
    )
    return Response(status=200 if healthy else 502, result={'healthy': healthy})


def get_system_info(daemon: Daemon, request: Request) -> Response:
    """``GET /v1/system-info``."""
    return Response(result={'boot-id': daemon.boot_id, 'version': daemon.version})
