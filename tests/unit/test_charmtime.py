"""The charm sees the time that Pebble sees."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from datetime import datetime as imported_datetime
from time import monotonic as imported_monotonic, time as imported_time
from typing import Any

import _pytest.timing
import freezegun
import ops
import pytest

import scenario_pebble as scenario

from .timecharm import START, container, since_start, state, watcher

UTC = datetime.timezone.utc


def at_start(act: Callable[[ops.CharmBase], Any], **settings: Any) -> scenario.State:
    """What comes of a charm that does this when it starts."""

    def on_event(charm: ops.CharmBase, event: ops.EventBase) -> None:
        if isinstance(event, ops.StartEvent):
            act(charm)

    ctx, _ = watcher('start', act=on_event, **settings)
    return ctx.run(ctx.on.start(), state())


def test_all_clocks_show_the_time_of_the_state():
    def act(_: ops.CharmBase) -> None:
        clocks.extend((time.time(), imported_time()))
        clocks.extend(d.now(UTC).timestamp() for d in (datetime.datetime, imported_datetime))

    clocks: list[float] = []
    at_start(act)

    assert clocks == [START.timestamp()] * 4


def test_sleeping_for_what_never_comes_ends():
    def act(charm: ops.CharmBase) -> None:
        while True:
            time.sleep(1)

    with pytest.raises(
        scenario.ScenarioRuntimeError,
        match=r'^cannot let the charm sleep: it has slept 100,000 times in this event, '
        r'27\.8 hours in all\n'
        r'  hint: what it waits for does not come; does its loop have an end\?$',
    ):
        at_start(act)


def test_sleeping_moves_the_clocks_and_pebble():
    def act(charm: ops.CharmBase) -> None:
        began, counted = imported_monotonic(), time.perf_counter()
        charm.unit.get_container('web').pebble.start_checks(['up'])
        time.sleep(25)
        info = charm.unit.get_container('web').get_check('up')
        seen.extend((imported_monotonic() - began, time.perf_counter() - counted, info.successes))

    seen: list[Any] = []
    out = at_start(act)

    assert seen == [25, 25, 2]
    assert since_start(out) == 25


def test_a_charm_may_poll_until_a_deadline():
    def act(charm: ops.CharmBase) -> None:
        deadline = time.time() + 30
        while time.time() < deadline:
            if not charm.unit.get_container('web').get_service('server').is_running():
                break
            time.sleep(1)
        ended.append(time.time() - START.timestamp())

    ended: list[float] = []
    ctx, _ = watcher('start', act=lambda charm, _: act(charm))
    web = container(programs={'server': scenario.Program(exit_after=7.5, exit_code=1)})

    ctx.run(ctx.on.start(), state(web))
    ctx.run(ctx.on.start(), state())

    assert ended == [8, 30]


def test_a_thread_of_the_charm_may_sleep():
    def act(_: ops.CharmBase) -> None:
        thread = threading.Thread(target=time.sleep, args=(90,))
        thread.start()
        thread.join()

    assert since_start(at_start(act)) == 90


def test_the_switch_leaves_the_clocks_alone():
    def act(_: ops.CharmBase) -> None:
        began.append(time.time())
        time.sleep(0.01)
        began.append(time.time())

    began: list[float] = []
    before = time.time()
    out = at_start(act, real_time=True)

    assert before <= began[0] <= began[1] - 0.01
    assert since_start(out) == 0


def test_after_a_run_time_is_real():
    at_start(lambda _: time.sleep(10))

    assert datetime.datetime.now(UTC) > START + datetime.timedelta(days=1)


def test_pytest_measures_real_time():
    def act(_: ops.CharmBase) -> None:
        time.sleep(3600)
        during.append(_pytest.timing.perf_counter())

    during: list[float] = []
    began = _pytest.timing.perf_counter()
    at_start(act)

    assert began <= during[0] <= _pytest.timing.perf_counter() < began + 60


class TestUnderAFreeze:
    """A test may have frozen time itself."""

    NOW = datetime.datetime(2030, 5, 6, 7, tzinfo=UTC)

    @pytest.fixture(autouse=True)
    def _frozen(self):
        with freezegun.freeze_time(self.NOW):
            yield

    def test_a_state_without_a_time_starts_at_the_frozen_one(self):
        def act(_: Any, __: Any) -> None:
            seen.append(datetime.datetime.now(UTC))

        seen: list[datetime.datetime] = []
        ctx, _ = watcher('start', act=act)

        out = ctx.run(ctx.on.start(), scenario.State(containers={container()}))

        assert seen == [self.NOW]
        assert ctx.now_ns(ctx.advance(out, 5)) == (self.NOW.timestamp() + 5) * 10**9

    def test_no_fake_time_stays_in_a_state(self):
        now = datetime.datetime.now(UTC)
        notice = scenario.Notice('a.b/c', first_occurred=now)
        later = now + datetime.timedelta(seconds=9)
        ctx, _ = watcher('start')

        out = ctx.run(
            ctx.on.start(),
            scenario.State(
                time=now,
                containers={scenario.Container('web', notices=[notice])},
                secrets={scenario.Secret({'a': 'b'}, id='secret:x', expire=now)},
                queue=[scenario.QueuedEvent('config_changed', at=later)],
                schedule=[scenario.Disconnect('web', at=later)],
            ),
        )

        times = (
            out.time,
            out.get_container('web').notices[0].first_occurred,
            out.get_secret(id='secret:x').expire,
            out.queue[0].at,
            out.schedule[0].at,
        )
        assert {type(each) for each in times} == {type(START)}
        assert scenario.State.from_json(out.to_json()) == out
