import ops
import pytest

import scenario_pebble as scenario
from charm import WebappCharm

Context = scenario.Context[WebappCharm]


@pytest.fixture
def ctx() -> Context:
    return scenario.Context(WebappCharm)


def ready(ctx: Context, program: scenario.Program | None = None) -> scenario.State:
    """What pebble-ready leads to, given what the application's program does."""
    programs = {} if program is None else {'webapp': program}
    app = scenario.Container('app', can_connect=True, programs=programs)
    return ctx.run(ctx.on.pebble_ready(app), scenario.State(containers={app}))


def starts(ctx: Context) -> int:
    """How often the application was started."""
    rows = ctx.timeline.filter(kind='service', subject='webapp')
    return sum('→ active' in row.text for row in rows)


def test_the_application_is_configured_and_started(ctx: Context):
    state = ready(ctx)

    app = state.get_container('app')
    assert app.files['/etc/webapp/config.ini'].text == (
        '[webapp]\nlog-level = info\ngreeting = Hello\n'
    )
    assert app.plan.services['webapp'].command == (
        'webapp --port 8000 --config /etc/webapp/config.ini'
    )
    assert app.services['webapp'].is_running()
    assert state.opened_ports == {scenario.TCPPort(8000)}
    assert state.unit_status == ops.ActiveStatus()


def test_a_new_option_restarts_the_application(ctx: Context):
    state = ready(ctx).with_config(greeting='Good day')

    state = ctx.run(ctx.on.config_changed(), state)

    assert 'Good day' in state.get_container('app').files['/etc/webapp/config.ini'].text
    assert starts(ctx) == 2


def test_the_same_options_do_not_restart_the_application(ctx: Context):
    ctx.run(ctx.on.config_changed(), ready(ctx))

    assert starts(ctx) == 1


def test_invalid_options_leave_the_application_alone(ctx: Context):
    running = ready(ctx)

    state = ctx.run(ctx.on.config_changed(), running.with_config({'log-level': 'loud'}))

    assert state.unit_status == ops.BlockedStatus(
        "log-level 'loud' is not one of debug, info, warning, error"
    )
    assert state.get_container('app') == running.get_container('app')


def test_the_application_waits_for_pebble(ctx: Context):
    app = scenario.Container('app', can_connect=False)

    state = ctx.run(ctx.on.config_changed(), scenario.State(containers={app}))

    assert state.unit_status == ops.WaitingStatus('waiting for Pebble')


def test_an_application_that_crashes_blocks_the_unit(ctx: Context):
    state = ready(ctx, scenario.Program(exit_after=0.2, exit_code=1, stderr='no database'))

    assert state.unit_status == ops.BlockedStatus('the application does not run, see its log')


def test_an_application_that_stops_answering_is_restarted(ctx: Context):
    state = ctx.fail_check(ready(ctx), 'app', 'answers', error='connection refused')

    # The check's period is 10 s, its threshold 3.
    state = ctx.advance(state, 20)
    assert state.unit_status == ops.ActiveStatus()
    state = ctx.advance(state, 10)
    assert state.unit_status == ops.MaintenanceStatus(
        'restarting the application, which does not answer'
    )

    state = ctx.advance(ctx.pass_check(state, 'app', 'answers'), 10)
    assert state.unit_status == ops.ActiveStatus()
    assert starts(ctx) == 2


def test_it_does_no_harm_that_a_request_to_pebble_fails(ctx: Context):
    state = ready(ctx).with_config(greeting='Good day')

    assert not ctx.sweep(ctx.on.config_changed(), state).failures
