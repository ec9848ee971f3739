"""What a State says of layers is taken as it is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from scenario_pebble.daemon import plancombine, planfacts, planparse, planyaml
from scenario_pebble.daemon.plan import FormatError, Layer, Plan


def plan(*layers: Layer) -> Plan:
    return plancombine.plan_of(layers)


def test_a_missing_override_means_replace():
    one = planfacts.facts_from_dict('one', {'services': {'a': {'command': 'c', 'summary': 's'}}})
    two = planfacts.facts_from_dict('two', {'services': {'a': {'command': 'd'}}})

    combined = plan(one, two)

    assert combined.services['a'].command == 'd'
    assert combined.services['a'].summary == ''
    assert planyaml.plan_yaml(combined) == 'services:\n    a:\n        command: d\n'


def test_what_is_left_out_is_no_error():
    facts = planfacts.facts_from_dict(
        'one',
        {
            'services': {'a': {}, 'b': None, 'c': {'requires': ['z'], 'startup': 'enabled'}},
            'checks': {'up': {'threshold': 2}, 'e': {'exec': {'service-context': 'z'}}},
            'log-targets': {'t': {'services': ['z']}},
        },
    )

    combined = plan(facts)

    assert combined.services['a'].args == ()
    assert combined.services['c'].enabled
    assert combined.checks['up'].threshold == 2


def test_what_the_charm_sends_is_validated():
    facts = planfacts.facts_from_dict('one', {'services': {'a': {'startup': 'enabled'}}})
    sent = planparse.parse_layer('two', 'services: {a: {override: replace, summary: s}}')

    with pytest.raises(FormatError, match=r'^plan must define "command" for service "a"$'):
        plan(facts, sent)


def test_what_the_charm_merges_into_a_fact_may_leave_the_rest_unspecified():
    facts = planfacts.facts_from_dict('one', {'services': {'a': {'startup': 'enabled'}}})
    sent = planparse.parse_layer('two', 'services: {a: {override: merge, summary: s}}')

    assert plan(facts, sent).services['a'].summary == 's'


def test_a_fact_equals_what_the_charm_sends():
    facts = planfacts.facts_from_dict(
        'one', {'services': {'a': {'override': 'replace', 'command': 'c', 'user-id': 5}}}
    )
    sent = planparse.parse_layer(
        'one', 'services: {a: {override: replace, command: c, user-id: 5}}'
    )

    assert facts.services == sent.services


def test_values_are_written_as_yaml_writes_them():
    facts = planfacts.facts_from_dict(
        'one', {'services': {'a': {'environment': {'A': 1, 'B': True, 'C': None, 'D': 1.5}}}}
    )

    assert facts.services['a'].environment == {'A': '1', 'B': 'true', 'C': '', 'D': '1.5'}


@pytest.mark.parametrize(
    ('given', 'message'),
    [
        ({'servces': {}}, 'servces: no such section in a layer'),
        (
            {'services': {'a': {'user-id': 'root', 'nope': 1}}},
            'services.a.user-id: cannot unmarshal !!str `root` into int\n'
            'services.a.nope: field nope not found in type plan.Service',
        ),
        ({'checks': {'c': {'period': 5}}}, 'checks.c.period: invalid duration "5"'),
        (
            {'services': {'a': {'command': object()}}},
            'services.a.command: cannot take a value of type object',
        ),
        (
            {'services': {'a': {'override': 'x', 'on-failure': 'y'}}},
            'plan service "a" on-failure action "y" invalid\n'
            'services.a.override: must be "replace" or "merge", not "x"',
        ),
    ],
)
def test_what_cannot_be_understood_is_named_with_its_path(given: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=f'^{re.escape(message)}$'):
        planfacts.facts_from_dict('one', given)


def test_a_layer_turns_back_into_what_was_given():
    given = {'summary': 's', 'services': {'a': {'command': 'c', 'after': ['b']}}}

    facts = planfacts.facts_from_dict('one', given)
    parsed = planparse.parse_layer('one', 'services: {a: {environment: {A: 1}}}')

    assert planfacts.layer_to_dict(facts) == given
    assert planfacts.layer_to_dict(parsed) == {'services': {'a': {'environment': {'A': 1}}}}
    assert planfacts.layer_to_dict(planparse.parse_layer('one', '')) == {}


def test_combined_layers_turn_into_what_pebble_made_of_them():
    one = planparse.parse_layer('one', 'services: {a: {override: replace, command: c}}')
    two = planparse.parse_layer(
        'one', 'summary: s\nservices: {a: {override: merge, kill-delay: 500ms, after: [b]}}'
    )

    combined = plancombine.combine((one, two))

    assert planfacts.layer_to_dict(combined) == {
        'summary': 's',
        'services': {
            'a': {
                'override': 'replace',
                'command': 'c',
                'after': ['b'],
                'kill-delay': '500ms',
            }
        },
    }
