from __future__ import annotations

from typing import Any

import ops
import pytest

import scenario_pebble as scenario
from scenario_pebble import Container, Network, Relation, Resource, Secret, State, StoredState

META: dict[str, Any] = {
    'name': 'web',
    'containers': {'web': {}},
    'requires': {'db': {'interface': 'sql'}},
    'resources': {'image': {'type': 'oci-image'}},
}

TWICE: dict[str, tuple[State, str]] = {
    'containers': (
        State(containers=[Container('web'), Container('web', can_connect=True)]),
        "  .containers['web']: 2 containers have this name\n"
        '    hint: keep one; state.with_container() puts one in the place of another',
    ),
    'relations': (
        State(relations=[Relation('db', id=1), Relation('db', id=1, remote_app_name='x')]),
        '  .relations[1]: 2 relations have this id\n'
        '    hint: leave id out: each relation gets one of its own',
    ),
    'secrets': (
        State(secrets=[Secret({'a': 'b'}, id='secret:a'), Secret({'a': 'c'}, id='secret:a')]),
        "  .secrets['secret:a']: 2 secrets have this id\n"
        '    hint: leave id out: each secret gets one of its own',
    ),
    'networks': (
        State(networks=[Network('db'), Network('db', egress_subnets=[])]),
        "  .networks['db']: 2 networks are for this binding\n"
        '    hint: keep one; it may have several addresses',
    ),
    'resources': (
        State(resources=[Resource(name='image', path='/a'), Resource(name='image', path='/b')]),
        "  .resources['image']: 2 resources have this name\n    hint: keep one",
    ),
    'stored states': (
        State(stored_states=[StoredState('a'), StoredState('a', content={'b': 1})]),
        "  .stored_states['a']: the framework has 2 stored states of this name",
    ),
}


@pytest.mark.parametrize('kind', TWICE)
def test_what_must_be_unique_is_a_problem_if_it_is_there_twice(kind: str):
    state, problem = TWICE[kind]
    ctx = scenario.Context(ops.CharmBase, meta=META)

    with pytest.raises(scenario.InconsistentScenarioError) as raised:
        ctx.run(ctx.on.start(), state)

    assert str(raised.value) == (
        f"cannot run 'start': event, State and charm contradict each other\n{problem}"
    )
