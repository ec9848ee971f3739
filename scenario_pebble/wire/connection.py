"""One connection to the server: requests one after the other, or a websocket."""

from __future__ import annotations

import socket

from ..daemon.daemon import Daemon, DaemonGone
from ..daemon.execrecord import END, Stream, Upgraded
from ..daemon.message import Answered, Pending, Request
from . import frames, http
from .answer import Encoded, encode

_END_COMMAND = b'{"command":"end"}'


class Connection:
    """One connection.

    Args:
        daemon: Who answers.
        accepted: The socket, which doesn't block.
        user_id: Who is at its other end.
    """

    def __init__(self, daemon: Daemon, accepted: socket.socket, user_id: int):
        self.socket = accepted
        self.fileno = accepted.fileno()
        self.closed = False
        """Whether it is over; then the server closes it."""
        self._daemon = daemon
        self._requests = http.Parser(user_id)
        self._frames = frames.Parser()
        self._pending: Pending | None = None
        self._stream: Stream | None = None
        self._last = False
        self._to_send = bytearray()

    def receive(self) -> None:
        """Read what the client sent."""
        try:
            data = self.socket.recv(256 * 1024)
        except BlockingIOError:
            return
        except OSError:
            data = b''
        if not data:
            self.closed = True
        elif self._stream is not None:
            self._frames.feed(data)
        else:
            self._requests.feed(data)

    def move(self) -> None:
        """Answer what can be answered, and send what can be sent."""
        if self._pending is not None:
            self._look_at_pending(self._pending)
        while self._stream is None and self._pending is None and self._next_request():
            pass
        if self._stream is not None:
            self._exchange(self._stream)
        self._send()

    def close(self) -> None:
        """Close the socket; a command that was controlled by it is killed."""
        if self._stream is not None:
            with self._daemon.clock.lock:
                self._stream.close()
        self.socket.close()

    # -- requests

    def _next_request(self) -> bool:
        try:
            if self._requests.expects_continue():
                self._to_send += b'HTTP/1.1 100 Continue\r\n\r\n'
            request = self._requests.next()
        except http.BadRequest:
            self._last = True
            self._respond(http.BAD_REQUEST)
            return False
        if request is None:
            return False
        self._last = request.headers.get('connection', '').lower() == 'close'
        try:
            answer = self._daemon.handle(request)
        except DaemonGone:
            self.closed = True
            return False
        if isinstance(answer, Pending):
            self._pending = answer
        elif isinstance(answer, Upgraded):
            self._upgrade(request, answer.stream)
        else:
            self._respond(encode(answer))
        return True

    def _look_at_pending(self, pending: Pending) -> None:
        answer: Answered | None = pending.answer
        deadline_ns = pending.deadline_ns
        if answer is None and deadline_ns is not None:
            with self._daemon.clock.lock:
                if self._daemon.clock.now_ns >= deadline_ns:
                    answer = pending.expired()
        if answer is not None:
            self._pending = None
            self._respond(encode(answer))

    def _respond(self, encoded: Encoded) -> None:
        self._to_send += http.response(encoded, close=self._last)

    # -- the websocket

    def _upgrade(self, request: Request, stream: Stream) -> None:
        self._stream = stream
        headers = {
            'Upgrade': 'websocket',
            'Connection': 'Upgrade',
            'Sec-WebSocket-Accept': frames.accept(request.headers.get('sec-websocket-key', '')),
        }
        self._last = False
        self._respond(Encoded(101, 'Switching Protocols', headers, b''))
        self._frames.feed(self._requests.rest())

    def _exchange(self, stream: Stream) -> None:
        with self._daemon.clock.lock:
            try:
                while (message := self._frames.next()) is not None:
                    self._take(stream, message)
            except frames.BadFrame:
                self.closed = True
            while (frame := stream.receive()) is not None:
                if frame is END:
                    self._to_send += frames.encode(frames.Opcode.TEXT, _END_COMMAND)
                else:
                    self._to_send += frames.encode(frames.Opcode.BINARY, frame)
            self.closed = self.closed or (stream.closed and not self._to_send)

    def _take(self, stream: Stream, message: frames.Message) -> None:
        opcode, data = message
        if opcode is frames.Opcode.BINARY:
            stream.send(data)
        elif opcode is frames.Opcode.TEXT:
            stream.command(data)
        elif opcode is frames.Opcode.PING:
            self._to_send += frames.encode(frames.Opcode.PONG, data)
        elif opcode is frames.Opcode.CLOSE:
            self._to_send += frames.encode(frames.Opcode.CLOSE, data[:2])
            stream.close(orderly=True)

    def _send(self) -> None:
        try:
            while self._to_send:
                del self._to_send[: self.socket.send(self._to_send)]
        except BlockingIOError:
            return
        except OSError:
            self.closed = True
        if self._last and self._pending is None and not self._to_send:
            self.closed = True
