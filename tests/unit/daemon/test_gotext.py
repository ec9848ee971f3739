from __future__ import annotations

import re

import pytest

from scenario_pebble.daemon import gotext


@pytest.mark.parametrize(
    ('text', 'ns'),
    [
        ('0', 0),
        ('1s', 10**9),
        ('1.5s', 1_500_000_000),
        ('.5s', 500_000_000),
        ('5.s', 5 * 10**9),
        ('1h30m', 5400 * 10**9),
        ('-2ms', -2_000_000),
        ('+3us', 3_000),
        ('3µs', 3_000),
        ('0.2s', 200_000_000),
        ('9223372036854775807ns', 2**63 - 1),
        (f'{"0" * 5000}1s', 10**9),
        (f'0.{"1" * 5000}s', 111_111_111),
    ],
)
def test_go_durations_are_read(text: str, ns: int):
    assert gotext.parse_duration(text) == ns


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('', 'time: invalid duration ""'),
        ('soon', 'time: invalid duration "soon"'),
        ('5', 'time: missing unit in duration "5"'),
        ('5x', 'time: unknown unit "x" in duration "5x"'),
        ('.s', 'time: invalid duration ".s"'),
        ('é', r'time: invalid duration "\xc3\xa9"'),
        ('9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'),
        ('9' * 5000 + 's', f'time: invalid duration "{"9" * 5000}s"'),
    ],
)
def test_an_invalid_duration_has_gos_text(text: str, message: str):
    with pytest.raises(ValueError, match=f'^{re.escape(message)}$'):
        gotext.parse_duration(text)


@pytest.mark.parametrize(
    ('ns', 'text'),
    [
        (0, '0s'),
        (1, '1ns'),
        (1_500, '1.5µs'),
        (200_000_000, '200ms'),
        (1_500_000_000, '1.5s'),
        (90 * 10**9, '1m30s'),
        (3600 * 10**9, '1h0m0s'),
        (168 * 3600 * 10**9, '168h0m0s'),
        (-(10**9), '-1s'),
    ],
)
def test_durations_are_written_as_go_does(ns: int, text: str):
    assert gotext.format_duration(ns) == text


@pytest.mark.parametrize(
    ('text', 'quoted'),
    [
        ('plain', '"plain"'),
        ('a "b" \\ c', r'"a \"b\" \\ c"'),
        ('é\n\x01\x7f', r'"é\n\x01\x7f"'),
        ('\u200b\U000e0001', r'"\u200b\U000e0001"'),
    ],
)
def test_strings_are_quoted_as_by_percent_q(text: str, quoted: str):
    assert gotext.quote(text) == quoted


@pytest.mark.parametrize(
    ('value', 'text'),
    [
        (0.0, '0'),
        (2.0, '2'),
        (1.5, '1.5'),
        (100000.0, '100000'),
        (1e6, '1e+06'),
        (1234567.0, '1.234567e+06'),
        (0.0001, '0.0001'),
        (0.00001, '1e-05'),
        (-12.25, '-12.25'),
        (float('inf'), '+Inf'),
    ],
)
def test_floats_are_written_as_by_percent_g(value: float, text: str):
    assert gotext.format_float(value) == text


def test_times_have_as_many_digits_as_needed():
    assert gotext.format_time(1_500_000_000) == '1970-01-01T00:00:01.5Z'
    assert gotext.format_time(2_000_000_000) == '1970-01-01T00:00:02Z'
    assert gotext.format_seconds(1_999_999_999) == '1970-01-01T00:00:01Z'
    assert gotext.format_milliseconds(1_999_999_999) == '1970-01-01T00:00:01.999Z'
