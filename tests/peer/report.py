"""How do the outcomes of the peer's tests compare with what is known?"""

from __future__ import annotations

import collections
from collections.abc import Iterator, Mapping

from . import differences


def surprises(outcomes: Mapping[str, str]) -> Iterator[str]:
    """The tests that differ and are not known to, and the entries that no longer differ."""
    ran = [test for test, outcome in outcomes.items() if outcome != 'private']
    failed = [test for test in ran if outcomes[test] == 'failed']
    for test in failed:
        if differences.entry(test) is None:
            yield f'{test}: differs'
    for entry in differences.unneeded(ran, failed):
        yield f'{entry}: no longer differs, take it off the table'


def lines(outcomes: Mapping[str, str], *, with_private: bool) -> Iterator[str]:
    """What is known to differ, what surprises, and the totals."""
    if with_private:
        yield from sorted(f'{test}: private' for test in outcomes if outcomes[test] == 'private')
    yield from _known(outcomes)
    yield from surprises(outcomes)
    counts = collections.Counter(outcomes.values())
    known = sum(
        differences.entry(test) is not None
        for test, outcome in outcomes.items()
        if outcome == 'failed'
    )
    yield (
        f'{len(outcomes)} tests: {counts["private"]} use private names, '
        f'{counts["passed"]} passed, {known} differ as known, '
        f'{counts["failed"] - known} differ otherwise, '
        f'{counts["skipped"]} skipped'
    )


def _known(outcomes: Mapping[str, str]) -> Iterator[str]:
    """Each entry with the number of tests that differ by it."""
    failed = (test for test, outcome in outcomes.items() if outcome == 'failed')
    counts = collections.Counter(differences.entry(test) for test in failed)
    for entry, reason in differences.KNOWN.items():
        if counts[entry]:
            yield f'{entry} ({counts[entry]}): {reason}'
