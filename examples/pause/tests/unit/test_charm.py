import ops
from ops import pebble

import scenario_pebble as scenario
from charm import PauseCharm


def test_pause_is_started_when_pebble_is_ready():
    ctx = scenario.Context(PauseCharm)
    container = scenario.Container('pause', can_connect=True)

    state = ctx.run(ctx.on.pebble_ready(container), scenario.State(containers={container}))

    pause = state.get_container('pause')
    assert pause.plan.services['pause'].command == '/pause'
    assert pause.service_statuses == {'pause': pebble.ServiceStatus.ACTIVE}
    assert state.unit_status == ops.ActiveStatus()


def test_the_timeout_reaches_the_environment():
    ctx = scenario.Context(PauseCharm)
    container = scenario.Container('pause', can_connect=True)
    ready = ctx.run(ctx.on.pebble_ready(container), scenario.State(containers={container}))

    state = ctx.run(ctx.on.config_changed(), ready.with_config(timeout=5))

    assert state.get_container('pause').plan.services['pause'].environment == {'TIMEOUT': '5'}
    assert state.unit_status == ops.ActiveStatus()


def test_configuration_waits_for_pebble():
    ctx = scenario.Context(PauseCharm)
    container = scenario.Container('pause', can_connect=False)

    state = ctx.run(ctx.on.config_changed(), scenario.State(containers={container}))

    assert state.unit_status == ops.WaitingStatus('waiting for Pebble')


def test_it_does_no_harm_that_a_request_to_pebble_fails():
    ctx = scenario.Context(PauseCharm)
    container = scenario.Container('pause', can_connect=True)
    state = scenario.State(containers={container})

    assert not ctx.sweep(ctx.on.pebble_ready(container), state).failures
