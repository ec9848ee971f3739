"""What became of the unit at each fault of a sweep, as fixed columns of text."""

from __future__ import annotations

import collections
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, overload

from .dataclass import dataclass
from .state.fault import Fault

Verdict = Literal[
    'unharmed',
    'recovers',
    'reported',
    'silent',
    'error-recovers',
    'error-differs',
    'error-again',
    'missed',
]
"""What became of the unit; see `FaultOutcome.verdict`."""

_HARMLESS = ('unharmed', 'recovers', 'reported', 'missed')


@dataclass(frozen=True)
class FaultOutcome:
    """What became of the unit at one fault."""

    container: str
    request: str
    """The request that failed, as the timeline writes it."""
    fault: Fault
    """Put into `Container.faults`, it repeats the case."""
    where: str
    """The line of the charm that made the request, as ``file:line``."""
    verdict: Verdict
    """The charm handled it:

    - ``unharmed``: the unit is at once as it would be without the fault;
    - ``recovers``: it is so after what Juju sends next;
    - ``reported``: it stays different, and its status or the failed action says that something is
      wrong;
    - ``silent``: it stays different, and nothing tells the user.

    The charm raised:

    - ``error-recovers``: with Juju's retry of the hook, or what comes next, all is as without the
      fault;
    - ``error-differs``: the unit stays different;
    - ``error-again``: the retry raises too, or what Juju sends next does.

    ``missed``: the request was not made, or there was nothing that could fail.
    """
    error: str = ''
    """What the charm raised last, or the message of a failed action."""
    by: str = ''
    """What made it as it should be: ``retry``, or the name of an event; or which event raised."""
    status: str = ''
    """The unit's status in the end."""
    differences: tuple[str, ...] = ()
    """Where the unit stays different, as paths in the State."""

    @property
    def ok(self) -> bool:
        """Whether the charm stands it: no error, and no trouble that nobody learns of."""
        return self.verdict in _HARMLESS

    @property
    def story(self) -> str:
        """Verdict and details, in one line."""
        return f'{self.verdict}{_DETAILS[self.verdict](self)}'

    def __repr__(self) -> str:
        request = f'{self.request} in {self.container!r}'
        return f'<{self.fault.label} {request} at {self.place}: {self.story}>'

    @property
    def place(self) -> str:
        """`where`, as short as the working directory allows."""
        inside = self.where.startswith(os.getcwd() + os.sep)
        return os.path.relpath(self.where) if inside else self.where or '?'


def _by(outcome: FaultOutcome) -> str:
    return f' by {outcome.by}'


def _status(outcome: FaultOutcome) -> str:
    if not outcome.error:
        return f': {outcome.status}'
    return f': {outcome.error}' + (_paths(outcome) if outcome.differences else '')


def _paths(outcome: FaultOutcome) -> str:
    first, *others = outcome.differences
    return f': {first}' + (f' and {len(others)} more' if others else '')


_DETAILS: dict[str, Callable[[FaultOutcome], str]] = {
    'unharmed': lambda _: '',
    'missed': lambda _: '',
    'recovers': _by,
    'reported': _status,
    'silent': _paths,
    'error-recovers': lambda outcome: f'{_by(outcome)}: {outcome.error}',
    'error-differs': lambda outcome: f': {outcome.error}{_paths(outcome)}',
    'error-again': lambda outcome: f' at {outcome.by}: {outcome.error}',
}


class FaultReport(Sequence[FaultOutcome]):
    """The outcomes of a sweep, in the order of the requests; printing it gives a line for each.

    Example::

        >>> print(ctx.sweep(ctx.on.pebble_ready(db), state))
        web  POST /v1/layers    connection-refused before  src/charm.py:41  recovers by …
        web  POST /v1/services  connection-refused before  src/charm.py:42  error-recovers by …
        2 faults: 1 recovers, 1 error-recovers
    """

    def __init__(self, outcomes: Iterable[FaultOutcome], skipped: int = 0):
        self._outcomes = tuple(outcomes)
        self.skipped = skipped
        """How many faults were left out: of requests that one line of the charm makes again and
        again, the first and the last are met."""

    @property
    def failures(self) -> FaultReport:
        """The outcomes that the charm doesn't stand.

        Example::

            for outcome in ctx.sweep(ctx.on.pebble_ready(db), state).failures:
                print(outcome.where, outcome.story)
        """
        return FaultReport(outcome for outcome in self._outcomes if not outcome.ok)

    def of(self, *verdicts: Verdict) -> FaultReport:
        """The outcomes with one of some verdicts."""
        return FaultReport(outcome for outcome in self._outcomes if outcome.verdict in verdicts)

    def __len__(self) -> int:
        return len(self._outcomes)

    @overload
    def __getitem__(self, index: int) -> FaultOutcome: ...
    @overload
    def __getitem__(self, index: slice) -> FaultReport: ...
    def __getitem__(self, index: int | slice) -> FaultOutcome | FaultReport:
        found = self._outcomes[index]
        return found if isinstance(found, FaultOutcome) else FaultReport(found)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FaultReport) and self._outcomes == other._outcomes

    def __hash__(self) -> int:
        return hash(len(self._outcomes))

    def __repr__(self) -> str:
        # One line: pytest shows no line ends of what an assertion is about.
        return f'[{self._summary()}; {", ".join(map(repr, self._outcomes))}]'

    def __str__(self) -> str:
        rows = [(o.container, o.request, o.fault.label, o.place, o.story) for o in self._outcomes]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            '  '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        return '\n'.join([*lines, self._summary()])

    def _summary(self) -> str:
        counts = collections.Counter(outcome.verdict for outcome in self._outcomes)
        parts = ', '.join(f'{count} {verdict}' for verdict, count in counts.items())
        total = f'{len(self)} fault{"" if len(self) == 1 else "s"}'
        skipped = f' ({self.skipped} of repeated requests skipped)' if self.skipped else ''
        return (f'{total}: {parts}' if parts else total) + skipped
