"""HTTP/1.1 as a server reads and writes it: requests from bytes that come by and by, responses."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping

from ..daemon.message import Request
from .answer import Encoded

_MAX_HEAD = 64 * 1024
_MAX_DIGITS = 16
_BAD_ESCAPE = re.compile('%(?![0-9A-Fa-f]{2})')


class BadRequest(ValueError):
    """What was received is no HTTP."""


class Parser:
    """Collects the bytes of requests.

    Args:
        user_id: Who sends them.
    """

    def __init__(self, user_id: int):
        self._user_id = user_id
        self._received = bytearray()
        self._continued = False

    def feed(self, data: bytes) -> None:
        """Add what was received."""
        self._received += data

    def rest(self) -> bytes:
        """What was received after the last request."""
        rest = bytes(self._received)
        self._received.clear()
        return rest

    def expects_continue(self) -> bool:
        """Whether the client waits for leave to send the body; true once for each request."""
        end = self._received.find(b'\r\n\r\n')
        head = bytes(self._received[: max(end, 0)]).lower()
        if self._continued or b'\r\nexpect: 100-continue' not in head:
            return False
        self._continued = True
        return True

    def next(self) -> Request | None:
        """A complete request, if there is one.

        Raises:
            BadRequest: If it can't be understood.
        """
        end = self._received.find(b'\r\n\r\n')
        if end < 0:
            if len(self._received) > _MAX_HEAD:
                raise BadRequest('the head is too long')
            return None
        head = self._received[:end].decode('latin-1')
        method, target, headers = _parse_head(head)
        found = self._body(headers, end + 4)
        if found is None:
            return None
        body, used = found
        del self._received[:used]
        self._continued = False
        path, _, query = target.partition('?')
        return Request(
            method,
            urllib.parse.unquote(path),
            parameters(query),
            body,
            headers,
            self._user_id,
        )

    def _body(self, headers: Mapping[str, str], start: int) -> tuple[bytes, int] | None:
        """The body and where it ends; None if it isn't complete."""
        if headers.get('transfer-encoding', '').lower() == 'chunked':
            return self._chunks(start)
        end = start + _length(headers.get('content-length') or '0', 10)
        return None if len(self._received) < end else (bytes(self._received[start:end]), end)

    def _chunks(self, at: int) -> tuple[bytes, int] | None:
        body = bytearray()
        while (line := self._received.find(b'\r\n', at)) >= 0:
            size = _length(self._received[at:line].decode('latin-1').partition(';')[0], 16)
            if not size:
                end = self._received.find(b'\r\n\r\n', line)  # after trailers, if any
                return (bytes(body), end + 4) if end >= 0 else None
            at = line + 2 + size + 2
            if len(self._received) < at:
                return None
            body += self._received[line + 2 : at - 2]
        return None


def parameters(query: str) -> dict[str, list[str]]:
    """The values of each parameter of a query; what is malformed is left out."""
    # Go: net/url parseQuery, whose error (*URL).Query ignores
    found: dict[str, list[str]] = {}
    for pair in query.split('&'):
        if pair and ';' not in pair and not _BAD_ESCAPE.search(pair):
            name, _, value = pair.partition('=')
            decode = urllib.parse.unquote_plus
            found.setdefault(decode(name), []).append(decode(value))
    return found


def _length(text: str, base: int) -> int:
    digits = text.strip()
    if not digits.isascii() or not digits.isalnum() or len(digits) > _MAX_DIGITS:
        raise BadRequest(f'a length is {text!r}')
    try:
        return int(digits, base)
    except ValueError:
        raise BadRequest(f'a length is {text!r}') from None


def _parse_head(head: str) -> tuple[str, str, dict[str, str]]:
    first, *lines = head.split('\r\n')
    parts = first.split(' ')
    if len(parts) != 3 or not parts[2].startswith('HTTP/1.') or not parts[1].startswith('/'):
        raise BadRequest(f'the first line is {first!r}')
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(':')
        if not colon:
            raise BadRequest(f'a header is {line!r}')
        headers[name.strip().lower()] = value.strip()
    return parts[0], parts[1], headers


def response(encoded: Encoded, *, close: bool) -> bytes:
    """A response as bytes; *close* tells the client that it is the last one."""
    headers = dict(encoded.headers)
    if close:
        headers['Connection'] = 'close'
    lines = ''.join(f'{name}: {value}\r\n' for name, value in headers.items())
    head = f'HTTP/1.1 {encoded.status} {encoded.reason}\r\n{lines}\r\n'
    return head.encode('latin-1', 'replace') + encoded.body


BAD_REQUEST = Encoded(
    400,
    'Bad Request',
    {'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': '15'},
    b'400 Bad Request',
)
