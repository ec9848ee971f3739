from __future__ import annotations

from typing import Any

import pytest
from ops import pebble

from scenario_pebble.errors import StateValidationError
from scenario_pebble.filetree import File
from scenario_pebble.state.check import Fail, Pass
from scenario_pebble.state.container import Container
from scenario_pebble.state.program import Exec
from scenario_pebble.state.relation import PeerRelation, Relation
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.state import State

WEB = Container('web', can_connect=True)
DB = Container('db')
DATABASE = Relation('database', id=1)
PEERS = PeerRelation('peers', id=2)
ADMIN = Secret({'password': '1'}, label='admin')
STATE = State(
    config={'port': 80, 'log-level': 'info'},
    containers={WEB, DB},
    relations={DATABASE, PEERS},
    secrets={ADMIN},
    leader=True,
)


def test_options_are_changed_by_name():
    changed = STATE.with_config({'log-level': 'debug'}, port=81)

    assert changed.config == {'port': 81, 'log-level': 'debug'}
    assert changed.leader
    assert STATE.config['port'] == 80


def test_a_container_comes_in_the_place_of_the_one_of_its_name():
    other = Container('web')

    changed = STATE.with_container(other)

    assert changed.containers == {other, DB}
    assert changed.get_container('db') is DB


def test_a_container_can_be_added():
    assert State().with_container(WEB).containers == {WEB}


def test_a_container_is_changed_by_its_name():
    assert STATE.with_container('web', can_connect=False).get_container('web') == Container('web')


def test_a_container_that_is_not_there_cannot_be_changed():
    with pytest.raises(KeyError, match=r"cannot find container 'wbe': the State has 'db', 'web'"):
        STATE.with_container('wbe', can_connect=False)


def test_a_field_that_is_not_there_cannot_be_changed():
    with pytest.raises(
        TypeError,
        match=r"^cannot change 'can_conect' of a Container: it has no such field\n"
        r"  hint: did you mean 'can_connect'\?$",
    ):
        STATE.with_container('web', can_conect=False)


def test_what_is_no_such_part_cannot_be_put_into_a_state():
    part: Any = DATABASE
    with pytest.raises(TypeError, match=r'^cannot use Relation.* for container of with_container'):
        STATE.with_container(part)


@pytest.mark.parametrize('which', ['database', 1, DATABASE])
def test_a_relation_is_changed_by_its_endpoint_or_id_or_as_it_is_given(which: Any):
    changed = STATE.with_relation(which, remote_app_data={'version': '8'})

    assert changed.get_relation(DATABASE).remote_app_data == {'version': '8'}
    assert changed.get_relation(2) is PEERS


def test_the_change_of_a_relation_builds_on_what_the_state_has():
    written = Relation('database', id=1, local_app_data={'a': 'b'})

    changed = STATE.with_relation(written).with_relation('database', remote_app_data={'c': 'd'})

    assert changed.get_relation(DATABASE).local_app_data == {'a': 'b'}


@pytest.mark.parametrize('which', ['database', 1, DATABASE])
def test_a_relation_is_taken_away(which: Any):
    assert STATE.without_relation(which).relations == {PEERS}


def test_an_endpoint_with_two_relations_does_not_name_one():
    state = STATE.with_relation(Relation('database', id=5))

    with pytest.raises(
        KeyError,
        match=r"cannot find the one relation with endpoint 'database': "
        'the State has database:1, database:5, peers:2',
    ):
        state.without_relation('database')


@pytest.mark.parametrize('which', ['admin', ADMIN.id, ADMIN])
def test_a_new_latest_content_of_a_secret_is_a_new_revision(which: Any):
    changed = STATE.with_secret(which, latest_content={'password': '2'})

    secret = changed.get_secret(label='admin')
    assert (secret.tracked_content, secret.latest_content) == (
        {'password': '1'},
        {'password': '2'},
    )
    assert (secret.tracked_revision, secret.latest_revision) == (1, 2)


def test_other_changes_of_a_secret_are_no_revision():
    changed = STATE.with_secret('admin', owner='app')

    assert changed.get_secret(label='admin').latest_revision == 1


def test_a_secret_that_is_not_there_cannot_be_changed():
    with pytest.raises(KeyError, match=r"cannot find secret 'root': the State has secret:.*admin"):
        STATE.with_secret('root', owner='app')


def test_a_service_that_runs_can_be_had_without_a_layer():
    web = WEB.with_service('nginx')

    info = web.services['nginx']
    assert (info.current, info.startup) == (
        pebble.ServiceStatus.ACTIVE,
        pebble.ServiceStartup.ENABLED,
    )


def test_a_service_says_what_it_runs_beside_others_of_its_layer():
    web = Container('web', layers={'a': {'services': {'b': {'command': 'b'}}}})

    web = web.with_service('a', {'command': 'a --port 80', 'startup': 'disabled'}, status='error')

    assert list(web.layers) == ['a']
    assert web.plan.services['a'].command == 'a --port 80'
    assert web.plan.services['b'].command == 'b'
    assert web.services['a'].startup is pebble.ServiceStartup.DISABLED
    assert web.services['a'].current is pebble.ServiceStatus.ERROR


def test_a_service_of_a_layer_gets_a_status_and_the_layer_stays():
    web = Container('web', layers={'a': {'services': {'b': {'command': 'b'}}}})

    running = web.with_service('b')

    assert running.layers == web.layers
    assert running.services['b'].is_running()


def test_a_file_is_added_to_what_is_there():
    web = Container('web', files={'/a': 'b'}).with_file('/etc/c', File('d', mode=0o600))

    assert web.files == {'/a': 'b', '/etc/c': File('d', mode=0o600)}


def test_a_file_below_a_file_is_refused():
    with pytest.raises(StateValidationError, match=r"^cannot put '/a/b' into the tree: '/a' is a"):
        Container('web', files={'/a': 'b'}).with_file('/a/b', 'c')


def test_a_command_comes_in_the_place_of_the_one_with_its_prefix():
    web = Container('web', execs={Exec(['a', 'b']), Exec(['c'])})

    web = web.with_exec(Exec(['a', 'b'], return_code=1))

    assert web.execs == {Exec(['a', 'b'], return_code=1), Exec(['c'])}


def test_outcomes_are_set_one_by_one():
    web = (
        WEB.with_outcome('up', Pass()).with_outcome('ready', Fail('no')).with_outcome('up', Fail())
    )

    assert web.outcomes == {'up': Fail(), 'ready': Fail('no')}
