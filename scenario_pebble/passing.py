"""Letting time pass: containers go on, and the charm gets the events that Juju would send."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .clock import SECOND_NS, seconds_to_ns
from .errors import ScenarioRuntimeError
from .frozen import FrozenList, evolve
from .state.state import State
from .times import duration_to_ns, to_ns

if TYPE_CHECKING:
    from .context import Context

Until = datetime.datetime | Callable[[State], bool]

LAST_ROWS = 20
"""How many rows of the timeline an error shows."""


class Passing:
    """One stretch of time.

    Args:
        context: Where the events are run.
        limit: After so many events the charm is taken to react to itself for ever.
    """

    def __init__(self, context: Context[Any], limit: int):
        self._context = context
        self._limit = limit
        self._delivered = 0

    def to(self, state: State, until_ns: int, done: Callable[[State], bool]) -> State:
        """Let time pass until a time, or until *done* holds.

        What is queued comes first, even if its handling takes longer than there is time.
        """
        while not done(state):
            if state.queue:
                state = self._deliver(state)
            elif self._context.now_ns(state) < until_ns:
                state = self._pass(state, until_ns, stepwise=done is not never)
            else:
                break
        return state

    def _deliver(self, state: State) -> State:
        queued, *rest = state.queue
        state = evolve(state, queue=FrozenList(rest))
        event = queued.on(state)
        if event is None:
            return state
        self._delivered += 1
        if self._delivered > self._limit:
            raise ScenarioRuntimeError(
                f'cannot let time pass: {self._limit} events came, and there is no end to them\n'
                f'{self._context.timeline[-LAST_ROWS:]}\n'
                '  hint: the charm seems to cause these events itself; if not, raise limit'
            )
        return self._context.deliver(event, state)

    def _pass(self, state: State, until_ns: int, *, stepwise: bool) -> State:
        """Move to the first event, or with *stepwise* to whatever happens first."""
        world = self._context.open(state)
        world.load()
        world.clock.wait(world.stirred if stepwise else world.has_events, until_ns)
        return world.close(state)


def never(state: State) -> bool:
    """Time goes on to its end."""
    return False


def target(
    now_ns: int, duration: float | datetime.timedelta | None, until: Until | None
) -> tuple[int, Callable[[State], bool]]:
    """The end of a stretch of time, and the condition that ends it before.

    Raises:
        ValueError: If the arguments contradict each other or lead back in time.
    """
    if (duration is None) == (until is None):
        raise ValueError('cannot let time pass: give either a duration or until=')
    if isinstance(until, datetime.datetime):
        until_ns = to_ns(until)
        if until_ns < now_ns:
            raise ValueError(f'cannot let time pass until {until}: that is over')
        return until_ns, never
    if until is not None:
        return now_ns + PATIENCE_NS, until
    assert duration is not None
    is_delta = isinstance(duration, datetime.timedelta)
    duration_ns = duration_to_ns(duration) if is_delta else seconds_to_ns(duration)
    if duration_ns < 0:
        raise ValueError(f'cannot let {duration} seconds pass: time does not go back')
    return now_ns + duration_ns, never


PATIENCE_NS = 30 * 24 * 3600 * SECOND_NS
"""How long a condition is waited for: 30 days."""
