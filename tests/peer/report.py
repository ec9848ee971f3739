"""How do the outcomes of the peer's tests compare with what is known?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .differences import KNOWN


def surprises(outcomes: Mapping[str, str]) -> Iterator[str]:
    """The tests that differ and are not known to, and those that no longer differ."""
    for test, outcome in sorted(outcomes.items()):
        if outcome == 'failed' and test not in KNOWN:
            yield f'{test}: differs'
        elif outcome == 'passed' and test in KNOWN:
            yield f'{test}: no longer differs: take it off the table'


def lines(outcomes: Mapping[str, str], *, with_private: bool) -> Iterator[str]:
    """What is known to differ, what surprises, and the totals."""
    if with_private:
        yield from sorted(f'{test}: private' for test in outcomes if outcomes[test] == 'private')
    for test in sorted(KNOWN.keys() & outcomes.keys()):
        yield f'{test}: {KNOWN[test]}'
    yield from surprises(outcomes)
    known = sum(test in KNOWN for test, outcome in outcomes.items() if outcome == 'failed')
    counts = {kind: list(outcomes.values()).count(kind) for kind in set(outcomes.values())}
    failed = counts.get('failed', 0) - known
    yield (
        f'{len(outcomes)} collected, {counts.get("private", 0)} use private names, '
        f'{counts.get("passed", 0)} passed, {known} differ as known, {failed} failed, '
        f'{counts.get("skipped", 0)} skipped by the peer'
    )
