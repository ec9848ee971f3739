from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, cast

import ops
import pytest

from scenario_pebble.errors import NotFoundError, StateValidationError
from scenario_pebble.state.network import Network
from scenario_pebble.state.port import ICMPPort, Port, TCPPort, UDPPort
from scenario_pebble.state.relation import PeerRelation, Relation
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.state import State
from scenario_pebble.state.storage import Storage
from scenario_pebble.state.stored import StoredState

UTC = datetime.timezone.utc


def test_two_empty_states_are_equal():
    assert State() == State()
    assert hash(State()) == hash(State())


def test_time_is_not_compared():
    assert State(time=datetime.datetime(2026, 1, 1, tzinfo=UTC)) == State()


def test_time_is_kept_in_utc():
    time = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))

    state = State(time=time)

    assert repr(state.time) == repr(datetime.datetime(2026, 1, 1, 10, tzinfo=UTC))


def test_time_without_a_zone_is_refused():
    with pytest.raises(StateValidationError) as caught:
        State(time=datetime.datetime(2026, 1, 1))

    assert str(caught.value) == (
        'cannot use datetime.datetime(2026, 1, 1, 0, 0) for State.time: it has no time zone\n'
        '  hint: datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)'
    )


def test_a_time_that_is_none_is_refused():
    with pytest.raises(StateValidationError) as caught:
        State(time=cast('Any', 'noon'))

    assert str(caught.value) == (
        "cannot use 'noon' for State.time: it is no datetime\n"
        '  hint: datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)'
    )


def test_what_ops_makes_of_ports_and_storages_is_understood():
    attached = ops.Storage('data', 3, cast('Any', None))

    state = State(
        opened_ports=[ops.Port('tcp', 80), ops.Port('udp', 53), ops.Port('icmp', None)],
        storages=[attached],
    )

    assert state.opened_ports == {TCPPort(80), UDPPort(53), ICMPPort()}
    assert state.storages == {Storage('data', index=3)}


@pytest.mark.parametrize('port', [0, -1, 65536])
def test_a_port_out_of_range_is_refused(port: int):
    with pytest.raises(StateValidationError) as caught:
        TCPPort(port)

    assert str(caught.value) == (
        f'cannot use port {port}: it is not in 1 to 65535\n  hint: TCPPort(8080)'
    )


def test_icmp_has_no_ports():
    with pytest.raises(StateValidationError, match=r'^cannot use port 80 for ICMP: '):
        ICMPPort(80)  # type: ignore[arg-type]


def test_the_base_class_of_ports_cannot_be_made():
    with pytest.raises(RuntimeError, match=r'^cannot make a Port: '):
        Port(80)


@pytest.mark.parametrize('name', ['9data', 'Data', 'da_ta', 'data-1', ''])
def test_a_storage_name_that_juju_refuses_is_refused(name: str):
    with pytest.raises(StateValidationError, match=r'^cannot use storage name '):
        Storage(name)


def test_a_relation_is_found_by_id_or_by_what_it_was_before():
    relation = Relation('db', id=7, local_app_data={'key': 'new'})
    state = State(relations=[relation])

    assert state.get_relation(7) is relation
    assert state.get_relation(Relation('db', id=7)) is relation


def test_a_relation_of_another_kind_is_not_the_one_that_is_meant():
    state = State(relations=[Relation('db', id=7)])

    with pytest.raises(ValueError) as caught:
        state.get_relation(PeerRelation('db', id=7))

    assert str(caught.value) == (
        "cannot find relation PeerRelation(endpoint='db', id=7): the State has another one with "
        "id 7\n  it has: Relation(endpoint='db', id=7)\n  hint: state.get_relation(7) gives it"
    )


def test_relations_are_found_by_endpoint_verbatim():
    dashed, other = Relation('my-db'), Relation('my_db')
    state = State(relations=[dashed, other])

    assert state.get_relations('my-db') == (dashed,)


def test_a_secret_is_found_by_id_or_label():
    secret = Secret({'key': 'value'}, id='secret:a', label='mine')
    state = State(secrets=[secret, Secret({'key': 'value'}, label='other')])

    for form in ('secret:a', 'a', 'secret://5ce4a1e0-0d5a-4b1c-8d5e-7e57ab1e0001/a'):
        assert state.get_secret(id=form) is secret
    assert state.get_secret(label='mine') is secret
    with pytest.raises(KeyError):
        state.get_secret(id='secret:a', label='other')


MISSING: list[tuple[Callable[[State], Any], type[Exception], str]] = [
    (
        lambda s: s.get_container('web'),
        NotFoundError,
        "container 'web': the State has none\n  hint: State(containers=[Container(…)])",
    ),
    (
        lambda s: s.get_network('dbs'),
        NotFoundError,
        "network 'dbs': the State has 'db'\n  hint: did you mean 'db'?",
    ),
    (
        lambda s: s.get_relation(1),
        NotFoundError,
        "relation 1: the State has 7\n  hint: state.get_relations('…') gives those of an endpoint",
    ),
    (
        lambda s: s.get_secret(id='x'),
        NotFoundError,
        "secret 'x': the State has 'secret:a'\n  hint: State(secrets=[Secret(…)])",
    ),
    (
        lambda s: s.get_secret(label='x'),
        NotFoundError,
        "secret with label 'x': the State has 'mine'\n  hint: Secret(…, label=…)",
    ),
    (
        lambda s: s.get_storage('data'),
        ValueError,
        "storage 'data/0': the State has 'data/5'\n  hint: did you mean 'data/5'?",
    ),
    (
        lambda s: s.get_stored_state('x', owner_path='Charm'),
        ValueError,
        "stored state 'Charm/StoredStateData[x]': the State has "
        "'Charm/StoredStateData[_stored]'\n  hint: did you mean 'Charm/StoredStateData[_stored]'?",
    ),
]


@pytest.mark.parametrize(('look_up', 'error', 'message'), MISSING)
def test_what_is_missing_is_named_with_what_there_is(
    look_up: Callable[[State], Any], error: type[Exception], message: str
):
    state = State(
        networks=[Network('db')],
        relations=[Relation('db', id=7)],
        secrets=[Secret({'key': 'value'}, id='secret:a', label='mine')],
        storages=[Storage('data', index=5)],
        stored_states=[StoredState(owner_path='Charm')],
    )

    with pytest.raises(error) as caught:
        look_up(state)

    assert str(caught.value) == f'cannot find {message}'
    assert isinstance(caught.value, (KeyError, ValueError))  # as in ops.testing


def test_a_secret_is_not_found_without_id_and_label():
    with pytest.raises(ValueError) as caught:
        State().get_secret()

    assert str(caught.value) == (
        "cannot find a secret without its id or its label\n  hint: state.get_secret(label='…')"
    )


def test_ingress_addresses_are_a_list():
    with pytest.raises(
        StateValidationError, match=r'^cannot use .* for Network\.ingress_addresses: '
    ):
        Network('db', ingress_addresses='192.0.2.1')
