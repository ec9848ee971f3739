"""A ``freeze_time`` around, in and across a run; and what takes dates and times apart."""

from __future__ import annotations

import copy
import copyreg
import datetime
import pickle
import sys
import time
import types
from collections.abc import Iterator
from typing import Any

import freezegun
import freezegun.api
import pytest
import yaml

from scenario_pebble.clock import SECOND_NS, Clock
from scenario_pebble.wire import pytime
from tests.unit.wire import charmcode

UTC = datetime.timezone.utc
FREEZE = datetime.datetime(2020, 2, 29, 12, 0, 5)
FREEZE_S = FREEZE.replace(tzinfo=UTC).timestamp()
START_NS = 1_950_000_000 * SECOND_NS


@pytest.fixture
def clock() -> Clock:
    return Clock(START_NS)


def clocks() -> list[Any]:
    """What Python's names and a charm's stand for now."""
    return [
        *(getattr(time, name) for name in dir(time) if callable(getattr(time, name))),
        datetime.datetime,
        datetime.date,
        *charmcode.clocks(),
    ]


def test_a_freeze_around_a_run_is_back_afterwards(clock: Clock):
    with freezegun.freeze_time(FREEZE) as freezer:
        before, stamp = clocks(), time.time()
        with pytime.frozen(clock):
            during = [*charmcode.readings()[:2], time.time_ns()]
        afterwards = clocks()
        freezer.tick(60)
        ticked = (time.time(), charmcode.readings()[2])

    assert stamp == FREEZE_S
    assert during == [START_NS / SECOND_NS, START_NS / SECOND_NS, START_NS]
    assert afterwards == before
    assert ticked == (FREEZE_S + 60, FREEZE + datetime.timedelta(minutes=1))


def test_a_clock_may_start_at_the_time_of_a_freeze():
    with freezegun.freeze_time(FREEZE):
        clock = Clock(time.time_ns())
        with pytime.frozen(clock):
            time.sleep(1)
            now = datetime.datetime.now(UTC)

    assert now == FREEZE.replace(tzinfo=UTC, second=6)


def test_after_a_freeze_and_a_run_in_it_nothing_stays_patched(clock: Clock):
    before = clocks()

    with freezegun.freeze_time(FREEZE), pytime.frozen(clock):
        pass

    assert clocks() == before


def test_dates_and_times_made_in_a_run_in_a_freeze_are_real(clock: Clock):
    with freezegun.freeze_time(FREEZE), pytime.frozen(clock):
        made: list[Any] = [datetime.datetime.now(), datetime.datetime(2020, 2, 29)]
        dates: list[Any] = [datetime.date.today(), made[0].date()]

    assert [type(value) for value in made] == [datetime.datetime] * 2
    assert [type(value) for value in dates] == [datetime.date] * 2


def test_freezeguns_own_fakes_show_the_clock_in_a_run(clock: Clock):
    fakes: Any = freezegun.api
    with freezegun.freeze_time(FREEZE), pytime.frozen(clock):
        during = (fakes.fake_time(), fakes.FakeDatetime.now(UTC).timestamp())

    assert during == (START_NS / SECOND_NS, START_NS / SECOND_NS)


def test_a_freeze_in_a_run_wins_while_it_lasts(clock: Clock):
    with pytime.frozen(clock):
        with freezegun.freeze_time(FREEZE):
            frozen: list[Any] = [
                time.time(),
                time.time_ns(),
                time.gmtime().tm_year,
                time.strftime('%Y'),
                datetime.datetime.now(),
                datetime.datetime.today(),
                datetime.datetime.utcnow(),  # type: ignore[reportDeprecated]
                datetime.date.today(),
            ]
            time.sleep(10)
        afterwards = time.time_ns()

    assert frozen[:4] == [FREEZE_S, FREEZE_S * SECOND_NS, 2020, '2020']
    assert frozen[4:] == [FREEZE, FREEZE, FREEZE, FREEZE.date()]
    assert afterwards == START_NS + 10 * SECOND_NS


@pytest.fixture
def late() -> Iterator[types.ModuleType]:
    module = types.ModuleType('loaded_late')
    yield module
    sys.modules.pop('loaded_late', None)


def test_a_module_loaded_in_a_run_in_a_freeze_follows_the_freeze_afterwards(
    clock: Clock, late: types.ModuleType
):
    with freezegun.freeze_time(FREEZE):
        with pytime.frozen(clock):
            sys.modules['loaded_late'] = late
            exec('from datetime import datetime\nfrom time import time', vars(late))
            during = late.time()
        frozen = (late.time(), late.datetime.now())

    assert during == START_NS / SECOND_NS
    assert frozen == (FREEZE_S, FREEZE)
    assert (late.time, late.datetime) == (time.time, datetime.datetime)


def test_a_module_loaded_in_a_freeze_shows_the_clock_in_a_run(
    clock: Clock, late: types.ModuleType
):
    with freezegun.freeze_time(FREEZE):
        sys.modules['loaded_late'] = late
        exec('from datetime import datetime\nfrom time import time', vars(late))
        with pytime.frozen(clock):
            during = (late.time(), late.datetime.now(UTC).timestamp())

    assert during == (START_NS / SECOND_NS, START_NS / SECOND_NS)
    assert (late.time, late.datetime) == (time.time, datetime.datetime)


VALUES = [
    datetime.datetime(2020, 2, 29, 1, 2, 3, 4, tzinfo=UTC),
    datetime.datetime(2020, 2, 29, fold=1),
    datetime.date(2020, 2, 29),
]


@pytest.mark.parametrize('value', VALUES, ids=str)
def test_a_pickle_made_in_a_run_is_the_one_made_outside(clock: Clock, value: datetime.date):
    with pytime.frozen(clock):
        made = pickle.dumps([value, datetime.datetime])
        loaded = pickle.loads(made)
        copies = [copy.copy(value), copy.deepcopy([value])[0]]

    assert made == pickle.dumps([value, datetime.datetime])
    assert pickle.loads(made) == [value, datetime.datetime]
    assert [(type(v), v) for v in (*copies, loaded[0])] == [(type(value), value)] * 3


def test_a_date_reads_the_same_in_yaml(clock: Clock):
    with pytime.frozen(clock):
        text = yaml.safe_dump([datetime.datetime.now(UTC), datetime.date(2020, 2, 29)])
        read: Any = yaml.safe_load(text)

    assert text == '- 2031-10-17 10:40:00+00:00\n- 2020-02-29\n'
    assert [type(value) for value in read] == [datetime.datetime, datetime.date]


def test_pickle_takes_dates_apart_as_before_after_a_run(clock: Clock):
    with pytime.frozen(clock):
        pass

    assert not {datetime.date, datetime.datetime} & set(copyreg.dispatch_table)
