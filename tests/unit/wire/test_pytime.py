"""Python's own clocks during a run."""

from __future__ import annotations

import calendar
import copyreg
import datetime
import math
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import freezegun.api
import pytest

from scenario_pebble import wire
from scenario_pebble.clock import MILLISECOND_NS, SECOND_NS, Clock
from scenario_pebble.frozen import FrozenDict, FrozenList
from scenario_pebble.wire import pytime
from tests.unit.wire import charmcode

START = datetime.datetime(2031, 7, 5, 22, 30, 15, 123456, tzinfo=datetime.timezone.utc)
START_NS = calendar.timegm(START.timetuple()) * SECOND_NS + 123_456_789

REAL: dict[str, Any] = {
    name: getattr(module, name)
    for module, names in (
        (time, 'time time_ns monotonic monotonic_ns perf_counter perf_counter_ns'),
        (time, 'localtime gmtime strftime ctime asctime sleep'),
        (datetime, 'datetime date'),
    )
    for name in names.split()
}


def installed() -> dict[str, Any]:
    """What Python's names stand for now."""
    return {name: getattr(time, name, getattr(datetime, name, None)) for name in REAL}


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


class Alarm:
    """Something that is due once."""

    def __init__(self, clock: Clock, due_ns: int):
        self._clock = clock
        self._due_ns: int | None = due_ns
        self.fired_ns: int | None = None

    def next_due_ns(self) -> int | None:
        return self._due_ns

    def fire(self) -> None:
        self._due_ns, self.fired_ns = None, self._clock.now_ns


# What the clocks show.


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


# Time zones.


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


# Sleeping.


def test_sleep_moves_the_clock_and_does_not_wait(clock: Clock):
    began = time.monotonic()

    with pytime.frozen(clock):
        time.sleep(86_400)
        charmcode.nap(0.25)
        time.sleep(Two())

    assert clock.now_ns == START_NS + 86_402 * SECOND_NS + 250 * MILLISECOND_NS
    assert time.monotonic() - began < 10


class Two:
    def __index__(self) -> int:
        return 2


def test_what_is_due_during_a_sleep_happens_at_its_time(clock: Clock):
    alarm = Alarm(clock, START_NS + 5)
    clock.attach(alarm)

    with pytime.frozen(clock):
        time.sleep(1)

    assert (alarm.fired_ns, clock.now_ns) == (START_NS + 5, START_NS + SECOND_NS)


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


def test_threads_that_the_charm_starts_move_the_clock(clock: Clock):
    with pytime.frozen(clock):
        thread = threading.Thread(target=lambda: charmcode.nap(60))
        thread.start()
        thread.join()

    assert clock.now_ns == START_NS + 60 * SECOND_NS


def test_a_thread_may_run_sleep_itself(clock: Clock):
    with pytime.frozen(clock):
        thread = threading.Thread(target=time.sleep, args=(60,))
        thread.start()
        thread.join()

    assert clock.now_ns == START_NS + 60 * SECOND_NS


def test_waiting_for_a_thread_in_a_loop_lets_it_run(clock: Clock):
    ask, switch_interval = threading.Event(), sys.getswitchinterval()
    sys.setswitchinterval(0.02)
    with pytime.frozen(clock):
        thread = threading.Thread(target=ask.wait)
        thread.start()
        ask.set()
        while thread.is_alive():
            time.sleep(1)
    sys.setswitchinterval(switch_interval)

    assert clock.now_ns < START_NS + 1_000 * SECOND_NS


def test_threads_that_were_there_before_keep_real_time(clock: Clock):
    ask, answer = threading.Event(), threading.Event()
    seen: list[Any] = []

    def bystander() -> None:
        ask.wait()
        time.sleep(0.001)
        seen.extend([time.time(), datetime.datetime.now(), datetime.date.today()])
        seen.append(freezegun.api.FakeDatetime.utcnow())
        answer.set()

    thread = threading.Thread(target=bystander)
    thread.start()
    before = time.time()
    with pytime.frozen(clock):
        ask.set()
        answer.wait()
        charm_sees = time.time_ns()
    thread.join()

    assert before <= seen[0] <= time.time()
    assert all(moment.year == datetime.date.today().year for moment in seen[1:])
    assert charm_sees == clock.now_ns == START_NS


@pytest.mark.parametrize(
    ('name', 'keeps'),
    [
        ('_pytest.runner', True),
        ('prompt_toolkit.clock', True),  # freezegun leaves it alone
        ('scenario_pebble.wire.server', True),
        ('trio', True),
        ('trio_charm', False),
        (None, False),
    ],
)
def test_modules_that_wait_for_something_real_keep_real_time(
    clock: Clock, name: str | None, keeps: bool
):
    names: dict[str, Any] = {'__name__': name, 'time': time}

    with pytime.frozen(clock):
        exec('now = time.time_ns()', names)

    assert (names['now'] != START_NS) is keeps


# A loop that waits for a time without sleeping.


def test_a_loop_that_polls_the_clock_ends(clock: Clock):
    reads = 0
    with pytime.frozen(clock):
        deadline = time.monotonic() + 0.5
        while time.monotonic() < deadline:
            reads += 1

    assert 1_000 < reads < 1_600
    assert clock.now_ns == START_NS + 500 * MILLISECOND_NS


def test_after_a_thousand_reads_each_further_one_moves_a_millisecond(clock: Clock):
    with pytime.frozen(clock):
        reads = [time.time_ns() - START_NS for _ in range(1_003)]

    assert reads[:1_000] == [0] * 1_000
    assert reads[1_000:] == [n * MILLISECOND_NS for n in (1, 2, 3)]


def test_reads_count_from_when_the_clock_last_moved(clock: Clock):
    with pytime.frozen(clock):
        for _ in range(5):
            for _ in range(600):
                datetime.datetime.now()
            clock.advance(1)

    assert clock.now_ns == START_NS + 5


# Nothing fake leaves a run.


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


# Where the fakes are put.


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


def test_a_test_may_patch_a_clock_before_freezegun_is_loaded(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    with pytime.frozen(clock):
        pass
    for name in [*sys.modules]:
        if name.startswith(('freezegun', 'scenario_pebble.wire.pytime')):
            monkeypatch.delitem(sys.modules, name)
    for name in ('pytimefakes', 'pytimeplaces'):
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
