"""What Python's clocks show during a run, and what is made with them."""

from __future__ import annotations

import datetime
import math
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scenario_pebble.clock import SECOND_NS, Clock
from scenario_pebble.wire import pytime
from tests.unit.wire import charmcode
from tests.unit.wire.clocks import REAL, START, START_NS


@pytest.fixture
def clock() -> Clock:
    return Clock(START_NS)


@pytest.fixture(
    params=['UTC0', 'EST5EDT,M3.2.0,M11.1.0', 'IST-5:30', 'NZST-12NZDT,M9.5.0,M4.1.0/3']
)
def time_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with monkeypatch.context() as patch:
        patch.setenv('TZ', request.param)
        time.tzset()
        yield request.param
    time.tzset()


def test_functions_of_time_show_the_clock(clock: Clock):
    with pytime.frozen(clock):
        shown = {name: getattr(time, name)() for name in ('time', 'monotonic', 'perf_counter')}
        shown_ns = {name: getattr(time, f'{name}_ns')() for name in shown}

    assert set(shown.values()) == {START_NS / SECOND_NS}
    assert set(shown_ns.values()) == {START_NS}


def test_they_move_with_the_clock(clock: Clock):
    with pytime.frozen(clock):
        clock.advance(90 * SECOND_NS + 1)
        shown = (time.time_ns(), datetime.datetime.now(datetime.timezone.utc))

    assert shown == (START_NS + 90 * SECOND_NS + 1, START + datetime.timedelta(seconds=90))


def test_what_a_module_imported_shows_the_clock(clock: Clock):
    with pytime.frozen(clock):
        shown = charmcode.readings()

    assert shown == [
        START_NS / SECOND_NS,
        START_NS / SECOND_NS,
        datetime.datetime.fromtimestamp(START_NS // SECOND_NS).replace(microsecond=123456),
        datetime.date.fromtimestamp(START_NS // SECOND_NS),
    ]


def test_moments_are_now_unless_given(clock: Clock):
    with pytime.frozen(clock):
        now = [
            time.localtime(),
            time.gmtime(None),
            time.ctime(),
            time.asctime(),
            time.strftime('%c'),
        ]
        given = [
            time.localtime(0),
            time.gmtime(0),
            time.ctime(0),
            time.strftime('%Y', time.gmtime(0)),
        ]

    seconds = START_NS // SECOND_NS
    local = time.localtime(seconds)
    assert now == [
        local,
        time.gmtime(seconds),
        time.ctime(seconds),
        time.asctime(local),
        time.strftime('%c', local),
    ]
    assert given == [time.localtime(0), time.gmtime(0), time.ctime(0), '1970']


def test_a_log_record_is_made_at_the_clocks_time(clock: Clock, caplog: pytest.LogCaptureFixture):
    with pytime.frozen(clock):
        charmcode.logger.warning('something')

    assert [record.created for record in caplog.records] == [START_NS / SECOND_NS]


def test_local_time_is_that_of_the_time_zone(clock: Clock, time_zone: str):
    local = datetime.datetime.fromtimestamp(START_NS // SECOND_NS).replace(microsecond=123456)

    with pytime.frozen(clock):
        now, today = datetime.datetime.now(), datetime.datetime.today()
        date, struct = datetime.date.today(), time.localtime()

    assert (now, today, date) == (local, local, local.date())
    assert struct == time.localtime(START_NS // SECOND_NS)


def test_aware_times_are_the_same_everywhere(clock: Clock, time_zone: str):
    tokyo = datetime.timezone(datetime.timedelta(hours=9))

    with pytime.frozen(clock):
        utc, there = datetime.datetime.now(datetime.timezone.utc), datetime.datetime.now(tz=tokyo)
        here = datetime.datetime.now().astimezone()

    assert utc == there == here == START
    assert there.utcoffset() == datetime.timedelta(hours=9)


def test_utcnow_is_naive_and_warns_as_the_real_one_does(clock: Clock, time_zone: str):
    with warnings.catch_warnings(record=True) as real:
        warnings.simplefilter('always')
        datetime.datetime.utcnow()  # type: ignore[reportDeprecated]

    with warnings.catch_warnings(record=True) as faked, pytime.frozen(clock):
        warnings.simplefilter('always')
        naive = datetime.datetime.utcnow()  # type: ignore[reportDeprecated]

    assert naive == START.replace(tzinfo=None)
    assert [(str(w.message), w.category, w.filename) for w in faked] == [
        (str(w.message), w.category, w.filename) for w in real
    ]


def test_timestamps_and_local_times_convert_both_ways(clock: Clock, time_zone: str):
    with pytime.frozen(clock):
        stamp = datetime.datetime.now().timestamp()
        local = datetime.datetime.fromtimestamp(stamp)
        utc = datetime.datetime.fromtimestamp(stamp, datetime.timezone.utc)
        noon = datetime.datetime(2031, 1, 5, 12).timestamp()

    assert stamp == pytest.approx(START.timestamp(), abs=1e-6)
    assert (utc, local.astimezone(datetime.timezone.utc)) == (START, START)
    assert noon == datetime.datetime(2031, 1, 5, 12).timestamp()


@pytest.mark.parametrize(
    'args',
    [(), (-1,), (-0.5,), ('1',), (None,), (math.nan,), (math.inf,), (1e20,), (10**40,), (1, 2)],
    ids=repr,
)
def test_sleep_refuses_what_real_sleep_refuses(clock: Clock, args: tuple[Any, ...]):
    with pytest.raises((TypeError, ValueError, OverflowError)) as real:
        time.sleep(*args)

    with pytime.frozen(clock), pytest.raises(type(real.value)) as faked:
        time.sleep(*args)

    assert str(faked.value) == str(real.value)
    assert clock.now_ns == START_NS


def test_sleep_refuses_keywords(clock: Clock):
    with pytest.raises(TypeError) as real:
        _call(time.sleep)

    with pytime.frozen(clock), pytest.raises(TypeError) as faked:
        _call(time.sleep)

    assert str(faked.value) == str(real.value)


def _call(function: Callable[..., None]) -> None:
    function(seconds=1)


def test_dates_and_times_made_in_a_run_are_real(clock: Clock):
    with pytime.frozen(clock):
        made: list[Any] = [
            datetime.datetime.now(),
            datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1),
            datetime.datetime(2020, 2, 29, tzinfo=datetime.timezone.utc),
            datetime.datetime.fromisoformat('2020-02-29T12:00:00'),
            datetime.datetime.strptime('2020', '%Y'),
            datetime.datetime.fromtimestamp(0),
            datetime.datetime.combine(datetime.date.today(), datetime.time(1)),
        ]
        dates: list[Any] = [datetime.date.today(), datetime.date(2020, 2, 29), made[0].date()]

    assert {type(value) for value in made} == {datetime.datetime}
    assert {type(value) for value in dates} == {datetime.date}


def test_values_made_before_and_during_a_run_are_instances_of_both(clock: Clock):
    class Before(datetime.datetime):
        pass

    outside = datetime.datetime(2020, 1, 1)
    with pytime.frozen(clock):
        inside = datetime.datetime.now()
        seen = [
            isinstance(value, kind)
            for value in (outside, inside, Before(2020, 1, 1))
            for kind in (datetime.datetime, datetime.date, REAL['datetime'], REAL['date'])
        ]
        dates = [isinstance(inside.date(), datetime.datetime), isinstance(1, datetime.date)]
        kinds: list[type] = [Before, int]
        classes = [issubclass(kind, datetime.datetime) for kind in kinds]

    assert seen == [True] * 12
    assert (dates, classes) == ([False, False], [True, False])
    assert isinstance(inside, datetime.datetime)


def test_a_class_derived_in_a_run_behaves_in_it_and_afterwards(clock: Clock):
    with pytime.frozen(clock):

        class Moment(datetime.datetime):
            pass

        during = Moment.now(datetime.timezone.utc)
        plain = isinstance(datetime.datetime.now(), Moment)
    afterwards = Moment.now(datetime.timezone.utc)

    assert (type(during), during) == (Moment, START)
    assert isinstance(during, datetime.datetime)
    assert plain is False
    assert type(afterwards) is Moment
    assert afterwards.year == datetime.date.today().year
