"""The plan manager places layers as Pebble does."""

from __future__ import annotations

import pickle
import re

import pytest

from scenario_pebble.daemon import planfacts, users
from scenario_pebble.daemon.plan import FormatError, Plan, PlanError
from scenario_pebble.daemon.planstate import PlanManager


def service(command: str) -> str:
    return f'services: {{a: {{override: replace, command: {command}}}}}'


def add(manager: PlanManager, label: str, text: str, *, inner: bool = False) -> None:
    manager.append(manager.parse(label, text), inner=inner)


def combine(manager: PlanManager, label: str, text: str) -> None:
    manager.combine(manager.parse(label, text))


def labels(manager: PlanManager) -> list[str]:
    return [layer.label for layer in manager.layers]


def test_a_new_layer_lies_on_top():
    manager = PlanManager()

    add(manager, 'one', service('c'))
    add(manager, 'two', service('d'))

    assert labels(manager) == ['one', 'two']
    assert manager.plan.services['a'].command == 'd'


def test_a_label_can_be_used_once():
    manager = PlanManager()
    add(manager, 'one', service('c'))

    with pytest.raises(FormatError, match=r'^layer "one" already exists$'):
        add(manager, 'one', service('d'))


def test_a_refused_layer_changes_nothing():
    manager = PlanManager()
    add(manager, 'one', service('c'))
    before = manager.layers, manager.plan

    with pytest.raises(FormatError, match=r'^plan must define "command" for service "b"$'):
        add(manager, 'two', 'services: {b: {override: replace}}')

    assert (manager.layers, manager.plan) == before


def test_combining_keeps_the_layers_place():
    manager = PlanManager()
    add(manager, 'low', service('c'))
    add(manager, 'high', service('d'))

    combine(
        manager,
        'low',
        'services: {a: {override: merge, summary: s}, b: {override: replace, command: b}}',
    )

    assert labels(manager) == ['low', 'high']
    assert manager.layers[0].services['a'].summary == 's'
    assert manager.plan.services['a'].summary == ''
    assert manager.plan.services['b'].command == 'b'


def test_combining_with_a_new_label_adds_a_layer():
    manager = PlanManager()

    combine(manager, 'one', service('c'))

    assert labels(manager) == ['one']


def test_a_layer_of_a_sub_directory_goes_above_its_last_one():
    manager = PlanManager()
    for label in ('sub/aaa', 'top'):
        add(manager, label, '')
    refusal = "cannot insert sub-directory layer without 'inner' attribute set"

    with pytest.raises(PlanError, match=f'^{re.escape(refusal)}$'):
        add(manager, 'sub/bbb', '')
    add(manager, 'sub/bbb', '', inner=True)
    add(manager, 'new/aaa', '')
    add(manager, 'new/bbb', '')

    assert labels(manager) == ['sub/aaa', 'sub/bbb', 'top', 'new/aaa', 'new/bbb']


def test_whoever_wants_to_know_hears_of_each_added_layer():
    heard: list[Plan] = []
    manager = PlanManager(changed=heard.append)

    add(manager, 'one', service('c'))
    combine(manager, 'one', service('d'))
    with pytest.raises(FormatError):
        add(manager, 'one', '')

    assert [plan.services['a'].command for plan in heard] == ['c', 'd']


def test_users_of_exec_checks_are_looked_up():
    manager = PlanManager(known=users.Users({'root': users.User(0, 0)}))
    message = 'plan check "c" has invalid user/group: user: unknown user nobody'

    with pytest.raises(FormatError, match=f'^{re.escape(message)}$'):
        add(manager, 'one', 'checks: {c: {override: replace, exec: {command: x, user: nobody}}}')


def test_workloads_are_those_of_the_image():
    manager = PlanManager()
    manager.load_layer_files({'001-base.yaml': 'workloads: {w: {override: replace, user: u}}'})

    with pytest.raises(FormatError, match=r'^cannot change immutable section "workloads"$'):
        add(manager, 'one', 'workloads: {w: {override: merge, user: v}}')
    add(manager, 'two', service('c'))

    assert manager.plan.workloads['w'].user == 'u'


def test_layer_files_apply_in_order_of_their_numbers():
    manager = PlanManager()

    manager.load_layer_files(
        {
            '010-top.yaml': '',
            '002-sub.d/002-bbb.yaml': '',
            '002-sub.d/001-aaa.yaml': '',
            '001-base.yaml': '',
            'notes.txt': '- ignored',
        }
    )

    assert labels(manager) == ['base', 'sub/aaa', 'sub/bbb', 'top']


@pytest.mark.parametrize(
    ('files', 'message'),
    [
        (
            ['001-aaa.yaml', '001-bbb.yaml'],
            'invalid layer filename: "001-bbb.yaml" not unique (have "001-aaa.yaml" already)',
        ),
        (
            ['001-aaa.yaml', '002-aaa.yaml'],
            'invalid layer filename: "002-aaa.yaml" not unique (have "001-aaa.yaml" already)',
        ),
        (
            ['1-aaa.yaml'],
            'invalid layer filename: "1-aaa.yaml" (must look like "123-some-label.yaml")',
        ),
        (
            ['001-ab.yaml'],
            'invalid layer filename: "001-ab.yaml" (must look like "123-some-label.yaml")',
        ),
        (
            ['sub.d/001-aaa.yaml'],
            'invalid layer sub-directory name: "sub.d" (must look like "123-some-label.d")',
        ),
        (
            ['001-sub.d/001-more.d/001-aaa.yaml'],
            'cannot have a layers sub-directory at this level',
        ),
    ],
)
def test_layer_files_with_bad_names_keep_the_daemon_from_starting(files: list[str], message: str):
    manager = PlanManager()

    with pytest.raises(FormatError, match=f'^{re.escape(f"cannot load plan: {message}")}$'):
        manager.load_layer_files(dict.fromkeys(files, ''))


def test_an_invalid_layer_file_keeps_the_daemon_from_starting():
    message = 'cannot load plan: cannot parse layer "base": unknown section "nope"'

    with pytest.raises(FormatError, match=f'^{re.escape(message)}$'):
        PlanManager().load_layer_files({'001-base.yaml': 'nope: 1'})


def test_arguments_replace_the_default_ones():
    manager = PlanManager()
    add(manager, 'one', service('"cmd --fixed [ --default x ]"'))

    manager.set_service_args({'a': ['--given', 'a b']})

    assert manager.plan.services['a'].command == "cmd --fixed [ --given 'a b' ]"
    assert manager.plan.services['a'].args == ('cmd', '--fixed', '--given', 'a b')


def test_arguments_for_an_unknown_service_are_refused():
    with pytest.raises(FormatError, match=r'^service "z" not found in plan$'):
        PlanManager().set_service_args({'z': []})


def test_layers_can_be_pickled_and_are_equal_by_value():
    manager = PlanManager([planfacts.facts_from_dict('facts', {'services': {'a': {}}})])
    add(manager, 'one', service('c'))

    assert pickle.loads(pickle.dumps(manager.layers)) == manager.layers
