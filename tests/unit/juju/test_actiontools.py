"""The hook tools about actions."""

from __future__ import annotations

import json

import pytest

from scenario_pebble.errors import ActionMissingFromContextError, NotSimulatedError
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.state import State
from tests.unit.juju.unit import Unit

on = CharmEvents()


def test_parameters_of_an_action_have_defaults():
    unit = Unit(State(), on.action('backup', {'deep': {'a': {'b': 1}}}))

    assert json.loads(unit.run('action-get --format=json')) == {
        'to': 's3',
        'deep': {'a': {'b': 1}},
    }
    assert unit.run('action-get deep.a.b') == '1\n'
    assert unit.run('action-get no.such.thing') == ''


def test_results_of_an_action_are_nested():
    unit = Unit(State(), on.action('backup'))

    unit.run('action-set size=1 file.name=x')
    unit.run('action-set file.mode=y')

    assert unit.records.action_results == {'size': '1', 'file': {'name': 'x', 'mode': 'y'}}


def test_an_action_logs_and_fails():
    unit = Unit(State(), on.action('backup'))

    unit.run('action-log -- half done')
    unit.run('action-fail', 'disk full')

    assert unit.records.action_logs == ['half done']
    assert unit.records.action_failure == 'disk full'


def test_an_action_may_fail_without_a_reason():
    unit = Unit(State(), on.action('backup'))

    unit.run('action-fail')

    assert unit.records.action_failure == (
        'action failed without reason given, check action for errors'
    )


@pytest.mark.parametrize(
    ('line', 'message'),
    [
        ('action-set x', 'argument "x" must be of the form key...=value'),
        (
            'action-set X=1',
            'key "X" must start and end with lowercase alphanumeric, and contain only lowercase '
            'alphanumeric, hyphens and periods',
        ),
        ('action-set stdout=1', 'cannot set reserved action key "stdout"'),
        ('action-log', 'no message specified'),
    ],
)
def test_results_that_juju_refuses_are_refused(line: str, message: str):
    assert Unit(State(), on.action('backup')).fail(line) == (2, f'ERROR {message}\n')


@pytest.mark.parametrize('tool', ['action-get', 'action-set', 'action-log', 'action-fail'])
def test_outside_of_an_action_its_tools_show_a_mistake(tool: str):
    with pytest.raises(ActionMissingFromContextError) as caught:
        Unit(State()).run(tool)

    assert str(caught.value) == (
        f'cannot run {tool}: no action is running\n'
        '  hint: ctx.run(ctx.on.action(...), state); in another event, Juju would answer '
        '"not running an action"'
    )


def test_a_tool_of_older_versions_of_juju_is_refused_by_name():
    with pytest.raises(
        NotSimulatedError, match=r"^cannot run hook tool 'pod-spec-set': not simulated$"
    ):
        Unit(State()).run('pod-spec-set')


def test_a_new_action_forgets_the_one_before():
    unit = Unit(State(), on.action('backup'))
    unit.run('action-set a=1')
    unit.run('action-log x')
    unit.run('action-fail y')

    unit.records.start_action()

    assert unit.records.action_results is None
    assert unit.records.action_logs == []
    assert unit.records.action_failure is None
