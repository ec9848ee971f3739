from pytest_scenario_pebble import Golden

import scenario_pebble as scenario
from charm import GatewayCharm


def test_pebble_ready(ready_state: scenario.State, golden: Golden):
    assert ready_state == golden


def test_a_login_that_does_not_answer(
    charm_context: scenario.Context[GatewayCharm], ready_state: scenario.State, golden: Golden
):
    state = charm_context.fail_check(ready_state, 'login', 'up')

    state = charm_context.advance(state, 12)

    assert state.get_container('login').check_infos == golden('checks')
