"""How Go reads a ``multipart/form-data`` body."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..dataclass import dataclass
from . import mediatype
from .gotext import quote

_LINE_LIMIT = 5120
"""Go reads lines between parts through a buffer of this size."""
_SHOWN_LIMIT = 80
"""Go shows no longer initial line of a header."""

# What Go takes for a header's name and value; a blank may stand in a name.
_NAME = re.compile(rb"[ 0-9A-Za-z!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(rb'[\t\x20-\x7e\x80-\xff]*')
_BLANKS = re.compile(rb'[ \t]+')


class BadMultipart(ValueError):
    """A body that Go can't read; the argument is its text."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a body."""

    headers: Mapping[str, str]
    """By name in lower case."""
    content: bytes
    complete: bool
    """Whether a boundary follows; otherwise Go gets ``unexpected EOF`` at the content's end."""

    @property
    def name(self) -> str:
        """The name of the form's field; empty if there is none."""
        kind, found = self._disposition()
        return found.get('name', '') if kind == 'form-data' else ''

    @property
    def filename(self) -> str:
        """The name of the file, with its whole path; empty if there is none."""
        return self._disposition()[1].get('filename', '')

    def _disposition(self) -> tuple[str, dict[str, str]]:
        try:
            return mediatype.parse(self.headers.get('content-disposition', ''))
        except mediatype.BadMediaType:
            return '', {}


class Reader:
    """Reads the parts of a body one by one.

    Args:
        body: The whole body.
        boundary: As the Content-Type gives it.
    """

    # Go: mime/multipart Reader

    def __init__(self, body: bytes, boundary: str):
        self._body = body
        self._at = 0
        self._dashes = b'--' + boundary.encode()
        self._newline = b'\r\n'
        self._parts = 0

    def next(self) -> Part | None:
        """The next part; None after the last one.

        Raises:
            BadMultipart: If something else comes.
        """
        expected = False
        while True:
            line = self._line()
            if self._is_last(line):
                return None
            if not line.endswith(b'\n'):
                why = 'bufio: buffer full' if len(line) >= _LINE_LIMIT else 'EOF'
                raise BadMultipart(f'multipart: NextPart: {why}')
            if self._is_boundary(line):
                self._parts += 1
                return self._part()
            shown = quote(line.decode(errors='replace'))
            if expected:
                raise BadMultipart(f'multipart: expecting a new Part; got line {shown}')
            if self._parts and line != self._newline:
                raise BadMultipart(f'multipart: unexpected line in Next(): {shown}')
            expected = self._parts > 0

    def _line(self) -> bytes:
        end = self._body.find(b'\n', self._at, self._at + _LINE_LIMIT) + 1
        line = self._body[self._at : end or min(len(self._body), self._at + _LINE_LIMIT)]
        self._at += len(line)
        return line

    def _is_last(self, line: bytes) -> bool:
        if not line.startswith(self._dashes + b'--'):
            return False
        return line[len(self._dashes) + 2 :].lstrip(b' \t') in (b'', self._newline)

    def _is_boundary(self, line: bytes) -> bool:
        if not line.startswith(self._dashes):
            return False
        rest = line[len(self._dashes) :].lstrip(b' \t')
        if not self._parts and rest == b'\n':
            self._newline = b'\n'
        return rest == self._newline

    def _part(self) -> Part:
        headers = self._headers()
        body, start = self._body, self._at
        if re.compile(re.escape(self._dashes) + rb'(?=[ \t\r\n-])').match(body, start):
            return Part(headers, b'', True)  # no content, not even a line's end
        boundary = re.compile(re.escape(self._newline + self._dashes) + rb'(?=[ \t\r\n-]|$)')
        found = boundary.search(body, start)
        end = found.start() if found else len(body)
        self._at = end
        return Part(headers, body[start:end], found is not None)

    def _headers(self) -> dict[str, str]:
        # Go: net/textproto ReadMIMEHeader
        headers: dict[str, str] = {}
        if self._body[self._at : self._at + 1] in (b' ', b'\t'):
            self._refuse_initial_blanks()
        while line := self._continued_line():
            name, _, value = line.partition(b':')
            if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                raise BadMultipart(f'malformed MIME header line: {_quoted(line)}')
            key = name.decode().lower()
            headers.setdefault(key, value.lstrip(b' \t').decode(errors='replace'))
        return headers

    def _refuse_initial_blanks(self) -> None:
        line = self._header_line()
        if len(line) > _SHOWN_LIMIT:
            raise BadMultipart('message too large')
        raise BadMultipart(f'malformed MIME header initial line: {_quoted(line)}')

    def _continued_line(self) -> bytes:
        """A header together with the lines that continue it; empty after the last one."""
        line = self._header_line()
        if not line:
            return b''
        if b':' not in line:
            raise BadMultipart(f'malformed MIME header: missing colon: {_quoted(line)}')
        parts = [line.strip(b' \t')]
        while blanks := _BLANKS.match(self._body, self._at):
            self._at = blanks.end()
            parts.append(self._header_line().strip(b' \t'))
        return b' '.join(parts)

    def _header_line(self) -> bytes:
        line = self._line()
        if not line.endswith(b'\n'):
            raise BadMultipart('EOF' if not line else 'unexpected EOF')
        return line.removesuffix(b'\n').removesuffix(b'\r')


def _quoted(line: bytes) -> str:
    return quote(line.decode(errors='replace'))
