from __future__ import annotations

import yaml
from hypothesis import given, strategies as st
from hypothesis_scenario_pebble import layers
from ops import pebble

import scenario_pebble as scenario
from scenario_pebble.daemon.plancombine import plan_of
from scenario_pebble.daemon.planparse import parse_layer

from .shrinking import least, quickly


@quickly
@given(st.data())
def test_pebble_accepts_layers_and_what_lies_over_them(data: st.DataObject):
    stack: dict[str, pebble.Layer] = {}
    for label in ('low', 'high', 'highest'):
        stack[label] = data.draw(layers(over=scenario.Container('web', layers=stack).plan))

    plan = plan_of(
        tuple(parse_layer(label, yaml.safe_dump(part.to_dict())) for label, part in stack.items())
    )

    assert set(plan.services) == {name for layer in stack.values() for name in layer.services}


def test_a_layer_shrinks_to_nothing():
    assert least(layers()).to_dict() == {}


def test_a_layer_shrinks_to_the_one_service_that_is_asked_for():
    assert least(layers(), lambda layer: 'web' in layer.services).to_dict() == {
        'services': {'web': {'override': 'replace', 'command': 'serve'}}
    }


def test_a_layer_shrinks_to_the_one_check_that_is_asked_for():
    def has_command(layer: pebble.Layer) -> bool:
        return any(check.exec for check in layer.checks.values())

    assert least(layers(checks=['disk']), has_command).to_dict() == {
        'checks': {'disk': {'override': 'replace', 'exec': {'command': 'probe'}}}
    }


def test_services_may_wait_for_those_before_them_in_the_alphabet():
    def is_later(layer: pebble.Layer) -> bool:
        return any(service.after for service in layer.services.values())

    found = least(layers(services=['b', 'a']), is_later)

    assert found.services['b'].after == ['a']
