"""What becomes of a unit when one of its requests to Pebble fails, and Juju goes on?"""

from __future__ import annotations

import itertools
import pathlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ops import pebble

from . import mountcopies
from .convergence import differences, footing
from .errors import ActionFailed, UncaughtCharmError
from .faultcases import Meeting
from .faultreport import FaultOutcome, Verdict
from .frozen import FrozenList, evolve
from .log import Row
from .state.container import Container
from .state.event import Event
from .state.fault import Fault, FaultKind
from .state.queue import QueuedEvent
from .state.state import State

if TYPE_CHECKING:
    from .context import Context

_AWAY: tuple[FaultKind, ...] = ('connection-refused', 'socket-gone', 'connection-lost')
"""The kinds that befall a Pebble which is being restarted: once it is back, Juju says so."""

_ONE_BY_ONE = Fault('POST /v1/pairing')
"""No charm makes this request.  A container that has a fault gets each request of a command by
itself; so a run without any other fault makes the requests of those with one."""


FollowUps = tuple[QueuedEvent, ...]
"""What Juju sends after the event, in order."""


class _Clean:
    """What two runs without fault lead to."""

    def __init__(self, first: State, second: State):
        self.states = first, second
        # At once: later events write to the same mounts.
        self.footings = footing(first), footing(second)


class Stage:
    """An event on a State, with and without faults.

    Args:
        context: Where it is run; it must have no other use.
        event: What Juju sends.
        state: The world before it.

    Raises:
        UncaughtCharmError: If the charm raises even without a fault.
    """

    def __init__(self, context: Context[Any], event: Event, state: State):
        self.event = event
        self._context = context
        self._state = evolve(
            state, containers=frozenset(_with(c, _ONE_BY_ONE) for c in state.containers)
        )
        self._numbers = itertools.count()
        self.failure = ''
        """What a failed action says even without a fault."""
        first = self._run_clean()
        self.requests: list[Row] = [row for row in context.log if row.kind == 'request']
        self._clean: dict[FollowUps, _Clean | None] = {(): _Clean(first, self._run_clean())}

    def _run_clean(self) -> State:
        try:
            state = self._context.run(self.event, self._fresh())
        except ActionFailed as e:
            self.failure, state = e.message, _state_of(e)
        return self._context.advance(state, 0)

    def _fresh(self) -> State:
        """The State before the event, with mounts and storages of its own."""
        self._context.reset_storages()
        return mountcopies.copied(self._state, self._place)

    def _place(self) -> pathlib.Path:
        return self._context.host_directory.path('mounts', str(next(self._numbers)))

    def clean(self, follow_ups: FollowUps = ()) -> _Clean | None:
        """What comes of no fault and some events after it; None if they raise."""
        if follow_ups not in self._clean:
            self._clean[follow_ups] = self._followed(self.clean(follow_ups[:-1]), follow_ups[-1])
        return self._clean[follow_ups]

    def _followed(self, before: _Clean | None, follow_up: QueuedEvent) -> _Clean | None:
        if before is None:
            return None
        try:
            return _Clean(*(self.follow(state, follow_up) for state in before.states))
        except UncaughtCharmError:
            return None

    def follow(self, state: State, follow_up: QueuedEvent) -> State:
        """What a further event leads to, and all that becomes due."""
        return self._context.advance(evolve(state, queue=FrozenList([follow_up])), 0)

    def play(self, meeting: Meeting) -> FaultOutcome:
        """What becomes of the unit at a fault."""
        return _Trial(self, self._context, meeting).outcome(_with_fault(self._fresh(), meeting))


class _Trial:
    """One fault.

    Args:
        stage: The event, and what it leads to without the fault.
        context: Where events are run.
        meeting: The request and its fault.
    """

    def __init__(self, stage: Stage, context: Context[Any], meeting: Meeting):
        self._stage = stage
        self._context = context
        self._meeting = meeting
        self._error = ''
        self._failure = ''
        """What a failed action says because of the fault."""
        self._by = ''

    def outcome(self, state: State) -> FaultOutcome:
        """What the State with the fault leads to."""
        try:
            state = self._context.run(self._stage.event, state)
        except UncaughtCharmError as e:
            state, self._error = _state_of(e), _said(e)
            self._by = 'retry' if state.queue or self._is_within_a_hook() else 'itself'
        except ActionFailed as e:
            state = _state_of(e)
            self._failure = e.message if e.message != self._stage.failure else ''
        if _has_fault(state, self._meeting) and not (self._error or self._failure):
            return self._outcome('missed', state)
        try:
            return self._recover(_without_fault(state, self._meeting))
        except UncaughtCharmError as e:
            self._error = _said(e)
            return self._outcome('error-again', _state_of(e))

    def _recover(self, state: State) -> FaultOutcome:
        """Let Juju go on until the unit is as it should be, or nothing more is to be expected."""
        if self._by == 'retry' and self._is_within_a_hook():
            state = self._context.run(self._stage.event, state)
        state = self._context.advance(state, 0)  # a failed hook comes first
        happened: FollowUps = ()
        paths = self._differences(state, happened)
        for follow_up in self._follow_ups():
            if not paths:
                break
            if self._stage.clean((*happened, follow_up)) is not None:
                happened = (*happened, follow_up)
                self._by = follow_up.kind
                state = self._stage.follow(state, follow_up)
                paths = self._differences(state, happened)
        return self._outcome(self._verdict(state, paths), state, paths)

    def _is_within_a_hook(self) -> bool:
        """Whether a library emits the event: with the hook that failed, Juju's retry repeats it.

        A State doesn't know that hook, so it isn't in the queue.
        """
        return self._stage.event.custom_event is not None

    def _follow_ups(self) -> Iterator[QueuedEvent]:
        if self._meeting.fault.kind in _AWAY:
            yield QueuedEvent('pebble_ready', container=self._meeting.container)
        yield QueuedEvent('update_status')

    def _differences(self, state: State, happened: FollowUps) -> tuple[str, ...]:
        clean = self._stage.clean(happened)
        assert clean is not None
        return differences(clean.footings, footing(state))

    def _verdict(self, state: State, paths: tuple[str, ...]) -> Verdict:
        if self._error:
            return 'error-differs' if paths else 'error-recovers'
        if self._failure:
            return 'reported'
        if not paths:
            return 'recovers' if self._by else 'unharmed'
        return 'reported' if _complains(state, paths) else 'silent'

    def _outcome(
        self, verdict: Verdict, state: State, paths: tuple[str, ...] = ()
    ) -> FaultOutcome:
        meeting, status = self._meeting, state.unit_status
        return FaultOutcome(
            container=meeting.container,
            request=meeting.request,
            fault=meeting.fault,
            where=meeting.where,
            verdict=verdict,
            error=self._error or self._failure,
            by=self._by,
            status=f'{status.name}: {status.message}' if status.message else status.name,
            differences=paths,
        )


def _complains(state: State, paths: tuple[str, ...]) -> bool:
    """Whether the unit's status says that something is wrong, which it wouldn't without fault."""
    says_more = any(path.startswith('.unit_status') for path in paths)
    return says_more and state.unit_status.name not in ('active', 'unknown')


def _with(container: Container, fault: Fault) -> Container:
    # Before others: of several faults, the first is met.
    return evolve(container, faults=(fault, *container.faults))


def _with_fault(state: State, meeting: Meeting) -> State:
    container = state.get_container(meeting.container)
    return state.with_container(_with(container, meeting.fault))


def _has_fault(state: State, meeting: Meeting) -> bool:
    return meeting.fault in state.get_container(meeting.container).faults


def _without_fault(state: State, meeting: Meeting) -> State:
    container = state.get_container(meeting.container)
    left = tuple(fault for fault in container.faults if fault != meeting.fault)
    return state.with_container(evolve(container, faults=left))


def _state_of(error: UncaughtCharmError | ActionFailed) -> State:
    assert error.state is not None
    return error.state


def _said(error: UncaughtCharmError) -> str:
    """What the charm raised, in one line."""
    cause = error.__cause__
    # The text of a ChangeError goes on with the logs of all tasks.
    text = cause.err if isinstance(cause, pebble.ChangeError) else str(cause)
    return f'{type(cause).__name__}: {" ".join(text.split())}'
