"""The simulated daemon answers every recording as the real one did."""

from __future__ import annotations

import pathlib

import pytest

from . import cli, differences, replay
from .wires import Wire

RECORDINGS = pathlib.Path(__file__).resolve().parent / 'recordings'
FILES = {f'{file.parent.name}/{file.stem}': file for file in replay.recordings_in([RECORDINGS])}
CASES = [case for case in sorted(FILES) if not (case.startswith('cli/') and cli.why_not())]


@pytest.mark.parametrize('wire', ['strict', 'fast'])
@pytest.mark.parametrize('case', CASES)
def test_recording_is_matched(case: str, wire: Wire):
    outcome = replay.replay_file(FILES[case], wire)

    if case in differences.KNOWN:
        assert outcome.verdict != 'passed', 'this known difference is gone: take it off the table'
    else:
        assert outcome.verdict != 'failed', outcome.reason


def test_known_differences_name_recordings():
    assert differences.KNOWN.keys() <= FILES.keys()
