from __future__ import annotations

import json
import pathlib

import pytest

from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.relation import PeerRelation, Relation, SubordinateRelation
from scenario_pebble.state.state import State
from tests.unit.juju.unit import Unit

on = CharmEvents()
DB = Relation(
    'db',
    id=7,
    remote_app_name='pg',
    local_unit_data={'mine': '1'},
    local_app_data={'ours': '2'},
    remote_app_data={'theirs': '3'},
    remote_units_data={4: {'host': 'a'}, 10: {'host': 'b'}},
)
LOG = SubordinateRelation('log', id=8, remote_app_name='top', remote_unit_data={'l': '5'})
PEERS = PeerRelation('cluster', id=9, peers_data={2: {'p': '6'}}, local_app_data={'all': '7'})
STATE = State(relations=[DB, LOG, PEERS])
LEADER = State(relations=[DB, LOG, PEERS], leader=True)


def test_relations_are_listed_by_endpoint():
    unit = Unit(State(relations=[DB, Relation('db', id=11), LOG]))

    assert unit.run('relation-ids db --format=json') == '["db:11","db:7"]\n'
    assert unit.run('relation-ids log') == 'log:8\n'
    assert unit.run('relation-ids other --format=json') == '[]\n'


def test_the_relation_of_the_event_is_the_default():
    unit = Unit(STATE, on.relation_changed(DB))

    assert unit.run('relation-ids') == 'db:7\n'
    assert unit.run('relation-list') == 'pg/10\npg/4\n'
    assert unit.run('relation-get host') == 'a\n'
    assert unit.run('relation-get --app - --format=json') == '{"theirs":"3"}\n'


def test_an_event_without_a_unit_reads_the_application():
    unit = Unit(STATE, on.relation_broken(DB))

    assert unit.run('relation-get theirs') == '3\n'


@pytest.mark.parametrize(
    ('line', 'units'),
    [
        ('relation-list -r 7', '["pg/10","pg/4"]'),
        ('relation-list -r db:7', '["pg/10","pg/4"]'),
        ('relation-list -r 8', '["top/0"]'),
        ('relation-list -r 9', '["web/2"]'),
        ('relation-list -r 7 --app', '"pg"'),
        ('relation-list -r 9 --app', '"web"'),
    ],
)
def test_the_other_side_is_listed(line: str, units: str):
    assert Unit(STATE).run(line, '--format=json') == f'{units}\n'


def test_this_unit_is_not_among_its_peers():
    unit = Unit(State(relations=[PeerRelation('cluster', id=9, peers_data={0: {}, 1: {}})]))

    assert unit.run('relation-list -r 9') == 'web/1\n'


@pytest.mark.parametrize(
    ('line', 'expected'),
    [
        ('relation-get -r 7 - web/0', {'mine': '1'}),
        ('relation-get -r 7 - pg/10', {'host': 'b'}),
        ('relation-get -r 7 - pg --app', {'theirs': '3'}),
        ('relation-get -r 7 - pg/4 --app', {'theirs': '3'}),
        ('relation-get -r 7 - web --app', {'ours': '2'}),
        ('relation-get -r 8 - top/0', {'l': '5'}),
        ('relation-get -r 9 - web/2', {'p': '6'}),
        ('relation-get -r 9 - web --app', {'all': '7'}),
        ('relation-get -r 7 host pg/4', 'a'),
        ('relation-get -r 7 port pg/4', None),
    ],
)
def test_databags_are_read(line: str, expected: object):
    assert json.loads(Unit(LEADER).run(line, '--format=json')) == expected


def test_a_follower_reads_the_data_of_its_application_as_in_ops_testing():
    unit = Unit(STATE)

    assert unit.run('relation-get -r 9 all web --app') == '7\n'
    assert unit.run('relation-get -r 7 - web --app') == "ours: '2'\n"


@pytest.mark.parametrize(
    ('line', 'code', 'message'),
    [
        (
            'relation-get -r 99 - pg/4',
            2,
            'invalid value "99" for option -r: relation not found',
        ),
        (
            'relation-list -r log:7',
            2,
            'invalid value "log:7" for option -r: relation not found',
        ),
        ('relation-list -r db:x', 2, 'invalid value "db:x" for option -r: invalid relation id'),
        ('relation-list', 2, 'no relation id specified'),
        ('relation-ids', 2, 'no endpoint name specified'),
        ('relation-get -r 7', 2, 'no unit or application specified'),
        ('relation-get -r 7 - pg', 2, 'expected unit name, got application name "pg"'),
        ('relation-get -r 7 - pg/x', 2, 'invalid unit name "pg/x"'),
        ('relation-get -r 7 - pg/4 more', 2, 'unrecognized args: ["more"]'),
        ('relation-get -r 7 - other --app', 1, 'permission denied'),
        (
            'relation-get -r 7 - pg/5',
            1,
            'cannot read settings for unit "pg/5" in relation "web:db pg:db": unit "pg/5": '
            'settings not found',
        ),
        ('relation-set -r 7 --app a=b', 1, 'cannot write relation settings'),
        ('relation-set -r 7 a', 2, 'expected "key=value", got "a"'),
        ('relation-set -r 7 a=b a=c', 2, 'key "a" specified more than once'),
        (
            'relation-set -r 7 --file /does/not/exist',
            1,
            'open /does/not/exist: no such file or directory',
        ),
    ],
)
def test_what_juju_refuses_is_refused_in_its_words(line: str, code: int, message: str):
    assert Unit(STATE).fail(line) == (code, f'ERROR {message}\n')


def test_writing_gives_a_new_relation_and_leaves_the_others():
    unit = Unit(LEADER)

    unit.run('relation-set -r db:7 mine=new more=x')
    unit.run('relation-set -r db:7 --app ours=')

    state = unit.ledger.result()
    assert state.get_relation(DB).local_unit_data == {'mine': 'new', 'more': 'x'}
    assert state.get_relation(DB).local_app_data == {}
    assert state.get_relation(8) is LOG
    assert state.get_relation(9) is PEERS
    assert DB.local_unit_data == {'mine': '1'}


@pytest.mark.parametrize(
    'text',
    ['{"a": "b", "n": 1}', 'a: b\nn: 1\n', "{a: 'b', n: '1'}"],
    ids=['json', 'yaml', 'flow'],
)
def test_settings_come_from_a_file_too(text: str, tmp_path: pathlib.Path):
    file = tmp_path / 'settings'
    file.write_text(text, encoding='utf-8')
    unit = Unit(STATE)

    unit.run('relation-set -r 7 --file -', stdin=text)
    unit.run('relation-set -r 8 --file', str(file), 'a=argument')

    state = unit.ledger.result()
    assert state.get_relation(7).local_unit_data == {'mine': '1', 'a': 'b', 'n': '1'}
    assert state.get_relation(8).local_unit_data.items() >= {'a': 'argument', 'n': '1'}.items()


def test_settings_that_are_no_strings_by_key_are_refused():
    code, message = Unit(STATE).fail('relation-set -r 7 --file -', stdin='[1, 2]')

    assert (code, message) == (
        1,
        'ERROR yaml: unmarshal errors: cannot unmarshal into map[string]string\n',
    )


def test_writing_what_is_there_changes_nothing():
    unit = Unit(STATE)

    unit.run('relation-set -r 7 mine=1 other=')

    assert unit.ledger.result() is STATE


def test_the_model_on_the_other_side_is_told():
    far = Relation('db', id=7, remote_model_uuid='far')
    unit = Unit(State(relations=[far, PEERS]))

    assert unit.run('relation-model-get -r 7') == 'uuid: far\n'
    assert unit.run('relation-model-get -r 9 --format=json') == (
        f'{{"uuid":"{State().model.uuid}"}}\n'
    )


def test_the_model_on_the_other_side_is_told_since_juju_3_6_2():
    code, message = Unit(STATE, juju_version='3.6.1').fail('relation-model-get -r 7')

    assert (code, message) == (
        1,
        'ERROR relation-model-get is only available in juju >= 3.6.2\n',
    )
