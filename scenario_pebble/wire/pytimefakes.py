"""What Python's clocks answer during a run.

Each fake stands in for a real function or class.  To whom no run's time is shown, it answers as
the real one or freezegun's would.

The fakes of ``datetime`` and ``date`` never have instances: calling them gives real objects, so
that nothing fake can leave a run.  Freezegun's own do have some, with arithmetic that takes local
time for UTC; its functions know microseconds only.
"""

from __future__ import annotations

import datetime
import functools
import operator
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import freezegun.api

from ..clock import SECOND_NS, seconds_to_ns
from .pytimerun import otherwise, run_of, shown_to

# Real clocks are always looked up there: what other modules hold, freezegun replaces.
_api: Any = freezegun.api
_real_sleep = time.sleep
_caller = sys._getframe  # type: ignore[reportPrivateUsage]  # documented, if not for every Python


def _seconds(real: Callable[[], float], frozen: Callable[[], float]) -> Callable[[], float]:
    @functools.wraps(real)
    def fake() -> float:
        run = shown_to(_caller(1))
        return otherwise(real, frozen)() if run is None else run.read_ns() / SECOND_NS

    return fake


def _nanoseconds(real: Callable[[], int], frozen: Callable[[], int]) -> Callable[[], int]:
    @functools.wraps(real)
    def fake() -> int:
        run = shown_to(_caller(1))
        return otherwise(real, frozen)() if run is None else run.read_ns()

    return fake


def _of_a_moment(real: Callable[..., Any], frozen: Callable[..., Any]) -> Callable[..., Any]:
    """Stands in for a function of a moment, by default now."""

    @functools.wraps(real)
    def fake(*args: Any) -> Any:
        if args and args != (None,):
            return real(*args)
        run = shown_to(_caller(1))
        return otherwise(real, frozen)() if run is None else real(run.read_ns() // SECOND_NS)

    return fake


def _of_local_time(
    real: Callable[..., str], frozen: Callable[..., str], before: int
) -> Callable[..., str]:
    """Stands in for a function whose last argument, after *before* others, is by default the local
    time now.
    """

    @functools.wraps(real)
    def fake(*args: Any) -> str:
        run = shown_to(_caller(1)) if len(args) == before else None
        if run is not None:
            args = (*args, _api.real_localtime(run.read_ns() // SECOND_NS))
        return (otherwise(real, frozen) if run is None else real)(*args)

    return fake


@functools.wraps(_real_sleep)
def _sleep(*args: Any, **kwargs: Any) -> None:
    run = run_of(_caller(1))
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
        run = shown_to(_caller(1))
        if run is None:
            return otherwise(super(), _api.FakeDate).today()
        return cls.fromtimestamp(run.read_ns() // SECOND_NS)


class _Datetime(_api.real_datetime, metaclass=_StandIn):
    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return _api.real_datetime.__new__(
            _api.real_datetime if cls is _Datetime else cls, *args, **kwargs
        )

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        run = shown_to(_caller(1))
        if run is None:
            return otherwise(super(), _api.FakeDatetime).now(tz)
        return _at(cls, run.read_ns(), tz)

    @classmethod
    def today(cls) -> Any:
        run = shown_to(_caller(1))
        if run is None:
            return otherwise(super(), _api.FakeDatetime).today()
        return _at(cls, run.read_ns(), None)

    @classmethod
    def utcnow(cls) -> Any:
        run = shown_to(_caller(1))
        if run is None:
            return otherwise(super(), _api.FakeDatetime).utcnow()
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
