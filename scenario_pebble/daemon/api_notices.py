"""How the API records, lists and awaits notices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from . import gojson, gotext, gotime, notices
from .apirequest import access_of, duration, first, listed
from .message import Answered, ApiError, Pending, Request, Response

if TYPE_CHECKING:
    from .daemon import Daemon

# Pebble: daemon/api_notices.go customKeyRegexp, maxNoticeKeyLength, maxNoticeDataSize
_NAME = r'[a-z0-9]+(-[a-z0-9]+)*'
_KEY = re.compile(rf'{_NAME}(\.{_NAME})+(/{_NAME})+')
_MAX_KEY = 256
_MAX_DATA = 4096

_NOTICE = gojson.Struct(
    {
        'action': gojson.Field(gojson.STRING, 'Action'),
        'type': gojson.Field(gojson.STRING, 'Type'),
        'key': gojson.Field(gojson.STRING, 'Key'),
        'repeat-after': gojson.Field(gojson.STRING, 'RepeatAfter'),
        'data': gojson.Field(gojson.ANY, 'DataJSON'),
    }
)
_DATA = gojson.Map(gojson.STRING)


def get_notices(daemon: Daemon, request: Request) -> Answered | Pending:
    """GET /v1/notices."""
    user_id = _user_filter(daemon, request)
    wanted = listed(request, 'types')
    types = [type for type in wanted if type in notices.TYPES]
    if wanted and not types:
        return Response(result=[])
    filter = notices.Filter(
        user_id=user_id, types=types, keys=listed(request, 'keys'), after_ns=_after(request)
    )
    timeout_ns = duration(request, 'timeout')

    def found() -> Response:
        return Response(result=[notice.info() for notice in daemon.notices.list(filter)])

    def poll() -> Response | None:
        response = found()
        return response if response.result else None

    if not timeout_ns:
        return found()
    return Pending(poll, daemon.clock.now_ns + max(timeout_ns, 0), lambda: Response(result=[]))


def _user_filter(daemon: Daemon, request: Request) -> int | None:
    """Whose notices to list beside the public ones; None: everybody's."""
    admin = access_of(daemon, request.user_id) == 'admin'
    user_id: int | None = request.user_id
    if given := request.query.get('user-id'):
        if not admin:
            raise ApiError(403, 'only admins may use the "user-id" filter')
        user_id = _parsed_user_id(listed(request, 'user-id'))
    if request.query.get('users'):
        if not admin:
            raise ApiError(403, 'only admins may use the "users" filter')
        if given:
            raise ApiError(400, 'cannot use both "users" and "user-id" parameters')
        if first(request, 'users') != 'all':
            raise ApiError(400, 'invalid "users" filter: must be "all"')
        user_id = None
    return user_id


def _parsed_user_id(given: list[str]) -> int:
    prefix = 'invalid "user-id" filter: '
    if len(given) != 1:
        raise ApiError(400, prefix + 'must only include one "user-id"')
    try:
        user_id = gotext.parse_int(given[0])
    except ValueError as e:
        raise ApiError(400, f'{prefix}{e}') from None
    if not 0 <= user_id < 2**32:
        raise ApiError(400, f'{prefix}user ID is not a valid uint32: {user_id}')
    return user_id


def _after(request: Request) -> int | None:
    text = first(request, 'after')
    try:
        return gotime.parse_time(text) if text else None
    except ValueError as e:
        raise ApiError(400, f'invalid "after" timestamp: {e}') from None


def post_notices(daemon: Daemon, request: Request) -> Response:
    """POST /v1/notices."""
    payload = gojson.decode(request.body, _NOTICE)
    if payload['action'] != 'add':
        raise ApiError(400, f'invalid action {gotext.quote(payload["action"])}')
    if payload['type'] != 'custom':
        type = gotext.quote(payload['type'])
        raise ApiError(400, f'invalid type {type} (can only add "custom" notices)')
    _check_key(payload['key'])
    try:
        text = payload['repeat-after']
        repeat_after_ns = gotext.parse_duration(text) if text else 0
    except ValueError as e:
        raise ApiError(400, f'invalid repeat-after: {e}') from None
    data = _decoded_data(request.body, payload['data'])
    notice_id = daemon.notices.add(
        request.user_id, 'custom', payload['key'], data, repeat_after_ns
    )
    return Response(result={'id': notice_id})


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        quoted = gotext.quote(key)
        raise ApiError(400, f'invalid key {quoted} (must be in "example.com/path" format)')
    if len(key) > _MAX_KEY:
        raise ApiError(400, f'key must be {_MAX_KEY} bytes or less')


def _decoded_data(body: Any, data: Any) -> dict[str, str]:
    if data is gojson.MISSING:
        return {}
    if gojson.member_size(body, 'data') > _MAX_DATA:
        raise ApiError(400, f'total size of data must be {_MAX_DATA} bytes or less')
    try:
        return gojson.unmarshal(data, _DATA) or {}
    except ValueError as e:
        raise ApiError(400, f'cannot decode notice data: {e}') from None


def get_notice(daemon: Daemon, request: Request, notice_id: str) -> Response:
    """GET /v1/notices/{id}."""
    notice = daemon.notices.get(notice_id)
    if notice is None:
        raise ApiError(404, f'cannot find notice with ID {gotext.quote(notice_id)}')
    if (
        notice.user_id not in (None, request.user_id)
        and access_of(daemon, request.user_id) != 'admin'
    ):
        quoted = gotext.quote(notice_id)
        raise ApiError(403, f'not allowed to access notice with id {quoted}')
    return Response(result=notice.info())
