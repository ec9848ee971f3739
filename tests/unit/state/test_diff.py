"""What is shown of the difference between two States."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from ops import pebble

from scenario_pebble.filetree import Directory, File, Symlink
from scenario_pebble.frozen import evolve
from scenario_pebble.state.check import Fail, Pass
from scenario_pebble.state.container import Container
from scenario_pebble.state.diff import diff
from scenario_pebble.state.model import CloudSpec, Model
from scenario_pebble.state.notice import Notice
from scenario_pebble.state.port import TCPPort, UDPPort
from scenario_pebble.state.program import Exec, Program
from scenario_pebble.state.relation import PeerRelation, Relation
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.state import State
from scenario_pebble.state.status import ActiveStatus, BlockedStatus
from scenario_pebble.state.stored import StoredState

from .states import states

DB = Container('db', can_connect=True)


def lines(before: Any, after: Any) -> list[str]:
    return diff(before, after).split('\n')


def of_container(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The lines for two versions of one container, without its path."""
    states = [State(containers=[Container('db', **fields)]) for fields in (before, after)]
    return [line.replace(".containers['db']", '') for line in lines(*states)]


def test_equal_states_have_no_difference():
    assert diff(State(containers=[DB]), State(containers=[DB])) == ''


def test_a_changed_leaf_is_shown_as_it_was_and_as_it_is():
    after = State(containers=[dataclasses.replace(DB, can_connect=False)])

    assert lines(State(containers=[DB]), after) == [
        "- .containers['db'].can_connect = true",
        "+ .containers['db'].can_connect = false",
    ]


def test_fields_come_in_their_order_and_keys_sorted():
    before = State(relations=[Relation('db', id=i, remote_app_data={}) for i in (2, 10)])
    data = {'b': '1', 'a': '2'}
    after = State(relations=[Relation('db', id=i, remote_app_data=data) for i in (2, 10)])

    assert lines(before, dataclasses.replace(after, leader=True)) == [
        '+ .relations[2].remote_app_data[\'a\'] = "2"',
        '+ .relations[2].remote_app_data[\'b\'] = "1"',
        '+ .relations[10].remote_app_data[\'a\'] = "2"',
        '+ .relations[10].remote_app_data[\'b\'] = "1"',
        '- .leader = false',
        '+ .leader = true',
    ]


def test_of_what_came_only_what_is_not_default_is_shown():
    after = State(containers=[Container('db', image={'/a': '1'}, files={'/b': '2'})])

    assert lines(State(), after) == [
        '+ .containers[\'db\'].name = "db"',
        "+ .containers['db'].image['/a'].text = \"1\"",
        "+ .containers['db'].files['/b'].text = \"2\"",
    ]


def test_what_went_is_shown_likewise():
    assert lines(State(opened_ports=[TCPPort(80), UDPPort(53)]), State()) == [
        "- .opened_ports['53/udp'].port = 53",
        "- .opened_ports['80/tcp'].port = 80",
    ]


def test_what_came_with_defaults_alone_is_shown_as_a_whole():
    assert of_container({}, {'programs': {'web': Program()}}) == [
        "+ .programs['web'] = Program()",
    ]


def test_a_value_of_another_kind_is_shown_as_a_whole():
    assert of_container({'outcomes': {'up': Pass()}}, {'outcomes': {'up': Fail('refused')}}) == [
        "- .outcomes['up'] = Pass()",
        "+ .outcomes['up'] = Fail(error='refused')",
    ]


def test_a_status_is_compared_by_name_and_message():
    before = State(unit_status=ActiveStatus('ready'), app_status=BlockedStatus('a'))
    after = State(unit_status=BlockedStatus('ready'), app_status=BlockedStatus('b'))

    assert lines(before, after) == [
        '- .app_status.message = "a"',
        '+ .app_status.message = "b"',
        '- .unit_status.name = "active"',
        '+ .unit_status.name = "blocked"',
    ]


def test_what_is_none_on_one_side_is_shown_as_null():
    assert lines(State(), State(model=Model(cloud_spec=CloudSpec('lxd')))) == [
        '- .model.cloud_spec = null',
        '+ .model.cloud_spec.type = "lxd"',
    ]


def test_a_text_of_several_lines_is_shown_as_a_unified_diff():
    before, after = '1\n2\n3\n4\n5\n6\n', '1\n2\n3\n4\nfive\n6\n'

    assert of_container({'files': {'/a': before}}, {'files': {'/a': after}}) == [
        "~ .files['/a'].text",
        '    @@ -4,3 +4,3 @@',
        '     4',
        '    -5',
        '    +five',
        '     6',
    ]


def test_a_long_line_is_shown_from_where_it_differs():
    before, after = State(workload_version='x' * 150 + 'a'), State(workload_version='x' * 150)

    assert lines(before, after) == [
        f'- .workload_version = "{"x" * 20}a"',
        f'+ .workload_version = "{"x" * 20}"',
    ]


def test_a_long_leaf_is_cut():
    assert lines(State(), State(config={'key': 'x' * 1000})) == [
        f"+ .config['key'] = \"{'x' * 119}… (882 more characters)",
    ]


@pytest.mark.parametrize(
    ('before', 'after', 'shown'),
    [
        (None, File('', mode=0o600), ['+ .files[\'/d/x\'].mode = "600"']),
        (None, File(''), ["+ .files['/d/x'] = File()"]),
        (None, File(b'\xff'), ["+ .files['/d/x'].data = b'\\xff'"]),
        (None, Directory(), ["+ .files['/d/x'] = Directory()"]),
        (None, Symlink('/y', user='me'), None),
        (File('a'), None, ['- .files[\'/d/x\'].text = "a"']),
        (File('a'), File('b', user='me', user_id=7, group='root'), None),
        (File('a'), Symlink('/y'), None),
    ],
    ids=repr,
)
def test_files_are_shown_by_path(before: Any, after: Any, shown: list[str] | None):
    files = [{} if node is None else {'/d/x': node} for node in (before, after)]

    assert of_container(*({'files': f} for f in files)) == (shown or FILES[before, after])


FILES = {
    (None, Symlink('/y', user='me')): [
        '+ .files[\'/d/x\'].target = "/y"',
        '+ .files[\'/d/x\'].user = "me"',
        '+ .files[\'/d/x\'].group = "me"',
    ],
    (File('a'), File('b', user='me', user_id=7, group='root')): [
        '- .files[\'/d/x\'].text = "a"',
        '+ .files[\'/d/x\'].text = "b"',
        '- .files[\'/d/x\'].user = "root"',
        '+ .files[\'/d/x\'].user = "me"',
    ],
    (File('a'), Symlink('/y')): [
        "- .files['/d/x'] = File('a')",
        "+ .files['/d/x'] = Symlink('/y')",
    ],
}


def test_layers_are_shown_by_what_they_set():
    before: dict[str, Any] = {
        'services': {'web': {'command': 'serve', 'user': ''}},
        'checks': {'up': {}},
    }
    after = {
        'services': {'web': {'command': 'serve -v', 'environment': {'A': '1'}}},
        'checks': {'up': {'level': 'alive'}},
    }

    assert of_container({'layers': {'base': before}}, {'layers': {'base': after}}) == [
        "- .layers['base'].services['web'].command = \"serve\"",
        "+ .layers['base'].services['web'].command = \"serve -v\"",
        "+ .layers['base'].services['web'].environment['A'] = \"1\"",
        "+ .layers['base'].checks['up'].level = \"alive\"",
    ]


def test_members_of_sets_are_found_by_what_tells_them_apart():
    before = State(
        containers=[Container('db', execs=[Exec(['ls', '-l'])])],
        secrets=[Secret({'a': 'b'}, id='secret:1', remote_grants={1: ['db']})],
        stored_states=[StoredState(content={'seen': {1}})],
    )
    after = State(
        containers=[Container('db', execs=[Exec(['ls', '-l'], return_code=1)])],
        secrets=[Secret({'a': 'b'}, id='secret:1', remote_grants={1: ['web']})],
        stored_states=[StoredState(content={'seen': {1, 2}})],
    )

    assert lines(before, after) == [
        "- .containers['db'].execs['ls -l'].return_code = 0",
        "+ .containers['db'].execs['ls -l'].return_code = 1",
        "+ .secrets['secret:1'].remote_grants[1]['web'] = true",
        "- .secrets['secret:1'].remote_grants[1]['db'] = true",
        "+ .stored_states['/StoredStateData[_stored]'].content['seen']['2'] = true",
    ]


def test_what_is_not_compared_is_not_shown():
    status = pebble.ServiceStatus.ACTIVE
    before = Container('db', notices=[Notice('a.b/c')], service_statuses={'web': status})
    after = Container('db', notices=[Notice('a.b/c')], can_connect=True)
    after = evolve(after, runtime=object())

    assert lines(before, after) == [
        '- .can_connect = false',
        '+ .can_connect = true',
        '- .service_statuses[\'web\'] = "active"',
    ]


def test_relations_of_another_kind_are_told_apart():
    before = State(relations=[Relation('x', id=1)])
    after = State(relations=[PeerRelation('x', id=1)])

    assert lines(before, after) == [
        "- .relations[1] = Relation(endpoint='x', id=1)",
        "+ .relations[1] = PeerRelation(endpoint='x', id=1)",
    ]


FIELDS = [field.name for field in dataclasses.fields(State)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(states, states, st.sampled_from(FIELDS))
def test_no_difference_is_shown_exactly_if_two_states_are_equal(
    one: State, other: State, field: str
):
    mixed = dataclasses.replace(one, **{field: getattr(other, field)})

    assert (diff(one, mixed) == '') == (one == mixed)
    assert diff(one, dataclasses.replace(one)) == ''
