"""How are rows of the log shown: as lines of fixed columns that fit a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from .clock import MILLISECOND_NS
from .log import Row

WIDTH = 100
"""The most columns of a line; what is longer goes on in the next line."""

_WIDEST_SUBJECT = 40
_NARROWEST_TEXT = 40


def lines(rows: Sequence[Row], start_ns: int) -> Iterator[str]:
    """The lines of all rows.

    Args:
        rows: What happened.
        start_ns: What times count from.
    """
    table = [_cells(row, start_ns) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    widths[3] = min(widths[3], _WIDEST_SUBJECT)
    for row, cells in zip(rows, table, strict=True):
        yield from _lines(row, cells, widths[:-1])


def _cells(row: Row, start_ns: int) -> tuple[str, ...]:
    at = seconds(row.at_ns - start_ns)
    return at, row.container or '-', row.kind, row.subject, row.text


def _lines(row: Row, cells: tuple[str, ...], widths: Sequence[int]) -> Iterator[str]:
    *others, text = cells
    first = others[0].rjust(widths[0])
    cut = (cell.ljust(width) for cell, width in zip(others[1:], widths[1:], strict=True))
    before = '  '.join([first, *cut, ''])
    room = max(WIDTH - len(before), _NARROWEST_TEXT)
    if row.caller is not None and not text.startswith('2'):
        with_place = f'{text} ({place(row)})'
        text = with_place if len(with_place) <= room else text
    for part in _parts(text, room):
        yield f'{before}{part}'.rstrip()
        before = ' ' * len(before)


def _parts(text: str, room: int) -> list[str]:
    if len(text) <= room and '\n' not in text:
        return [text]
    return [part for line in text.splitlines() for part in textwrap.wrap(line, room)]


def place(row: Row) -> str:
    """The line of the charm that made a request, without the directory: ``charm.py:42``."""
    return row.where.replace('\\', '/').rpartition('/')[2]


def seconds(duration_ns: int) -> str:
    """A time since the start, such as ``+30.000s``."""
    # Integers all the way: a float would round long timelines.
    whole, milliseconds = divmod(duration_ns // MILLISECOND_NS, 1000)
    return f'+{whole}.{milliseconds:03}s'
