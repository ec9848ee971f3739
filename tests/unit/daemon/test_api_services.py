"""How requests about services are answered."""

from __future__ import annotations

from typing import Any

import pytest

from .simulated import Pebble, service

TWO = """
services:
  web: {override: replace, command: web, startup: enabled}
  db: {override: replace, command: db, startup: whatever}
"""


def test_services_are_listed_by_name():
    pebble = Pebble(TWO)
    pebble.do('start', 'web')

    assert pebble.get('/v1/services') == [
        {'name': 'db', 'startup': 'disabled', 'current': 'inactive'},
        {
            'name': 'web',
            'startup': 'enabled',
            'current': 'active',
            'current-since': '2023-11-14T22:13:20Z',
        },
    ]


@pytest.mark.parametrize(
    ('names', 'found'),
    [
        ('web', ['web']),
        ('web, nope', ['web']),
        (['db', 'web'], ['db', 'web']),
        ('', ['db', 'web']),
    ],
)
def test_names_choose_services(names: Any, found: list[str]):
    pebble = Pebble(TWO)

    assert [s['name'] for s in pebble.get('/v1/services', names=names)] == found


@pytest.mark.parametrize(
    ('body', 'error'),
    [
        ({'action': 'start'}, 'must specify services for start action'),
        ({'action': 'frob'}, 'must specify services for frob action'),
        ({'action': 'frob', 'services': ['web']}, 'invalid action "frob"'),
        ({'action': 'replan', 'services': ['web']}, 'replan accepts no service names'),
        ({'action': 'autostart', 'services': ['web']}, 'autostart accepts no service names'),
        (
            {'action': 'stop', 'services': ['nope']},
            'cannot stop services: service "nope" does not exist',
        ),
        (
            {'action': 'start', 'services': ['web', 'nope']},
            'cannot start services: service "nope" does not exist',
        ),
        (
            {'action': 1},
            'cannot decode data from request body: '
            'json: cannot unmarshal number into Go struct field .action of type string',
        ),
    ],
)
def test_wrong_requests_are_refused(body: dict[str, Any], error: str):
    pebble = Pebble(TWO)

    assert pebble.error('POST', '/v1/services', body) == (400, error)


def test_refused_requests_use_no_ids():
    pebble = Pebble(TWO)
    pebble.error('POST', '/v1/services', {'action': 'restart', 'services': ['nope']})

    change = pebble.do('start', 'web')

    assert (change['id'], change['tasks'][0]['id']) == ('1', '1')


def test_autostart_without_enabled_services_is_refused():
    pebble = Pebble(service('web'))

    answer = pebble.request('POST', '/v1/services', {'action': 'autostart'})

    assert (answer.status, answer.result) == (
        400,
        {'message': 'no default services', 'kind': 'no-default-services'},
    )


@pytest.mark.parametrize('method', ['GET', 'POST'])
def test_a_single_service_has_no_endpoint(method: str):
    assert Pebble(TWO).error(method, '/v1/services/web') == (400, 'not implemented')


def test_an_accepted_request_is_answered_with_its_change():
    answer = Pebble(TWO).post('/v1/services', action='replan')

    assert answer.envelope() == {
        'type': 'async',
        'status-code': 202,
        'status': 'Accepted',
        'change': '1',
        'result': None,
    }
