"""Which moment does a time mean that a test gives?"""

from __future__ import annotations

import datetime
from typing import Any, cast

from ..errors import StateValidationError

LONGEST = 1e10
"""More seconds than can pass: a State's time ends with the year 9999."""

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def plain(time: datetime.datetime | None) -> datetime.datetime | None:
    """The same time, made by the real class: who has frozen time gives instances of another."""
    # Not by the class's name: that is what freezegun replaces.
    real = type(_EPOCH)
    if time is None or type(time) is real or not isinstance(cast('Any', time), datetime.datetime):
        return time  # what is no time is refused with the other fields
    return real.combine(time, time.timetz())


def real_utc(time: datetime.datetime, field: str) -> datetime.datetime:
    """The time in UTC, as a plain datetime: a test that has frozen time gives others.

    Raises:
        StateValidationError: If it is no datetime, or has no time zone.
    """
    given: Any = time
    if not isinstance(given, datetime.datetime):
        raise StateValidationError(
            f'cannot use {given!r} for {field}: it is no datetime\n'
            '  hint: datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)'
        )
    if time.tzinfo is None:
        raise StateValidationError(
            f'cannot use {time!r} for {field}: it has no time zone\n'
            '  hint: datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)'
        )
    # A sum has the class of its first term.
    return _EPOCH + (time - _EPOCH)
