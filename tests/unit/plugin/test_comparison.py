from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ops import pebble
from pytest_scenario_pebble import comparison

import scenario_pebble as scenario

pytest_plugins = ['pytester']

Run = Callable[..., pytest.RunResult]

LAYER: pebble.LayerDict = {
    'services': {'server': {'override': 'replace', 'command': 'serve', 'startup': 'enabled'}}
}


def with_command(command: str) -> pebble.Layer:
    layer = pebble.Layer(LAYER)
    layer.services['server'].command = command
    return layer


def explain(left: Any, right: Any) -> list[str]:
    lines = comparison.explain(left, right)
    assert lines is not None
    return lines


def test_states_differ_in_leaves():
    web = scenario.Container('web', can_connect=True, layers={'web': with_command('serve')})
    other = scenario.Container('web', can_connect=True, layers={'web': with_command('sleep')})
    expected = scenario.State(containers={web}, unit_status=scenario.ActiveStatus())

    lines = explain(scenario.State(containers={other}, leader=True), expected)

    assert lines == [
        'State == State',
        '',
        "- .containers['web'].layers['web'].services['server'].command = \"serve\"",
        "+ .containers['web'].layers['web'].services['server'].command = \"sleep\"",
        '- .leader = false',
        '+ .leader = true',
        '- .unit_status.name = "active"',
        '+ .unit_status.name = "unknown"',
    ]


def test_the_layers_files_and_checks_of_a_container_differ_in_leaves():
    left = scenario.Container('web', files={'/app.conf': 'port = 80\n'})
    right = scenario.Container('web', files={'/app.conf': 'port = 81\n'})

    assert explain(left, right) == [
        'Container == Container',
        '',
        "~ .files['/app.conf'].text",
        '    @@ -1,2 +1,2 @@',
        '    -port = 81',
        '    +port = 80',
        '     ',
    ]


@pytest.mark.parametrize('kind', [pebble.Plan, pebble.Layer, dict])
def test_plans_and_layers_differ_in_leaves_from_plans_layers_and_dicts(kind: Any):
    right = with_command('sleep').to_dict()

    assert explain(pebble.Plan(LAYER), kind(right))[2:] == [
        '- .services[\'server\'].command = "sleep"',
        '+ .services[\'server\'].command = "serve"',
    ]


def test_check_infos_differ_in_leaves_also_in_sets_and_lists_and_dicts():
    up = scenario.CheckInfo('online')
    down = scenario.CheckInfo('online', status=pebble.CheckStatus.DOWN, failures=3)
    leaves = ['.status = "up"', '.failures = 0', '.status = "down"', '.failures = 3']

    def changes(step: str) -> set[str]:
        return {f'{sign} {step}{leaf}' for sign, leaf in zip('--++', leaves, strict=True)}

    assert set(explain(down, up)[2:]) == changes('')
    assert set(explain(frozenset({down}), {up})[2:]) == changes("['online']")
    assert set(explain([down], (up,))[2:]) == changes('[0]')
    assert set(explain({'a': down}, {'a': up})[2:]) == changes("['a']")


@pytest.mark.parametrize(
    ('left', 'right'),
    [
        (1, 2),
        ({}, {'a': 1}),
        ([1], [2]),
        (scenario.State(), 'a'),
        (pebble.Plan(LAYER), None),
        ({scenario.CheckInfo('a')}, {1}),
        ([], []),
    ],
)
def test_other_values_are_left_to_pytest(left: Any, right: Any):
    assert comparison.explain(left, right) is None


@pytest.mark.parametrize('processes', [0, 2])
def test_an_assertion_shows_the_leaves(pytester: pytest.Pytester, run: Run, processes: int):
    pytester.makepyfile("""
        from scenario_pebble import State

        def test_leader():
            assert State(leader=True) == State()

        def test_identity():
            assert State(leader=True) != State(leader=True)
    """)

    result = run('-n', str(processes))

    result.stdout.fnmatch_lines(
        [
            'E * assert State == State',
            'E *   ',
            'E *   - .leader = false',
            'E *   + .leader = true',
        ],
        consecutive=True,
    )
    result.stdout.fnmatch_lines(['E * assert State(leader=True) != State(leader=True)'])
