"""How times and durations are written."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, strategies as st

from scenario_pebble.state.document import moments

UTC = datetime.timezone.utc


@given(st.datetimes(timezones=st.just(UTC)) | st.datetimes())
def test_a_time_is_read_as_it_was_written(time: datetime.datetime):
    read = moments.parse_time(moments.time_text(time))

    assert (read, read.tzinfo) == (time, time.tzinfo)


@given(st.integers(-(2**62), 2**62))
def test_nanoseconds_are_read_as_they_were_written(at_ns: int):
    assert moments.parse_ns(moments.ns_text(at_ns)) == at_ns


@given(st.timedeltas())
def test_a_duration_is_read_as_it_was_written(duration: datetime.timedelta):
    assert moments.parse_duration(moments.duration_text(duration)) == duration


@pytest.mark.parametrize(
    ('text', 'time'),
    [
        ('2026-01-31T12:00:00.5+02:00', (2026, 1, 31, 10, 0, 0, 500_000)),
        ('2026-01-31t12:00:00z', (2026, 1, 31, 12)),
        ('2026-01-31T12:00:00.123456789Z', (2026, 1, 31, 12, 0, 0, 123_456)),
    ],
)
def test_every_spelling_of_rfc_3339_is_read(text: str, time: tuple[int, int, int, int]):
    assert moments.parse_time(text) == datetime.datetime(*time, tzinfo=UTC)


@pytest.mark.parametrize('text', ['', '2026-01-31', '2026-13-01T00:00:00Z', '2026-01-31T12:00Z'])
def test_what_is_no_time_is_refused(text: str):
    with pytest.raises(ValueError):
        moments.parse_time(text)


@pytest.mark.parametrize(
    ('text', 'seconds'), [('90s', 90), ('0.5s', 0.5), ('-1.25s', -1.25), ('86400s', 86400)]
)
def test_durations_are_in_seconds(text: str, seconds: float):
    duration = datetime.timedelta(seconds=seconds)

    assert moments.duration_text(duration) == text
    assert moments.parse_duration(text) == duration


@pytest.mark.parametrize('text', ['90', '1m', '1.1234567s', 's', '+1s'])
def test_what_is_no_duration_in_seconds_is_refused(text: str):
    with pytest.raises(ValueError):
        moments.parse_duration(text)
