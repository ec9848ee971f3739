"""Who sees a run's time, and what moves it."""

from __future__ import annotations

import datetime
import sys
import threading
import time
from typing import Any

import freezegun.api
import pytest

from scenario_pebble.clock import MILLISECOND_NS, SECOND_NS, Clock
from scenario_pebble.wire import pytime
from tests.unit.wire import charmcode
from tests.unit.wire.clocks import START_NS


@pytest.fixture
def clock() -> Clock:
    return Clock(START_NS)


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
