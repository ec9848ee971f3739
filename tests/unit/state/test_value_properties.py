"""What holds for every component of a State."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import pathlib
import pickle
from typing import Any, cast

import ops
import pytest

from scenario_pebble.state.action import Action
from scenario_pebble.state.deferred import DeferredEvent
from scenario_pebble.state.event import Event
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.model import CloudCredential, CloudSpec, Model
from scenario_pebble.state.network import Address, BindAddress, Network
from scenario_pebble.state.port import ICMPPort, TCPPort, UDPPort
from scenario_pebble.state.relation import PeerRelation, Relation, SubordinateRelation
from scenario_pebble.state.resource import Resource
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.state import State
from scenario_pebble.state.status import (
    ActiveStatus,
    BlockedStatus,
    ErrorStatus,
    MaintenanceStatus,
    UnknownStatus,
    WaitingStatus,
)
from scenario_pebble.state.storage import Storage
from scenario_pebble.state.stored import StoredState

NAMES: dict[str, Any] = {
    value.__name__: value
    for value in (
        *(Action, ActiveStatus, Address, BindAddress, BlockedStatus, CloudCredential, CloudSpec),
        *(DeferredEvent, ErrorStatus, Event, ICMPPort, MaintenanceStatus, Model, Network),
        *(PeerRelation, Relation, Resource, Secret, State, Storage, StoredState, TCPPort),
        *(SubordinateRelation, UDPPort, UnknownStatus, WaitingStatus),
    )
} | {'datetime': datetime, 'PosixPath': pathlib.PosixPath}

UTC = datetime.timezone.utc

COMPONENTS = [
    Relation('db', 'postgresql', local_app_data={'a': 'b'}, remote_units_data={0: {}, 7: {}}),
    PeerRelation('cluster', peers_data={3: {'x': 'y'}}),
    SubordinateRelation('logging', remote_unit_id=4),
    Secret({'key': 'old'}, latest_content={'key': 'new'}, owner='app', remote_grants={1: {'db'}}),
    Secret({'key': 'x'}, rotate=ops.SecretRotate.DAILY, expire=datetime.datetime(2026, 1, 1)),
    Storage('data'),
    Network('db', [BindAddress([Address('192.0.2.7', hostname='h')], mac_address='00:01')]),
    Model('prod', type='lxd', cloud_spec=CloudSpec('lxd', ca_certificates=['pem'])),
    CloudCredential(auth_type='userpass', attributes={'user': 'me'}, redacted=['password']),
    Resource(name='image', path=pathlib.Path('/tmp/image')),
    TCPPort(80),
    UDPPort(53),
    ICMPPort(),
    StoredState(owner_path='Charm', content={'a': [1, {'b': {2}}]}),
    DeferredEvent('Charm/on/start[1]', 'Charm', '_on_start', {'a': [1]}),
    ActiveStatus('ready'),
    BlockedStatus("it's off"),
    ErrorStatus(),
    MaintenanceStatus('busy'),
    UnknownStatus(),
    WaitingStatus('for db'),
    Action('backup', params={'to': ['s3']}),
    CharmEvents.start(),
    CharmEvents.action('backup', {'to': 's3'}),
    CharmEvents.relation_changed(Relation('db'), remote_unit=1),
    State(),
    State(
        config={'a': 1},
        relations=[Relation('db')],
        secrets=[Secret({'a': 'b'})],
        leader=True,
        deferred=[DeferredEvent('Charm/on/start[1]', 'Charm', '_on_start')],
        unit_status=WaitingStatus('x'),
        time=datetime.datetime(2026, 1, 1, tzinfo=UTC),
    ),
]


@pytest.mark.parametrize('component', COMPONENTS, ids=repr)
def test_repr_can_be_evaluated(component: Any):
    assert eval(repr(component), NAMES) == component


@pytest.mark.parametrize('component', COMPONENTS, ids=repr)
def test_pickling_keeps_the_value(component: Any):
    assert pickle.loads(pickle.dumps(component)) == component


@pytest.mark.parametrize('component', COMPONENTS, ids=repr)
def test_a_copy_is_the_object_itself(component: Any):
    assert copy.copy(component) is component
    assert copy.deepcopy(component) is component


@pytest.mark.parametrize('component', COMPONENTS, ids=repr)
def test_replacing_nothing_gives_an_equal_value_of_the_same_hash(component: Any):
    replaced = dataclasses.replace(component)

    assert replaced == component
    assert hash(replaced) == hash(component)


@pytest.mark.parametrize('component', COMPONENTS, ids=repr)
def test_no_field_can_be_assigned(component: Any):
    for field in dataclasses.fields(component):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(component, field.name, None)


def mutable_parts(value: Any) -> list[Any]:
    """What could be changed somewhere in a value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [
            p for f in dataclasses.fields(value) for p in mutable_parts(getattr(value, f.name))
        ]
    if type(value) in (dict, list, set, bytearray):
        return [cast('Any', value)]
    if isinstance(value, dict):
        return mutable_parts(tuple(cast('dict[Any, Any]', value).items()))
    if isinstance(value, (list, tuple, frozenset)):
        return [part for item in cast('list[Any]', value) for part in mutable_parts(item)]
    return []


@pytest.mark.parametrize('component', COMPONENTS, ids=repr)
def test_nothing_in_it_can_be_changed(component: Any):
    assert mutable_parts(component) == []
