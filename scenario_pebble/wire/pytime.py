"""Python's own clocks during a run: `frozen` makes them follow a virtual clock, `real` undoes what
freezegun leaves.

While `frozen` is on, ``time.time``, ``monotonic``, ``perf_counter``, ``localtime``, ``datetime``
and whatever loaded modules imported them as show the clock's time, and ``time.sleep`` moves it.
`pytimefakes` says what each of them answers, `pytimerun` to whom, `pytimeplaces` where they are
put.

Not covered: a clock that is held elsewhere than in a module's globals (``default_factory=
datetime.now``, a default argument), ``process_time``, ``clock_gettime``, SQLite's own, file times.
Waiting for anything but ``time.sleep`` (``Event.wait``, sockets, asyncio) takes real time.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import operator
import sys
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..clock import Clock
from ..frozen import FrozenDict, FrozenList

if TYPE_CHECKING:
    from .pytimeplaces import Frozen

T = TypeVar('T')


def frozen(clock: Clock) -> Frozen:
    """A context manager in which Python's own clocks follow *clock*.

    It belongs to the process: callers in several threads take turns.  Threads that exist when it
    is entered, other than the one that enters it, keep real time.  So do the modules that wait for
    something real (``subprocess``, ``queue``, asyncio …), the test runner, and those named in
    ``freezegun.configure(extend_ignore_list=…)`` before the first use.

    Each sleep moves the one clock: two threads that sleep a second each move it by two.

    A ``freeze_time`` around it is set aside, and in force again afterwards; one inside it wins
    while it lasts.

    Example::

        with frozen(clock):
            time.sleep(3600)  # returns at once
    """
    return _machinery()(clock)


def real(value: T) -> T:
    """The same value with freezegun's ``FakeDatetime`` and ``FakeDate`` made real.

    They come from a ``freeze_time`` of the test's, never from `frozen`.  Looks into dicts, lists,
    tuples and sets at any depth; what holds none of them is given back as it is.
    """
    api: Any = sys.modules.get('freezegun.api')
    return value if api is None else _real(value, api)


_MAPPINGS = frozenset({dict, FrozenDict})
_COLLECTIONS = frozenset({list, FrozenList, tuple, set, frozenset})


def _real(value: Any, api: Any) -> Any:
    kind = cast('type[Any]', type(value))
    if kind in _MAPPINGS:
        parts = (_real(list(value), api), _real(list(value.values()), api))
        same = all(map(operator.is_, parts[0], value)) and all(
            map(operator.is_, parts[1], value.values())
        )
        return value if same else kind(zip(*parts, strict=True))
    if kind in _COLLECTIONS:
        made = [_real(item, api) for item in value]
        return value if all(map(operator.is_, made, value)) else kind(made)
    if kind is api.FakeDatetime:
        return api.real_datetime.combine(value, value.timetz())
    if kind is api.FakeDate:
        return api.real_date.fromordinal(value.toordinal())
    return value


@functools.cache
def _machinery() -> type[Frozen]:
    """What does the work; loaded with freezegun when it is first needed."""
    with _untouched():
        from .pytimeplaces import Frozen
    return Frozen


# Taken now: later, a test may have put something else there.
_early: Any = sys.modules.get('freezegun.api')
_CLOCKS = [
    (module, name, getattr(_early, f'real_{name}', getattr(module, name)))
    for module, names in (
        (time, 'time time_ns monotonic monotonic_ns perf_counter perf_counter_ns'),
        (time, 'localtime gmtime strftime ctime asctime sleep'),
        (datetime, 'date datetime'),
    )
    for name in names.split()
]


@contextlib.contextmanager
def _untouched() -> Generator[None]:
    """The real clocks, whatever a test has put in their place.

    What freezegun finds when it is imported it takes for real ever after.
    """
    found = [(module, name, getattr(module, name)) for module, name, _ in _CLOCKS]
    for module, name, clock in _CLOCKS:
        setattr(module, name, clock)
    try:
        yield
    finally:
        for module, name, clock in found:
            setattr(module, name, clock)
