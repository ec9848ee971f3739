"""The snippets of the section "Control and monitor services"."""

from __future__ import annotations

import ops
import pytest
from ops import pebble

import scenario_pebble as scenario

from .src import mysql
from .src.reload import ReloadCharm
from .src.snappass import SnappassTestCharm

MYSQL = pebble.Layer(
    {'services': {'mysql': {'override': 'replace', 'command': 'mysqld', 'startup': 'disabled'}}}
)


def container(status: pebble.ServiceStatus, **arguments: scenario.Program) -> scenario.Container:
    """A container with MySQL in its plan."""
    return scenario.Container(
        'main',
        can_connect=True,
        layers={'mysql': MYSQL},
        service_statuses={'mysql': status},
        programs=arguments,
    )


@pytest.fixture(autouse=True)
def _no_backups():
    mysql.backups.clear()


def test_replan_starts_an_enabled_service():
    ctx = scenario.Context(SnappassTestCharm)
    snappass = scenario.Container('snappass', can_connect=True)

    state = ctx.run(ctx.on.pebble_ready(snappass), scenario.State(containers={snappass}))

    assert state.get_container('snappass').services['snappass'].is_running()
    assert state.unit_status == ops.ActiveStatus()


def test_pebble_ready_starts_the_service():
    ctx = scenario.Context(mysql.MyCharm)
    main = container(pebble.ServiceStatus.INACTIVE)

    state = ctx.run(ctx.on.pebble_ready(main), scenario.State(containers={main}))

    assert state.get_container('main').services['mysql'].is_running()


def test_starting_a_service_takes_a_second():
    ctx = scenario.Context(mysql.MyCharm)
    main = container(pebble.ServiceStatus.INACTIVE)

    ctx.run(ctx.on.pebble_ready(main), scenario.State(containers={main}))

    began, *_, ended = (row.at_ns for row in ctx.timeline)
    assert ended - began == 1_000_000_000


def test_a_service_that_exits_within_a_second_fails_to_start_and_is_tried_again():
    ctx = scenario.Context(mysql.MyCharm)
    crash = scenario.Program(exit_after=0.3, exit_code=1, stderr='no data directory')
    main = container(pebble.ServiceStatus.INACTIVE, mysql=crash)

    with pytest.raises(scenario.errors.UncaughtCharmError) as failure:
        ctx.run(ctx.on.pebble_ready(main), scenario.State(containers={main}))

    change_error = failure.value.__cause__
    assert isinstance(change_error, pebble.ChangeError)
    assert change_error.err == (
        'cannot perform the following tasks:\n'
        '- Start service "mysql" (service start attempt: exited quickly with code 1, will restart)'
    )
    # The document says that the service stays stopped; the daemon restarts it after a while.
    (_, exited) = ctx.timeline.filter(kind='service', subject='mysql')
    assert exited.text == 'active → backoff (exit 1)'


def test_the_backup_stops_and_starts_the_service():
    ctx = scenario.Context(mysql.MyCharm)
    main = container(pebble.ServiceStatus.ACTIVE)

    state = ctx.run(ctx.on.action('backup'), scenario.State(containers={main}))

    assert mysql.backups == ['mysql']
    assert state.get_container('main').services['mysql'].is_running()
    assert [row.text for row in ctx.timeline.filter(kind='service')] == [
        'active → inactive',
        'inactive (exit 143)',
        'inactive → active',
    ]


def test_the_backup_fails_if_pebble_cannot_be_reached():
    ctx = scenario.Context(mysql.MyCharm)
    main = scenario.Container('main', can_connect=False)

    with pytest.raises(scenario.ActionFailed) as failure:
        ctx.run(ctx.on.action('backup'), scenario.State(containers={main}))

    assert failure.value.message == 'cannot reach Pebble'


@pytest.mark.parametrize('status', [pebble.ServiceStatus.ACTIVE, pebble.ServiceStatus.INACTIVE])
def test_the_careful_backup_leaves_the_service_as_it_was(status: pebble.ServiceStatus):
    ctx = scenario.Context(mysql.CarefulCharm)
    main = container(status)

    state = ctx.run(ctx.on.action('backup'), scenario.State(containers={main}))

    assert mysql.backups == ['mysql']
    assert state.get_container('main').service_statuses == {'mysql': status}


def two_servers(redis: pebble.ServiceStatus) -> scenario.Container:
    return scenario.Container(
        'main',
        can_connect=True,
        layers={
            'servers': pebble.Layer(
                {
                    'services': {
                        'nginx': {'override': 'replace', 'command': 'nginx'},
                        'redis': {'override': 'replace', 'command': 'redis'},
                    }
                }
            )
        },
        service_statuses={'nginx': pebble.ServiceStatus.ACTIVE, 'redis': redis},
        programs={'nginx': scenario.Program(signals={'SIGHUP': scenario.OnSignal(exit_code=0)})},
    )


def test_a_signal_reaches_all_services():
    ctx = scenario.Context(ReloadCharm)
    main = two_servers(pebble.ServiceStatus.ACTIVE)

    ctx.run(ctx.on.config_changed(), scenario.State(containers={main}))

    # Without a handler of its own the default effect of SIGHUP ends a program: 128 + 1.
    assert [(row.subject, row.text) for row in ctx.timeline.filter(kind='service')] == [
        ('nginx', 'SIGHUP'),
        ('nginx', 'active → backoff (exit 0)'),
        ('redis', 'SIGHUP'),
        ('redis', 'active → backoff (exit 129)'),
    ]


def test_a_signal_to_a_service_that_does_not_run_is_an_error():
    ctx = scenario.Context(ReloadCharm)
    main = two_servers(pebble.ServiceStatus.INACTIVE)

    with pytest.raises(scenario.errors.UncaughtCharmError) as failure:
        ctx.run(ctx.on.config_changed(), scenario.State(containers={main}))

    error = failure.value.__cause__
    assert isinstance(error, pebble.APIError)
    assert error.message == 'cannot send signal to "redis": service is not running'


AUTO_RESTART = """
services:
    server:
        override: replace
        command: python3 app.py
        on-success: restart
        on-failure: restart
        backoff-delay: 500ms
        backoff-factor: 2.0
        backoff-limit: 30s
"""


def test_the_delays_between_restarts_double_up_to_the_limit():
    ctx = scenario.Context(mysql.MyCharm)
    main = scenario.Container(
        'main',
        can_connect=True,
        layers={'app': pebble.Layer(AUTO_RESTART)},
        service_statuses={'server': pebble.ServiceStatus.ACTIVE},
        programs={'server': scenario.Program(exit_after=0.1, exit_code=1)},
    )
    state = ctx.crash_service(scenario.State(containers={main}), 'main', 'server')

    ctx.advance(state, 200)

    rows = ctx.timeline.filter(kind='service', subject='server')
    ends = [row.at_ns for row in rows if '→ backoff' in row.text]
    starts = [row.at_ns for row in rows if '→ active' in row.text]
    delays = [(start - end) / 1e9 for end, start in zip(ends, starts, strict=False)]
    # Up to 10 % are added at random.
    for delay, least in zip(delays, [0.5, 1, 2, 4, 8, 16, 30, 30], strict=False):
        assert least <= delay <= least * 1.1
    assert len(delays) >= 8


def test_the_auto_restart_options_are_part_of_the_plan():
    main = scenario.Container('main', layers={'app': pebble.Layer(AUTO_RESTART)})

    server = main.plan.services['server']

    assert (server.on_success, server.on_failure) == ('restart', 'restart')
    assert (server.backoff_delay, server.backoff_factor, server.backoff_limit) == (
        '500ms',
        2.0,
        '30s',
    )
