"""Virtual time: what moves it, what is due when, and the only source of randomness.

Time is an integer number of nanoseconds since the Unix epoch.  Names of such integers end in
``_ns``.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

SECOND_NS = 1_000_000_000
MILLISECOND_NS = 1_000_000


def seconds_to_ns(seconds: float) -> int:
    """Round to whole nanoseconds."""
    return round(seconds * SECOND_NS)


class Timed(Protocol):
    """Something to which things happen at given times: a daemon."""

    def next_due_ns(self) -> int | None:
        """When the next thing is due, or None."""
        ...

    def fire(self) -> None:
        """Do the one thing that is due first; the clock already shows its time."""
        ...


class Others(Protocol):
    """Threads beside the present one that may act before time passes."""

    def wait(self, ready: Callable[[], bool], deadline_ns: int | None) -> bool:
        """As `Clock.wait`, which holds the lock."""
        ...


class Clock:
    """One virtual clock, shared by all daemons of a run.

    Args:
        now_ns: Where to start, in nanoseconds since the Unix epoch.
    """

    def __init__(self, now_ns: int = 0):
        self.now_ns = now_ns
        self.lock = threading.RLock()
        """Held by whoever moves the clock, or acts on a daemon that lives by it."""
        self.maker = threading.get_ident()
        """The thread that made it."""
        self.others: Others | None = None
        """While several threads use the clock: decides which of them goes on."""
        self._timed: list[Timed] = []
        self._late = 0

    def attach(self, timed: Timed, *, late: bool = False) -> None:
        """Let *timed* take part; of things due together, the first attached acts first, and those
        that are *late* after all others.
        """
        self._timed.insert(len(self._timed) if late else len(self._timed) - self._late, timed)
        self._late += late

    def detach(self, timed: Timed) -> None:
        """Let *timed* no longer take part."""
        self._timed.remove(timed)

    def advance(self, duration_ns: int) -> None:
        """Move forward by a duration, firing what becomes due on the way in order of time."""
        with self.lock:
            self.wait(never, self.now_ns + duration_ns)

    def wait(self, ready: Callable[[], bool], deadline_ns: int | None = None) -> bool:
        """Move forward until *ready*, the deadline, or, without a deadline, until nothing is due
        any more.

        *ready* is asked at once and after each thing that was fired.

        Returns:
            Whether *ready* holds.
        """
        with self.lock:
            if self.others is not None:
                return self.others.wait(ready, deadline_ns)
            while not ready():
                if not self.step(deadline_ns):
                    return ready()
            return True

    def step(self, deadline_ns: int | None) -> bool:
        """Fire the first thing that is due by the deadline; if nothing is, move to the deadline.

        Returns:
            Whether something was fired.
        """
        first, due_ns = self._first()
        if first is None or due_ns is None or (deadline_ns is not None and due_ns > deadline_ns):
            if deadline_ns is not None:
                self.now_ns = max(self.now_ns, deadline_ns)
            return False
        self.now_ns = max(self.now_ns, due_ns)
        first.fire()
        return True

    def _first(self) -> tuple[Timed | None, int | None]:
        first, first_ns = None, None
        for timed in self._timed:
            due_ns = timed.next_due_ns()
            if due_ns is not None and (first_ns is None or due_ns < first_ns):
                first, first_ns = timed, due_ns
        return first, first_ns


def never() -> bool:
    """What somebody waits for who lets time pass."""
    return False


class Timer(NamedTuple):
    """Something that happens at a time: plain data, so that it can be saved."""

    due_ns: int
    number: int
    """Timers due together fire in order of creation."""
    action: str
    """Names the handler, see `Timers.on`."""
    arguments: tuple[Any, ...]


class Timers:
    """What is due when, as data.  Timers are never cancelled: a handler ignores one that came too
    late.

    Pebble's own timers behave so (pebble-behaviour 4.14).

    Args:
        saved: What is pending.
        number: Of the latest timer.
        make_performer: Asked to call `on` for an action that nobody has called it for.
    """

    def __init__(
        self,
        saved: Sequence[Timer] = (),
        number: int = 0,
        make_performer: Callable[[str], None] | None = None,
    ):
        self._saved: tuple[Timer, ...] | None = tuple(saved)
        self._heap = list(saved)
        heapq.heapify(self._heap)
        self._number = number
        self._handlers: dict[str, Callable[..., None]] = {}
        self._make_performer = make_performer

    def on(self, action: str, handler: Callable[..., None]) -> None:
        """Say what an action does; *handler* gets the timer's arguments."""
        self._handlers[action] = handler

    def add(self, due_ns: int, action: str, *arguments: Any) -> None:
        self._number += 1
        self._saved = None
        heapq.heappush(self._heap, Timer(due_ns, self._number, action, arguments))

    def next_due_ns(self) -> int | None:
        return self._heap[0].due_ns if self._heap else None

    def fire(self) -> None:
        timer = heapq.heappop(self._heap)
        self._saved = None
        if timer.action not in self._handlers and self._make_performer is not None:
            self._make_performer(timer.action)
        self._handlers[timer.action](*timer.arguments)

    def clear(self) -> None:
        """Forget what is pending: whose timers these were has been restarted."""
        self._heap.clear()
        self._saved = None

    def save(self) -> tuple[tuple[Timer, ...], int]:
        """The pending timers in the order in which they will fire, and the number of the latest
        one.
        """
        if self._saved is None:
            self._saved = tuple(sorted(self._heap))
        return self._saved, self._number


class Dice:
    """Repeatable randomness that can be saved: the n-th draw depends on the seed and n alone."""

    def __init__(self, seed: int = 0, drawn: int = 0):
        self._seed = seed
        self.drawn = drawn

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, but not including, *limit*; 0 if *limit* is 0."""
        self.drawn += 1
        return (
            _mixed(self._seed * 0x9E3779B97F4A7C15 + self.drawn * 0xD1B54A32D192ED03) % limit
            if limit
            else 0
        )


def _mixed(value: int) -> int:
    """The splitmix64 finaliser: 64 well-mixed bits of *value*."""
    value &= 0xFFFFFFFFFFFFFFFF
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return value ^ (value >> 31)
