from __future__ import annotations

import datetime
import time
from typing import Any

import ops
import pytest

import scenario_pebble as scenario

from .timecharm import KEY, START, container, since_start, state, watcher


def test_two_containers_go_on_together_and_their_events_come_in_order_of_time():
    ctx, seen = watcher()
    slow = {'up': {'override': 'replace', 'period': '7s', 'threshold': 3, 'tcp': {'port': 1}}}
    failing = {'up': scenario.Fail()}
    db = container('db', layers={'base': {'checks': slow}}, outcomes=failing, service_statuses={})
    out = state(container(outcomes=failing), db)
    out = ctx.notify(out, 'db', KEY, at=25)
    out = ctx.pass_check(ctx.pass_check(out, 'db', 'up', at=31), 'web', 'up', at=31)

    ctx.advance(out, 60)

    assert seen == [
        (21, 'db_pebble_check_failed'),
        (25, 'db_pebble_custom_notice'),
        (30, 'web_pebble_check_failed'),
        (35, 'db_pebble_check_recovered'),
        (40, 'web_pebble_check_recovered'),
    ]


def test_what_became_due_during_a_run_comes_first():
    def act(_: Any, event: ops.EventBase) -> None:
        if isinstance(event, ops.StartEvent):
            time.sleep(45)

    ctx, seen = watcher('start', act=act)

    out = ctx.run(ctx.on.start(), state(container(outcomes={'up': scenario.Fail()})))
    assert out.queue == [scenario.QueuedEvent('pebble_check_failed', container='web', check='up')]
    out = ctx.advance(out, 0)

    assert seen == [(0, 'start'), (45, 'web_pebble_check_failed')]
    assert out.queue == []


def test_handlers_take_time_and_change_what_happens_next(caplog: pytest.LogCaptureFixture):
    def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
        web = charm.unit.get_container('web')
        if isinstance(event, ops.PebbleCheckFailedEvent):
            time.sleep(12)
            web.stop('server')
            web.pebble.stop_checks(['up'])

    ctx, seen = watcher(act=act)

    out = ctx.advance(state(container(outcomes={'up': scenario.Fail()})), 35)

    # Stopping a check that is down ends its recovery, which Juju takes for a success.
    assert seen == [(30, 'web_pebble_check_failed'), (42, 'web_pebble_check_recovered')]
    assert since_start(out) == 42
    assert out.get_container('web').get_check_info('up').status is ops.pebble.CheckStatus.INACTIVE
    # What Juju sends is beyond doubt.
    assert not [record for record in caplog.records if record.name == 'scenario_pebble']


def test_a_failing_check_whose_layer_changes_is_said_to_have_recovered():
    def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
        if isinstance(event, ops.PebbleCheckFailedEvent) and not patient:
            patient.append(True)
            checks: Any = {'up': {'override': 'merge', 'threshold': 6}}
            charm.unit.get_container('web').add_layer('patient', {'checks': checks})

    patient: list[bool] = []
    ctx, seen = watcher(act=act)

    ctx.advance(state(container(outcomes={'up': scenario.Fail()})), 100)

    assert seen == [
        (30, 'web_pebble_check_failed'),
        (30, 'web_pebble_check_recovered'),
        (90, 'web_pebble_check_failed'),
    ]


def test_an_event_about_what_is_gone_by_then_comes_all_the_same():
    def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
        if isinstance(event, ops.PebbleCheckRecoveredEvent):
            with pytest.raises(ops.ModelError):
                assert event.info.status
        else:
            charm.unit.get_container('web').pebble.replan_services()

    ctx, seen = watcher(act=act)
    out = ctx.advance(state(container(outcomes={'up': scenario.Fail()})), 40)

    ctx.advance(ctx.restart_container(out, 'web', graceful=True), 10)

    assert seen[-1] == (40, 'web_pebble_check_recovered')


def test_deferred_events_are_emitted_again_at_each_dispatch():
    def act(charm: ops.CharmBase, event: Any) -> None:
        if isinstance(event, ops.StartEvent) and len(emitted) < 3:
            event.defer()
        emitted.append(event.handle.kind)

    emitted: list[str] = []
    ctx, _ = watcher('start', act=act)
    out = ctx.run(ctx.on.start(), state())

    for at in (10, 20, 30):
        out = ctx.notify(out, 'web', KEY, at=at)
    out = ctx.advance(out, 60)

    notice = 'web_pebble_custom_notice'
    assert emitted == ['start', 'start', notice, 'start', notice, notice]
    assert out.deferred == []


def test_a_loop_that_never_settles_ends_with_its_last_rows():
    def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
        charm.unit.get_container('web').pebble.notify(ops.pebble.NoticeType.CUSTOM, KEY)

    ctx, seen = watcher(act=act)

    with pytest.raises(scenario.ScenarioRuntimeError) as caught:
        ctx.advance(ctx.notify(state(), 'web', KEY, at=1), 5, limit=50)

    first, *rows, hint = str(caught.value).split('\n')
    assert first == 'cannot let time pass: 50 events came within an hour'
    assert hint == '  hint: the charm seems to cause these events itself; if not, raise limit'
    assert len(rows) == 20
    assert any('web_pebble_custom_notice' in row for row in rows)
    assert len(seen) == 50


def test_the_limit_is_one_of_each_hour():
    ctx, seen = watcher()

    ctx.advance(ctx.notify(state(), 'web', KEY, at=0, every=1800), 6 * 3600, limit=3)

    assert len(seen) == 13


def test_a_loop_of_slow_handlers_ends_too():
    def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
        time.sleep(600)
        charm.unit.get_container('web').pebble.notify(ops.pebble.NoticeType.CUSTOM, KEY)

    ctx, _ = watcher(act=act)

    with pytest.raises(scenario.ScenarioRuntimeError, match=r'^cannot let time pass: 50 events'):
        ctx.advance(ctx.notify(state(), 'web', KEY, at=1), 5, limit=50)


class TestUntil:
    def test_a_time(self):
        ctx, _ = watcher()

        out = ctx.advance(state(), until=START + datetime.timedelta(minutes=3))

        assert since_start(out) == 180

    def test_a_time_in_another_zone(self):
        ctx, _ = watcher()
        zone = datetime.timezone(datetime.timedelta(hours=2))

        out = ctx.advance(state(), until=datetime.datetime(2026, 1, 1, 2, 1, tzinfo=zone))

        assert since_start(out) == 60

    def test_a_time_that_a_handler_has_overrun(self):
        def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
            time.sleep(100)

        ctx, seen = watcher(act=act)
        out = ctx.notify(ctx.notify(state(), 'web', KEY, at=10), 'web', KEY, at=20)

        for minute in (1, 2, 3, 4, 5):
            until = START + datetime.timedelta(minutes=minute)
            out = ctx.advance(out, until=until)

        assert [at for at, _ in seen] == [10, 110]
        assert since_start(out) == 300

    def test_a_condition(self):
        ctx, _ = watcher()
        out = state(container(outcomes={'up': scenario.Fail()}))

        def is_down(state: scenario.State) -> bool:
            return state.get_container('web').get_check_info('up').failures == 2

        out = ctx.advance(ctx.advance(out, 1), until=is_down)

        assert since_start(out) == 20

    def test_a_condition_that_holds_already_costs_no_time(self):
        ctx, seen = watcher()
        given = state(queue=[scenario.QueuedEvent('config_changed')])

        assert ctx.advance(given, until=lambda _: True) is given
        assert seen == []

    def test_a_condition_that_never_holds(self):
        ctx, _ = watcher()

        with pytest.raises(
            scenario.ScenarioRuntimeError,
            match=r'^cannot wait any longer: 30 days are over, and the condition does not hold',
        ):
            ctx.advance(state(), until=lambda _: False)


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (
            {},
            'cannot let time pass: neither seconds nor until given\n'
            '  hint: ctx.advance(state, 30)',
        ),
        (
            {'seconds': 1, 'until': START},
            'cannot let time pass: both seconds and until given\n  hint: ctx.advance(state, 30)',
        ),
        (
            {'seconds': -1},
            'cannot let -1 seconds pass: time does not go back\n'
            '  hint: an earlier State is still what it was',
        ),
        (
            {'seconds': '10s'},
            "cannot let '10s' pass: not a number of seconds, and no timedelta\n"
            '  hint: ctx.advance(state, 30)',
        ),
        (
            {'seconds': float('nan')},
            'cannot let nan pass: not a number of seconds, and no timedelta\n'
            '  hint: ctx.advance(state, 30)',
        ),
        (
            {'until': 30},
            'cannot let time pass until 30: no time, and no condition on the State\n'
            "  hint: until=lambda state: state.unit_status.name == 'active'",
        ),
        (
            {'until': datetime.datetime(2026, 1, 1)},
            'cannot use datetime.datetime(2026, 1, 1, 0, 0) for until: it has no time zone\n'
            '  hint: datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)',
        ),
    ],
)
def test_what_is_no_stretch_of_time_is_refused(arguments: dict[str, Any], message: str):
    ctx, _ = watcher()

    with pytest.raises((ValueError, scenario.StateValidationError)) as caught:
        ctx.advance(state(), **arguments)

    assert str(caught.value) == message


def test_a_state_without_a_time_starts_when_its_context_was_made():
    ctx, _ = watcher()
    timeless = scenario.State(containers={container()})

    out = ctx.advance(ctx.advance(timeless, 10), datetime.timedelta(seconds=20))

    assert ctx.now_ns(out) - ctx.started_ns == 30 * 10**9


def test_checks_count_their_runs_even_if_nobody_looks():
    ctx, _ = watcher('start')

    out = state()
    for _ in range(6):
        out = ctx.run(ctx.on.start(), ctx.advance(out, 25))

    assert out.get_container('web').get_check_info('up').successes == 15
