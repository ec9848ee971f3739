"""How are the outcomes of many replays shown?"""

from __future__ import annotations

import collections
import dataclasses
import json
from collections.abc import Iterator, Sequence

from .replay import Outcome


def lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A table by area, the first differences, what was not replayed, and the totals.

    A recording that was replayed in two wires passes if it passes in both.
    """
    verdicts = _verdicts(outcomes)
    yield from _table(verdicts)
    yield ''
    yield from _differences(outcomes)
    yield from _counted(outcomes, 'not expressible', 'not expressible in the fast wire')
    yield from _counted(outcomes, 'not run', 'not run')
    passed = sum(verdict == 'passed' for verdict in verdicts.values())
    failed = sum(verdict == 'failed' for verdict in verdicts.values())
    yield f'{passed} passed, {failed} failed'


def as_json(outcomes: Sequence[Outcome]) -> str:
    """Each outcome as a JSON object."""
    return json.dumps([dataclasses.asdict(outcome) for outcome in outcomes], indent=1) + '\n'


def _verdicts(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], str]:
    """Passed or failed by file, for those that were replayed in some wire."""
    verdicts: dict[tuple[str, str], str] = {}
    for outcome in outcomes:
        key = outcome.area, outcome.file
        if outcome.verdict == 'failed' or (outcome.verdict == 'passed' and key not in verdicts):
            verdicts[key] = outcome.verdict
    return verdicts


def _table(verdicts: dict[tuple[str, str], str]) -> Iterator[str]:
    counts = collections.Counter((area, verdict) for (area, _), verdict in verdicts.items())
    areas = sorted({area for area, _ in verdicts})
    width = max(map(len, [*areas, 'area']))
    yield f'{"area":{width}} | passed | failed'
    yield f'{"-" * width}-|--------|-------'
    for area in areas:
        yield f'{area:{width}} | {counts[area, "passed"]:6} | {counts[area, "failed"]:6}'


def _differences(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The first difference of each failing case; once, if it is the same in both wires."""
    wires: dict[tuple[str, str], list[str]] = {}
    for outcome in outcomes:
        if outcome.verdict == 'failed':
            wires.setdefault((outcome.case, outcome.reason), []).append(outcome.wire)
    for (case, reason), names in wires.items():
        yield f'{case} [{", ".join(names)}]: {reason}'


def _counted(outcomes: Sequence[Outcome], verdict: str, title: str) -> Iterator[str]:
    """How many replays had a verdict, by reason."""
    counts = collections.Counter(o.reason for o in outcomes if o.verdict == verdict)
    if counts:
        reasons = ', '.join(f'{reason}: {count}' for reason, count in sorted(counts.items()))
        yield f'{title}: {counts.total()} ({reasons})'
