"""The hook tools about storage, network and the unit itself."""

from __future__ import annotations

import json

import pytest

from scenario_pebble.juju.records import JujuLogLine
from scenario_pebble.juju.unittools import Rebooting
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.model import CloudCredential, CloudSpec, Model
from scenario_pebble.state.network import Address, BindAddress, Network
from scenario_pebble.state.port import ICMPPort, TCPPort, UDPPort
from scenario_pebble.state.relation import Relation
from scenario_pebble.state.resource import Resource
from scenario_pebble.state.state import State
from scenario_pebble.state.storage import Storage
from tests.unit.juju.unit import Unit

on = CharmEvents()


@pytest.mark.parametrize(
    ('line', 'code', 'message'),
    [
        ('status-set', 2, 'invalid args, require <status> [message]'),
        (
            'status-set error',
            2,
            'invalid status "error", expected one of [maintenance blocked waiting active]',
        ),
        ('status-set --application active', 1, 'this unit is not the leader'),
        ('status-get --application', 1, 'finding application status: this unit is not the leader'),
        ('application-version-set', 2, 'no version specified'),
        ('network-get', 2, 'no arguments specified'),
        (
            'network-get other',
            1,
            'no network config found for binding "other": relation not found',
        ),
        (
            'network-get log',  # the endpoint of a subordinate relation
            1,
            'no network config found for binding "log": relation not found',
        ),
        ('network-get db -r 9', 2, 'invalid value "9" for option -r: relation not found'),
        ('open-port', 2, 'no port or range specified'),
        ('open-port 80/sctp', 2, 'invalid protocol "sctp", expected "tcp", "udp", or "icmp"'),
        (
            'open-port http',
            2,
            'invalid port "http": strconv.Atoi: parsing "http": invalid syntax',
        ),
        (
            'open-port 0',
            2,
            'port 0 out of bounds: port range bounds must be between 1 and 65535',
        ),
        ('open-port 9-8', 2, 'invalid port range 9-8/tcp; expected fromPort <= toPort'),
        ('storage-get', 2, 'no storage instance specified'),
        (
            'storage-get -s data/9',
            2,
            'invalid value "data/9" for option -s: storage not found',
        ),
        ('storage-add', 2, 'storage add requires a storage directive'),
        ('storage-add data/1', 2, 'storage name "data/1" not valid'),
        ('storage-add data=x', 2, 'cannot parse storage count "x"'),
        (
            'resource-get image',
            1,
            'could not download resource: resource "web/image" not found',
        ),
        ('credential-get', 1, 'permission denied'),
        ('juju-log', 2, 'no message specified'),
        ('state-get x --strict', 1, '"x" not found'),
        ('unit-get name', 2, 'unknown setting "name"'),
    ],
)
def test_what_juju_refuses_is_refused_in_its_words(line: str, code: int, message: str):
    assert Unit(State()).fail(line) == (code, f'ERROR {message}\n')


def test_a_binding_has_default_addresses():
    unit = Unit(State(relations=[Relation('db', id=7)]))

    assert json.loads(unit.run('network-get db -r 7 --format=json')) == {
        'bind-addresses': [
            {
                'mac-address': '',
                'interface-name': '',
                'addresses': [{'hostname': '', 'value': '192.0.2.0', 'cidr': ''}],
            }
        ],
        'ingress-addresses': ['192.0.2.0'],
        'egress-subnets': ['192.0.2.0/24'],
    }
    assert unit.run('network-get admin --ingress-address') == '192.0.2.0\n'
    assert unit.run('network-get juju-info --bind-address') == '192.0.2.0\n'
    assert unit.run('unit-get private-address') == '192.0.2.0\n'


def test_a_binding_has_the_addresses_of_the_state():
    bind = BindAddress([Address('10.0.0.1', cidr='10.0.0.0/8')], interface_name='eth0')
    network = Network('db', [bind], ingress_addresses=[], egress_subnets=['10.0.0.0/8'])
    unit = Unit(State(networks=[network]))

    assert unit.run('network-get db --ingress-address --egress-subnets') == (
        'egress-subnets:\n- 10.0.0.0/8\ningress-address: 10.0.0.1\n'
    )
    assert json.loads(unit.run('network-get db --format=json'))['bind-addresses'] == [
        {
            'mac-address': '',
            'interface-name': 'eth0',
            'addresses': [{'hostname': '', 'value': '10.0.0.1', 'cidr': '10.0.0.0/8'}],
        }
    ]


def test_ports_are_opened_and_closed():
    unit = Unit(State(opened_ports=[TCPPort(22)]))

    for port in ('80', '53/udp', '8000-8001/tcp', 'icmp'):
        unit.run(f'open-port {port}')
    unit.run('close-port 8000')

    assert unit.ledger.result().opened_ports == {
        TCPPort(22),
        TCPPort(80),
        TCPPort(8001),
        UDPPort(53),
        ICMPPort(),
    }
    assert unit.run('opened-ports') == 'icmp\n22/tcp\n80/tcp\n8001/tcp\n53/udp\n'


def test_storage_is_listed_and_found():
    unit = Unit(State(storages=[Storage('data', index=3), Storage('logs', index=4)]))

    assert unit.run('storage-list') == 'data/3\nlogs/4\n'
    assert unit.run('storage-list logs') == 'logs/4\n'
    assert unit.run('storage-get -s data/3 location') == '/storage/data-3\n'
    assert unit.run('storage-get -s data/3 --format=json') == (
        '{"kind":"filesystem","location":"/storage/data-3"}\n'
    )


def test_the_storage_of_the_event_is_the_default():
    storage = Storage('data', index=3)
    unit = Unit(State(storages=[storage]), on.storage_attached(storage))

    assert unit.run('storage-get location') == '/storage/data-3\n'
    assert '-s  (= data/3)\n' in unit.run('storage-get --help')


def test_storage_that_is_asked_for_is_recorded():
    unit = Unit(State())

    unit.run('storage-add data=2 logs')

    assert unit.records.requested_storages == {'data': 2, 'logs': 1}


def test_a_resource_is_a_file_of_the_test():
    unit = Unit(State(resources=[Resource(name='image', path='/x/y')]))

    assert unit.run('resource-get image') == '/x/y\n'


def test_the_configuration_comes_in_the_order_of_the_state_and_then_of_the_charm():
    unit = Unit(State(config={'port': 1, 'name': 'x'}))

    assert unit.run('config-get --format=json') == '{"port":1,"name":"x"}\n'
    assert unit.run('config-get --format=yaml') == 'name: x\nport: 1\n'
    assert Unit(State(config={'name': 'x'})).run('config-get --format=json') == (
        '{"name":"x","port":80}\n'
    )


def test_the_configuration_is_the_defaults_and_what_was_set():
    assert Unit(State()).run('config-get --format=json') == '{"port":80}\n'
    assert Unit(State(config={'port': 1, 'name': 'x'})).run('config-get --format=json') == (
        '{"port":1,"name":"x"}\n'
    )
    assert Unit(State()).run('config-get name --format=json') == 'null\n'
    assert Unit(State()).run('config-get port') == '80\n'


def test_leadership_is_told():
    assert Unit(State()).run('is-leader --format=json') == 'false\n'
    assert Unit(State(leader=True)).run('is-leader') == 'True\n'


def test_log_lines_are_recorded():
    unit = Unit(State())

    unit.run('juju-log --log-level WARNING --', '-careful-')
    unit.run('juju-log two words')

    assert unit.records.juju_log == [
        JujuLogLine('WARNING', '-careful-'),
        JujuLogLine('INFO', 'two words'),
    ]


@pytest.mark.parametrize('planned', [0, 1, 3])
def test_the_goal_has_as_many_units_as_are_planned(planned: int):
    unit = Unit(State(planned_units=planned, relations=[Relation('db', remote_app_name='pg')]))

    goal = json.loads(unit.run('goal-state --format=json'))

    since = {'status': 'active', 'since': '1970-01-01T00:00:00Z'}
    assert goal['units'] == {f'web/{number}': since for number in range(planned)}
    assert goal['relations'] == {'db': {'pg': since, 'pg/0': since}}


def test_a_trusted_application_gets_the_credentials_of_the_cloud():
    credential = CloudCredential(auth_type='userpass', attributes={'u': 'p'}, redacted=['x'])
    model = Model(cloud_spec=CloudSpec('lxd', name='home', credential=credential))

    answer = Unit(State(model=model), app_trusted=True).run('credential-get --format=json')

    assert json.loads(answer) == {
        'type': 'lxd',
        'name': 'home',
        'credential': {'auth-type': 'userpass', 'attrs': {'u': 'p'}, 'redacted': ['x']},
    }


def test_a_model_without_a_cloud_gives_none():
    assert Unit(State(), app_trusted=True).fail('credential-get') == (
        1,
        'ERROR cloud spec not found\n',
    )


def test_what_the_charm_keeps_on_the_controller_stays_in_the_state():
    unit = Unit(State(server_state={'old': '1'}))

    unit.run('state-set new=2')
    unit.run('state-set --file -', stdin='more: 3\n')
    unit.run('state-delete old')

    assert unit.run('state-get --format=json') == '{"more":"3","new":"2"}\n'
    assert unit.run('state-get new') == '2\n'
    assert unit.run('state-get old') == ''
    assert unit.ledger.result() == State(server_state={'new': '2', 'more': '3'})


def test_a_reboot_may_wait():
    unit = Unit(State())

    unit.run('juju-reboot')

    assert unit.records.reboots == ['later']


def test_a_reboot_at_once_ends_the_process():
    unit = Unit(State())

    with pytest.raises(Rebooting):
        unit.run('juju-reboot --now')

    assert unit.records.reboots == ['now']


def test_an_action_cannot_reboot():
    assert Unit(State(), on.action('backup')).fail('juju-reboot') == (
        1,
        'ERROR juju-reboot is not supported when running an action.\n',
    )
