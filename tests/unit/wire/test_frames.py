"""Websocket frames."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from scenario_pebble.wire.frames import BadFrame, Message, Opcode, Parser, accept, encode


def masked(frame: bytes, mask: bytes = b'\x01\x02\x03\x04', *, final: bool = True) -> bytes:
    """What a client sends for a server's frame."""
    digits = {126: 2, 127: 8}.get(frame[1], 0)
    head, data = frame[: 2 + digits], frame[2 + digits :]
    covered = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
    first = head[0] if final else head[0] & 0x7F
    return bytes([first, head[1] | 0x80]) + head[2:] + mask + covered


def messages(*received: bytes) -> list[Message]:
    parser = Parser()
    found: list[Message] = []
    for data in received:
        parser.feed(data)
        while (message := parser.next()) is not None:
            found.append(message)
    return found


@pytest.mark.parametrize('length', [0, 1, 125, 126, 65535, 65536])
def test_a_message_of_any_length_is_read(length: int):
    data = b'x' * length

    assert messages(masked(encode(Opcode.BINARY, data))) == [Message(Opcode.BINARY, data)]


@given(st.binary(max_size=300), st.binary(min_size=4, max_size=4), st.integers(1, 50))
def test_messages_come_in_pieces(data: bytes, mask: bytes, piece: int):
    sent = masked(encode(Opcode.TEXT, data), mask) * 2
    pieces = [sent[i : i + piece] for i in range(0, len(sent), piece)]

    assert messages(*pieces) == [Message(Opcode.TEXT, data)] * 2


def test_a_message_may_have_several_frames_with_control_frames_between():
    sent = (
        masked(encode(Opcode.TEXT, b'a'), final=False)
        + masked(encode(Opcode.PING, b'p'))
        + masked(encode(Opcode.CONTINUATION, b'b'))
    )

    assert messages(sent) == [Message(Opcode.PING, b'p'), Message(Opcode.TEXT, b'ab')]


@pytest.mark.parametrize(
    ('frame', 'message'),
    [
        (encode(Opcode.TEXT, b'x'), 'a frame is not masked'),
        (masked(bytes([0x83, 0])), 'a frame has an unknown opcode'),
        (masked(encode(Opcode.CONTINUATION, b'x')), 'a frame is out of order'),
        (
            masked(encode(Opcode.TEXT, b'x'), final=False) + masked(encode(Opcode.TEXT, b'x')),
            'a frame is out of order',
        ),
    ],
)
def test_what_a_client_may_not_send(frame: bytes, message: str):
    with pytest.raises(BadFrame, match=f'^{message}$'):
        messages(frame)


def test_the_handshake_is_that_of_the_rfc():
    assert accept('dGhlIHNhbXBsZSBub25jZQ==') == 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='
