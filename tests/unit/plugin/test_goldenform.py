from __future__ import annotations

import datetime
import json
import pathlib
import re
from typing import Any

import pytest
from ops import pebble
from pytest_scenario_pebble import goldenform, goldenpart

import scenario_pebble as scenario

LAYER: pebble.LayerDict = {'services': {'server': {'override': 'replace', 'command': 'serve'}}}
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def test_a_state_is_what_differs_from_the_default():
    assert goldenform.form(scenario.State()) == {}
    assert goldenform.form(
        scenario.State(
            leader=True,
            config={'level': 'info'},
            unit_status=scenario.BlockedStatus('no database'),
            app_status=scenario.ActiveStatus(),
            opened_ports={scenario.TCPPort(80), scenario.ICMPPort()},
            time=NOW,
        )
    ) == {
        'leader': True,
        'config': {'level': 'info'},
        'unit_status': 'blocked: no database',
        'app_status': 'active',
        'opened_ports': ['80/tcp', 'icmp'],
    }


def test_a_container_is_what_the_charm_and_the_workload_did_to_it():
    container = scenario.Container(
        'web',
        can_connect=True,
        layers={'base': LAYER},
        service_statuses={'server': pebble.ServiceStatus.ACTIVE},
        check_infos={scenario.CheckInfo('up', status=pebble.CheckStatus.DOWN, failures=3)},
        notices=[scenario.Notice('a.b/c', occurrences=2, last_occurred=NOW)],
        mounts={'data': scenario.Mount(location='/data', source='/tmp/elsewhere')},
        execs={scenario.Exec(['ls'])},
        programs={'server': scenario.Program()},
        outcomes={'up': scenario.Fail()},
        faults=[scenario.Fault('GET', 'connection-refused')],
        image={'/etc/old': 'a', '/etc/same': 'b'},
    )

    form = goldenform.form(scenario.State(containers={container}))

    assert form['containers'] == {
        'web': {
            'can_connect': True,
            'layers': {'base': LAYER},
            'service_statuses': {'server': 'active'},
            'check_infos': {'up': {'status': 'down', 'failures': 3}},
            'notices': [{'key': 'a.b/c', 'occurrences': 2}],
        }
    }


def test_files_are_what_lies_over_the_image():
    image = scenario.FileTree.from_mapping({'/etc/old': 'a', '/etc/same': 'b', '/etc/new': 'c'})
    files = (
        image.remove('/etc/old')
        .write('/etc/new', scenario.File('d', mode=0o600, user='web'))
        .write('/etc/plain', 'text')
        .write('/etc/binary', b'\xff')
        .write('/etc/link', scenario.Symlink('/etc/new'))
        .write('/run/app', scenario.Directory(mode=0o700))
    )
    container = scenario.Container('web', image=image, files=files)

    assert goldenform.form(container)['files'] == {
        '/etc/old': None,
        '/etc/new': {'text': 'd', 'mode': '600', 'user': 'web', 'group': 'web'},
        '/etc/plain': 'text',
        '/etc/binary': {'data': b'\xff'},
        '/etc/link': {'kind': 'Symlink', 'target': '/etc/new'},
        '/run/app': {'kind': 'Directory', 'mode': '700'},
    }


def state_with_ids() -> scenario.State:
    """Each time with other ids."""
    db = scenario.Relation('db')
    secret = scenario.Secret({'a': 'b'}, remote_grants={db.id: {'remote'}}, owner='app')
    web = scenario.Relation('web', local_app_data={'tls': secret.id})
    peers = scenario.PeerRelation('peers', local_app_data={'tls': f'old {secret.id}'})
    deferred = scenario.DeferredEvent(
        'Charm/on/db_relation_changed[1]',
        'Charm',
        '_on_changed',
        {'relation_name': 'db', 'relation_id': db.id},
    )
    data = scenario.Storage('data')
    return scenario.State(
        relations={web, peers, db},
        secrets={secret, scenario.Secret({'a': 'b'}, label='other', expire=NOW)},
        storages={data, scenario.Storage('data')},
        deferred=[deferred],
        queue=[
            scenario.QueuedEvent('relation_changed', relation=db.id, remote_unit=0),
            scenario.QueuedEvent('storage_attached', storage=f'data/{data.index}'),
            scenario.QueuedEvent('secret_changed', secret=secret.id),
        ],
    )


def test_the_same_ids_and_times_have_the_same_placeholders():
    form = goldenform.form(state_with_ids())

    relations: dict[str, Any] = {each['endpoint']: each for each in form['relations']}
    assert [relations[name]['id'] for name in ('db', 'peers', 'web')] == [
        '<relation 1>',
        '<relation 2>',
        '<relation 3>',
    ]
    assert relations['peers']['kind'] == 'PeerRelation'
    assert relations['peers']['local_app_data'] == {'tls': 'old <secret 1>'}
    assert relations['web']['local_app_data'] == {'tls': '<secret 1>'}
    shared, other = sorted(form['secrets'], key=lambda each: each['id'])
    assert shared['remote_grants'] == {'<relation 1>': ['remote']}
    assert (other['id'], other['expire']) == ('<secret 2>', '<time 1>')
    assert form['storages'] == ['data <storage 1>', 'data <storage 2>']
    assert form['deferred'][0]['snapshot_data']['relation_id'] == '<relation 1>'
    assert form['queue'] == [
        {'kind': 'relation_changed', 'relation': '<relation 1>', 'remote_unit': 0},
        {'kind': 'storage_attached', 'storage': 'data <storage 1>'},
        {'kind': 'secret_changed', 'secret': '<secret 1>'},
    ]


def test_ids_that_differ_between_runs_make_no_difference():
    assert goldenform.form(state_with_ids()) == goldenform.form(state_with_ids())


def test_keys_and_certificates_have_placeholders_wherever_they_are():
    key = '-----BEGIN RSA PRIVATE KEY-----\nabc\ndef==\n-----END RSA PRIVATE KEY-----'
    other = key.replace('abc', 'cba')
    certificate = '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----'

    assert goldenform.form([f'{key}\n{other}\n', json.dumps([certificate, key])]) == [
        '<rsa private key 1>\n<rsa private key 2>\n',
        '["<certificate 1>", "<rsa private key 1>"]',
    ]


@pytest.mark.parametrize(
    ('value', 'form'),
    [
        (pebble.Plan(LAYER), LAYER),
        (pebble.Layer(LAYER), LAYER),
        (scenario.File('a'), 'a'),
        (scenario.FileTree.from_mapping({'/a': 'b'}), {'/a': 'b'}),
        (scenario.Directory({'a': scenario.File('b')}), {'/a': 'b'}),
        (pebble.CheckStatus.UP, 'up'),
        (datetime.timedelta(seconds=5), '0:00:05'),
        (pathlib.PurePosixPath('/a'), '/a'),
        ([1, (True, None)], [1, [True, None]]),
        ({'b': 1, 'a': {2, 1}}, {'b': 1, 'a': [1, 2]}),
        (scenario.CheckInfo('up'), {'name': 'up'}),
        (scenario.Timeline(()), ''),
    ],
)
def test_parts_of_states_and_plain_values_have_a_form(value: Any, form: Any):
    assert goldenform.form(value) == form


def test_other_values_have_none():
    with pytest.raises(
        TypeError, match=r'^cannot keep a object in a golden file: <object object at 0x\w+>$'
    ):
        goldenform.form([object()])


def test_a_plan_is_taken_of_a_container_and_of_each_container_of_a_state():
    web = scenario.Container('web', layers={'base': LAYER})

    assert goldenpart.plan(web) == web.plan
    assert goldenpart.plan(web.plan) == web.plan
    assert goldenpart.plan(scenario.State(containers={web})) == {'web': web.plan}
    with pytest.raises(
        TypeError, match=r'^cannot compare a str with golden\.plan: it has no plan$'
    ):
        goldenpart.plan('a')


def test_files_are_those_at_and_below_a_path():
    files = scenario.FileTree.from_mapping({'/etc/app/a': '1', '/etc/b': '2'})
    web = scenario.Container('web', files=files)

    assert list(goldenpart.files('/etc/app')(web)) == ['/etc/app/a']
    assert list(goldenpart.files('/etc/b')(files)) == ['/etc/b']
    assert goldenpart.files('/')(web) == files
    assert goldenpart.files('/')(scenario.Container('empty')) == {}
    assert goldenpart.files('/etc/b')(
        scenario.State(containers={web, scenario.Container('empty')})
    ) == {'web': {'/etc/b': '2'}, 'empty': {}}
    with pytest.raises(
        TypeError, match=r'^cannot compare a str with golden\.files: it has no files$'
    ):
        goldenpart.files('/')('a')


@pytest.mark.parametrize(
    ('path', 'hint'),
    [
        ('/etc/ap', "did you mean '/etc/app'?"),
        ('/etc/something', 'there are /etc/app, /etc/b'),
        ('/run', 'there are /etc'),
    ],
)
def test_a_path_at_which_nothing_is_is_refused(path: str, hint: str):
    web = scenario.Container('web', files={'/etc/app/a': '1', '/etc/b': '2'})
    message = f'cannot compare the files at {path!r}: nothing is there\n  hint: {hint}'

    for value in (web, web.files, scenario.State(containers={web, scenario.Container('db')})):
        with pytest.raises(scenario.NotFoundError, match=f'^{re.escape(message)}$'):
            goldenpart.files(path)(value)


def test_a_state_without_containers_has_no_files():
    with pytest.raises(scenario.NotFoundError, match=r'nothing is there\n  hint: .* no files$'):
        goldenpart.files('/')(scenario.State())
