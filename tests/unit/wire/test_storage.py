from __future__ import annotations

import ops

import scenario_pebble as scenario


def run(state: scenario.State) -> scenario.State:
    ctx = scenario.Context(ops.CharmBase, meta={'name': 'web'})
    return ctx.run(ctx.on.start(), state)


def test_the_framework_keeps_its_own_stored_state_out_of_a_state():
    assert run(scenario.State()).stored_states == frozenset()


def test_the_frameworks_stored_state_comes_back_to_a_test_that_names_it():
    out = run(scenario.State(stored_states={scenario.StoredState('_stored')}))

    assert out.get_stored_state('_stored').content == {'event_count': 4}
