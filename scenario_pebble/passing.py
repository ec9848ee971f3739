"""Letting time pass: containers go on, and the charm gets the events that Juju would send."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .clock import SECOND_NS, seconds_to_ns
from .errors import ScenarioRuntimeError, UncaughtCharmError
from .frozen import FrozenList, evolve
from .state.moment import LONGEST, real_utc
from .state.queue import QueuedEvent
from .state.state import State
from .times import duration_to_ns, from_ns, to_ns

if TYPE_CHECKING:
    from .context import Context

Until = datetime.datetime | Callable[[State], bool]

_HOUR_NS = 3600 * SECOND_NS

LAST_ROWS = 20
"""How many rows of the timeline an error shows."""


class Passing:
    """One stretch of time.

    Args:
        context: Where the events are run.
        limit: After so many events within an hour the charm is taken to react to itself for ever.
    """

    def __init__(self, context: Context[Any], limit: int):
        self._context = context
        self._triggers = context.triggers
        self._limit = limit
        self._delivered = 0
        self._hour_ns = 0

    def to(self, state: State, until_ns: int, done: Callable[[State], bool]) -> State:
        """Let time pass until a time, or until *done* holds.

        What is queued comes first, even if its handling takes longer than there is time.
        """
        while True:
            now_ns = self._context.now_ns(state)
            self._begin_hour(min(now_ns, until_ns))
            state = self._triggers.renewed(state, from_ns(now_ns))
            number, due_ns = self._next(state, now_ns)
            if done(state):
                return state
            if due_ns is not None and due_ns <= now_ns:
                state = self._deliver(state, number)
            elif now_ns < until_ns:
                end_ns = until_ns if due_ns is None else min(due_ns, until_ns)
                state = self._pass(state, end_ns, stepwise=done is not never)
            elif done is never:
                return state
            else:
                raise ScenarioRuntimeError(
                    'cannot wait any longer: 30 days are over, and the condition does not hold\n'
                    f'{self._context.timeline[-LAST_ROWS:]}\n'
                    '  hint: does the charm observe what should make it hold?'
                )

    def _next(self, state: State, now_ns: int) -> tuple[int, int | None]:
        """Which event of the queue comes next, and when."""
        if not state.queue:
            return 0, None
        times = [self._due_ns(event, now_ns) for event in state.queue]
        if state.queue[0].failures:
            return 0, times[0]  # Juju runs no other hook until this one succeeds
        due = [number for number, at_ns in enumerate(times) if at_ns <= now_ns]
        # Juju: uniter/resolver.go, nextOp: update-status comes if nothing else has to.
        pressing = [number for number in due if state.queue[number].kind != 'update_status']
        number = min(pressing or due or range(len(times)), key=times.__getitem__)
        return number, times[number]

    def _due_ns(self, event: QueuedEvent, now_ns: int) -> int:
        at = self._triggers.next_time(event)
        return now_ns if at is None else to_ns(at)

    def _deliver(self, state: State, number: int) -> State:
        queued = state.queue[number]
        rest = FrozenList([*state.queue[:number], *state.queue[number + 1 :]])
        state = evolve(state, queue=rest)
        event = queued.on(state)
        if event is None:
            return state
        self._count()
        try:
            after = self._context.deliver(event, state)
        except UncaughtCharmError as e:
            if not self._triggers.retries or e.state is None:
                raise
            return _failed_again(e.state, queued)
        now = from_ns(self._context.now_ns(after))
        return self._triggers.after(queued, state, after, now)

    def _begin_hour(self, now_ns: int) -> None:
        if now_ns - self._hour_ns >= _HOUR_NS:
            self._hour_ns, self._delivered = now_ns, 0

    def _count(self) -> None:
        self._delivered += 1
        if self._delivered > self._limit:
            raise ScenarioRuntimeError(
                f'cannot let time pass: {self._limit} events came within an hour\n'
                f'{self._context.timeline[-LAST_ROWS:]}\n'
                '  hint: the charm seems to cause these events itself; if not, raise limit'
            )

    def _pass(self, state: State, until_ns: int, *, stepwise: bool) -> State:
        """Move to the first event, or with *stepwise* to whatever happens first."""
        world = self._context.open(state)
        world.load()
        world.clock.wait(world.stirred if stepwise else world.has_events, until_ns)
        if world.mistake is not None:
            raise world.mistake
        return world.close(state)


def _failed_again(state: State, queued: QueuedEvent) -> State:
    """What a hook left that has failed before, with how often."""
    first, *rest = state.queue
    failed = evolve(first, failures=queued.failures + 1)
    return evolve(state, queue=FrozenList([failed, *rest]))


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
        given = 'neither seconds nor' if duration is None else 'both seconds and'
        raise ValueError(
            f'cannot let time pass: {given} until given\n  hint: ctx.advance(state, 30)'
        )
    if until is None:
        return now_ns + _duration_ns(duration), never
    if isinstance(until, datetime.datetime):
        # The charm may have taken longer than that: then only what is queued comes.
        return max(to_ns(real_utc(until, 'until')), now_ns), never
    if not callable(until):
        raise ValueError(
            f'cannot let time pass until {until!r}: no time, and no condition on the State\n'
            "  hint: until=lambda state: state.unit_status.name == 'active'"
        )
    return now_ns + PATIENCE_NS, until


def _duration_ns(duration: Any) -> int:
    if isinstance(duration, datetime.timedelta):
        duration_ns = duration_to_ns(duration)
    elif isinstance(duration, (int, float)) and abs(duration) < LONGEST:
        duration_ns = seconds_to_ns(duration)
    else:
        raise ValueError(
            f'cannot let {duration!r} pass: not a number of seconds, and no timedelta\n'
            '  hint: ctx.advance(state, 30)'
        )
    if duration_ns < 0:
        raise ValueError(
            f'cannot let {duration} seconds pass: time does not go back\n'
            '  hint: an earlier State is still what it was'
        )
    return duration_ns


PATIENCE_NS = 30 * 24 * 3600 * SECOND_NS
"""How long a condition is waited for: 30 days."""
