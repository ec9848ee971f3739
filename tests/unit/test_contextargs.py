from __future__ import annotations

from typing import Any

import ops
import pytest

import scenario_pebble as scenario

META: dict[str, Any] = {'name': 'web'}


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (
            {'seed': 'x'},
            "cannot use 'x' for seed: its type is str, not int or None\n  hint: seed=1",
        ),
        (
            {'charm_root': 3},
            'cannot use 3 for charm_root: its type is int, not str or Path or None\n'
            "  hint: charm_root='…'",
        ),
        (
            {'app_name': -1},
            "cannot use -1 for app_name: its type is int, not str or None\n  hint: app_name='…'",
        ),
        (
            {'unit_id': 'x'},
            "cannot use 'x' for unit_id: its type is str, not int or None\n  hint: unit_id=1",
        ),
        (
            {'unit_id': -1},
            'cannot use -1 for unit_id: it is less than 0\n  hint: unit_id=0',
        ),
        (
            {'app_trusted': None},
            'cannot use None for app_trusted: its type is NoneType, not bool\n'
            '  hint: app_trusted=True',
        ),
        (
            {'juju_version': 'x'},
            "cannot use 'x' for juju_version: it is no version\n  hint: juju_version='3.6.14'",
        ),
        (
            {'juju_version': None},
            'cannot use None for juju_version: its type is NoneType, not str\n'
            "  hint: juju_version='…'",
        ),
        (
            {'config': 'port'},
            "cannot use 'port' for config: it is no mapping\n"
            "  hint: meta={'name': 'web', 'containers': {'web': {}}}, config={'options': {}}, "
            "actions={'backup': {}}",
        ),
    ],
)
def test_an_argument_of_another_type_is_refused(arguments: dict[str, Any], message: str):
    with pytest.raises(scenario.ContextSetupError) as caught:
        scenario.Context(ops.CharmBase, META, **arguments)

    assert str(caught.value) == message


@pytest.mark.parametrize('version', ['3.6', '3.6.14', '4.0-beta2', '2.9.51', '3.5.1.1'])
def test_each_form_of_a_version_is_taken(version: str):
    assert scenario.Context(ops.CharmBase, META, juju_version=version).juju_version == version


@pytest.mark.parametrize('interval', [0, -1, 0.5, float('nan'), float('inf'), 'x', True])
def test_an_interval_is_a_second_or_more(interval: Any):
    with pytest.raises(ValueError) as caught:
        scenario.Context(ops.CharmBase, META, update_status_hook_interval=interval)

    assert str(caught.value) == (
        f'cannot use {interval!r} for update_status_hook_interval: '
        'not a timedelta or number of seconds, of a second at least\n'
        '  hint: update_status_hook_interval=300'
    )
