from pytest_scenario_pebble import Golden

import scenario_pebble as scenario


def test_pebble_ready(ready_state: scenario.State, golden: Golden):
    assert ready_state == golden
