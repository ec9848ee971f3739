"""The outcomes of the peer's tests are compared with the table."""

from __future__ import annotations

from . import differences, report

KNOWN = next(iter(differences.KNOWN))


def test_a_difference_that_is_known_is_no_surprise():
    assert list(report.surprises({f'{KNOWN}[a]': 'failed', f'{KNOWN}[b]': 'passed'})) == []


def test_a_difference_that_is_gone_is_a_surprise():
    outcomes = {f'{KNOWN}[a]': 'passed', 'test_new.py::test_it': 'failed', 'x': 'private'}

    assert list(report.surprises(outcomes)) == [
        'test_new.py::test_it: differs',
        f'{KNOWN}: no longer differs, take it off the table',
    ]


def test_the_report_ends_with_the_totals():
    outcomes = {KNOWN: 'failed', 'a': 'passed', 'b': 'private', 'c': 'failed', 'd': 'skipped'}

    assert list(report.lines(outcomes, with_private=True)) == [
        'b: private',
        f'{KNOWN} (1): {differences.KNOWN[KNOWN]}',
        'c: differs',
        '5 tests: 1 use private names, 1 passed, 1 differ as known, 1 differ otherwise, 1 skipped',
    ]
