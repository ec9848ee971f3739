"""What services print: a ring of text for each, and the lines and excerpts read from it."""

from __future__ import annotations

import functools
import heapq
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ..frozen import EMPTY, FrozenDict
from . import gotext, gotime
from .gojsonsyntax import decode_text

# Pebble: servstate/handlers.go maxLogBytes, lastLogLines; daemon/api_logs.go logReaderSize
RING_SIZE = 100 * 1024
EXCERPT_LINES = 20
READER_SIZE = 4 * 1024

_PREFIX = re.compile(r'\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z \[[^]]+\] ', re.ASCII)
# Go: unicode.IsSpace
_SPACE = (
    '\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a'
    '\u2028\u2029\u202f\u205f\u3000'
)


class Entry(NamedTuple):
    """One line of a log."""

    time_ns: int
    service: str
    message: str
    """Without the newline at its end."""

    def info(self) -> dict[str, str]:
        """An entry as the API shows it."""
        time = gotext.format_time(self.time_ns)
        return {'time': time, 'service': self.service, 'message': self.message}


class _Ring:
    """The latest bytes that were written."""

    __slots__ = ('_chunks', '_size')

    def __init__(self, text: bytes = b''):
        self._chunks = [text]
        self._size = len(text)

    def append(self, data: bytes) -> None:
        self._chunks.append(data)
        self._size += len(data)
        if self._size > 2 * RING_SIZE:
            self.text()

    def text(self) -> bytes:
        if len(self._chunks) > 1 or self._size > RING_SIZE:
            text = b''.join(self._chunks)[-RING_SIZE:]
            self._chunks, self._size = [text], len(text)
        return self._chunks[0]


class ServiceLogs:
    """The logs of all services: text in which each line begins with its time and service."""

    def __init__(self, saved: FrozenDict[str, bytes] = EMPTY):
        self._saved = saved
        self._rings: dict[str, _Ring] = {}
        self._written: dict[str, int] = {}

    def save(self) -> FrozenDict[str, bytes]:
        """The logs' text by service; the mapping they were made from if nothing was written."""
        if self._rings:
            rings = {name: ring.text() for name, ring in self._rings.items()}
            self._saved = FrozenDict({**self._saved, **rings})
            self._rings = {}
        return self._saved

    def clear(self) -> None:
        """Forget all: logs end with the daemon."""
        self._saved, self._rings = EMPTY, {}

    def remove(self, name: str) -> None:
        """Forget the log of one service."""
        self.save()
        self._saved = FrozenDict({k: v for k, v in self._saved.items() if k != name})

    def write(self, name: str, data: bytes, at_ns: int, in_line: bool) -> bool:
        """Write what a process prints.

        Args:
            name: The service.
            data: Any number of lines and parts of lines.
            at_ns: When.
            in_line: Whether the process's latest output didn't end its line.

        Returns:
            Whether this one doesn't.
        """
        # Pebble: servicelog/formatter.go
        if not data:
            return in_line
        prefix = f'{gotext.format_milliseconds(at_ns)} [{name}] '.encode()
        ended = data.endswith(b'\n')
        body = (data[:-1] if ended else data).replace(b'\n', b'\n' + prefix)
        ring = self._rings.get(name)
        if ring is None:
            ring = self._rings[name] = _Ring(self._saved.get(name, b''))
        text = (b'' if in_line else prefix) + body + (b'\n' if ended else b'')
        ring.append(text)
        self._written[name] = self._written.get(name, 0) + len(text)
        return not ended

    def written(self, name: str) -> int:
        """How many bytes a service's log has received since it was loaded."""
        return self._written.get(name, 0)

    def text(self, name: str) -> bytes:
        """A service's log as Pebble keeps it."""
        ring = self._rings.get(name)
        return ring.text() if ring else self._saved.get(name, b'')

    def entries(self, names: Iterable[str], count: int) -> list[Entry]:
        """The latest lines of some services, oldest first.

        Args:
            names: The services.
            count: How many lines in all; -1: all of them.
        """
        # Pebble: daemon/api_logs.go
        texts = [self.text(name) for name in sorted(set(names))]
        if count >= 0:
            texts = [text[line_start(text, count) :] for text in texts]
        merged = _merged(texts)
        return merged[-count:] if count > 0 else merged

    def entries_since(self, written: Mapping[str, int]) -> list[Entry]:
        """The lines that some services' logs have received, oldest first.

        Args:
            written: What `written` said of each service.
        """
        texts: list[bytes] = []
        for name in sorted(written):
            text = self.text(name)
            texts.append(text[max(len(text) - self.written(name) + written[name], 0) :])
        return _merged(texts)


def _merged(texts: Iterable[bytes]) -> list[Entry]:
    return list(heapq.merge(*map(parsed, texts), key=lambda entry: entry.time_ns))


def line_start(text: bytes, count: int) -> int:
    """Where the last *count* finished lines of a text begin."""
    # Pebble: servicelog/ringbuffer.go reverseLinePosition
    if count <= 0:
        return len(text)
    position = len(text)
    for _ in range(count + 1):
        position = text.rfind(b'\n', 0, position)
        if position < 0:
            return 1 if text.startswith(b'\n') else 0
    return position + 1


def parsed(text: bytes) -> Iterator[Entry]:
    """The entries of a log.

    A line that is longer than Pebble's reader comes in several entries; one that doesn't look like
    a log line is taken as the rest of the former one; a cut line at the beginning is skipped.
    """
    # Pebble: servicelog/parser.go
    time_ns, service = -1, ''
    for line in _pieces(text):
        fields = line.split(b' ', 2)
        stamp = _stamp(fields[0].decode('latin-1')) if len(fields) == 3 else None
        name = fields[1] if stamp is not None else b''
        if stamp is not None and len(name) >= 3 and name[:1] + name[-1:] == b'[]':
            time_ns, service, line = stamp, decode_text(name[1:-1]), fields[2]
        elif time_ns < 0:
            continue
        if line:
            yield Entry(time_ns, service, decode_text(line.removesuffix(b'\n')))


def _pieces(text: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(text):
        limit = start + READER_SIZE
        newline = text.find(b'\n', start, limit)
        end = min(limit, len(text)) if newline < 0 else newline + 1
        yield text[start:end]
        start = end


@functools.lru_cache(maxsize=256)
def _stamp(text: str) -> int | None:
    try:
        return gotime.parse_time(text)
    except ValueError:
        return None


def last_lines(text: bytes) -> str:
    """The excerpt that a failed start shows, each line indented by four blanks."""
    # Pebble: servicelog/lastlines.go
    excerpt = decode_text(text[line_start(text, EXCERPT_LINES + 1) :]).strip(_SPACE)
    lines = excerpt.split('\n')
    if len(lines) > EXCERPT_LINES:
        lines[0] = '(...)'
    return '\n'.join('    ' + _PREFIX.sub('', line, count=1) for line in lines)
