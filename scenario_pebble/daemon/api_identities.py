"""The endpoint of identities."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import gojson
from .gotext import quote
from .identities import Identity, IdentityError, check_certificate
from .message import ApiError, Request, Response

if TYPE_CHECKING:
    from .daemon import Daemon

_ACCESS = copy.copy(gojson.STRING)
_ACCESS.go_type = 'identities.Access'


def _optional(name: str, field: str, kind: gojson.Kind, go_name: str) -> gojson.Kind:
    return gojson.Optional(gojson.Struct({field: gojson.Field(kind, go_name)}, name))


_IDENTITY = gojson.Struct(
    {
        'access': gojson.Field(_ACCESS, 'Access'),
        'local': gojson.Field(
            _optional('apiLocalIdentity', 'user-id', gojson.Optional(gojson.UINT32), 'UserID'),
            'Local',
            ',omitempty',
        ),
        'basic': gojson.Field(
            _optional('apiBasicIdentity', 'password', gojson.STRING, 'Password'),
            'Basic',
            ',omitempty',
        ),
        'cert': gojson.Field(
            _optional('apiCertIdentity', 'pem', gojson.STRING, 'PEM'), 'Cert', ',omitempty'
        ),
    },
    'apiIdentity',
)
_BODY = gojson.Struct(
    {
        'action': gojson.Field(gojson.STRING, 'Action'),
        'identities': gojson.Field(gojson.Map(gojson.Optional(_IDENTITY)), 'Identities'),
    }
)


def get_identities(daemon: Daemon, request: Request) -> Response:
    """``GET /v1/identities``."""
    identities = daemon.identities.all()
    return Response(result={name: _shown(identity) for name, identity in identities.items()})


def _shown(identity: Identity) -> dict[str, Any]:
    shown: dict[str, Any] = {'access': identity.access}
    if identity.user_id is not None:
        shown['local'] = {'user-id': identity.user_id}
    if identity.password is not None:
        shown['basic'] = {'password': '*****'}
    if identity.pem is not None:
        shown['cert'] = {'pem': '*****'}
    return shown


def post_identities(daemon: Daemon, request: Request) -> Response:
    """``POST /v1/identities``: add, update, replace or remove."""
    body = gojson.decode(request.body, _BODY)
    values: dict[str, Any] = body['identities'] or {}
    given = {name: _identity(name, value) for name, value in values.items()}
    try:
        _act(daemon, body['action'], given)
    except IdentityError as e:
        raise ApiError(400, str(e)) from None
    return Response(has_result=False)


def _act(daemon: Daemon, action: str, given: Mapping[str, Identity | None]) -> None:
    identities = daemon.identities
    values = {name: identity for name, identity in given.items() if identity is not None}
    nulls = [name for name, identity in given.items() if identity is None]
    if action in ('add', 'update'):
        if nulls:
            raise IdentityError(_nullness(nulls[0], 'not be', action))
        (identities.add if action == 'add' else identities.update)(values)
    elif action == 'replace':
        identities.replace(given)
    elif action == 'remove':
        if values:
            raise IdentityError(_nullness(next(iter(values)), 'be', action))
        identities.remove(nulls)
    else:
        allowed = '"add", "update", "replace", or "remove"'
        raise IdentityError(f'invalid action {quote(action)}, must be {allowed}')


def _nullness(name: str, verb: str, action: str) -> str:
    return f'identity value for {quote(name)} must {verb} null for {action} operation'


def _identity(name: str, value: Mapping[str, Any] | None) -> Identity | None:
    if value is None:
        return None
    local, basic, cert = value['local'], value['basic'], value['cert']
    try:
        if local is not None and local['user-id'] is None:
            raise IdentityError('local identity must specify user-id')
        if cert is not None:
            check_certificate(cert['pem'])
        identity = Identity(
            access=value['access'],
            user_id=local['user-id'] if local else None,
            password=basic['password'] if basic else None,
            pem=cert['pem'] if cert else None,
        )
        identity.check(name)
    except IdentityError as e:
        raise ApiError(400, f'invalid identity for {quote(name)}: {e}') from None
    return identity
