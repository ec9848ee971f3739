"""How Go reads a time in RFC 3339."""

from __future__ import annotations

import contextlib
import datetime
import re

import pytest
from hypothesis import given, strategies as st

from scenario_pebble.daemon import gotext, gotime


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('1970-01-01T00:00:00Z', 0),
        ('1970-01-01T00:00:00.000000001Z', 1),
        ('1970-01-01T00:00:00.5+00:00', 500_000_000),
        ('1970-01-01T01:00:00+01:00', 0),
        ('1969-12-31T23:00:00-01:00', 0),
        ('1970-01-01T0:00:01Z', 1_000_000_000),
        ('1970-01-01T00:00:00,25Z', 250_000_000),
        ('1970-01-01T00:00:00.1234567891Z', 123_456_789),
        ('2024-02-29T00:00:00Z', 1_709_164_800_000_000_000),
        ('0000-01-01T00:00:00Z', -62_167_219_200_000_000_000),
    ],
)
def test_a_time_is_nanoseconds_since_the_epoch(text: str, expected: int):
    assert gotime.parse_time(text) == expected


LAYOUT = '2006-01-02T15:04:05Z07:00'


@pytest.mark.parametrize(
    ('text', 'error'),
    [
        ('', f'parsing time "" as "{LAYOUT}": cannot parse "" as "2006"'),
        ('now', f'parsing time "now" as "{LAYOUT}": cannot parse "now" as "2006"'),
        ('2026', f'parsing time "2026" as "{LAYOUT}": cannot parse "" as "-"'),
        ('2026-1-02', f'parsing time "2026-1-02" as "{LAYOUT}": cannot parse "1-02" as "01"'),
        (
            '2026-01-02 03:04:05Z',
            f'parsing time "2026-01-02 03:04:05Z" as "{LAYOUT}": cannot parse " 03:04:05Z" as "T"',
        ),
        (
            '2026-01-02T03:04:05',
            f'parsing time "2026-01-02T03:04:05" as "{LAYOUT}": cannot parse "" as "Z07:00"',
        ),
        ('2026-13-02T03:04:05Z', 'parsing time "2026-13-02T03:04:05Z": month out of range'),
        ('2026-02-30T03:04:05Z', 'parsing time "2026-02-30T03:04:05Z": day out of range'),
        ('2026-01-02T24:04:05Z', 'parsing time "2026-01-02T24:04:05Z": hour out of range'),
        ('2026-01-02T03:04:60Z', 'parsing time "2026-01-02T03:04:60Z": second out of range'),
        (
            '2026-01-02T03:04:05+25:00',
            'parsing time "2026-01-02T03:04:05+25:00": time zone offset hour out of range',
        ),
        ('2026-01-02T03:04:05Z!', 'parsing time "2026-01-02T03:04:05Z!": extra text: "!"'),
        ('ü', rf'parsing time "\xc3\xbc" as "{LAYOUT}": cannot parse "\xc3\xbc" as "2006"'),
    ],
)
def test_what_isnt_a_time_gets_gos_words(text: str, error: str):
    with pytest.raises(ValueError, match=f'^{re.escape(error)}$'):
        gotime.parse_time(text)


@given(st.datetimes(timezones=st.just(datetime.timezone.utc)))
def test_what_is_written_can_be_read(time: datetime.datetime):
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    time_ns = (time - epoch) // datetime.timedelta(microseconds=1) * 1000

    assert gotime.parse_time(time.isoformat()) == time_ns
    if time.year >= 1000:
        assert gotime.parse_time(gotext.format_time(time_ns)) == time_ns


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str):
    with contextlib.suppress(ValueError):
        assert isinstance(gotime.parse_time(text), int)
