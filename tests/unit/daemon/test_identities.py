"""Identities: what they allow, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_pebble.clock import Clock
from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.daemon.message import Request, Response

CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n'


def post(daemon: Daemon, action: str, identities: Any) -> str:
    """The error; empty if there is none."""
    body = {'action': action, 'identities': identities}
    answer = daemon.request(Request('POST', '/v1/identities', body=body))
    assert isinstance(answer, Response)
    if answer.status == 200:
        assert not answer.has_result
        return ''
    assert answer.status == 400
    return answer.result['message']


def listed(daemon: Daemon) -> Any:
    answer = daemon.request(Request('GET', '/v1/identities'))
    assert isinstance(answer, Response)
    return answer.result


def local(user_id: int, access: str = 'read') -> dict[str, Any]:
    return {'access': access, 'local': {'user-id': user_id}}


@pytest.fixture
def daemon() -> Daemon:
    daemon = Daemon(Clock())
    assert post(daemon, 'add', {'bob': local(42)}) == ''
    return daemon


def test_secrets_are_not_shown(daemon: Daemon):
    added = {
        'ann': {'access': 'metrics', 'basic': {'password': 'hash'}},
        'carl': {'access': 'admin', 'cert': {'pem': CERTIFICATE}, 'local': {'user-id': 0}},
    }
    assert post(daemon, 'add', added) == ''

    assert listed(daemon) == {
        'ann': {'access': 'metrics', 'basic': {'password': '*****'}},
        'bob': {'access': 'read', 'local': {'user-id': 42}},
        'carl': {'access': 'admin', 'local': {'user-id': 0}, 'cert': {'pem': '*****'}},
    }
    assert list(listed(daemon)) == ['ann', 'bob', 'carl']


def test_replacing_adds_changes_and_removes(daemon: Daemon):
    assert post(daemon, 'replace', {'bob': None, 'eve': local(1), 'nobody': None}) == ''

    assert list(listed(daemon)) == ['eve']


def test_identities_survive_saving(daemon: Daemon):
    again = Daemon(Clock(), saved=daemon.save())

    assert listed(again) == listed(daemon)
    assert again.save().identities is daemon.save().identities


@pytest.mark.parametrize(
    ('action', 'identities', 'message'),
    [
        ('add', {'bob': local(1)}, 'identities already exist: bob'),
        ('update', {'b': local(1), 'a': local(2)}, 'identities do not exist: a, b'),
        ('remove', {'b': None, 'a': None}, 'identities do not exist: a, b'),
        (
            'add',
            {'eve': local(42)},
            'cannot have multiple identities with user ID 42 (bob, eve)',
        ),
        ('add', {'eve': None}, 'identity value for "eve" must not be null for add operation'),
        (
            'update',
            {'bob': None},
            'identity value for "bob" must not be null for update operation',
        ),
        (
            'remove',
            {'bob': local(42)},
            'identity value for "bob" must be null for remove operation',
        ),
        (
            'foo',
            {},
            'invalid action "foo", must be "add", "update", "replace", or "remove"',
        ),
        (
            'add',
            {'1': local(1)},
            'invalid identity for "1": identity name "" invalid: must start with an alphabetic '
            'character and only contain alphanumeric characters, underscore, and hyphen',
        ),
        (
            'add',
            {'eve': local(1, '')},
            'invalid identity for "eve": access value must be specified '
            '("admin", "read", "metrics", or "untrusted")',
        ),
        (
            'add',
            {'eve': local(1, 'root')},
            'invalid identity for "eve": invalid access value "root", '
            'must be "admin", "read", "metrics", or "untrusted"',
        ),
        (
            'add',
            {'eve': {'access': 'read'}},
            'invalid identity for "eve": identity must have at least one type '
            '("local", "basic", or "cert")',
        ),
        (
            'add',
            {'eve': {'access': 'read', 'local': {}}},
            'invalid identity for "eve": local identity must specify user-id',
        ),
        (
            'add',
            {'eve': {'access': 'read', 'basic': {}}},
            'invalid identity for "eve": basic identity must specify password (hashed)',
        ),
        (
            'add',
            {'eve': {'access': 'read', 'cert': {}}},
            'invalid identity for "eve": cert identity must include a PEM-encoded certificate',
        ),
        (
            'add',
            {'eve': {'access': 'read', 'cert': {'pem': CERTIFICATE + 'x'}}},
            'invalid identity for "eve": cert identity cannot have extra data after the PEM block',
        ),
        (
            'add',
            {'eve': {'access': 'read', 'cert': {'pem': CERTIFICATE.replace('MAM', 'MAI')}}},
            'invalid identity for "eve": cannot parse certificate from cert identity: '
            'x509: malformed certificate',
        ),
        (
            'add',
            {'eve': {'access': 7}},
            'cannot decode request body: json: cannot unmarshal number into Go struct field '
            '.identities.eve.access of type identities.Access',
        ),
    ],
)
def test_what_is_refused_changes_nothing(
    daemon: Daemon, action: str, identities: Any, message: str
):
    before = daemon.save()

    assert post(daemon, action, identities) == message

    assert daemon.save() is before
