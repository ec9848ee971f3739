"""How does each wire write and read files?  *strict* by multipart bodies, *fast* without any."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.daemon.message import ApiError, Multipart, Part, Request, Response

BOUNDARY = '0123456789abcdef0123456789abcdef'
_OWNER = ('user-id', 'user', 'group-id', 'group')
_KEYS = ('path', 'make-dirs', 'permissions', *_OWNER)


def content(file: Mapping[str, Any]) -> bytes | None:
    """What a recording pushes; None for a file that is in the metadata only."""
    if 'content-base64' in file:
        return base64.b64decode(file['content-base64'])
    if 'repeat' in file:
        return (file['repeat']['text'] * file['repeat']['count']).encode()
    return file['content'].encode() if 'content' in file else None


def push_request(files: Sequence[Mapping[str, Any]]) -> Request:
    """The multipart request that ops' client would send."""
    metadata = {
        'action': 'write',
        'files': [{key: file[key] for key in _KEYS if key in file} for file in files],
    }
    body = _part('application/json', 'name="request"', json.dumps(metadata).encode())
    for file in files:
        data = content(file)
        if data is not None:
            name = file['path'].replace('"', '\\"')
            body += _part('application/octet-stream', f'name="files"; filename="{name}"', data)
    headers = {
        'accept': 'application/json',
        'content-type': f'multipart/form-data; boundary="{BOUNDARY}"',
    }
    return Request('POST', '/v1/files', {}, body + f'--{BOUNDARY}--\r\n'.encode(), headers)


def _part(kind: str, disposition: str, data: bytes) -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Type: {kind}\r\n'
        f'Content-Disposition: form-data; {disposition}\r\n\r\n'
    )
    return head.encode() + data + b'\r\n'


def push(daemon: Daemon, files: Sequence[Mapping[str, Any]]) -> Response:
    """Write files as the fast client does, and answer as the API would."""
    return Response(result=[_pushed(daemon, file) for file in files])


def _pushed(daemon: Daemon, file: Mapping[str, Any]) -> dict[str, Any]:
    options = {key.replace('-', '_'): file[key] for key in _KEYS[1:] if key in file}
    try:
        daemon.files.push(file['path'], content(file) or b'', **options)
    except ApiError as e:
        return _refused(file['path'], e)
    return {'path': file['path']}


def pull(daemon: Daemon, paths: Sequence[str]) -> Multipart:
    """Read files as the fast client does, and answer as the API would."""
    parts: list[Part] = []
    results: list[dict[str, Any]] = []
    for path in paths:
        try:
            parts.append(Part('files', path, daemon.files.pull(path)))
            results.append({'path': path})
        except ApiError as e:
            results.append(_refused(path, e))
    return Multipart((*parts, Part('response', None, Response(result=results).envelope())))


def _refused(path: str, error: ApiError) -> dict[str, Any]:
    return {'path': path, 'error': {'message': error.message, 'kind': error.kind}}
