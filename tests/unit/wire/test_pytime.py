"""Python's own clocks follow the virtual one."""

from __future__ import annotations

import datetime
import sys
import time
from typing import Any

import freezegun.api
import pytest

from scenario_pebble import wire
from scenario_pebble.clock import SECOND_NS, Clock
from scenario_pebble.frozen import FrozenDict, FrozenList
from scenario_pebble.wire import pytime
from tests.unit.wire.clocks import REAL, START_NS, installed


@pytest.fixture
def clock() -> Clock:
    return Clock(START_NS)


def test_real_replaces_freezeguns_dates_at_any_depth():
    tz = datetime.timezone(datetime.timedelta(hours=2))
    when: Any = freezegun.api.FakeDatetime(2020, 2, 29, 12, fold=1, tzinfo=tz)
    day = freezegun.api.FakeDate(2020, 2, 29)
    value = FrozenDict[str, Any](a=FrozenList([(when, 1)]), b={'c': {day}, day: frozenset({when})})

    made: Any = pytime.real(value)

    assert made == value
    assert [type(part) for part in (made, made['a'])] == [FrozenDict, FrozenList]
    (stamp, _), (date,) = made['a'][0], made['b']['c']
    assert (type(stamp), stamp.fold, stamp.tzinfo) == (datetime.datetime, 1, tz)
    assert type(date) is datetime.date
    assert {type(key) for key in made['b']} == {str, datetime.date}


def test_real_gives_back_what_holds_none_of_them():
    value: list[Any] = [{'a': (1, None, datetime.datetime(2020, 1, 1))}, {1}, FrozenDict(c=1)]

    assert pytime.real(value) is value
    assert pytime.real('text') == 'text'


def test_a_test_may_patch_a_clock_before_freezegun_is_loaded(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    with pytime.frozen(clock):
        pass
    for name in [*sys.modules]:
        if name.startswith(('freezegun', 'scenario_pebble.wire.pytime')):
            monkeypatch.delitem(sys.modules, name)
    for name in ('pytimefakes', 'pytimeplaces', 'pytimerun'):
        monkeypatch.delattr(wire, name)
    with monkeypatch.context() as patch:
        patch.setattr(time, 'time', lambda: 5)
        load: Any = pytime._machinery  # type: ignore[reportPrivateUsage]
        frozen = load.__wrapped__()
        patched = time.time()

    with frozen(clock):
        during = time.time()

    assert (patched, during) == (5, START_NS / SECOND_NS)
    assert installed() == REAL


def test_on_and_off_take_microseconds(clock: Clock):
    def once() -> int:
        began = time.perf_counter_ns()
        with pytime.frozen(clock):
            pass
        return time.perf_counter_ns() - began

    assert min(once() for _ in range(200)) < 60_000
