from __future__ import annotations

import datetime
import time
from typing import Any

import ops
import pytest

import scenario_pebble as scenario

from .timecharm import KEY, START, container, since_start, state, watcher


def test_what_is_scheduled_happens_at_its_time():
    ctx, seen = watcher()
    schedule = [
        scenario.FailCheck('web', 'up', at=15),
        scenario.PassCheck('web', 'up', at=95),
        scenario.Notify('web', KEY, at=100.5),
        scenario.RestartContainer('web', at=200),
    ]

    out = ctx.advance(state(schedule=schedule), 300)

    assert seen == [
        (40, 'web_pebble_check_failed'),
        (100, 'web_pebble_check_recovered'),
        (100.5, 'web_pebble_custom_notice'),
        (200, 'web_pebble_ready'),
    ]
    assert out.schedule == []


def test_seconds_count_from_the_states_own_time_and_become_a_time_when_it_is_run():
    ctx, _ = watcher()
    notify = scenario.Notify('web', KEY, at=30)

    out = ctx.advance(state(schedule=[notify]), 10)

    assert out.schedule == [scenario.Notify('web', KEY, at=START + datetime.timedelta(seconds=30))]


def test_what_is_due_at_once_has_happened_when_the_charm_runs():
    def act(charm: Any, _: Any) -> None:
        answers.append(charm.unit.get_container('web').can_connect())

    answers: list[bool] = []
    ctx, _ = watcher('start', act=act)

    out = ctx.run(ctx.on.start(), state(schedule=[scenario.Disconnect('web')]))

    assert answers == [False]
    assert not out.get_container('web').can_connect
    assert out.schedule == []


def test_it_happens_again_after_so_many_seconds():
    ctx, seen = watcher()

    out = ctx.notify(state(), 'web', KEY, at=10, every=60)
    out = ctx.advance(out, 200)

    assert [at for at, _ in seen] == [10, 70, 130, 190]
    assert [s.at for s in out.schedule] == [START + datetime.timedelta(seconds=250)]


def test_a_check_that_flaps_is_reported_each_time():
    ctx, seen = watcher()
    out = ctx.fail_check(state(), 'web', 'up', at=5, every=120)
    out = ctx.pass_check(out, 'web', 'up', at=65, every=120)

    ctx.advance(out, 300)

    assert seen == [
        (30, 'web_pebble_check_failed'),
        (70, 'web_pebble_check_recovered'),
        (150, 'web_pebble_check_failed'),
        (190, 'web_pebble_check_recovered'),
        (270, 'web_pebble_check_failed'),
    ]


def test_a_time_may_be_given_in_three_ways():
    ctx, seen = watcher()
    out = ctx.notify(state(), 'web', KEY, at=1)
    out = ctx.notify(out, 'web', KEY, at=datetime.timedelta(seconds=2))
    out = ctx.notify(out, 'web', KEY, at=START + datetime.timedelta(seconds=3))

    ctx.advance(out, 5)

    assert [at for at, _ in seen] == [1, 2, 3]


def test_the_connection_may_be_lost_and_regained_while_a_handler_sleeps():
    def act(charm: ops.CharmBase, _: Any) -> None:
        web = charm.unit.get_container('web')
        for _ in range(3):
            answers.append(web.can_connect())
            time.sleep(10)

    answers: list[bool] = []
    ctx, _ = watcher('start', act=act)
    schedule = [scenario.Disconnect('web', at=5), scenario.Connect('web', at=15)]

    ctx.run(ctx.on.start(), state(schedule=schedule))

    assert answers == [True, False, True]


@pytest.mark.parametrize(
    'loss', [scenario.Disconnect, scenario.RestartContainer, scenario.ReplaceContainer]
)
def test_a_request_that_waits_is_cut_off(loss: type[scenario.Stimulus]):
    def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
        if isinstance(event, ops.StartEvent):
            with pytest.raises(ops.pebble.ConnectionError):
                charm.unit.get_container('web').restart('server')
            ended.append(time.time() - START.timestamp())

    ended: list[float] = []
    ctx, _ = watcher('start', act=act)
    slow = scenario.Program(signals={'SIGTERM': scenario.OnSignal(0, after=4)})
    web = container(programs={'server': slow})

    ctx.run(ctx.on.start(), state(web, schedule=[loss('web', at=2)]))

    assert ended == [2]


def test_a_command_that_runs_is_cut_off_too():
    def act(charm: ops.CharmBase, _: ops.EventBase) -> None:
        process = charm.unit.get_container('web').exec(['backup'])
        with pytest.raises(ops.pebble.ConnectionError):
            process.wait()
        ended.append(time.time() - START.timestamp())

    ended: list[float] = []
    ctx, _ = watcher('start', act=act)
    web = container(execs={scenario.Exec(['backup'], duration=60)})

    ctx.run(ctx.on.start(), state(web, schedule=[scenario.Disconnect('web', at=20)]))

    assert ended == [20]


def test_what_a_lost_connection_hid_is_told_once_it_is_back():
    ctx, seen = watcher()
    schedule = [
        scenario.Disconnect('web', at=1),
        scenario.Notify('web', KEY, at=5),
        scenario.FailCheck('web', 'up', at=5),
        scenario.Connect('web', at=60),
    ]

    ctx.advance(state(schedule=schedule), 100)

    assert seen == [(60, 'web_pebble_custom_notice'), (60, 'web_pebble_check_failed')]


def test_it_is_told_once():
    ctx, seen = watcher()
    out = state(schedule=[scenario.Disconnect('web'), scenario.Notify('web', KEY, at=5)])
    out = ctx.advance(ctx.advance(out, 60), 1)

    out = ctx.connect(ctx.connect(out, 'web'), 'web')
    ctx.advance(ctx.advance(out, 1), 1)

    assert [name for _, name in seen] == ['web_pebble_custom_notice']


def test_a_service_that_does_not_run_does_not_crash():
    ctx, _ = watcher()
    web = container(service_statuses={'server': 'inactive'})

    out = ctx.crash_service(state(web), 'web', 'server', at=5)
    out = ctx.advance(out, 10)

    assert not out.get_container('web').services['server'].is_running()


def test_a_check_may_be_decided_on_before_there_is_one():
    def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
        if isinstance(event, ops.StartEvent):
            charm.unit.get_container('db').add_layer('later', LAYER)

    ctx, seen = watcher('start', act=act)
    db = scenario.Container('db', can_connect=True)

    out = ctx.advance(ctx.fail_check(state(db), 'db', 'later', at=1), 2)
    ctx.advance(ctx.run(ctx.on.start(), out), 30)

    assert seen == [(2, 'start'), (32, 'db_pebble_check_failed')]


LAYER: Any = {
    'checks': {'later': {'override': 'replace', 'exec': {'command': 'x'}, 'period': '10s'}}
}


def test_a_container_that_the_state_lacks_is_named():
    ctx, _ = watcher('start')
    wrong = state(schedule=[scenario.Disconnect('wob', at=1)])

    with pytest.raises(scenario.InconsistentScenarioError) as caught:
        ctx.run(ctx.on.start(), wrong)

    assert str(caught.value) == (
        "cannot use .schedule[0]: the State has no container 'wob'\n"
        "  it has: 'web'\n"
        "  hint: did you mean 'web'?"
    )


def test_a_notice_that_pebble_refuses_is_the_tests_mistake_not_the_charms():
    def act(_: Any, event: ops.EventBase) -> None:
        if isinstance(event, ops.StartEvent):
            time.sleep(5)

    message = (
        r'^cannot record notice \'no\': invalid key "no" \(must be in "example.com/path" format\)'
    )
    ctx, _ = watcher('start', act=act)
    wrong = state(schedule=[scenario.Notify('web', 'no', at=1)])

    with pytest.raises(scenario.StateValidationError, match=message):
        ctx.run(ctx.on.start(), wrong)
    with pytest.raises(scenario.StateValidationError, match=message):
        ctx.advance(wrong, 5)


@pytest.mark.parametrize('at', [True, '10s', None])
def test_what_is_no_time_is_refused(at: Any):
    with pytest.raises(scenario.StateValidationError) as caught:
        scenario.Disconnect('web', at=at)

    assert str(caught.value) == (
        f'cannot use {at!r} for Disconnect.at: '
        f'its type is {type(at).__name__}, not float or timedelta or datetime\n'
        '  hint: Disconnect(at=1.5)'
    )


@pytest.mark.parametrize('at', [-1, float('nan'), float('inf')])
def test_a_time_that_can_not_come_is_refused(at: float):
    with pytest.raises(scenario.StateValidationError) as caught:
        scenario.Disconnect('web', at=at)

    assert str(caught.value) == (
        f'cannot use {at!r} for Disconnect.at: it is not in 0 to 1e10 seconds\n'
        '  hint: Disconnect(at=1.5)'
    )


def test_what_repeats_does_not_catch_up_with_what_was_before_the_state():
    ctx, seen = watcher()
    long_ago = START - datetime.timedelta(days=365 * 5, seconds=20)

    ctx.advance(ctx.notify(state(), 'web', KEY, at=long_ago, every=60), 120)

    assert seen == [(40, 'web_pebble_custom_notice'), (100, 'web_pebble_custom_notice')]


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(scenario.StateValidationError, match=r'^cannot use .* for at: it has no'):
        scenario.Disconnect('web', at=datetime.datetime(2026, 1, 1))


@pytest.mark.parametrize('every', [0, -1])
def test_a_period_that_time_can_not_take_is_refused(every: float):
    with pytest.raises(scenario.StateValidationError) as caught:
        scenario.Disconnect('web', every=every)

    assert str(caught.value) == (
        f'cannot repeat something every {every!r} seconds: it is not in 0.001 to 1e10\n'
        '  hint: every=600'
    )


@pytest.mark.parametrize('every', [True, 'hour'])
def test_what_is_no_period_is_refused(every: Any):
    with pytest.raises(scenario.StateValidationError) as caught:
        scenario.Disconnect('web', every=every)

    assert str(caught.value) == (
        f'cannot use {every!r} for Disconnect.every: '
        f'its type is {type(every).__name__}, not float or timedelta or None\n'
        '  hint: Disconnect(every=1.5)'
    )


def test_a_duration_may_be_a_timedelta():
    minute = datetime.timedelta(minutes=1)

    assert scenario.Connect('web', at=minute, every=minute) == scenario.Connect(
        'web', at=60, every=60
    )
    assert scenario.Notify('web', 'a.b/c', repeat_after=minute).repeat_after == 60


def test_a_state_with_a_schedule_knows_its_time():
    ctx, _ = watcher('start')

    out = ctx.run(ctx.on.start(), state(schedule=[scenario.Disconnect('web', at=1)]))

    assert since_start(out) == 0
