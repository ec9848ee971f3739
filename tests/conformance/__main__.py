"""Replay recordings of the real Pebble daemon against the simulated one, on virtual time."""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Sequence

from . import replay, report
from .wires import Wire

RECORDINGS = pathlib.Path(__file__).resolve().parent / 'recordings'
_WIRES: dict[str, list[Wire]] = {
    'fast': ['fast'],
    'strict': ['strict'],
    'both': ['strict', 'fast'],
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 1 if any recording failed."""
    parser = argparse.ArgumentParser(prog='python -m tests.conformance', description=__doc__)
    parser.add_argument(
        'paths', metavar='PATH', nargs='*', type=pathlib.Path, default=[RECORDINGS]
    )
    parser.add_argument('--wire', choices=list(_WIRES), default='both')
    parser.add_argument('--json', metavar='FILE', type=pathlib.Path, help='write each outcome')
    chosen = parser.parse_args(arguments)
    files = replay.recordings_in(chosen.paths)
    outcomes = [replay.replay_file(file, wire) for file in files for wire in _WIRES[chosen.wire]]
    if chosen.json:
        chosen.json.write_text(report.as_json(outcomes), encoding='utf-8')
    print(*report.lines(outcomes), sep='\n')
    return int(any(outcome.verdict == 'failed' for outcome in outcomes))


if __name__ == '__main__':
    sys.exit(main())
