"""How Go reads a time in RFC 3339, and what it says of texts that aren't one."""

from __future__ import annotations

import calendar
import datetime
import re

from .gotext import quote_bytes

_LAYOUT = '2006-01-02T15:04:05Z07:00'
_FRACTION = re.compile(r'[.,]([0-9]+)')
_ZONE = re.compile(r'(.)([0-9]{2}):([0-9]{2})', re.DOTALL)
_EPOCH = datetime.datetime(1970, 1, 1)
# Separator, layout element, whether two digits are needed, name and range.
_FIELDS = (
    ('-', '01', True, 'month', range(1, 13)),
    ('-', '02', True, 'day', range(100)),
    ('T', '15', False, 'hour', range(24)),
    (':', '04', True, 'minute', range(60)),
    (':', '05', True, 'second', range(60)),
)


def parse_time(text: str) -> int:
    """Nanoseconds since the epoch.

    Raises:
        ValueError: With Go's text.
    """
    # Go: time/format.go parse
    if not re.match('[0-9]{4}', text, re.ASCII):
        raise _unexpected(text, text, '2006')
    numbers, rest = [int(text[:4])], text[4:]
    for separator, element, fixed, name, allowed in _FIELDS:
        if not rest.startswith(separator):
            raise _unexpected(text, rest, separator)
        number, rest = _number(text, rest[1:], element, fixed=fixed)
        if number not in allowed:
            raise _wrong(text, f'{name} out of range')
        numbers.append(number)
    nanoseconds, rest = _fraction(rest)
    offset, rest = _zone(text, rest)
    if rest:
        raise _wrong(text, f'extra text: {quote_bytes(rest)}')
    return (_seconds(text, numbers) - offset) * 1_000_000_000 + nanoseconds


def _seconds(text: str, numbers: list[int]) -> int:
    year, month, day, hour, minute, second = numbers
    # The proleptic Gregorian calendar repeats itself, and Python lacks the year 0.
    if not 1 <= day <= calendar.monthrange(year or 400, month)[1]:
        raise _wrong(text, 'day out of range')
    days = (datetime.datetime(year or 400, month, day) - _EPOCH).days - (0 if year else 146_097)
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def _number(text: str, rest: str, element: str, *, fixed: bool) -> tuple[int, str]:
    match = re.match('[0-9]{2}' if fixed else '[0-9]{1,2}', rest, re.ASCII)
    if match is None:
        raise _unexpected(text, rest, element)
    return int(match[0]), rest[match.end() :]


def _fraction(rest: str) -> tuple[int, str]:
    match = _FRACTION.match(rest)
    return (int(match[1][:9].ljust(9, '0')), rest[match.end() :]) if match else (0, rest)


def _zone(text: str, rest: str) -> tuple[int, str]:
    """Seconds east of UTC."""
    if rest.startswith('Z'):
        return 0, rest[1:]
    match = _ZONE.match(rest)
    if match is None:
        raise _unexpected(text, rest, 'Z07:00')
    hours, minutes = int(match[2]), int(match[3])
    if hours > 24:
        raise _wrong(text, 'time zone offset hour out of range')
    if minutes > 60:
        raise _wrong(text, 'time zone offset minute out of range')
    if match[1] not in '+-':
        raise _unexpected(text, rest, 'Z07:00')
    offset = (hours * 60 + minutes) * 60
    return (-offset if match[1] == '-' else offset), rest[match.end() :]


def _unexpected(text: str, rest: str, element: str) -> ValueError:
    return ValueError(
        f'parsing time {quote_bytes(text)} as {quote_bytes(_LAYOUT)}: '
        f'cannot parse {quote_bytes(rest)} as {quote_bytes(element)}'
    )


def _wrong(text: str, what: str) -> ValueError:
    return ValueError(f'parsing time {quote_bytes(text)}: {what}')
