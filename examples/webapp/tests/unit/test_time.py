"""What the charm does while time passes."""

import dataclasses
import itertools

import ops
import pytest

import scenario_pebble as scenario
from charm import WebappCharm

Context = scenario.Context[WebappCharm]

WELL = scenario.Program(ports={8000: {'/health': 200}})
ILL = scenario.Program(ports={8000: {'/health': 503}})
RESTARTING = ops.MaintenanceStatus('restarting the application, which does not answer')


@pytest.fixture
def ctx() -> Context:
    return scenario.Context(WebappCharm)


def ready(ctx: Context, *runs: scenario.Program) -> scenario.State:
    """What pebble-ready leads to, given what the application does at each start."""
    programs = {'webapp': scenario.Program(runs=runs or [WELL])}
    app = scenario.Container('app', can_connect=True, programs=programs)
    return ctx.run(ctx.on.pebble_ready(app), scenario.State(containers={app}))


def test_the_unit_degrades_after_three_failures_and_recovers(ctx: Context):
    state = ctx.fail_check(ready(ctx), 'app', 'answers')

    state = ctx.advance(state, 20)
    assert state.unit_status == ops.ActiveStatus()
    state = ctx.advance(state, 10)
    assert state.unit_status == RESTARTING

    state = ctx.advance(ctx.pass_check(state, 'app', 'answers'), 10)
    assert state.unit_status == ops.ActiveStatus()


def test_a_restart_heals_an_application_that_answers_with_an_error(ctx: Context):
    state = ctx.advance(ready(ctx, ILL, WELL), 60)

    assert ctx.timeline.restarted('app', 'webapp')
    assert ctx.timeline.events() == [
        'app_pebble_ready',
        'app_pebble_check_failed',
        'app_pebble_check_recovered',
    ]
    assert state.unit_status == ops.ActiveStatus()


def test_an_application_that_crashes_is_restarted_ever_later(ctx: Context):
    ctx.advance(ready(ctx, scenario.Program(exit_after=2, exit_code=1)), 120)

    rows = ctx.timeline.filter(kind='service', subject='webapp')
    delays = [
        (up.at_ns - down.at_ns) / 1e9
        for down, up in itertools.pairwise(rows)
        if down.text.startswith('active → backoff')
    ]
    # Pebble doubles the delay up to 30 s, and adds up to a tenth.
    for delay, least in zip(delays, [0.5, 1, 2, 4, 8, 16, 30], strict=False):
        assert least <= delay <= 1.1 * least
    assert len(delays) >= 6


def test_a_connection_that_is_lost_while_the_application_starts(ctx: Context):
    app = scenario.Container('app', can_connect=True)
    state = scenario.State(containers={app}, schedule=[scenario.Disconnect('app', at=0.5)])

    state = ctx.run(ctx.on.pebble_ready(app), state)
    assert state.unit_status == ops.WaitingStatus('waiting for Pebble')

    state = ctx.run(ctx.on.config_changed(), ctx.connect(state, 'app'))
    assert state.unit_status == ops.ActiveStatus()


def test_a_restarted_container_is_set_up_again(ctx: Context):
    state = ctx.restart_container(ready(ctx), 'app')

    assert ctx.timeline.last_event.events() == ['app_pebble_ready']
    assert 'greeting = Hello' in state.get_container('app').files['/etc/webapp/config.ini'].text
    assert state.get_container('app').services['webapp'].is_running()
    assert state.unit_status == ops.ActiveStatus()


def test_a_replaced_container_is_set_up_again(ctx: Context):
    state = ctx.notify(ready(ctx), 'app', 'example.com/cache-warm')

    state = ctx.replace_container(state, 'app')

    assert state.get_container('app').notices == []
    assert state.get_container('app').services['webapp'].is_running()


def test_kubernetes_restarts_the_container_if_restarts_of_the_service_do_not_help(ctx: Context):
    state = ready(ctx, ILL)
    layer = {'checks': {'answers': {'override': 'merge', 'level': 'alive'}}}
    app = dataclasses.replace(
        state.get_container('app'),
        layers={**state.get_container('app').layers, 'alive': layer},
        liveness_probe=scenario.LivenessProbe(),
    )

    ctx.advance(dataclasses.replace(state, containers={app}), 60)

    assert 'app_pebble_ready' in ctx.timeline.events()[1:]


def test_a_new_port_ends_the_failure_of_the_check(ctx: Context):
    state = ctx.advance(ctx.fail_check(ready(ctx), 'app', 'answers'), 30)
    assert ctx.timeline.last_event.events() == ['app_pebble_check_failed']

    # The layer changes the check, so Pebble starts it anew; Juju takes that for a recovery.
    moved = dataclasses.replace(state, config={'port': 9000})
    state = ctx.advance(ctx.run(ctx.on.config_changed(), moved), 0)

    assert ctx.timeline.last_event.events() == ['app_pebble_check_recovered']
    assert state.unit_status == ops.ActiveStatus()


def test_a_flapping_check_changes_the_status_each_time(ctx: Context):
    state = ctx.fail_check(ready(ctx), 'app', 'answers', at=0, every=120)
    state = ctx.pass_check(state, 'app', 'answers', at=60, every=120)

    ctx.advance(state, 600)

    statuses = [row.text for row in ctx.timeline.filter(kind='status', subject='unit')]
    assert statuses == ['active', *[f'maintenance: {RESTARTING.message}', 'active'] * 5]
