from __future__ import annotations

import datetime
from typing import Any

import pytest

import scenario_pebble as scenario


@pytest.mark.parametrize(
    ('field', 'value', 'cause'),
    [
        ('return_code', 'x', 'it is no whole number'),
        ('stdout', None, 'it is no text or bytes'),
        ('stderr', 3, 'it is no text or bytes'),
        ('duration', -1, 'it is no number of seconds that is 0 or more'),
        ('duration', float('nan'), 'it is no number of seconds that is 0 or more'),
        ('handler', 3, 'it is no function'),
    ],
)
def test_an_exec_that_can_not_be_is_refused(field: str, value: Any, cause: str):
    with pytest.raises(scenario.StateValidationError) as caught:
        scenario.Exec(['app'], **{field: value})

    assert str(caught.value) == f'cannot use {value!r} for {field} of an Exec: {cause}'


@pytest.mark.parametrize(
    ('field', 'value', 'cause'),
    [
        (
            'exit_after',
            datetime.timedelta(seconds=1),
            'it is no number of seconds that is 0 or more',
        ),
        ('exit_after', -1, 'it is no number of seconds that is 0 or more'),
        ('exit_code', -9, 'it is no whole number from 0 to 255'),
        ('stdout', b'ready', 'it is no text'),
        ('ports', 80, 'it is no mapping'),
        (
            'signals',
            {'HUP': scenario.OnSignal()},
            "there is no such signal\n  hint: did you mean 'SIGHUP'?",
        ),
        (
            'signals',
            {'a new configuration': scenario.OnSignal()},
            'there is no such signal\n  hint: its whole name, as in SIGHUP',
        ),
    ],
)
def test_a_program_that_can_not_be_is_refused(field: str, value: Any, cause: str):
    with pytest.raises(scenario.StateValidationError) as caught:
        scenario.Program(**{field: value})

    shown: Any = next(iter(value)) if field == 'signals' else value
    assert str(caught.value) == f'cannot use {shown!r} for {field} of a Program: {cause}'
