from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import scenario_pebble as scenario

NAN = float('nan')
SECONDS = 'it is not in 0 to 1e10 seconds'
SURROGATE = repr('\udc80')
NO_TEXT = 'it is not Unicode text\n  hint: leave its lone surrogates out'
OR_BYTES = f'{NO_TEXT}, or give bytes'
CODES = 'it is not in 0 to 255\n  hint: 128 + N if signal N ends it'


@pytest.mark.parametrize(
    ('make', 'message'),
    [
        (
            lambda: scenario.Exec(['app'], duration=-1),
            f'cannot use -1 for Exec.duration: {SECONDS}\n  hint: Exec(duration=1.5)',
        ),
        (
            lambda: scenario.Exec(['app'], duration=NAN),
            f'cannot use nan for Exec.duration: {SECONDS}\n  hint: Exec(duration=1.5)',
        ),
        (
            lambda: scenario.ExecResult(duration=-1),
            f'cannot use -1 for ExecResult.duration: {SECONDS}\n  hint: ExecResult(duration=1.5)',
        ),
        (
            lambda: scenario.OnSignal(after=-1),
            f'cannot use -1 for OnSignal.after: {SECONDS}\n  hint: OnSignal(after=1.5)',
        ),
        (
            lambda: scenario.Program(exit_after=-1),
            f'cannot use -1 for Program.exit_after: {SECONDS}\n  hint: Program(exit_after=1.5)',
        ),
        (
            lambda: scenario.Program(exit_code=-9),
            f'cannot use -9 for Program.exit_code: {CODES}',
        ),
        (
            lambda: scenario.OnSignal(exit_code=256),
            f'cannot use 256 for OnSignal.exit_code: {CODES}',
        ),
        (
            lambda: scenario.Program(signals={'HUP': scenario.OnSignal()}),
            "cannot use 'HUP' in Program.signals: there is no such signal\n"
            "  hint: did you mean 'SIGHUP'?",
        ),
        (
            lambda: scenario.Program(signals={'a new configuration': scenario.OnSignal()}),
            "cannot use 'a new configuration' in Program.signals: there is no such signal\n"
            '  hint: its whole name, as in SIGHUP',
        ),
        (lambda: scenario.File('\udc80'), f'cannot use {SURROGATE} for File.data: {OR_BYTES}'),
        (
            lambda: scenario.Exec(['app'], stdout='\udc80'),
            f'cannot use {SURROGATE} for Exec.stdout: {OR_BYTES}',
        ),
        (
            lambda: scenario.Exec(['app'], stdout=b'\x80', stderr='\udc80'),
            f'cannot use {SURROGATE} for Exec.stderr: {OR_BYTES}',
        ),
        (
            lambda: scenario.ExecResult(stderr='\udc80'),
            f'cannot use {SURROGATE} for ExecResult.stderr: {OR_BYTES}',
        ),
        (
            lambda: scenario.OnSignal(stdout='\udc80'),
            f'cannot use {SURROGATE} for OnSignal.stdout: {NO_TEXT}',
        ),
        (
            lambda: scenario.Program(stdout='\udc80'),
            f'cannot use {SURROGATE} for Program.stdout: {NO_TEXT}',
        ),
        (
            lambda: scenario.Program(stderr='\udc80'),
            f'cannot use {SURROGATE} for Program.stderr: {NO_TEXT}',
        ),
        (
            lambda: scenario.Program(files={'/pid': '\udc80'}),
            f"cannot use {SURROGATE} for Program.files['/pid']: {OR_BYTES}",
        ),
    ],
)
def test_what_can_not_be_is_refused(make: Callable[[], Any], message: str):
    with pytest.raises(scenario.StateValidationError) as caught:
        make()

    assert str(caught.value) == message


def test_output_may_be_any_text_or_bytes():
    command = scenario.Exec(['app'], stdout='größer', stderr=b'\xff')

    assert (command.stdout, command.stderr) == ('größer', b'\xff')
