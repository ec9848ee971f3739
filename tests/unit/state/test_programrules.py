from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import scenario_pebble as scenario

NAN = float('nan')
SECONDS = 'it is not in 0 to 1e10 seconds'
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
    ],
)
def test_what_can_not_be_is_refused(make: Callable[[], Any], message: str):
    with pytest.raises(scenario.StateValidationError) as caught:
        make()

    assert str(caught.value) == message
