"""The websockets of an exec without a socket: what ``ops.pebble.ExecProcess`` reads and writes.

ops uses of a websocket ``recv``, ``send``, ``send_binary``, ``shutdown`` and the attribute
``sock``, expects ``websocket.WebSocketException`` where it can't be connected or has been closed,
and reads and writes from threads of its own.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
from collections.abc import Generator

import websocket

from ..clock import SECOND_NS
from ..daemon.daemon import Daemon, DaemonGone
from ..daemon.execrecord import END, Stream, Upgraded
from ..daemon.message import Answered, Pending, Request
from ..errors import ScenarioRuntimeError
from .answer import encode
from .host import Host, Refused, Unreachable
from .threads import Threads

END_COMMAND = '{"command":"end"}'
_PATIENCE_NS = 24 * 3600 * SECOND_NS


class WebSocket:
    """One websocket of a command, as a client holds it.

    Args:
        daemon: Who executes the command.
        stream: The daemon's end.
        sent: Where all that is written to stdin is kept.
    """

    sock = None

    def __init__(self, daemon: Daemon, stream: Stream, sent: bytearray | None = None):
        self._daemon = daemon
        self._clock = daemon.clock
        self._stream = stream
        self._open = True
        self.sent = bytearray() if sent is None else sent
        """What was written to stdin, even if it came too late."""
        with self._clock.lock:
            self._threads = Threads.of(self._clock)
            self._token = self._threads.opened(daemon.execs)

    @classmethod
    def reach(cls, host: Host, task_id: str, websocket_id: str) -> WebSocket:
        """Connect to a command of a container.

        Raises:
            websocket.WebSocketException: If the daemon does not accept it.
            OSError: If the daemon can't be reached.
        """
        path = f'/v1/tasks/{task_id}/websocket/{websocket_id}'
        with _failures():
            return host.call('GET', path, cls.connect, task_id, websocket_id)

    @classmethod
    def connect(cls, daemon: Daemon, task_id: str, websocket_id: str) -> WebSocket:
        """Connect to a command.

        Raises:
            websocket.WebSocketBadStatusException: If the daemon does not accept it.
        """
        path = f'/v1/tasks/{task_id}/websocket/{websocket_id}'
        answer = daemon.handle(Request('GET', path, headers={'upgrade': 'websocket'}))
        if isinstance(answer, Upgraded):
            return cls(daemon, answer.stream)
        assert not isinstance(answer, Pending)
        raise _bad_status(answer)

    def recv(self) -> str | bytes:
        """The next data, or the command that says that there is no more.

        Raises:
            websocket.WebSocketConnectionClosedException: If either side has closed it.
            ScenarioRuntimeError: If the command neither writes nor ends.
        """
        with self._clock.lock:
            self._check_open()
            if not self._stream.waiting:
                self._stream.expect()
                self._clock.wait(self._is_over, self._clock.now_ns + _PATIENCE_NS)
                self._check_open()
            frame = self._stream.receive()
            if frame is None:
                if self._stream.closed or self._daemon.exit_code is not None:
                    raise websocket.WebSocketConnectionClosedException(
                        'Connection to remote host was lost.'
                    )
                raise ScenarioRuntimeError(
                    'cannot read the output of a command: it has written nothing for a day\n'
                    '  hint: let it end, give the exec a timeout, or close its stdin'
                )
        return END_COMMAND if frame is END else frame

    def send(self, payload: str) -> None:
        """Send a command: the end of stdin, or a signal; others are ignored, as Pebble does.

        Raises:
            websocket.WebSocketConnectionClosedException: If it is closed.
        """
        with self._clock.lock:
            self._act()
            self._stream.command(payload)

    def send_binary(self, payload: bytes) -> None:
        """Send data to stdin.

        Raises:
            websocket.WebSocketConnectionClosedException: If it is closed.
        """
        with self._clock.lock:
            self.sent += payload
            self._act()
            self._stream.send(bytes(payload))

    def shutdown(self) -> None:
        """Drop the connection."""
        with self._clock.lock:
            if self._open:
                self._open = False
                self._stream.close()
                self._threads.closed(self._token)

    close = shutdown

    def __del__(self) -> None:
        # Pebble kills the command of a process that the charm forgets.
        if self._open:
            self._threads.dropped(self._token, self._stream.close)

    def _act(self) -> None:
        self._check_open()
        self._threads.acts()

    def _check_open(self) -> None:
        if not self._open:
            raise websocket.WebSocketConnectionClosedException('socket is already closed.')

    def _is_over(self) -> bool:
        return self._stream.waiting or not self._open or self._daemon.exit_code is not None


def _bad_status(answer: Answered) -> websocket.WebSocketException:
    encoded = encode(answer)
    return websocket.WebSocketBadStatusException(
        f'Handshake status {encoded.status} {encoded.reason} -+-+- {encoded.body.decode()}',
        encoded.status,
    )


@contextlib.contextmanager
def _failures() -> Generator[None, None, None]:
    """What opening a websocket raises where Pebble gives no websocket.

    ops connects the socket itself, so it's a bare OSError if nobody listens.
    """
    try:
        yield
    except Unreachable:
        raise _error(errno.ENOENT) from None
    except DaemonGone:
        raise _error(errno.ECONNREFUSED) from None
    except Refused as e:
        raise _bad_status(e.answer) from None
    except http.client.RemoteDisconnected:
        text = 'Connection to remote host was lost.'
        raise websocket.WebSocketConnectionClosedException(text) from None
    except TimeoutError as e:
        raise websocket.WebSocketTimeoutException(str(e)) from None


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))  # Python chooses the class by the number
