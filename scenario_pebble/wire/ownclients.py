"""Pebble clients that the charm makes itself: on a container's socket they reach its daemon.

Relies, as `wire.client` does, on private names of ``ops.pebble.Client``: ``_get_default_opener``
making the opener for a socket path, and ``_connect_websocket`` opening every websocket.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ops import pebble

if TYPE_CHECKING:
    from .host import Host

_Client: Any = pebble.Client
_make_opener = _Client.__dict__['_get_default_opener']
_connect = _Client.__dict__['_connect_websocket']


class OwnClients:
    """While it is entered, sockets of containers lead to simulated daemons.

    Args:
        host_at: The container whose socket is at a path; None: the socket is a real one.
    """

    def __init__(self, host_at: Callable[[str], Host | None]):
        self._host_at = host_at

    def __enter__(self) -> OwnClients:
        host_at = self._host_at

        def make_opener(cls: type[pebble.Client], socket_path: str) -> Any:
            host = host_at(socket_path)
            if host is None:
                return _make_opener.__get__(None, cls)(socket_path)
            from .opener import Opener

            return Opener(host)

        _Client._get_default_opener = classmethod(make_opener)
        _Client._connect_websocket = _connect_websocket
        return self

    def __exit__(self, *exc: Any) -> None:
        _Client._get_default_opener = _make_opener
        _Client._connect_websocket = _connect


def _connect_websocket(client: Any, task_id: str, websocket_id: str) -> Any:
    from .opener import Opener
    from .websocket import WebSocket

    opener = client.opener
    if not isinstance(opener, Opener):
        return _connect(client, task_id, websocket_id)
    return WebSocket.reach(opener.host, task_id, websocket_id)
