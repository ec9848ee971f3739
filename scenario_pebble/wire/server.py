"""The daemon behind a unix socket, in real time: for curl, the Go ``pebble`` command and others.

One thread, the caller's, serves all connections and lets the daemon's clock follow real time.
"""

from __future__ import annotations

import os
import selectors
import socket
import struct
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from .. import clock as clock_
from ..daemon.daemon import Daemon
from .connection import Connection

if TYPE_CHECKING:
    from typing_extensions import Self

_TICK = 0.02
"""The longest time, in seconds, between two moves of the clock."""
_QUIET = 0.25
"""So long after the last message a command that reads stdin is not kept waiting for more."""


class Server:
    """Serves a daemon.

    Made in a ``with`` statement, whose body calls `serve`; another thread calls `stop`.

    Args:
        daemon: Whom to serve.
        path: Of the socket; it is made at once, and removed by `close`.
    """

    def __init__(self, daemon: Daemon, path: str | os.PathLike[str]):
        self._daemon = daemon
        self._path = os.fspath(path)
        self._selector = selectors.DefaultSelector()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self._path)
        self._listener.listen(64)
        self._listener.setblocking(False)
        self._stopper, self._stopped = socket.socketpair()
        self._connections: dict[int, Connection] = {}
        self._heard = 0.0
        self._running = True
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(self._stopped, selectors.EVENT_READ, self._stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def serve(self) -> None:
        """Answer requests until `stop` is called, or the daemon has shut down."""
        clock = self._daemon.clock
        began, began_ns = time.monotonic(), clock.now_ns
        while self._running and self._daemon.exit_code is None:
            for key, _ in self._selector.select(_TICK):
                act: Callable[[], None] = key.data
                act()
            with clock.lock:
                passed_ns = clock_.seconds_to_ns(time.monotonic() - began)
                clock.wait(clock_.never, max(began_ns + passed_ns, clock.now_ns))
                if time.monotonic() - self._heard > _QUIET:
                    self._daemon.execs.hurry()
            self._move()

    def stop(self) -> None:
        """Let `serve` return; for other threads."""
        self._stopper.send(b'x')

    def close(self) -> None:
        """Close all connections, and remove the socket."""
        for connection in list(self._connections.values()):
            self._drop(connection)
        self._selector.close()
        for each in (self._listener, self._stopper, self._stopped):
            each.close()
        os.unlink(self._path)

    def _stop(self) -> None:
        self._running = False

    def _accept(self) -> None:
        accepted, _ = self._listener.accept()
        accepted.setblocking(False)
        connection = Connection(self._daemon, accepted, self._user_id(accepted))
        self._connections[connection.fileno] = connection
        self._selector.register(accepted, selectors.EVENT_READ, lambda: self._receive(connection))

    def _user_id(self, accepted: socket.socket) -> int:
        """Who connects; whoever runs the server counts as the daemon's user."""
        option = getattr(socket, 'SO_PEERCRED', None)
        if option is None:
            return self._daemon.user_id
        size = struct.calcsize('3i')
        _, user_id, _ = struct.unpack('3i', accepted.getsockopt(socket.SOL_SOCKET, option, size))
        return self._daemon.user_id if user_id == os.getuid() else user_id

    def _receive(self, connection: Connection) -> None:
        self._heard = time.monotonic()
        connection.receive()

    def _move(self) -> None:
        for connection in list(self._connections.values()):
            connection.move()
            if connection.closed:
                self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        del self._connections[connection.fileno]
        self._selector.unregister(connection.socket)
        connection.close()
