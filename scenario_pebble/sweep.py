"""Which faults of its requests to Pebble does a charm not stand?"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
from collections.abc import Generator, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from . import faultcases, registry, runargs
from .dataclass import dataclass
from .errors import ScenarioRuntimeError
from .faultcases import DEFAULT_FAULTS, Meeting
from .faultreport import FaultOutcome, FaultReport
from .state.event import Event
from .state.fault import Fault, FaultKind
from .state.state import State

if TYPE_CHECKING:
    from .context import Context
    from .trial import Stage

Faults = Iterable[Fault | FaultKind] | Fault | FaultKind


@dataclass(frozen=True, eq=False)
class FaultCase:
    """One fault of one request, yet to be met.

    Example::

        for case in ctx.fault_cases(ctx.on.pebble_ready(db), state):
            print(case.id, case.run().verdict)
    """

    meeting: Meeting
    """The request and its fault."""
    _stage: Stage = dataclasses.field(repr=False)

    @property
    def id(self) -> str:
        """Names it among the cases of a sweep: ``web-post-services-connection-refused-before``."""
        return self.meeting.id

    def run(self) -> FaultOutcome:
        """Run the event with the fault, and what Juju sends then."""
        with _wrapped_errors():
            return self._stage.play(self.meeting)


class Sweeping:
    """The part of a Context that lets Pebble fail."""

    if TYPE_CHECKING:

        def apart(self) -> Context[Any]: ...

    def sweep(
        self, event: Event, state: State, faults: Faults = DEFAULT_FAULTS, *, limit: int = 1000
    ) -> FaultReport:
        """Run an event once for each fault of each request to Pebble, and see what becomes of it.

        The charm should catch the error, or let Juju's retry of the hook put all in order.  After
        a fault come the retry, pebble-ready if Pebble was away, and update-status, until the unit
        is as it would be without the fault: the containers' plans, services and files, the unit's
        and the application's status, the opened ports and what the charm wrote to relations.
        Where two runs without fault differ from each other, nothing is compared.

        Of requests that one line of the charm makes again and again, the first and the last fail.
        The runs leave no trace in this Context, and log nothing.

        Example::

            report = ctx.sweep(ctx.on.pebble_ready(db), state)
            print(report)
            unhandled = [outcome for outcome in report.failures if outcome.error]

        Args:
            event: What Juju sends.
            state: The world before it.
            faults: Kinds of fault, each for all requests, before and after they took effect; or
                a `Fault` for those that it matches.  By default what charms meet in every
                deployment: Pebble is (re)started (``connection-refused``), a service doesn't start
                (``change-error``).  All kinds are in `Fault.KINDS`.
            limit: How many cases there may be.

        Raises:
            UncaughtCharmError: If the charm raises even without a fault.
            ScenarioRuntimeError: If there is no case, or more than *limit*.
            StateValidationError: If *faults* has something else.
        """
        with _without_logging(), registry.unwatched():
            cases, skipped = _cases(self.apart(), event, state, faults, limit)
            outcomes = [case.run() for case in cases]
        report = FaultReport((o for o in outcomes if o.verdict != 'missed'), skipped)
        for watch in registry.watches:
            watch.sweeps.append(report)
        return report

    def fault_cases(
        self, event: Event, state: State, faults: Faults = DEFAULT_FAULTS, *, limit: int = 1000
    ) -> Sequence[FaultCase]:
        """The cases of a `sweep`, each to be run by itself: by tests in several processes, say.

        Example::

            cases = ctx.fault_cases(ctx.on.pebble_ready(db), state)
            fragile = [case.id for case in cases if not case.run().ok]
        """
        return _cases(self.apart(), event, state, faults, limit)[0]


def _cases(
    context: Context[Any], event: Event, state: State, faults: Faults, limit: int
) -> tuple[list[FaultCase], int]:
    """The cases, and how many of repeated requests are left out."""
    from .trial import Stage

    runargs.check_run(event, state)
    runargs.check_limit(limit)
    with _wrapped_errors():
        stage = Stage(context, event, state)
    found = faultcases.meetings(stage.requests, faults)
    kept = faultcases.without_repeated(found)
    if not kept:
        requests = dict.fromkeys(f'{row.subject} ({row.text})' for row in stage.requests)
        raise ScenarioRuntimeError(
            f'cannot sweep {event.name!r}: no request to Pebble meets these faults\n'
            f'  it makes: {", ".join(requests) or "none"}\n'
            '  hint: does the State have a Container(…, can_connect=True)?'
        )
    if len(kept) > limit:
        raise ScenarioRuntimeError(
            f'cannot sweep {event.name!r}: {len(kept)} cases are more than {limit}\n'
            "  hint: ask for less, as faults=[Fault('POST', 'connection-refused')], or raise limit"
        )
    return [FaultCase(meeting, stage) for meeting in kept], len(found) - len(kept)


@contextlib.contextmanager
def _wrapped_errors() -> Generator[None, None, None]:
    """While it is entered, no environment variable asks for the charm's own exceptions: they say
    nothing of the State.
    """
    asked = os.environ.pop('SCENARIO_BARE_CHARM_ERRORS', None)
    try:
        yield
    finally:
        if asked is not None:
            os.environ['SCENARIO_BARE_CHARM_ERRORS'] = asked


@contextlib.contextmanager
def _without_logging() -> Generator[None, None, None]:
    """While it is entered, nothing is logged: dozens of runs would bury what a test has to say."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
