"""The frames of a websocket as a server reads and writes them (RFC 6455)."""

from __future__ import annotations

import base64
import enum
import hashlib
from typing import NamedTuple

_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'


class Opcode(enum.IntEnum):
    """What a frame is."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Message(NamedTuple):
    """A message, put together from its frames."""

    opcode: Opcode
    data: bytes


class BadFrame(ValueError):
    """What was received is no frame of a client."""


def accept(key: str) -> str:
    """The answer to the key in a handshake."""
    return base64.b64encode(hashlib.sha1((key + _GUID).encode()).digest()).decode()


def encode(opcode: Opcode, data: bytes) -> bytes:
    """A message as one frame."""
    length = len(data)
    if length < 126:
        size = bytes([length])
    elif length < 1 << 16:
        size = b'\x7e' + length.to_bytes(2, 'big')
    else:
        size = b'\x7f' + length.to_bytes(8, 'big')
    return bytes([0x80 | opcode]) + size + data


class Parser:
    """Collects messages from the bytes that a client sends."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._opcode: Opcode | None = None
        self._data = bytearray()

    def feed(self, data: bytes) -> None:
        """Add what was received."""
        self._received += data

    def next(self) -> Message | None:
        """A complete message, if there is one.

        Raises:
            BadFrame: If what was received is no frame of a client.
        """
        while (frame := self._frame()) is not None:
            final, opcode, data = frame
            if opcode >= Opcode.CLOSE:  # may come between the frames of a message
                return Message(opcode, data)
            if (opcode is Opcode.CONTINUATION) is (self._opcode is None):
                raise BadFrame('a frame is out of order')
            self._opcode = self._opcode or opcode
            self._data += data
            if final:
                message = Message(self._opcode, bytes(self._data))
                self._opcode = None
                self._data.clear()
                return message
        return None

    def _frame(self) -> tuple[bool, Opcode, bytes] | None:
        received = self._received
        if len(received) < 2:
            return None
        if not received[1] & 0x80:
            raise BadFrame('a frame is not masked')
        try:
            opcode = Opcode(received[0] & 0x0F)
        except ValueError:
            raise BadFrame('a frame has an unknown opcode') from None
        length = received[1] & 0x7F
        digits = {126: 2, 127: 8}.get(length, 0)
        start = 2 + digits + 4
        if digits:
            length = int.from_bytes(received[2 : 2 + digits], 'big')
        if len(received) < start + length:
            return None
        mask = bytes(received[start - 4 : start])
        data = _unmasked(bytes(received[start : start + length]), mask)
        final = bool(received[0] & 0x80)
        del received[: start + length]
        return final, opcode, data


def _unmasked(data: bytes, mask: bytes) -> bytes:
    length = len(data)
    repeated = (mask * (length // 4 + 1))[:length]
    number = int.from_bytes(data, 'big') ^ int.from_bytes(repeated, 'big')
    return number.to_bytes(length, 'big')
