"""How are times and durations written: as RFC 3339 has them, and in seconds?"""

from __future__ import annotations

import datetime
import re

_RFC3339 = re.compile(
    r'(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d(?::\d\d)?)?'
)
_SECONDS = re.compile(r'(-?)(\d+)(?:\.(\d{1,6}))?s')

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_SECOND = datetime.timedelta(seconds=1)
_MICROSECOND = datetime.timedelta(microseconds=1)


def time_text(time: datetime.datetime) -> str:
    """A time; without an offset if it has no time zone."""
    return time.isoformat().replace('+00:00', 'Z')


def parse_time(text: str) -> datetime.datetime:
    """The time that `time_text` wrote.

    Raises:
        ValueError: If the text is no time.
    """
    seconds, fraction, offset = _split(text)
    micro = fraction.ljust(6, '0')[:6]
    offset = '+00:00' if offset in ('Z', 'z') else offset
    return datetime.datetime.fromisoformat(f'{seconds}.{micro}{offset}')


def ns_text(at_ns: int) -> str:
    """Nanoseconds since the epoch, as a time in UTC.

    Raises:
        OverflowError: If a calendar has no such time.
    """
    seconds, ns = divmod(at_ns, 1_000_000_000)
    time = (_EPOCH + _SECOND * seconds).replace(tzinfo=None)
    fraction = f'.{ns:09}'.rstrip('0') if ns else ''
    return f'{time.isoformat()}{fraction}Z'


def parse_ns(text: str) -> int:
    """The nanoseconds since the epoch that `ns_text` wrote.

    Raises:
        ValueError: If the text is no time, or has no time zone.
    """
    seconds, fraction, offset = _split(text)
    if not offset:
        raise ValueError(text)
    whole = parse_time(f'{seconds}{offset}') - _EPOCH
    return whole // _SECOND * 1_000_000_000 + int(fraction.ljust(9, '0'))


def _split(text: str) -> tuple[str, str, str]:
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError(text)
    seconds, fraction, offset = match.groups()
    return seconds, fraction or '', offset or ''


def duration_text(duration: datetime.timedelta) -> str:
    """A duration as Go would also read it, in seconds."""
    micro = duration // _MICROSECOND
    seconds, fraction = divmod(abs(micro), 1_000_000)
    digits = f'.{fraction:06}'.rstrip('0') if fraction else ''
    return f'{"-" if micro < 0 else ""}{seconds}{digits}s'


def parse_duration(text: str) -> datetime.timedelta:
    """The duration that `duration_text` wrote.

    Raises:
        ValueError: If the text is no such duration.
    """
    match = _SECONDS.fullmatch(text)
    if match is None:
        raise ValueError(text)
    sign, seconds, fraction = match.groups()
    micro = int(seconds) * 1_000_000 + int((fraction or '').ljust(6, '0'))
    return _MICROSECOND * (-micro if sign else micro)
