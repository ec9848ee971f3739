from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

import ops
import pytest

import scenario_pebble as scenario

from .timecharm import KEY, container, since_start, state, watcher


def test_a_notice_is_handled_at_once():
    def act(_: Any, event: Any) -> None:
        data.append(event.notice.last_data)

    data: list[dict[str, str]] = []
    ctx, seen = watcher(act=act)

    out = ctx.notify(state(), 'web', KEY, data={'path': '/a'})

    assert seen == [(0, 'web_pebble_custom_notice')]
    assert data == [{'path': '/a'}]
    assert [notice.key for notice in out.get_container('web').notices] == [KEY]


@pytest.mark.parametrize('repeat_after', [3600, datetime.timedelta(hours=1)])
def test_within_its_repeat_after_a_notice_is_no_event(repeat_after: Any):
    ctx, seen = watcher()

    out = state()
    for _ in range(4):
        out = ctx.notify(out, 'web', KEY, repeat_after=repeat_after)
        out = ctx.advance(out, 25 * 60)

    assert [at for at, _ in seen] == [0, 4500]
    [notice] = out.get_container('web').notices
    assert notice.occurrences == 4


def test_a_notice_that_pebble_refuses_is_an_error():
    ctx, _ = watcher()

    with pytest.raises(
        scenario.StateValidationError,
        match=r'^cannot record notice \'no\': invalid key "no" '
        r'\(must be in "example.com/path" format\)\n'
        r"  hint: Notify\('web', 'example.com/path'\)$",
    ):
        ctx.notify(state(), 'web', 'no')


def test_a_check_fails_from_now_on_and_passes_from_now_on():
    ctx, seen = watcher()

    out = ctx.advance(ctx.fail_check(state(), 'web', 'up', error='HTTP 503'), 100)
    ctx.advance(ctx.pass_check(out, 'web', 'up'), 100)

    assert seen == [(30, 'web_pebble_check_failed'), (110, 'web_pebble_check_recovered')]
    [down] = [row.text for row in ctx.timeline.filter(kind='check') if 'down' in row.text]
    assert down == 'failure 3/3 → down: HTTP 503'


@pytest.mark.parametrize('verb', ['fail_check', 'pass_check'])
def test_a_check_that_is_not_there_is_named(verb: str):
    ctx, _ = watcher()

    with pytest.raises(scenario.InconsistentScenarioError) as caught:
        getattr(ctx, verb)(state(), 'web', 'upp')

    assert str(caught.value) == (
        "cannot decide on check 'upp': container 'web' has no such check\n"
        "  it has: 'up'\n"
        "  hint: did you mean 'up'?"
    )


def test_a_crashed_service_is_restarted_after_its_backoff():
    ctx, _ = watcher()

    out = ctx.crash_service(state(), 'web', 'server', exit_code=3)
    assert out.get_container('web').service_statuses == {'server': 'backoff'}

    out = ctx.advance(out, 1)
    assert out.get_container('web').services['server'].is_running()
    assert ctx.timeline.services('web', 'server') == [
        'active → backoff (exit 3)',
        'backoff → active (restarted)',
    ]


def test_a_service_that_does_not_run_can_not_crash_now():
    ctx, _ = watcher()

    with pytest.raises(scenario.InconsistentScenarioError) as caught:
        ctx.crash_service(state(), 'web', 'worker')

    assert str(caught.value) == (
        "cannot crash service 'worker': it does not run in container 'web'\n  running: 'server'\n"
        '  hint: has the charm started it?'
    )


def test_a_lost_connection_is_no_restart():
    ctx, seen = watcher()

    out = ctx.disconnect(state(), 'web')
    assert not out.get_container('web').can_connect
    out = ctx.connect(ctx.advance(out, 60), 'web')

    assert out.get_container('web').can_connect
    assert out.get_container('web').services['server'].is_running()
    assert seen == []


@pytest.mark.parametrize('check', [False, True])
@pytest.mark.parametrize('later', [0, 60])
def test_what_was_missed_is_told_once_the_connection_is_back(check: bool, later: float):
    ctx, seen = watcher()

    out = ctx.advance(ctx.disconnect(state(), 'web'), 1)
    out = ctx.fail_check(out, 'web', 'up') if check else ctx.notify(out, 'web', KEY)
    out = ctx.advance(out, 60)
    assert seen == []
    assert not out.queue
    out = ctx.advance(ctx.connect(out, 'web', at=later or None), 2 * later)

    told = 'web_pebble_check_failed' if check else 'web_pebble_custom_notice'
    assert seen == [(61 + later, told)]
    assert not out.queue


def test_what_was_missed_is_queued_where_a_test_makes_the_connection_itself():
    ctx, _ = watcher()

    out = ctx.notify(ctx.disconnect(state(), 'web'), 'web', KEY)
    web = dataclasses.replace(out.get_container('web'), can_connect=True)
    out = ctx.run(ctx.on.update_status(), out.with_container(web))

    assert [event.kind for event in out.queue] == ['pebble_custom_notice']


FILES = {'/etc/app.conf': 'from the image'}


@pytest.fixture
def used() -> scenario.State:
    """A container that has been used: it has another layer, other files, a notice and a change."""
    web = container(
        image=FILES,
        files={'/etc/app.conf': 'changed', '/tmp/x': 'x'},
        notices=[scenario.Notice(KEY)],
    )
    return state(web)


def use(charm: ops.CharmBase, event: ops.EventBase) -> None:
    if isinstance(event, ops.StartEvent):
        charm.unit.get_container('web').restart('server')


def test_a_restarted_container_keeps_its_notices_and_changes(used: scenario.State):
    def look(charm: ops.CharmBase, event: ops.EventBase) -> None:
        use(charm, event)
        everything = ops.pebble.ChangeState.ALL
        changes.append(len(charm.unit.get_container('web').pebble.get_changes(everything)))

    changes: list[int] = []
    ctx, seen = watcher('start', act=look)

    out = ctx.restart_container(ctx.run(ctx.on.start(), used), 'web')

    assert seen == [(0, 'start'), (1, 'web_pebble_ready')]
    web = out.get_container('web')
    assert (web.layers, web.service_statuses) == ({}, {})
    assert web.files == scenario.FileTree.from_mapping(FILES)
    assert web.notices == used.get_container('web').notices
    assert changes[1] >= changes[0]


def test_a_replaced_container_keeps_nothing(used: scenario.State):
    def look(charm: ops.CharmBase, event: ops.EventBase) -> None:
        use(charm, event)
        everything = ops.pebble.ChangeState.ALL
        changes.append(len(charm.unit.get_container('web').pebble.get_changes(everything)))

    changes: list[int] = []
    ctx, seen = watcher('start', act=look)

    out = ctx.replace_container(ctx.run(ctx.on.start(), used), 'web')

    assert seen == [(0, 'start'), (1, 'web_pebble_ready')]
    web = out.get_container('web')
    assert (web.layers, web.service_statuses, web.notices) == ({}, {}, [])
    assert web.files == scenario.FileTree.from_mapping(FILES)
    assert changes[1] == 0


def test_a_graceful_restart_lets_the_services_stop_first():
    ctx, seen = watcher()
    slow = scenario.Program(signals={'SIGTERM': scenario.OnSignal(0, after=3)})
    out = state(container(programs={'server': slow}))

    out = ctx.restart_container(out, 'web', graceful=True)
    assert seen == []
    out = ctx.advance(out, 10)

    assert seen == [(3, 'web_pebble_ready')]
    assert ctx.timeline.services('web', 'server') == [
        'active → inactive',
        'inactive (exit 0)',
    ]
    assert since_start(out) == 10


def test_a_container_that_is_killed_stops_nothing():
    ctx, seen = watcher()
    slow = scenario.Program(signals={'SIGTERM': scenario.OnSignal(0, after=3)})

    ctx.restart_container(state(container(programs={'server': slow})), 'web')

    assert seen == [(0, 'web_pebble_ready')]
    assert ctx.timeline.services('web', 'server') == []


def test_a_container_that_the_state_lacks_is_named():
    ctx, _ = watcher()

    with pytest.raises(scenario.InconsistentScenarioError) as caught:
        ctx.disconnect(state(), 'wbe')

    assert str(caught.value) == (
        "cannot find container 'wbe': the State has no such container\n"
        "  it has: 'web'\n"
        "  hint: did you mean 'web'?"
    )


@pytest.mark.parametrize(
    ('stimulus', 'message'),
    [
        (
            lambda: scenario.Disconnect(scenario.Container('web')),  # pyright: ignore
            "cannot use Container(name='web') for Disconnect.container: its type is "
            'Container, not str\n'
            "  hint: give its name, 'web'",
        ),
        (
            lambda: scenario.FailCheck('web', None),  # pyright: ignore
            'cannot use None for FailCheck.check: its type is NoneType, not str\n'
            "  hint: FailCheck(check='…')",
        ),
        (
            lambda: scenario.Notify('web', KEY, data={'n': 1}),  # pyright: ignore
            "cannot use 1 for Notify.data['n']: its type is int, not str\n"
            "  hint: Notify(data={'…': '…'})",
        ),
        (
            lambda: scenario.CrashService('web', 'server', exit_code=-9),
            'cannot use -9 for CrashService.exit_code: it is not in 0 to 255\n'
            '  hint: 128 + N if signal N ends it',
        ),
        (
            lambda: scenario.Connect('web', every=1e-9),
            'cannot repeat something every 1e-09 seconds: it is not in 0.001 to 1e10\n'
            '  hint: every=600',
        ),
        (
            lambda: scenario.Notify('web', KEY, repeat_after=-1),
            'cannot use -1 for Notify.repeat_after: it is not in 0 to 1e10 seconds\n'
            '  hint: Notify(repeat_after=1.5)',
        ),
        (
            lambda: scenario.Connect('web', at=1e30),
            'cannot use 1e+30 for Connect.at: it is not in 0 to 1e10 seconds\n'
            '  hint: Connect(at=1.5)',
        ),
    ],
)
def test_a_stimulus_that_can_not_be_is_refused(stimulus: Callable[[], object], message: str):
    with pytest.raises(scenario.StateValidationError) as caught:
        stimulus()

    assert str(caught.value) == message


def test_what_is_no_state_is_refused():
    ctx, _ = watcher()
    nothing: Any = None

    with pytest.raises(TypeError, match=r'^cannot use None for state of restart_container\(\): '):
        ctx.restart_container(nothing, 'web')
    with pytest.raises(TypeError, match=r'^cannot start from None: it is no State\n'):
        ctx.advance(nothing, 30)


def test_what_the_test_did_is_in_the_timeline():
    ctx, _ = watcher()

    out = ctx.fail_check(state(), 'web', 'up')
    out = ctx.notify(out, 'web', KEY, at=5)
    ctx.restart_container(ctx.advance(out, 10), 'web')

    rows = ctx.timeline.filter(kind='stimulus')
    assert [row.subject for row in rows] == ['FailCheck up', f'Notify {KEY}', 'RestartContainer']
