"""What waits for something real during a run still times out."""

from __future__ import annotations

import asyncio
import concurrent.futures
import multiprocessing
import queue
import selectors
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import freezegun
import hypothesis
import pytest
from hypothesis import errors, strategies

from scenario_pebble.clock import SECOND_NS, Clock
from scenario_pebble.wire import pytime

START_NS = 1_950_000_000 * SECOND_NS


@pytest.fixture
def clock() -> Clock:
    return Clock(START_NS)


@pytest.fixture(params=['', 'frozen by the test'])
def frozen(request: pytest.FixtureRequest, clock: Clock) -> Iterator[Clock]:
    """A run, without and with a freeze around it."""
    if not request.param:
        with pytime.frozen(clock):
            yield clock
        return
    with freezegun.freeze_time('2020-02-29'), pytime.frozen(clock):
        yield clock


def test_a_process_times_out(frozen: Clock):
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(['sleep', '60'], timeout=0.005, check=False)

    assert time.time_ns() == START_NS


def test_a_process_that_is_waited_for_step_by_step_times_out(frozen: Clock):
    process = subprocess.Popen(['sleep', '60'])

    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.005)

    process.kill()
    process.wait()
    assert time.time_ns() == START_NS


def test_an_event_loop_goes_on(frozen: Clock):
    async def charm_code() -> int:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), timeout=0.002)
        await asyncio.sleep(0.001)
        return time.time_ns()

    assert asyncio.run(charm_code()) == START_NS


def test_a_thread_started_by_an_event_loop_may_sleep(frozen: Clock):
    asyncio.run(asyncio.to_thread(time.sleep, 60))

    assert time.time_ns() == START_NS + 60 * SECOND_NS


def _empty_queue() -> None:
    with pytest.raises(queue.Empty):
        queue.Queue[int]().get(timeout=0.002)
    full = queue.Queue[int](1)
    full.put(1)
    with pytest.raises(queue.Full):
        full.put(2, timeout=0.002)


def _unset_event() -> None:
    assert not threading.Event().wait(0.002)
    condition = threading.Condition()
    with condition:
        assert not condition.wait_for(lambda: False, timeout=0.002)


def _unfinished_future() -> None:
    future = concurrent.futures.Future[int]()
    with pytest.raises(concurrent.futures.TimeoutError):
        future.result(timeout=0.002)
    with pytest.raises(concurrent.futures.TimeoutError):
        list(concurrent.futures.as_completed([future], timeout=0.002))


def _silent_pipe() -> None:
    here, there = multiprocessing.Pipe()
    with here, there:
        assert not here.poll(0.002)


def _silent_socket() -> None:
    with socketserver.TCPServer(('127.0.0.1', 0), socketserver.BaseRequestHandler) as server:
        server.timeout = 0.002
        server.handle_request()
    with selectors.DefaultSelector() as selector:
        assert selector.select(0.002) == []


@pytest.mark.parametrize(
    'wait', [_empty_queue, _unset_event, _unfinished_future, _silent_pipe, _silent_socket]
)
def test_waiting_in_vain_ends(frozen: Clock, wait: Callable[[], None]):
    wait()

    assert time.time_ns() == START_NS


def test_a_deadline_of_hypothesis_holds_around_a_run(clock: Clock):
    @hypothesis.settings(deadline=2, database=None, max_examples=1)
    @hypothesis.given(strategies.just(1))
    def takes_long(_: int) -> None:
        with pytime.frozen(clock):
            time.sleep(1)
        began = time.perf_counter()
        while time.perf_counter() < began + 0.003:
            pass

    with pytest.raises(errors.DeadlineExceeded):
        takes_long()


def test_a_deadline_of_hypothesis_does_not_count_virtual_time(clock: Clock):
    @hypothesis.settings(deadline=100, database=None, max_examples=1)
    @hypothesis.given(strategies.just(1))
    def sleeps(_: int) -> None:
        with pytime.frozen(clock):
            time.sleep(3_600)

    sleeps()

    assert clock.now_ns > START_NS
