from __future__ import annotations

from typing import Any

import pytest

from scenario_pebble.juju import environment
from scenario_pebble.state.check import CheckInfo
from scenario_pebble.state.container import Container
from scenario_pebble.state.event import Event
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.model import Model
from scenario_pebble.state.notice import Notice
from scenario_pebble.state.relation import PeerRelation, Relation
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.storage import Storage

on = CharmEvents()
FOO = Container('foo-bar')
OWNED = Secret({'key': 'value'}, id='secret:a', owner='unit')


def variables(event: Event, **settings: Any) -> dict[str, str]:
    return environment.variables(
        event,
        Model('m', uuid='u'),
        unit_name='web/3',
        juju_version='3.6.14',
        charm_dir='/charm',
        **settings,
    )


def test_every_event_tells_who_and_where():
    assert variables(on.config_changed()) == {
        '_': './dispatch',
        'JUJU_VERSION': '3.6.14',
        'JUJU_UNIT_NAME': 'web/3',
        'JUJU_MODEL_NAME': 'm',
        'JUJU_MODEL_UUID': 'u',
        'JUJU_CHARM_DIR': '/charm',
        'JUJU_DISPATCH_PATH': 'hooks/config-changed',
        'JUJU_HOOK_NAME': 'config-changed',
    }


def test_a_machine_is_told_if_there_is_one():
    found = variables(on.start(), machine_id='4', availability_zone='z', principal_unit='top/0')

    assert found['JUJU_MACHINE_ID'] == '4'
    assert found['JUJU_AVAILABILITY_ZONE'] == 'z'
    assert found['JUJU_PRINCIPAL_UNIT'] == 'top/0'


@pytest.mark.parametrize(
    ('event', 'expected'),
    [
        (
            on.relation_changed(Relation('my-db', id=7, remote_app_name='pg')),
            {
                'JUJU_HOOK_NAME': 'my-db-relation-changed',
                'JUJU_RELATION': 'my-db',
                'JUJU_RELATION_ID': 'my-db:7',
                'JUJU_REMOTE_APP': 'pg',
                'JUJU_REMOTE_UNIT': 'pg/0',
            },
        ),
        (
            on.relation_departed(PeerRelation('cluster', id=7), remote_unit=1),
            {
                'JUJU_HOOK_NAME': 'cluster-relation-departed',
                'JUJU_RELATION': 'cluster',
                'JUJU_RELATION_ID': 'cluster:7',
                'JUJU_REMOTE_APP': 'web',
                'JUJU_REMOTE_UNIT': 'web/1',
                'JUJU_DEPARTING_UNIT': 'web/1',
            },
        ),
        (
            on.relation_departed(Relation('db', id=7), remote_unit=1, departing_unit=0),
            {
                'JUJU_HOOK_NAME': 'db-relation-departed',
                'JUJU_RELATION': 'db',
                'JUJU_RELATION_ID': 'db:7',
                'JUJU_REMOTE_APP': 'remote',
                'JUJU_REMOTE_UNIT': 'remote/1',
                'JUJU_DEPARTING_UNIT': 'remote/0',
            },
        ),
        (
            on.relation_broken(Relation('db', id=7)),
            {
                'JUJU_HOOK_NAME': 'db-relation-broken',
                'JUJU_RELATION': 'db',
                'JUJU_RELATION_ID': 'db:7',
                'JUJU_REMOTE_APP': 'remote',
            },
        ),
        (
            on.pebble_ready(FOO),
            {'JUJU_HOOK_NAME': 'foo-bar-pebble-ready', 'JUJU_WORKLOAD_NAME': 'foo-bar'},
        ),
        (
            on.pebble_custom_notice(FOO, Notice('a.b/c', id='9')),
            {
                'JUJU_HOOK_NAME': 'foo-bar-pebble-custom-notice',
                'JUJU_WORKLOAD_NAME': 'foo-bar',
                'JUJU_NOTICE_ID': '9',
                'JUJU_NOTICE_TYPE': 'custom',
                'JUJU_NOTICE_KEY': 'a.b/c',
            },
        ),
        (
            on.pebble_check_recovered(FOO, CheckInfo('up')),
            {
                'JUJU_HOOK_NAME': 'foo-bar-pebble-check-recovered',
                'JUJU_WORKLOAD_NAME': 'foo-bar',
                'JUJU_PEBBLE_CHECK_NAME': 'up',
            },
        ),
        (
            on.storage_attached(Storage('data', index=4)),
            {'JUJU_HOOK_NAME': 'data-storage-attached', 'JUJU_STORAGE_ID': 'data/4'},
        ),
        (
            on.secret_expired(OWNED, revision=0),
            {
                'JUJU_HOOK_NAME': 'secret-expired',
                'JUJU_SECRET_ID': 'secret:a',
                'JUJU_SECRET_LABEL': '',
                'JUJU_SECRET_REVISION': '0',
            },
        ),
        (
            on.action('do-it', id='5'),
            {
                'JUJU_HOOK_NAME': '',
                'JUJU_DISPATCH_PATH': 'actions/do-it',
                'JUJU_ACTION_NAME': 'do-it',
                'JUJU_ACTION_UUID': '5',
                'JUJU_ACTION_TAG': 'action-5',
            },
        ),
    ],
)
def test_an_event_tells_what_it_is_about(event: Event, expected: dict[str, str]):
    plain = variables(on.start())

    found = dict(variables(event).items() - plain.items())

    if event.hook_name:
        expected = {**expected, 'JUJU_DISPATCH_PATH': f'hooks/{event.hook_name}'}
    assert found == expected
