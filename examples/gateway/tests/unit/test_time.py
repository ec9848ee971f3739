"""What happens in the two containers while time passes."""

import ops
import pytest

import scenario_pebble as scenario
from charm import GatewayCharm

Context = scenario.Context[GatewayCharm]


@pytest.fixture
def ctx() -> Context:
    return scenario.Context(GatewayCharm)


@pytest.fixture
def ready(ctx: Context) -> scenario.State:
    """Both containers are ready, which takes a second each."""
    containers = [scenario.Container(name, can_connect=True) for name in ('proxy', 'login')]
    state = scenario.State(containers=containers)
    for container in containers:
        state = ctx.run(ctx.on.pebble_ready(container), state)
    return state


def test_both_services_run(ready: scenario.State):
    for name in ('proxy', 'login'):
        assert ready.get_container(name).services[name].is_running()
    assert ready.unit_status == ops.ActiveStatus()


def test_what_happens_in_two_containers_comes_in_order_of_time(
    ctx: Context, ready: scenario.State
):
    state = ready
    for name in ('proxy', 'login'):
        state = ctx.fail_check(state, name, 'up')
        state = ctx.pass_check(state, name, 'up', at=32)

    state = ctx.advance(state, 60)

    # The login is checked every 4 seconds from second 1 on, the proxy every 10 from second 0 on.
    events = ctx.timeline.filter(kind='event')[2:]
    assert [(round(ctx.timeline.at(row)), row.subject) for row in events] == [
        (13, 'login_pebble_check_failed'),
        (30, 'proxy_pebble_check_failed'),
        (37, 'login_pebble_check_recovered'),
        (40, 'proxy_pebble_check_recovered'),
    ]
    assert state.unit_status == ops.ActiveStatus()


def test_the_status_names_the_container_that_does_not_answer(ctx: Context, ready: scenario.State):
    state = ctx.advance(ctx.fail_check(ready, 'login', 'up'), 15)

    assert state.unit_status == ops.BlockedStatus('login does not answer')


def test_the_unit_waits_for_a_container_that_cannot_be_reached(
    ctx: Context, ready: scenario.State
):
    state = ctx.disconnect(ready, 'login')

    state = ctx.advance(ctx.fail_check(state, 'proxy', 'up'), 30)

    assert state.unit_status == ops.BlockedStatus('proxy does not answer')
    state = ctx.advance(ctx.pass_check(state, 'proxy', 'up'), 10)
    assert state.unit_status == ops.WaitingStatus('waiting for login')


def test_one_container_goes_on_while_the_other_is_restarted(ctx: Context, ready: scenario.State):
    state = ctx.restart_container(ready, 'proxy', at=10)

    state = ctx.advance(state, 30)

    assert ctx.timeline.events()[2:] == ['proxy_pebble_ready']
    assert ctx.timeline.services('login') == ['inactive → active']
    assert state.unit_status == ops.ActiveStatus()
