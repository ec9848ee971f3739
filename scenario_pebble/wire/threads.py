"""Which of several threads goes on, so that virtual time passes only when none of them can act?

ops moves the input and output of commands in threads, and so does charm code.  A thread that waits
moves the clock; if it did so while another thread is about to write, time would run away.  So
while websockets are open, a waiting thread first lets the others act: the one that made the clock,
those that were started since the first websocket was opened, and those that used one.  It waits
really, but only while some other thread runs.  A thread that blocks in something which is not ours
(a pipe, a queue) for long counts as absent until it acts again.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from .. import clock as clock_

_FIRST_PAUSE = 0.0002
_LONGEST_PAUSE = 0.005
_PATIENCE = 200
"""After so many pauses (about a second) a thread that neither waits nor acts counts as absent."""
_SURELY_BLOCKED = 4
"""In so many pauses in a row a blocked thread is seen: it may have been released already."""

_BLOCKING = frozenset(
    ('join', '_wait_for_tstate_lock', 'wait', 'wait_for', 'acquire', 'get', 'put', '_worker')
)
"""Functions of the standard library in which a thread waits for another one."""
_MODULES = ('/threading.py', '/queue.py', '/concurrent/futures/thread.py')


class Executing(Protocol):
    """What may run commands that read stdin."""

    def hurry(self) -> bool:
        """Nobody will write to commands that are waited for; whether one went on by that."""
        ...


class _Wait(NamedTuple):
    ready: Callable[[], bool]
    deadline_ns: int | None

    def is_over(self, now_ns: int) -> bool:
        return self.ready() or (self.deadline_ns is not None and self.deadline_ns <= now_ns)


class Threads:
    """The threads that use one clock while websockets are open; its `clock.Clock.others`.

    Args:
        clock: Their clock.
    """

    def __init__(self, clock: clock_.Clock):
        self._clock = clock
        self._condition = threading.Condition(clock.lock)
        self._outside = {thread.ident for thread in threading.enumerate()} - {clock.maker}
        self._waits: dict[int, _Wait] = {}
        self._seen: dict[int, _Seen] = {}
        self._open: dict[object, Executing] = {}
        self._dropped: deque[tuple[object, Callable[[], None]]] = deque()

    # -- websockets; the caller holds the clock's lock

    @classmethod
    def of(cls, clock: clock_.Clock) -> Threads:
        """Those of a clock."""
        if not isinstance(clock.others, Threads):
            clock.others = cls(clock)
        return clock.others

    def opened(self, executing: Executing) -> object:
        """A websocket to somebody was opened; what names it from now on."""
        token = object()
        self._open[token] = executing
        self.acts()
        return token

    def closed(self, token: object) -> None:
        """A websocket was closed; with the last one the clock is an ordinary one again."""
        self._open.pop(token, None)
        self.acts()
        self._retire()

    def dropped(self, token: object, close: Callable[[], None]) -> None:
        """A websocket was forgotten. It can happen at any time, so it is closed a little later."""
        self._dropped.append((token, close))

    def _retire(self) -> None:
        if not self._open and not self._waits and self._clock.others is self:
            self._clock.others = None

    def _close_dropped(self) -> None:
        while self._dropped:
            token, close = self._dropped.popleft()
            self._open.pop(token, None)
            close()

    def acts(self) -> None:
        """The present thread uses a websocket."""
        me = threading.get_ident()
        self._outside.discard(me)
        self._seen.pop(me, None)
        self._condition.notify_all()

    # -- waiting

    def wait(self, ready: Callable[[], bool], deadline_ns: int | None) -> bool:
        """Move the clock as far as `clock.Clock.wait`, but not before others have acted."""
        me = threading.get_ident()
        outer = self._waits.get(me)
        self._waits[me] = _Wait(ready, deadline_ns)
        self._seen.pop(me, None)
        self._condition.notify_all()
        self._close_dropped()
        try:
            while not ready():
                self._let_others_act(me)
                if ready() or self._hurry():
                    continue
                if not self._clock.step(self._earliest_ns()) and self._is_stuck(me):
                    return ready()
            return True
        finally:
            del self._waits[me]
            self._seen.pop(me, None)
            if outer is not None:
                self._waits[me] = outer
            self._condition.notify_all()
            self._retire()

    def _is_stuck(self, me: int) -> bool:
        """Whether the present thread's wait is over, now that nothing is due any more."""
        deadline_ns = self._waits[me].deadline_ns
        if deadline_ns is None:
            return self._earliest_ns() is None
        return deadline_ns <= self._clock.now_ns

    def _earliest_ns(self) -> int | None:
        deadlines = [wait.deadline_ns for wait in self._waits.values()]
        return min((ns for ns in deadlines if ns is not None), default=None)

    def _hurry(self) -> bool:
        """If no thread only lets time pass, none will write: commands go on with their stdin."""
        if any(wait.ready is clock_.never for wait in self._waits.values()):
            return False
        each_once = {id(executing): executing for executing in self._open.values()}
        hurried = [executing.hurry() for executing in each_once.values()]
        return any(hurried)

    def _let_others_act(self, me: int) -> None:
        pause = _FIRST_PAUSE
        while not self._waits[me].ready() and self._others_can_act(me):
            self._condition.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _others_can_act(self, me: int) -> bool:
        now_ns = self._clock.now_ns
        others = [wait for ident, wait in self._waits.items() if ident != me]
        if any(wait.is_over(now_ns) for wait in others):
            return True
        if threading.active_count() == 1:
            return False
        return any(self._is_running(thread) for thread in threading.enumerate())

    def _is_running(self, thread: threading.Thread) -> bool:
        """Whether a thread that belongs here is on its way to do something."""
        ident = thread.ident
        if ident is None:
            return True  # about to start
        if ident in self._waits or ident in self._outside or ident == threading.get_ident():
            return False
        seen = self._seen.setdefault(ident, _Seen())
        seen.pauses += 1
        seen.blocked = seen.blocked + 1 if _is_blocked(ident) else 0
        return seen.pauses < _PATIENCE and seen.blocked < _SURELY_BLOCKED


class _Seen:
    """What a thread was seen to do since it last acted."""

    def __init__(self) -> None:
        self.pauses = 0
        self.blocked = 0
        """In how many pauses, up to now, it was blocked."""


def _is_blocked(ident: int) -> bool:
    """Whether a thread seems to wait for another one in Python's own primitives."""
    frame = sys._current_frames().get(ident)  # pyright: ignore[reportPrivateUsage]
    blocked = False
    while frame is not None and frame.f_code.co_filename.endswith(_MODULES):
        if frame.f_code.co_name == 'start':
            return False  # the thread that it starts is about to release it
        waiter: Any = frame.f_locals.get('waiter') if frame.f_code.co_name == 'wait' else None
        if waiter is not None and not waiter.locked():
            return False  # it was notified, and is about to go on
        blocked = blocked or frame.f_code.co_name in _BLOCKING
        frame = frame.f_back
    return blocked
