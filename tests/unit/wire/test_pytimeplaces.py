"""Where the fakes of Python's clocks are put, and that they do not stay."""

from __future__ import annotations

import copyreg
import datetime
import sys
import time
import types
from collections.abc import Iterator
from typing import Any, cast

import freezegun.api
import pytest

from scenario_pebble.clock import SECOND_NS, Clock
from scenario_pebble.wire import pytime
from tests.unit.wire import charmcode
from tests.unit.wire.clocks import REAL, START, START_NS, installed


@pytest.fixture
def clock() -> Clock:
    return Clock(START_NS)


def test_nothing_stays_patched(clock: Clock):
    with pytime.frozen(clock):
        during = installed()

    assert not {name for name in REAL if during[name] is REAL[name]}
    assert installed() == REAL
    assert charmcode.clocks() == [REAL['time'], REAL['time_ns'], REAL['datetime'], REAL['date']]
    assert freezegun.api.freeze_factories == freezegun.api.tz_offsets == []


def test_nothing_stays_patched_after_an_error(clock: Clock):
    with pytest.raises(KeyError), pytime.frozen(clock):
        raise KeyError

    assert installed() == REAL


def test_what_a_test_put_in_a_clocks_place_stays(clock: Clock, monkeypatch: pytest.MonkeyPatch):
    fake = types.SimpleNamespace(now=lambda: 'noon')
    monkeypatch.setattr(charmcode, 'datetime', fake)
    monkeypatch.setattr(time, 'time', lambda: 5)

    with pytime.frozen(clock):
        during = (charmcode.datetime, time.time())

    assert during == (charmcode.datetime, 5) == (fake, 5)


def test_what_a_test_puts_there_during_a_run_stays(clock: Clock):
    fake = types.SimpleNamespace(now=lambda: 'noon')
    with pytest.MonkeyPatch.context() as patch:
        with pytime.frozen(clock):
            patch.setattr(charmcode, 'datetime', fake)
        afterwards: Any = charmcode.datetime
    with pytime.frozen(clock):
        pass

    assert afterwards is fake
    assert charmcode.datetime is datetime.datetime


def module(code: str) -> types.ModuleType:
    """A module, loaded now."""
    loaded = types.ModuleType('loaded_late')
    sys.modules['loaded_late'] = loaded
    exec(code, vars(loaded))
    return loaded


@pytest.fixture
def unload() -> Iterator[None]:
    yield
    sys.modules.pop('loaded_late', None)


LATE = """
from datetime import date, datetime
from time import time
hidden = [time]
"""


@pytest.mark.usefixtures('unload')
def test_a_module_that_came_since_the_last_run_shows_the_clock(clock: Clock):
    with pytime.frozen(clock):
        pass
    late = module(LATE)

    with pytime.frozen(clock):
        during = late.time(), late.datetime.now(datetime.timezone.utc)

    assert during == (START_NS / SECOND_NS, START)
    assert (late.time, late.datetime, late.date) == (REAL['time'], REAL['datetime'], REAL['date'])


@pytest.mark.usefixtures('unload')
def test_a_module_that_takes_anothers_place_shows_the_clock(clock: Clock):
    module('')
    with pytime.frozen(clock):
        pass
    late = module(LATE)

    with pytime.frozen(clock):
        during = late.time()

    assert during == START_NS / SECOND_NS


@pytest.mark.usefixtures('unload')
def test_a_module_loaded_in_a_run_shows_the_clock_then_and_real_time_afterwards(clock: Clock):
    with pytime.frozen(clock):
        late = module(LATE)
        during = (late.time(), late.hidden[0](), late.datetime.now(datetime.timezone.utc))
    before = time.time()

    assert during == (START_NS / SECOND_NS, START_NS / SECOND_NS, START)
    assert (late.time, late.datetime, late.date) == (REAL['time'], REAL['datetime'], REAL['date'])
    assert before <= late.hidden[0]() <= time.time()


@pytest.mark.usefixtures('unload')
def test_a_module_loaded_in_a_run_shows_the_clock_in_the_next_run(clock: Clock):
    with pytime.frozen(clock):
        late = module(LATE)

    with pytime.frozen(Clock(7 * SECOND_NS)):
        during = late.time()

    assert during == 7.0


class Pretender:
    """Calls itself a module, as the libraries of cffi do, and has no namespace."""

    __slots__ = ()

    @property
    def __class__(self) -> type:  # pyright: ignore[reportIncompatibleMethodOverride]
        return types.ModuleType


def test_what_only_calls_itself_a_module_is_left_alone(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, 'pretender', cast('types.ModuleType', Pretender()))

    with pytime.frozen(clock):
        during = time.time()

    assert during == START_NS / SECOND_NS


def test_a_run_within_a_run_has_its_own_clock(clock: Clock):
    with pytime.frozen(clock):
        with pytime.frozen(Clock(7 * SECOND_NS)):
            time.sleep(1)
            inner = time.time_ns()
        outer = time.time_ns()

    assert (inner, outer) == (8 * SECOND_NS, START_NS)
    assert installed() == REAL
    assert not {datetime.date, datetime.datetime} & set(copyreg.dispatch_table)


class ReadOnly(dict[Any, Any]):
    def __setitem__(self, *_: Any) -> None:
        raise PermissionError


def test_nothing_stays_patched_if_it_can_not_be_put_on(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(copyreg, 'dispatch_table', ReadOnly(copyreg.dispatch_table))

    with pytest.raises(PermissionError), pytime.frozen(clock):
        pass

    assert installed() == REAL
    assert freezegun.api.freeze_factories == []
