"""How the API identifies the daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .message import Request, Response

if TYPE_CHECKING:
    from .daemon import Daemon


def get_system_info(daemon: Daemon, request: Request) -> Response:
    """GET /v1/system-info."""
    return Response(result={'boot-id': daemon.boot_id, 'version': daemon.version})
