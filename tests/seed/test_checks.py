"""The snippets of the section "Perform health checks"."""

from __future__ import annotations

import logging

import ops
import pytest
from ops import pebble

import scenario_pebble as scenario

from .src.checks import PostgresCharm, SwitchingCharm, UptimeCharm

CHECKS = """
checks:
    up:
        override: replace
        level: alive
        period: 10s
        timeout: 3s
        threshold: 3
        exec:
            command: service nginx status

    online:
        override: replace
        level: ready
        tcp:
            port: 8080

    http-test:
        override: replace
        http:
            url: http://localhost:8080/test
"""
RESTART = """
services:
    server:
        override: merge
        on-check-failure:
            http-test: restart
"""


def test_the_three_kinds_of_check_are_part_of_the_plan():
    db = scenario.Container('db', layers={'checks': pebble.Layer(CHECKS)})

    checks = db.plan.checks

    assert checks['up'].exec == {'command': 'service nginx status'}
    assert checks['up'].level is pebble.CheckLevel.ALIVE
    assert checks['online'].tcp == {'port': 8080}
    assert checks['http-test'].http == {'url': 'http://localhost:8080/test'}
    assert checks['http-test'].threshold == 3


def test_on_check_failure_is_merged_into_the_service():
    server = pebble.Layer({'services': {'server': {'override': 'replace', 'command': 'serve'}}})
    layers = {'base': server, 'checks': pebble.Layer(CHECKS), 'restart': pebble.Layer(RESTART)}
    db = scenario.Container('db', layers=layers)

    service = db.plan.services['server']

    assert service.command == 'serve'
    assert service.on_check_failure == {'http-test': 'restart'}


def test_http_check_failing():
    ctx = scenario.Context(PostgresCharm)
    check_info = scenario.CheckInfo('http-test', failures=3, status=ops.pebble.CheckStatus.DOWN)
    container = scenario.Container('db', check_infos={check_info})
    state_in = scenario.State(containers={container})

    state_out = ctx.run(ctx.on.pebble_check_failed(container, check_info), state_in)

    # Finished: the document breaks off here.
    assert state_out.unit_status == ops.ActiveStatus('Degraded functionality ...')


def test_http_check_recovering():
    ctx = scenario.Context(PostgresCharm)
    check_info = scenario.CheckInfo('http-test', successes=1)
    container = scenario.Container('db', can_connect=True, check_infos={check_info})
    state_in = scenario.State(
        containers={container}, unit_status=ops.ActiveStatus('Degraded functionality ...')
    )

    state_out = ctx.run(ctx.on.pebble_check_recovered(container, check_info), state_in)

    assert state_out.unit_status == ops.ActiveStatus()


def test_the_charm_follows_a_check_as_time_passes():
    ctx = scenario.Context(PostgresCharm)
    checks = pebble.Layer(CHECKS)
    state = scenario.State(
        containers={scenario.Container('db', can_connect=True, layers={'checks': checks})}
    )

    failing = ctx.fail_check(state, 'db', 'http-test')
    before, after = ctx.advance(failing, 29), ctx.advance(failing, 31)

    assert before.unit_status == ops.UnknownStatus()
    assert after.unit_status == ops.ActiveStatus('Degraded functionality ...')
    recovered = ctx.advance(ctx.pass_check(after, 'db', 'http-test'), 10)
    assert recovered.unit_status == ops.ActiveStatus()


def test_a_failing_check_restarts_the_service():
    ctx = scenario.Context(PostgresCharm)
    server = pebble.Layer({'services': {'server': {'override': 'replace', 'command': 'serve'}}})
    db = scenario.Container(
        'db',
        can_connect=True,
        layers={'base': server, 'checks': pebble.Layer(CHECKS), 'restart': pebble.Layer(RESTART)},
        service_statuses={'server': pebble.ServiceStatus.ACTIVE},
    )
    state = ctx.fail_check(scenario.State(containers={db}), 'db', 'http-test')

    ctx.advance(state, 31)

    assert [row.text for row in ctx.timeline.filter(kind='service', subject='server')] == [
        'active → inactive (check http-test failed)',
        'inactive → backoff (exit 143)',
        'backoff → active (restarted)',
    ]


def test_another_check_failing_is_logged():
    ctx = scenario.Context(PostgresCharm)
    check_info = scenario.CheckInfo('online', failures=3, status=ops.pebble.CheckStatus.DOWN)
    container = scenario.Container('db', can_connect=True, check_infos={check_info})

    ctx.run(
        ctx.on.pebble_check_failed(container, check_info), scenario.State(containers={container})
    )

    assert scenario.JujuLogLine('ERROR', 'The service is no longer online!') in ctx.juju_log


@pytest.mark.parametrize(
    ('status', 'message'),
    [(pebble.CheckStatus.DOWN, 'alternative'), (pebble.CheckStatus.UP, 'main')],
)
def test_a_heavy_response_follows_the_status_at_the_time(status: pebble.CheckStatus, message: str):
    ctx = scenario.Context(SwitchingCharm)
    check_info = scenario.CheckInfo('up', failures=3, status=status)
    container = scenario.Container('db', can_connect=True, check_infos={check_info})

    state = ctx.run(
        ctx.on.pebble_check_failed(container, check_info), scenario.State(containers={container})
    )

    assert state.unit_status == ops.ActiveStatus(message)


@pytest.mark.parametrize('status', [pebble.CheckStatus.DOWN, pebble.CheckStatus.UP])
def test_an_unhealthy_check_is_logged(status: pebble.CheckStatus):
    ctx = scenario.Context(UptimeCharm)
    check_info = scenario.CheckInfo('uptime', status=status)
    container = scenario.Container('main', can_connect=True, check_infos={check_info})

    ctx.run(ctx.on.update_status(), scenario.State(containers={container}))

    errors = [line.message for line in ctx.juju_log if line.level == logging.getLevelName(40)]
    assert [line.partition(':')[0] for line in errors] == (
        ['Uh oh, uptime check unhealthy'] if status is pebble.CheckStatus.DOWN else []
    )
