"""The way from a request to its handler: paths, methods and access."""

from __future__ import annotations

import pytest

from scenario_pebble.daemon import api
from scenario_pebble.daemon.message import Response, Text

from .simulated import Pebble


def refusal(method: str, path: str, user_id: int = 0) -> tuple[int, dict[str, str]] | None:
    return Pebble().refusal(method, path, b'', user_id)


@pytest.mark.parametrize(
    'path',
    [
        '/',
        '/v1',
        '/v1/',
        '/v2/services',
        '/v1/services/',
        '/v1/changes/1/',
        '/v1/changes/1/x/y',
        '/v1/warnings',
        '/v1/tasks/1/socket/x',
        '/v1/notices/1/wait',
        'v1/services',
    ],
)
def test_an_unknown_path_is_not_found(path: str):
    assert refusal('GET', path) == (404, {'message': 'invalid API endpoint requested'})


@pytest.mark.parametrize(
    ('method', 'path'),
    [
        ('POST', '/v1/system-info'),
        ('GET', '/v1/layers'),
        ('PUT', '/v1/services'),
        ('DELETE', '/v1/changes/1'),
        ('POST', '/v1/changes/1/wait'),
        ('GET', '/v1/pairing'),
    ],
)
def test_another_method_is_not_allowed(method: str, path: str):
    assert refusal(method, path) == (405, {'message': f'method "{method}" not allowed'})


@pytest.mark.parametrize(
    ('path', 'location'),
    [
        ('/v1//services', '/v1/services?names=a'),
        ('//v1/services', '/v1/services?names=a'),
        ('/v1/./services/', '/v1/services/?names=a'),
        ('/v1/changes/../services', '/v1/services?names=a'),
    ],
)
def test_an_unclean_path_is_redirected(path: str, location: str):
    answer = Pebble().send('GET', path, names='a')

    assert answer == Text('', '', 301, {'location': location})


READERS = [
    '/v1/changes',
    '/v1/services',
    '/v1/logs',
    '/v1/checks',
    '/v1/notices',
    '/v1/health',
    '/v1/system-info',
    '/v1/identities',
    '/v1/metrics',
]
ADMIN_READS = ['/v1/plan', '/v1/files', '/v1/tasks/1/websocket/stdio']
ADMIN_WRITES = [
    '/v1/services',
    '/v1/changes/1',
    '/v1/layers',
    '/v1/files',
    '/v1/exec',
    '/v1/signals',
    '/v1/checks',
    '/v1/checks/refresh',
    '/v1/identities',
    '/v1/services/web',
]


@pytest.mark.parametrize('path', READERS)
def test_other_users_may_read(path: str):
    answer = refusal('GET', path, user_id=1000)

    assert answer is None or answer[0] != 401


@pytest.mark.parametrize(
    ('method', 'path'),
    [*(('GET', path) for path in ADMIN_READS), *(('POST', path) for path in ADMIN_WRITES)],
)
def test_other_users_may_do_nothing_else(method: str, path: str):
    denied = (401, {'message': 'access denied', 'kind': 'login-required'})

    assert refusal(method, path, user_id=1000) == denied
    assert refusal(method, path) != denied


def test_other_users_may_record_notices():
    assert refusal('POST', '/v1/notices', user_id=1000) == (
        400,
        {'message': 'cannot decode request body: EOF'},
    )


def test_nobody_can_pair_over_the_socket():
    assert refusal('POST', '/v1/pairing') == (
        401,
        {'message': 'access denied', 'kind': 'login-required'},
    )


def test_the_daemons_own_user_is_an_admin():
    pebble = Pebble(user_id=1000)

    answer = pebble.send('GET', '/v1/plan', user_id=1000, format='yaml')

    assert answer == Response(result='{}\n')


def test_the_method_is_looked_at_before_the_user():
    assert refusal('PUT', '/v1/plan', user_id=1000) == (
        405,
        {'message': 'method "PUT" not allowed'},
    )


def test_the_table_has_every_path_of_pebble():
    assert len(api.ROUTES) == len({route.path for route in api.ROUTES}) == 21


def test_the_daemon_says_who_it_is():
    pebble = Pebble(boot_id='boot-1', version='v1.32.1')

    assert pebble.get('/v1/system-info') == {'boot-id': 'boot-1', 'version': 'v1.32.1'}
