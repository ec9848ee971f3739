"""Times and durations of a State, and the integer nanoseconds of the clock."""

from __future__ import annotations

import datetime

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_MICROSECOND = datetime.timedelta(microseconds=1)


def to_ns(time: datetime.datetime) -> int:
    """Nanoseconds since the epoch; a time without a zone is in UTC."""
    if time.tzinfo is None:
        time = time.replace(tzinfo=datetime.timezone.utc)
    return (time - _EPOCH) // _MICROSECOND * 1000


def from_ns(at_ns: int) -> datetime.datetime:
    """The time in UTC, in whole microseconds."""
    return _EPOCH + _MICROSECOND * (at_ns // 1000)


def duration_to_ns(duration: datetime.timedelta) -> int:
    """A duration in nanoseconds."""
    return duration // _MICROSECOND * 1000


def duration_from_ns(duration_ns: int) -> datetime.timedelta:
    """A duration in whole microseconds."""
    return _MICROSECOND * (duration_ns // 1000)
