import pytest
from pytest_scenario_pebble import Golden

import scenario_pebble as scenario
from charm import WebappCharm

Context = scenario.Context[WebappCharm]


def test_pebble_ready(ready_state: scenario.State, golden: Golden):
    assert ready_state == golden


@pytest.mark.parametrize('level', ['debug', 'error'])
def test_the_log_level_is_configured(
    charm_context: Context, ready_state: scenario.State, level: str, golden: Golden
):
    state = ready_state.with_config({'log-level': level})

    state = charm_context.run(charm_context.on.config_changed(), state)

    assert state == golden.plan
    assert state == golden.files('/etc/webapp')


def test_an_application_that_stops_answering(
    charm_context: Context, ready_state: scenario.State, golden: Golden
):
    state = charm_context.fail_check(ready_state, 'app', 'answers')

    state = charm_context.advance(state, 30)

    assert state.get_container('app').check_infos == golden('checks')
