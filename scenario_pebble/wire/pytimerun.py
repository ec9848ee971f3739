"""Who sees a run's time, and how it passes.

The charm does, in whatever thread it runs.  Others see what they would see without the run:
freezegun's time if a test froze it, else the real one.  That goes for

- everybody, when no run is in progress;
- modules that wait for something real (see `KEEP_REAL`): with a clock that stands still, their
  timeouts would never come;
- threads that were there before the run.

A run is a factory on top of freezegun's stacks: it keeps a ``freeze_time`` that begins or ends
during the run from restoring the real clocks, and whatever still holds a fake of freezegun's shows
the run's time too.
"""

from __future__ import annotations

import datetime
import threading
import time
import types
from typing import Any, NoReturn

import freezegun.api
import freezegun.config

from ..clock import MILLISECOND_NS, SECOND_NS, Clock
from ..errors import ScenarioRuntimeError

# Real clocks are always looked up there: what other modules hold, freezegun replaces.
_api: Any = freezegun.api
_real_sleep = time.sleep

KEEP_REAL = (
    # What waits in the standard library.
    'asyncio',
    'concurrent.futures._base',
    'concurrent.futures.process',
    'logging.handlers',
    'multiprocessing',
    'queue',
    'socketserver',
    'subprocess',
    'telnetlib',
    # Whose clients are other programs.
    'scenario_pebble.wire.server',
    # Other event loops.
    'eventlet',
    'gevent',
    'tornado',
    'trio',
    'twisted',
    # Who runs the tests.
    '_pytest',
    'coverage',
    'execnet',
    'hypothesis',
    'pytest',
    'xdist',
    # What freezegun leaves alone, by itself or because the test suite told it to.  A function that
    # is given to a thread is called by threading, on behalf of the charm.
    *(name for name in freezegun.config.settings.default_ignore_list if name != 'threading'),
)
"""Modules and packages that see real time."""

_PATIENCE = 1_000
"""So often may the time be read before it moves by itself: a loop that waits for a time without
sleeping would not end otherwise."""

_MOST_SLEEPS = 100_000
"""Who sleeps more often in one event waits for something that never comes."""

_EPOCH = _api.real_datetime(1970, 1, 1)


class _KeepsReal(dict[Any, bool]):
    """Whether a module keeps real time, by its name."""

    def __missing__(self, name: Any) -> bool:
        self[name] = keeps = f'{name}.'.startswith(tuple(f'{kept}.' for kept in KEEP_REAL))
        return keeps


keeps_real = _KeepsReal()


class Run:
    """The time of a run and who takes part in it; freezegun asks it as it asks its own factories.

    Args:
        clock: Shows the time.
    """

    def __init__(self, clock: Clock):
        self.clock = clock
        self._bystanders = _other_threads()
        self._began_ns = self._seen_ns = clock.now_ns
        self._reads = 0
        self._sleeps = 0

    def includes(self, asker: types.FrameType) -> bool:
        """Whether who asks is the charm, or works for it."""
        return not keeps_real[asker.f_globals.get('__name__')] and not (
            self._bystanders and threading.current_thread() in self._bystanders
        )

    def read_ns(self) -> int:
        """The time; it moves when it is read over and over."""
        if self.clock.now_ns != self._seen_ns:
            self._reads = 0
        self._reads += 1
        if self._reads > _PATIENCE:
            self.clock.advance(MILLISECOND_NS)
        self._seen_ns = self.clock.now_ns
        return self._seen_ns

    def sleep_ns(self, duration_ns: int) -> None:
        """Let time pass, and other threads of the charm have their turn.

        Raises:
            ScenarioRuntimeError: If there is no end to it.
        """
        self._sleeps += 1
        if self._sleeps > _MOST_SLEEPS:
            self._refuse()
        self.clock.advance(duration_ns)
        if threading.active_count() > len(self._bystanders) + 1:
            _real_sleep(0)

    def _refuse(self) -> NoReturn:
        hours = (self.clock.now_ns - self._began_ns) / (3600 * SECOND_NS)
        raise ScenarioRuntimeError(
            f'cannot let the charm sleep: it has slept {_MOST_SLEEPS:,} times in this event, '
            f'{hours:.1f} hours in all\n'
            '  hint: what it waits for does not come; does its loop have an end?'
        )

    def __call__(self) -> datetime.datetime:
        if threading.current_thread() in self._bystanders:
            return _api.real_datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        return _EPOCH + datetime.timedelta(microseconds=self.read_ns() // 1_000)


def _other_threads() -> frozenset[threading.Thread]:
    if threading.active_count() == 1:
        return frozenset()
    return frozenset(threading.enumerate()) - {threading.current_thread()}


_current: Run | None = None


def switch_to(run: Run | None) -> Run | None:
    """Make a run the one whose time is shown.

    Returns:
        The one whose time was shown before.
    """
    global _current
    before, _current = _current, run
    return before


def run_of(asker: types.FrameType) -> Run | None:
    """The run in progress, if who asks takes part in it."""
    run = _current  # read once: it may end in another thread meanwhile
    return run if run is not None and run.includes(asker) else None


def shown_to(asker: types.FrameType) -> Run | None:
    """The run whose time is shown to who asks."""
    run = _current
    if run is None or not run.includes(asker):
        return None
    factories = _api.freeze_factories
    return run if factories and factories[-1] is run else None


def otherwise(real: Any, frozen: Any) -> Any:
    """What is used by whom no run's time is shown to."""
    top = _api.freeze_factories[-1:]
    return real if not top or isinstance(top[0], Run) else frozen
