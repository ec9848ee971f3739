"""Requests as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from scenario_pebble.daemon.message import Request
from scenario_pebble.wire.http import BadRequest, Parser

LINES = [
    *(b'GET /v1/logs?n=3&n=%20 HTTP/1.1\r\n', b'POST /v1/%C3%A9 HTTP/1.0\r\n', b'\r\n', b'0\r\n'),
    *(b'Content-Length: 4\r\n', b'Content-Length: -9\r\n', b'Transfer-Encoding: chunked\r\n'),
    *(
        b'Expect: 100-continue\r\n',
        b'4\r\n',
        b'body',
        b'-5\r\n',
        b'ffffffff\r\n',
        b'\xff\x00: x\n',
    ),
]


def requests(*received: bytes) -> list[Request]:
    parser = Parser(user_id=7)
    found: list[Request] = []
    for data in received:
        parser.feed(data)
        while (request := parser.next()) is not None:
            found.append(request)
    return found


def test_a_request_may_come_byte_by_byte():
    sent = b'POST /v1/a%20b?x=1&x=&y HTTP/1.1\r\nContent-Length: 4\r\nA: b\r\n\r\nbody'

    found = requests(*(bytes([byte]) for byte in sent * 2))

    headers = {'content-length': '4', 'a': 'b'}
    query = {'x': ['1', ''], 'y': ['']}
    assert found == [Request('POST', '/v1/a b', query, b'body', headers, 7)] * 2


@pytest.mark.parametrize(
    ('query', 'names'),
    [
        ('names=a%20b&names=c+d', ['a b', 'c d']),
        ('names=', ['']),
        ('names', ['']),
        ('names=a;x=1&names=b', ['b']),
        ('names=%', None),
        ('names=a%2', None),
        ('%zz=1&&names=%C3%A9', ['é']),
    ],
)
def test_what_is_malformed_in_a_query_is_left_out(query: str, names: list[str] | None):
    [request] = requests(f'GET /v1/services?{query} HTTP/1.1\r\n\r\n'.encode())

    assert request.query.get('names') == names


def test_chunks_are_put_together_and_trailers_left_out():
    head = b'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'

    (found,) = requests(head, b'4;x=y\r\nab\r\n\r\n', b'1\r\nc\r\n', b'0\r\nTrailer: z\r\n\r\n')

    assert found.body == b'ab\r\nc'


@pytest.mark.parametrize('length', ['x', '-1', '+1', '1_0', '٣', '9' * 5000])
def test_an_odd_length_is_refused(length: str):
    with pytest.raises(BadRequest, match=r"^a length is '.*'$"):
        requests(
            f'POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n'.encode('latin-1', 'replace')
        )
    with pytest.raises(BadRequest, match=r"^a length is '.*'$"):
        requests(
            b'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
            f'{length}\r\n'.encode('latin-1', 'replace'),
        )


@given(st.lists(st.sampled_from(LINES) | st.binary(max_size=9), max_size=12))
def test_any_bytes_are_requests_or_refused(sent: list[bytes]):
    try:
        found = requests(*sent)
    except BadRequest:
        return

    assert len(found) <= b''.join(sent).count(b' HTTP/1.')
