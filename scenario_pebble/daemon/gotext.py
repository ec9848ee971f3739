"""How Go writes and reads durations, times, numbers and quoted strings."""

from __future__ import annotations

import datetime
import functools
import math
import re

_UNITS_NS = {
    'ns': 1,
    'us': 1_000,
    'µs': 1_000,
    'μs': 1_000,
    'ms': 1_000_000,
    's': 1_000_000_000,
    'm': 60_000_000_000,
    'h': 3600_000_000_000,
}
_DURATION_PART = re.compile(r'(?P<whole>[0-9]*)(?:\.(?P<fraction>[0-9]*))?(?P<unit>[^0-9.]*)')
_EPOCH = datetime.datetime(1970, 1, 1)
_MAX_DURATION = 2**63 - 1
_MOST_DIGITS = 19
_ESCAPES = {
    '\a': '\\a',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\v': '\\v',
    '\\': '\\\\',
    '"': '\\"',
}


@functools.lru_cache(maxsize=256)
def parse_duration(text: str) -> int:
    """Nanoseconds of a Go duration such as ``1.5s`` or ``1h30m``.

    Raises:
        ValueError: With Go's text, for example ``time: missing unit in duration "5"``.
    """
    # Go: time.ParseDuration
    negative = text.startswith('-')
    rest = text[1:] if text[:1] in ('-', '+') else text
    if rest == '0':
        return 0
    if not rest:
        raise _invalid_duration(text)
    total = 0
    while rest:
        part = _DURATION_PART.match(rest)
        if part is None or not (part['whole'] or part['fraction']):
            raise _invalid_duration(text)
        unit = part['unit']
        if not unit:
            raise ValueError(f'time: missing unit in duration {quote_bytes(text)}')
        if unit not in _UNITS_NS:
            raise ValueError(
                f'time: unknown unit {quote_bytes(unit)} in duration {quote_bytes(text)}'
            )
        whole = part['whole'].lstrip('0')
        if len(whole) > _MOST_DIGITS:
            raise _invalid_duration(text)
        fraction, scale = _leading_fraction(part['fraction'] or '')
        total += int(whole or '0') * _UNITS_NS[unit] + int(fraction * (_UNITS_NS[unit] / scale))
        rest = rest[part.end() :]
    if total > _MAX_DURATION + negative:
        raise _invalid_duration(text)
    return -total if negative else total


def _leading_fraction(digits: str) -> tuple[int, float]:
    """The digits after a point as a number, and what it has to be divided by."""
    # Go: time.leadingFraction, which ignores what doesn't fit 63 bits any more
    value, scale = 0, 1.0
    for digit in digits:
        grown = value * 10 + int(digit)
        if grown > _MAX_DURATION + 1:
            break
        value, scale = grown, scale * 10
    return value, scale


def _invalid_duration(text: str) -> ValueError:
    return ValueError(f'time: invalid duration {quote_bytes(text)}')


def quote_bytes(text: str) -> str:
    """A string as the errors of Go's package ``time`` show it: all but ASCII as bytes."""
    quoted = ''
    for char in text:
        if char in '"\\':
            quoted += '\\' + char
        elif ' ' <= char < '\x80':
            quoted += char
        else:
            quoted += ''.join(f'\\x{byte:02x}' for byte in char.encode())
    return f'"{quoted}"'


@functools.lru_cache(maxsize=256)
def format_duration(duration_ns: int) -> str:
    """A duration as Go prints it: ``1h30m0s``, ``1.5s``, ``200ms``, ``0s``."""
    # Go: time.Duration.String
    if duration_ns == 0:
        return '0s'
    sign = '-' if duration_ns < 0 else ''
    value = abs(duration_ns)
    if value < 1_000:
        return f'{sign}{value}ns'
    if value < 1_000_000:
        return f'{sign}{_decimal(value, 3)}µs'
    if value < 1_000_000_000:
        return f'{sign}{_decimal(value, 6)}ms'
    minutes, below_ns = divmod(value, 60_000_000_000)
    hours, minutes = divmod(minutes, 60)
    seconds = _decimal(below_ns, 9) + 's'
    if hours:
        return f'{sign}{hours}h{minutes}m{seconds}'
    return f'{sign}{minutes}m{seconds}' if minutes else sign + seconds


def _decimal(value: int, places: int) -> str:
    whole, fraction = divmod(value, 10**places)
    digits = f'{fraction:0{places}}'.rstrip('0')
    return f'{whole}.{digits}' if digits else str(whole)


def parse_int(text: str) -> int:
    """A decimal number that fits 64 bits.

    Raises:
        ValueError: With Go's text, for example ``strconv.ParseInt: parsing "x": invalid syntax``.
    """
    # Go: strconv.ParseInt
    digits = text[1:] if text[:1] in ('-', '+') else text
    why = '' if digits.isascii() and digits.isdigit() else 'invalid syntax'
    if not why and (len(digits.lstrip('0')) > 19 or not -(2**63) <= int(text) < 2**63):
        why = 'value out of range'
    if why:
        raise ValueError(f'strconv.ParseInt: parsing {quote(text)}: {why}')
    return int(text)


def quote(text: str) -> str:
    """A string as Go's ``%q`` prints it."""
    if text.isprintable() and '"' not in text and '\\' not in text and text.isascii():
        return f'"{text}"'
    return '"' + ''.join(map(_quoted_char, text)) + '"'


def _quoted_char(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x80:
        return f'\\x{code:02x}'
    return f'\\u{code:04x}' if code < 0x10000 else f'\\U{code:08x}'


def format_float(value: float) -> str:
    """A number as Go's ``%g`` prints it, with as many digits as needed."""
    # Go: strconv.FormatFloat(value, 'g', -1, 64)
    if math.isnan(value):
        return 'NaN'
    if math.isinf(value):
        return '+Inf' if value > 0 else '-Inf'
    import decimal

    sign, digits, scale = decimal.Decimal(repr(value)).normalize().as_tuple()
    text = ''.join(map(str, digits))
    exponent = len(text) + int(scale) - 1
    minus = '-' if sign else ''
    if value and not -4 <= exponent < 6:
        fraction = f'.{text[1:]}' if len(text) > 1 else ''
        return f'{minus}{text[0]}{fraction}e{"-" if exponent < 0 else "+"}{abs(exponent):02}'
    if exponent < 0:
        return f'{minus}0.{"0" * (-exponent - 1)}{text}'
    whole = text[: exponent + 1].ljust(exponent + 1, '0')
    fraction = text[exponent + 1 :]
    return f'{minus}{whole}.{fraction}' if fraction else minus + whole


@functools.lru_cache(maxsize=4096)
def _whole_seconds(seconds: int) -> str:
    days, second = divmod(seconds, 86_400)
    minute, second = divmod(second, 60)
    hour, minute = divmod(minute, 60)
    return f'{_day(days)}T{hour:02}:{minute:02}:{second:02}'


@functools.lru_cache(maxsize=512)
def _day(days: int) -> str:
    return (_EPOCH + datetime.timedelta(days=days)).strftime('%Y-%m-%d')


@functools.lru_cache(maxsize=1024)
def format_time(time_ns: int) -> str:
    """A time in RFC 3339, UTC, with up to nanoseconds: ``2026-01-02T03:04:05.6Z``."""
    seconds, below_ns = divmod(time_ns, 1_000_000_000)
    if not below_ns:
        return _whole_seconds(seconds) + 'Z'
    return f'{_whole_seconds(seconds)}.{below_ns:09}'.rstrip('0') + 'Z'


@functools.lru_cache(maxsize=4096)
def format_seconds(time_ns: int) -> str:
    """A time in RFC 3339, UTC, cut to whole seconds, as in task logs."""
    return _whole_seconds(time_ns // 1_000_000_000) + 'Z'


def format_milliseconds(time_ns: int) -> str:
    """A time in RFC 3339, UTC, cut to milliseconds, as in service logs: ``…T03:04:05.600Z``."""
    seconds, below_ns = divmod(time_ns, 1_000_000_000)
    return f'{_whole_seconds(seconds)}.{below_ns // 1_000_000:03}Z'
