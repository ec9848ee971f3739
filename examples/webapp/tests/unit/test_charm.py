import dataclasses

import ops
import pytest

import scenario_pebble as scenario
from charm import WebappCharm


@pytest.fixture
def ctx():
    return scenario.Context(WebappCharm)


@pytest.fixture
def running(ctx: scenario.Context[WebappCharm]) -> scenario.State:
    """What pebble-ready leads to: the application runs and answers."""
    container = scenario.Container('app', can_connect=True)
    return ctx.run(ctx.on.pebble_ready(container), scenario.State(containers={container}))


def test_the_application_is_configured_and_started(running: scenario.State):
    app = running.get_container('app')

    assert app.files['/etc/webapp/config.ini'].text == (
        '[webapp]\nlog-level = info\ngreeting = Hello\n'
    )
    assert app.plan.services['webapp'].command == (
        'webapp --port 8000 --config /etc/webapp/config.ini'
    )
    assert app.services['webapp'].is_running()
    assert running.opened_ports == {scenario.TCPPort(8000)}
    assert running.unit_status == ops.ActiveStatus()


def test_invalid_options_leave_the_application_alone(
    ctx: scenario.Context[WebappCharm], running: scenario.State
):
    wrong = dataclasses.replace(running, config={'log-level': 'loud'})

    state = ctx.run(ctx.on.config_changed(), wrong)

    assert state.unit_status == ops.BlockedStatus(
        "log-level 'loud' is not one of debug, info, warning, error"
    )
    assert state.get_container('app') == running.get_container('app')


def test_the_application_waits_for_pebble(ctx: scenario.Context[WebappCharm]):
    container = scenario.Container('app', can_connect=False)

    state = ctx.run(ctx.on.config_changed(), scenario.State(containers={container}))

    assert state.unit_status == ops.WaitingStatus('waiting for Pebble')
