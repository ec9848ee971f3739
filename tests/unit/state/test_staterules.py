from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ops
import pytest

from scenario_pebble.state.check import CheckInfo
from scenario_pebble.state.container import Container
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.model import CloudSpec, Model
from scenario_pebble.state.network import Network
from scenario_pebble.state.relation import PeerRelation, Relation, SubordinateRelation
from scenario_pebble.state.resource import Resource
from scenario_pebble.state.spec import CharmSpec
from scenario_pebble.state.state import State
from scenario_pebble.state.storage import Storage
from scenario_pebble.state.stored import StoredState

Problems = Callable[..., list[str]]

on = CharmEvents()


def test_what_the_charm_declares_is_consistent(problems: Problems):
    state = State(
        config={'port': 8080, 'rate': 1, 'password': f'secret:{"a" * 20}'},
        relations=[Relation('db'), SubordinateRelation('log'), PeerRelation('cluster')],
        networks=[Network('db'), Network('admin'), Network('juju-info')],
        containers=[Container('web')],
        storages=[Storage('data', index=0), Storage('data', index=1)],
        resources=[Resource(name='image', path='/x')],
        stored_states=[StoredState(content={'a': [{'b': {1, None}}]})],
    )

    assert problems(on.start(), state) == []


@pytest.mark.parametrize(
    ('state', 'expected'),
    [
        (
            State(containers=[Container('wob')]),
            [
                "  .containers['wob']: the charm's metadata has no container 'wob'",
                "    it has containers: 'web', 'worker'",
                "    hint: did you mean 'web'?",
            ],
        ),
        (
            State(containers=[Container('web', service_statuses={'nginx': 'activ'})]),
            [
                "  .containers['web'].service_statuses['nginx']: Pebble has no service status "
                "'activ'",
                "    it has: 'active', 'backoff', 'error', 'inactive'",
                "    hint: did you mean 'active'?",
            ],
        ),
        (
            State(containers=[Container('web', check_infos=[CheckInfo('up', status='dwon')])]),  # type: ignore[reportArgumentType]
            [
                "  .containers['web'].check_infos['up'].status: Pebble has no check status 'dwon'",
                "    it has: 'down', 'inactive', 'up'",
                "    hint: did you mean 'down'?",
            ],
        ),
        (
            State(containers=[Container('web', check_infos=[CheckInfo('up', startup='no')])]),  # type: ignore[reportArgumentType]
            [
                "  .containers['web'].check_infos['up'].startup: Pebble has no check startup 'no'",
                "    it has: '', 'disabled', 'enabled'",
            ],
        ),
        (
            State(config={'colour': 'red'}),
            [
                "  .config['colour']: the charm's metadata has no option 'colour'",
                "    it has options: 'odd', 'password', 'port', 'rate', 'vague'",
                "    hint: declare it in the charm's metadata",
            ],
        ),
        (
            State(config={'port': '80'}),
            ["  .config['port']: '80' is no int, which the metadata wants"],
        ),
        (
            State(config={'odd': 'x'}),
            [
                "  metadata's option 'odd': Juju knows no type 'list'",
                "    it knows: 'string', 'int', 'float', 'boolean', 'secret'",
            ],
        ),
        (
            State(config={'vague': 'x'}),
            [
                "  metadata's option 'vague': it has no type",
                '    hint: for example type: string',
            ],
        ),
        (
            State(config={'password': 'secret:short'}),
            [
                "  .config['password']: 'secret:short' is no id of a secret",
                '    hint: use the id of a Secret: secret.id',
            ],
        ),
        (
            State(resources=[Resource(name='imge', path='/x')]),
            [
                "  .resources['imge']: the charm's metadata has no resource 'imge'",
                "    it has resources: 'image'",
                "    hint: did you mean 'image'?",
            ],
        ),
        (
            State(storages=[Storage('date', index=3)]),
            [
                "  .storages['date/3']: the charm's metadata has no storage 'date'",
                "    it has storages: 'data'",
                "    hint: did you mean 'data'?",
            ],
        ),
        (
            State(relations=[Relation('dbs', id=7)]),
            [
                "  .relations[7]: the charm's metadata has no endpoint 'dbs'",
                "    it has endpoints: 'cluster', 'db', 'log'",
                "    hint: did you mean 'db'?",
            ],
        ),
        (
            State(relations=[Relation('cluster', id=7)]),
            [
                "  .relations[7]: Relation does not fit endpoint 'cluster'",
                "    hint: PeerRelation('cluster')",
            ],
        ),
        (
            State(relations=[Relation('log', id=7)]),
            [
                "  .relations[7]: Relation does not fit endpoint 'log'",
                "    hint: SubordinateRelation('log')",
            ],
        ),
        (
            State(relations=[SubordinateRelation('db', id=7)]),
            [
                "  .relations[7]: SubordinateRelation does not fit endpoint 'db'",
                "    hint: Relation('db')",
            ],
        ),
        (
            State(relations=[Relation('db', id=7), Relation('db', id=7, remote_app_name='x')]),
            [
                '  .relations[7]: 2 relations have this id',
                '    hint: leave id out: each relation gets one of its own',
            ],
        ),
        (
            State(relations=[PeerRelation('cluster', id=7, peers_data={0: {}, 1: {}})]),
            [
                '  .relations[7].peers_data[0]: this is the unit under test itself',
                '    hint: its databag is local_unit_data',
            ],
        ),
        (
            State(networks=[Network('log')]),
            [
                "  .networks['log']: the charm's metadata has no binding 'log'",
                "    it has bindings: 'admin', 'cluster', 'db', 'juju-info'",
                "    hint: declare it in the charm's metadata",
            ],
        ),
        (
            State(
                stored_states=[
                    StoredState(owner_path='A'),
                    StoredState(owner_path='A', content={'a': 1}),
                ]
            ),
            ["  .stored_states['_stored']: A has 2 stored states of this name"],
        ),
        (
            State(stored_states=[StoredState(content={'a': [Ellipsis]})]),
            [
                "  .stored_states['_stored'].content['a']: [Ellipsis] cannot be stored",
                '    ops stores plain values, and lists, dicts and sets of them',
            ],
        ),
    ],
)
def test_what_cannot_be_is_named_with_its_place_and_a_repair(
    state: State, expected: list[str], problems: Problems
):
    assert problems(on.start(), state) == expected


@pytest.mark.parametrize(
    ('juju_version', 'state', 'expected'),
    [
        (
            '3.3.1',
            State(config={'password': f'secret:{"a" * 20}'}),
            [
                "  metadata's option 'password': Juju 3.3.1 knows no options of type secret",
                "    hint: Context(juju_version='3.4') or later",
            ],
        ),
        (
            '3.6.9',
            State(model=Model(cloud_spec=CloudSpec('kubernetes'))),
            [
                '  .model.cloud_spec: Juju 3.6.9 gives none on Kubernetes',
                "    hint: Context(juju_version='3.6.10') or later, or Model(type='lxd')",
            ],
        ),
        ('3.6.9', State(model=Model(type='lxd', cloud_spec=CloudSpec('lxd'))), []),
    ],
)
def test_what_juju_has_depends_on_its_version(
    juju_version: str, state: State, expected: list[str], problems: Problems
):
    assert problems(on.start(), state, juju_version) == expected


@pytest.mark.parametrize(
    ('meta', 'expected'),
    [
        (
            {'requires': {'a': {}}, 'provides': {'a': {}}},
            [
                "  metadata's endpoint 'a': two endpoints have this name",
                '    hint: rename one of them in requires, provides or peers',
            ],
        ),
        (
            {'requires': {'a': {}}, 'extra-bindings': {'a': None}},
            [
                "  metadata's extra-binding 'a': an endpoint has this name too",
                '    hint: an endpoint is a binding already: drop the extra-binding',
            ],
        ),
    ],
)
def test_metadata_must_make_sense(meta: dict[str, Any], expected: list[str], problems: Problems):
    assert problems(on.start(), State(), of=CharmSpec(ops.CharmBase, meta)) == expected
