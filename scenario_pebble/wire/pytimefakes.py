"""What Python's clocks answer during a run, and to whom.

Each fake stands in for a real function or class.  It shows the time of the run in progress to the
charm, in whatever thread the charm runs.  Others see what they would see without it: freezegun's
time if a test froze it, else the real one.  That goes for

- everybody, when no run is in progress;
- modules that wait for something real (see `KEEP_REAL`): with a clock that stands still, their
  timeouts would never come;
- threads that were there before the run.

The fakes of ``datetime`` and ``date`` never have instances: calling them gives real objects, so
that nothing fake can leave a run.  freezegun's own do have some, with arithmetic that takes local
time for UTC; its functions know microseconds only.  What is used of it are its stacks: a factory
on top of them keeps a ``freeze_time`` that begins or ends during a run from restoring the real
clocks, and whatever still holds a fake of freezegun's shows the run's time too.
"""

from __future__ import annotations

import datetime
import functools
import operator
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import freezegun.api
import freezegun.config

from ..clock import MILLISECOND_NS, SECOND_NS, Clock, seconds_to_ns

# Real clocks are always looked up there: what other modules hold, freezegun replaces.
_api: Any = freezegun.api
_caller = sys._getframe  # type: ignore[reportPrivateUsage]  # documented, if not for every Python

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
        self._seen_ns = clock.now_ns
        self._reads = 0

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
        """Let time pass, and other threads of the charm have their turn."""
        self.clock.advance(duration_ns)
        if threading.active_count() > len(self._bystanders) + 1:
            _real_sleep(0)

    def __call__(self) -> datetime.datetime:
        if threading.current_thread() in self._bystanders:
            return _api.real_datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        return _EPOCH + datetime.timedelta(microseconds=self.read_ns() // 1_000)


def _other_threads() -> frozenset[threading.Thread]:
    if threading.active_count() == 1:
        return frozenset()
    return frozenset(threading.enumerate()) - {threading.current_thread()}


_current: Run | None = None
_real_sleep = time.sleep
_EPOCH = _api.real_datetime(1970, 1, 1)


def switch_to(run: Run | None) -> Run | None:
    """Make a run the one whose time is shown.

    Returns:
        The one whose time was shown before.
    """
    global _current
    before, _current = _current, run
    return before


def _run_of(asker: types.FrameType) -> Run | None:
    """The run in progress, if who asks takes part in it."""
    run = _current  # read once: it may end in another thread meanwhile
    return run if run is not None and run.includes(asker) else None


def _shown_to(asker: types.FrameType) -> Run | None:
    """The run whose time is shown to who asks."""
    run = _run_of(asker)
    return run if run is not None and _api.freeze_factories[-1:] == [run] else None


def _otherwise(real: Any, frozen: Any) -> Any:
    """What is used by whom no run's time is shown to."""
    top = _api.freeze_factories[-1:]
    return real if not top or isinstance(top[0], Run) else frozen


def _seconds(real: Callable[[], float], frozen: Callable[[], float]) -> Callable[[], float]:
    @functools.wraps(real)
    def fake() -> float:
        run = _shown_to(_caller(1))
        return _otherwise(real, frozen)() if run is None else run.read_ns() / SECOND_NS

    return fake


def _nanoseconds(real: Callable[[], int], frozen: Callable[[], int]) -> Callable[[], int]:
    @functools.wraps(real)
    def fake() -> int:
        run = _shown_to(_caller(1))
        return _otherwise(real, frozen)() if run is None else run.read_ns()

    return fake


def _of_a_moment(real: Callable[..., Any], frozen: Callable[..., Any]) -> Callable[..., Any]:
    """Stands in for a function of a moment, by default now."""

    @functools.wraps(real)
    def fake(*args: Any) -> Any:
        if args and args != (None,):
            return real(*args)
        run = _shown_to(_caller(1))
        return _otherwise(real, frozen)() if run is None else real(run.read_ns() // SECOND_NS)

    return fake


def _of_local_time(
    real: Callable[..., str], frozen: Callable[..., str], before: int
) -> Callable[..., str]:
    """Stands in for a function whose last argument, after *before* others, is by default the local
    time now.
    """

    @functools.wraps(real)
    def fake(*args: Any) -> str:
        run = _shown_to(_caller(1)) if len(args) == before else None
        if run is not None:
            args = (*args, _api.real_localtime(run.read_ns() // SECOND_NS))
        return (_otherwise(real, frozen) if run is None else real)(*args)

    return fake


@functools.wraps(_real_sleep)
def _sleep(*args: Any, **kwargs: Any) -> None:
    run = _run_of(_caller(1))
    if run is None:
        _real_sleep(*args, **kwargs)
    else:
        run.sleep_ns(_duration_ns(*args, **kwargs))


_LONGEST = (2**63 - 1) // SECOND_NS
"""Python counts sleep in nanoseconds, of 64 bits."""


def _duration_ns(*args: Any, **kwargs: Any) -> int:
    """How long real sleep would last; what it refuses gets the error from it."""
    if len(args) == 1 and not kwargs:
        seconds = args[0] if isinstance(args[0], float) else operator.index(args[0])
        if 0 <= seconds <= _LONGEST:
            return seconds_to_ns(seconds)
    _real_sleep(*args, **kwargs)
    return 0


class _StandIn(type):
    """The class of the two classes that stand in for real ones."""

    def __instancecheck__(cls, instance: Any) -> bool:
        real = _stands_for.get(cls)
        return super().__instancecheck__(instance) if real is None else isinstance(instance, real)

    def __subclasscheck__(cls, subclass: type) -> bool:
        real = _stands_for.get(cls)
        return super().__subclasscheck__(subclass) if real is None else issubclass(subclass, real)


class _Date(_api.real_date, metaclass=_StandIn):
    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return _api.real_date.__new__(_api.real_date if cls is _Date else cls, *args, **kwargs)

    @classmethod
    def today(cls) -> Any:
        run = _shown_to(_caller(1))
        if run is None:
            return _otherwise(super(), _api.FakeDate).today()
        return cls.fromtimestamp(run.read_ns() // SECOND_NS)


class _Datetime(_api.real_datetime, metaclass=_StandIn):
    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return _api.real_datetime.__new__(
            _api.real_datetime if cls is _Datetime else cls, *args, **kwargs
        )

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        run = _shown_to(_caller(1))
        if run is None:
            return _otherwise(super(), _api.FakeDatetime).now(tz)
        return _at(cls, run.read_ns(), tz)

    @classmethod
    def today(cls) -> Any:
        run = _shown_to(_caller(1))
        if run is None:
            return _otherwise(super(), _api.FakeDatetime).today()
        return _at(cls, run.read_ns(), None)

    @classmethod
    def utcnow(cls) -> Any:
        run = _shown_to(_caller(1))
        if run is None:
            return _otherwise(super(), _api.FakeDatetime).utcnow()
        if sys.version_info >= (3, 12):
            warnings.warn(_UTCNOW_IS_DEPRECATED, DeprecationWarning, stacklevel=2)
        return _at(cls, run.read_ns(), datetime.timezone.utc).replace(tzinfo=None)


_UTCNOW_IS_DEPRECATED = (
    'datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. '
    'Use timezone-aware objects to represent datetimes in UTC: '
    'datetime.datetime.now(datetime.UTC).'
)


def _at(kind: type[datetime.datetime], now_ns: int, tz: datetime.tzinfo | None) -> Any:
    seconds, microseconds = divmod(now_ns // 1_000, 1_000_000)
    made_by = _api.real_datetime if kind is _Datetime else kind
    return made_by.fromtimestamp(seconds, tz).replace(microsecond=microseconds)


_stands_for: dict[type, type] = {_Date: _api.real_date, _Datetime: _api.real_datetime}

for _fake, _real in _stands_for.items():
    _fake.__module__ = _real.__module__
    _fake.__name__ = _real.__name__
    _fake.__qualname__ = _real.__qualname__
    _fake.__doc__ = _real.__doc__


def reduce_date(value: datetime.date) -> tuple[Any, ...]:
    """How pickle takes a date apart while `datetime.date` is a fake: as ever."""
    return (_Date, *value.__reduce__()[1:])


def reduce_datetime(value: datetime.datetime) -> tuple[Any, ...]:
    """The same for a datetime."""
    return (_Datetime, *value.__reduce_ex__(4)[1:])


class Fake(NamedTuple):
    """A stand-in, and for what."""

    real: Any
    frozen: Any
    """What freezegun puts there; the real one where it puts nothing."""
    fake: Any


def _fake_of(name: str, make: Callable[[Any, Any], Any]) -> Fake:
    real = getattr(_api, f'real_{name}', getattr(time, name))
    frozen = getattr(_api, f'fake_{name}', real)
    return Fake(real, frozen, make(real, frozen))


FAKES = (
    *(_fake_of(name, _seconds) for name in ('time', 'monotonic', 'perf_counter')),
    *(_fake_of(name, _nanoseconds) for name in ('time_ns', 'monotonic_ns', 'perf_counter_ns')),
    *(_fake_of(name, _of_a_moment) for name in ('localtime', 'gmtime', 'ctime')),
    _fake_of('strftime', functools.partial(_of_local_time, before=1)),
    _fake_of('asctime', functools.partial(_of_local_time, before=0)),
    Fake(_real_sleep, _real_sleep, _sleep),
    Fake(_api.real_date, _api.FakeDate, _Date),
    Fake(_api.real_datetime, _api.FakeDatetime, _Datetime),
)
