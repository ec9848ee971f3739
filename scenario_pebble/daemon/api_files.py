"""The endpoint of files: list, read, write, make directories, remove."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import gojson, mediatype, multipart
from .apirequest import first
from .fileerror import FileError
from .gotext import quote
from .message import Answered, ApiError, Multipart, Part, Request, Response

if TYPE_CHECKING:
    from .daemon import Daemon

_MIN_BOUNDARY = 32  # Pebble: daemon/api_files.go minBoundaryLength

_OWNER = {
    'permissions': gojson.Field(gojson.STRING, 'Permissions'),
    'user-id': gojson.Field(gojson.Optional(gojson.INT), 'UserID'),
    'user': gojson.Field(gojson.STRING, 'User'),
    'group-id': gojson.Field(gojson.Optional(gojson.INT), 'GroupID'),
    'group': gojson.Field(gojson.STRING, 'Group'),
}
_WRITE = gojson.Struct(
    {
        'action': gojson.Field(gojson.STRING, 'Action'),
        'files': gojson.Field(
            gojson.Array(
                gojson.Struct(
                    {
                        'path': gojson.Field(gojson.STRING, 'Path'),
                        'make-dirs': gojson.Field(gojson.BOOL, 'MakeDirs'),
                        **_OWNER,
                    },
                    'writeFilesItem',
                )
            ),
            'Files',
        ),
    }
)
_BODY = gojson.Struct(
    {
        'action': gojson.Field(gojson.STRING, 'Action'),
        'dirs': gojson.Field(
            gojson.Array(
                gojson.Struct(
                    {
                        'path': gojson.Field(gojson.STRING, 'Path'),
                        'make-parents': gojson.Field(gojson.BOOL, 'MakeParents'),
                        **_OWNER,
                    },
                    'makeDirsItem',
                )
            ),
            'Dirs',
        ),
        'paths': gojson.Field(
            gojson.Array(
                gojson.Struct(
                    {
                        'path': gojson.Field(gojson.STRING, 'Path'),
                        'recursive': gojson.Field(gojson.BOOL, 'Recursive'),
                    },
                    'removePathsItem',
                )
            ),
            'Paths',
        ),
    }
)


def get_files(daemon: Daemon, request: Request) -> Answered:
    """``GET /v1/files``: list or read."""
    action = first(request, 'action')
    if action == 'read':
        return _read(daemon, request)
    if action == 'list':
        return _list(daemon, request)
    raise ApiError(400, f'invalid action {quote(action)}')


def _read(daemon: Daemon, request: Request) -> Answered:
    paths = request.query.get('path', ())
    if not paths:
        raise ApiError(400, 'must specify one or more paths')
    if request.headers.get('accept') != 'multipart/form-data':
        raise ApiError(400, 'must accept multipart/form-data')
    parts: list[Part] = []
    results: list[dict[str, Any]] = []
    for path in paths:
        try:
            parts.append(Part('files', path, daemon.files.read(path)))
        except FileError as e:
            results.append(_result(path, e))
        else:
            results.append(_result(path))
    parts.append(Part('response', None, Response(result=results).envelope()))
    return Multipart(tuple(parts))


def _list(daemon: Daemon, request: Request) -> Answered:
    path = first(request, 'path')
    if not path:
        raise ApiError(400, 'must specify path')
    itself = first(request, 'itself')
    if itself not in ('true', 'false', ''):
        raise ApiError(400, 'itself parameter must be "true" or "false"')
    if not path.startswith('/'):
        raise ApiError(400, f'path must be absolute, got {quote(path)}')
    try:
        listed = daemon.files.list(path, first(request, 'pattern'), itself=itself == 'true')
    except FileError as e:
        raise ApiError(e.status, e.message, e.kind) from None
    return Response(result=listed)


def post_files(daemon: Daemon, request: Request) -> Answered:
    """``POST /v1/files``: write, make directories or remove."""
    if request.body is not None and not isinstance(request.body, bytes):
        return _post_json(daemon, request)
    content_type = request.headers.get('content-type', '')
    try:
        kind, parameters = mediatype.parse(content_type)
    except mediatype.BadMediaType:
        raise ApiError(400, f'invalid Content-Type {quote(content_type)}') from None
    if kind == 'application/json':
        return _post_json(daemon, request)
    if kind != 'multipart/form-data':
        raise ApiError(400, f'invalid media type {quote(kind)}')
    boundary = parameters.get('boundary', '')
    if len(boundary) < _MIN_BOUNDARY:
        raise ApiError(400, f'invalid boundary {quote(boundary)}')
    return _write(daemon, multipart.Reader(request.body or b'', boundary))


def _post_json(daemon: Daemon, request: Request) -> Response:
    body = gojson.decode(request.body, _BODY)
    action = body['action']
    if action == 'make-dirs':
        return Response(result=[_make_directory(daemon, item) for item in body['dirs'] or ()])
    if action == 'remove':
        return Response(result=[_remove(daemon, item) for item in body['paths'] or ()])
    if action == 'write':
        raise ApiError(400, 'must use multipart with "write" action')
    raise ApiError(400, f'invalid action {quote(action)}')


def _make_directory(daemon: Daemon, item: Mapping[str, Any]) -> dict[str, Any]:
    path = item['path']
    try:
        daemon.files.make_directory(
            path, item['make-parents'], item['permissions'], _said_owner(item)
        )
    except FileError as e:
        return _result(path, e)
    return _result(path)


def _remove(daemon: Daemon, item: Mapping[str, Any]) -> dict[str, Any]:
    try:
        daemon.files.remove(item['path'], item['recursive'])
    except FileError as e:
        return _result(item['path'], e)
    return _result(item['path'])


def _write(daemon: Daemon, reader: multipart.Reader) -> Response:
    items = _metadata(reader)
    by_path = {item['path']: item for item in items}
    errors: dict[str, FileError | None] = {}
    number = 0
    while (part := _file_part(reader, number)) is not None:
        number += 1
        path = part.filename
        item = by_path.get(path)
        if item is None:
            raise ApiError(400, f'no metadata for path {quote(path)}')
        errors[path] = _write_file(daemon, item, part)
    results: list[dict[str, Any]] = []
    for item in items:
        path = item['path']
        missing = FileError(f'no file content for path {quote(path)}')
        results.append(_result(path, errors.get(path, missing)))
    return Response(result=results)


def _metadata(reader: multipart.Reader) -> list[dict[str, Any]]:
    try:
        part = reader.next()
    except multipart.BadMultipart as e:
        raise ApiError(400, f'cannot read request metadata: {e}') from None
    if part is None:
        raise ApiError(400, 'cannot read request metadata: EOF')
    if part.name != 'request':
        raise ApiError(400, f'metadata field name must be "request", got {quote(part.name)}')
    body = gojson.decode(part.content, _WRITE, 'cannot decode request metadata: ')
    if body['action'] != 'write':
        raise ApiError(400, f'multipart action must be "write", got {quote(body["action"])}')
    if not body['files']:
        raise ApiError(400, 'must specify one or more files')
    return body['files']


def _file_part(reader: multipart.Reader, number: int) -> multipart.Part | None:
    try:
        part = reader.next()
    except multipart.BadMultipart as e:
        if str(e) == 'EOF':  # Go takes it for the end
            return None
        raise ApiError(400, f'cannot read file part {number}: {e}') from None
    if part is not None and part.name != 'files':
        raise ApiError(400, f'field name must be "files", got {quote(part.name)}')
    return part


def _write_file(daemon: Daemon, item: Mapping[str, Any], part: multipart.Part) -> FileError | None:
    if not part.complete:
        return FileError('unexpected EOF')
    try:
        daemon.files.write(
            item['path'],
            part.content,
            item['make-dirs'],
            item['permissions'],
            _said_owner(item),
        )
    except FileError as e:
        return e
    return None


def _said_owner(item: Mapping[str, Any]) -> tuple[int | None, str, int | None, str]:
    return item['user-id'], item['user'], item['group-id'], item['group']


def _result(path: str, error: FileError | None = None) -> dict[str, Any]:
    if error is None:
        return {'path': path}
    return {'path': path, 'error': {'message': error.message, 'kind': error.kind}}
