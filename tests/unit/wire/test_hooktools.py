from __future__ import annotations

import io
import pathlib
import subprocess

import ops
import ops.model
import pytest

from scenario_pebble.juju.ledger import Ledger
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.relation import Relation
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.state import State
from scenario_pebble.state.status import ActiveStatus
from scenario_pebble.wire import hooktools
from scenario_pebble.wire.hooktools import HookTools
from tests.unit.juju.unit import Unit

STATE = State(
    relations=[Relation('db', id=7, remote_units_data={0: {'a': 'b'}})],
    secrets=[Secret({'key': 'value'}, id='secret:x', owner='unit')],
)


@pytest.fixture
def ledger() -> Ledger:
    return Unit(STATE).ledger


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> ops.model._ModelBackend:  # type: ignore[reportPrivateUsage]
    for name, value in {
        'JUJU_UNIT_NAME': 'web/0',
        'JUJU_MODEL_NAME': 'm',
        'JUJU_MODEL_UUID': 'u',
        'JUJU_VERSION': '3.6.14',
    }.items():
        monkeypatch.setenv(name, value)
    return ops.model._ModelBackend()  # type: ignore[reportPrivateUsage]


def test_ops_reads_and_writes_the_ledger(ledger: Ledger, backend: ops.model._ModelBackend):  # type: ignore[reportPrivateUsage]
    with HookTools(ledger):
        backend.status_set('active', 'ready')
        backend.relation_set(7, {'x': 'y'}, False)
        secret_id = backend.secret_add({'some-key': 'v'}, owner='unit', label='l')

        assert backend.relation_ids('db') == [7]
        assert backend.relation_list(7) == ['remote/0']
        assert backend.relation_get(7, 'remote/0', False) == {'a': 'b'}
        assert backend.config_get() == {'port': 80}
        assert backend.is_leader() is False
        assert backend.status_get()['message'] == 'ready'
        assert backend.secret_get(label='l') == {'some-key': 'v'}
        assert backend.secret_info_get(id=secret_id).revision == 1
        assert backend.planned_units() == 1
        assert backend.network_get('db')['ingress-addresses'] == ['192.0.2.0']

    state = ledger.result()
    assert state.unit_status == ActiveStatus('ready')
    assert state.get_relation(7).local_unit_data['x'] == 'y'
    assert state.get_secret(label='l').tracked_content == {'some-key': 'v'}


def test_ops_understands_what_goes_wrong(ledger: Ledger, backend: ops.model._ModelBackend):  # type: ignore[reportPrivateUsage]
    with HookTools(ledger):
        with pytest.raises(ops.RelationNotFoundError):
            backend.relation_get(99, 'remote/0', False)
        with pytest.raises(ops.SecretNotFoundError):
            backend.secret_get(id='secret:none')
        with pytest.raises(ops.RelationNotFoundError):
            backend.network_get('x')


def test_ops_finds_the_storage_of_the_event(ledger: Ledger, backend: ops.model._ModelBackend):  # type: ignore[reportPrivateUsage]
    with HookTools(ledger):
        backend.open_port('tcp', 80)
        backend.storage_add('data', 2)

        assert backend.opened_ports() == {ops.Port('tcp', 80)}
        assert backend.storage_list('data') == []

    assert ledger.records.requested_storages == {'data': 2}


@pytest.mark.parametrize(
    'command',
    [
        'is-leader',
        ['is-leader'],
        ['/var/lib/juju/tools/unit-web-0/is-leader'],
        [pathlib.Path('is-leader')],
        iter(['is-leader']),
        [b'is-leader'],
    ],
    ids=['string', 'list', 'path in a string', 'path', 'iterator', 'bytes'],
)
def test_a_charm_may_start_a_tool_itself(command: object, ledger: Ledger):
    with HookTools(ledger):
        assert subprocess.check_output(command) == b'False\n'  # type: ignore[call-overload]


def test_every_way_to_start_a_process_works(ledger: Ledger):
    with HookTools(ledger):
        done = subprocess.run(['config-get', 'port'], capture_output=True, text=True, check=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, '80\n', '')
        assert subprocess.call(['status-set', 'active']) == 0
        subprocess.check_call(['relation-set', '-r', '7', 'a=1'])
        with subprocess.Popen(['is-leader'], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.read() == b'False\n'
        assert process.returncode == 0
        assert process.poll() == 0

    assert ledger.result().get_relation(7).local_unit_data['a'] == '1'


def test_input_comes_through_a_pipe_in_every_way(ledger: Ledger, tmp_path: pathlib.Path):
    (tmp_path / 'settings').write_text('c: 3', encoding='utf-8')
    command = ['relation-set', '-r', '7', '--file', '-']

    with HookTools(ledger):
        subprocess.run(command, input=b'a: 1', check=True)
        process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
        assert process.stdin is not None
        assert process.poll() is None
        process.stdin.write('b: 2')
        process.stdin.close()
        assert process.poll() == 0
        with (tmp_path / 'settings').open('rb') as file:
            subprocess.run(command, stdin=file, check=True)
        subprocess.run(command, stdin=subprocess.DEVNULL, check=True)

    written = ledger.result().get_relation(7).local_unit_data
    assert {key: written[key] for key in 'abc'} == {'a': '1', 'b': '2', 'c': '3'}


def test_output_goes_where_the_charm_wants_it(
    ledger: Ledger, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
):
    with HookTools(ledger):
        with (tmp_path / 'out').open('wb') as file:
            subprocess.run(['is-leader'], stdout=file, check=True)
        subprocess.run(['config-get', 'port'], check=True)
        subprocess.run(['is-leader'], stdout=subprocess.DEVNULL, check=True)
        merged = subprocess.run(
            ['status-set'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )

    assert (tmp_path / 'out').read_text(encoding='utf-8') == 'False\n'
    assert capsys.readouterr().out == '80\n'
    assert merged.stdout == b'ERROR invalid args, require <status> [message]\n'


def test_a_tool_that_fails_has_an_exit_code(ledger: Ledger):
    with HookTools(ledger), pytest.raises(subprocess.CalledProcessError) as caught:
        subprocess.run(['relation-get', '-r', '9'], capture_output=True, text=True, check=True)

    assert caught.value.returncode == 2
    assert caught.value.stderr == ('ERROR invalid value "9" for option -r: relation not found\n')


def test_all_other_processes_are_real(ledger: Ledger):
    with HookTools(ledger):
        assert subprocess.check_output(['echo', '1'], text=True) == '1\n'
        assert subprocess.check_output('echo is-leader', shell=True) == b'is-leader\n'
        with pytest.raises(FileNotFoundError):
            subprocess.run(['no-such-tool-at-all'], check=False)


def test_nothing_is_left_behind_after_an_error(ledger: Ledger):
    module = hooktools._ops_module  # type: ignore[reportPrivateUsage]
    before = module.subprocess, subprocess.Popen.__init__

    with pytest.raises(subprocess.CalledProcessError), HookTools(ledger):
        subprocess.run('status-set', check=True)

    assert (module.subprocess, subprocess.Popen.__init__) == before
    assert module.subprocess is subprocess


def test_of_two_ledgers_the_inner_one_answers(ledger: Ledger):
    inner = Unit(State(leader=True)).ledger

    with HookTools(ledger):
        with HookTools(inner):
            assert subprocess.check_output('is-leader') == b'True\n'
        assert subprocess.check_output('is-leader') == b'False\n'


def test_what_a_test_put_in_the_place_of_subprocess_stays(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    def run(*_: object, **__: object) -> str:
        return 'patched'

    monkeypatch.setattr(subprocess, 'run', run)

    with HookTools(ledger):
        assert subprocess.run(['is-leader'], check=True) == 'patched'  # type: ignore[comparison-overlap]


def test_an_open_stream_is_read_as_input(ledger: Ledger):
    with HookTools(ledger):
        subprocess.Popen(
            ['relation-set', '-r', '7', '--file', '-'],
            stdin=io.StringIO('z: 9'),  # type: ignore[arg-type]
        )

    assert ledger.result().get_relation(7).local_unit_data['z'] == '9'


def test_results_of_an_action_are_recorded_as_the_charm_gave_them(
    backend: ops.model._ModelBackend,  # type: ignore[reportPrivateUsage]
):
    unit = Unit(STATE, CharmEvents.action('backup'))

    with HookTools(unit.ledger):
        backend.action_set({'size': 1, 'file': {'ok': True}})
        backend.action_set({'size': 2, 'a.b': 3})
        assert subprocess.call(['action-set', 'text=4']) == 0

    assert unit.records.action_results == {
        'size': 2,
        'file': {'ok': True},
        'a.b': 3,
        'text': '4',
    }


def test_a_result_that_juju_refuses_is_not_recorded(
    backend: ops.model._ModelBackend,  # type: ignore[reportPrivateUsage]
):
    unit = Unit(STATE, CharmEvents.action('backup'))

    with HookTools(unit.ledger), pytest.raises(ops.ModelError):
        backend.action_set({'stdout': 1})

    assert unit.records.action_results is None
