"""How do a recording's requests and the daemon's answers look in each wire?

*strict* passes bytes both ways, *fast* Python values.  What Python values can't express raises
`NotExpressible`.
"""

from __future__ import annotations

import base64
import email.parser
import json
from collections.abc import Mapping
from typing import Any, Literal, cast

from scenario_pebble.daemon import message

Wire = Literal['strict', 'fast']
BOUNDARY = '0123456789abcdef0123456789abcdef'
_OWNER = ('permissions', 'user-id', 'user', 'group-id', 'group', 'make-dirs', 'path')


class NotExpressible(Exception):
    """A step that only bytes can express; the argument says why."""


def check_expressible(wire: Wire, verb: str, step: Mapping[str, Any]) -> None:
    """Look for what the fast wire can't express.

    Raises:
        NotExpressible: If it can't.
    """
    if wire == 'strict':
        return
    spec = step[verb]
    if verb == 'request' and 'raw-body' in spec:
        raise NotExpressible('raw body')
    if verb == 'file-push' and any(pushed_content(file) is None for file in spec['files']):
        raise NotExpressible('multipart error')
    if verb == 'exec' and 'connect' in spec:
        raise NotExpressible('websocket details')
    if verb == 'request' and '/websocket/' in spec['path']:
        raise NotExpressible('websocket details')


def request(
    wire: Wire, method: str, path: str, query: Mapping[str, Any], spec: Mapping[str, Any]
) -> message.Request:
    """A request from its recorded description."""
    body: Any = None
    if 'raw-body' in spec:
        body = spec['raw-body'].encode()
    elif 'body' in spec:
        body = spec['body'] if wire == 'fast' else json.dumps(spec['body']).encode()
    headers = {'accept': 'application/json'}
    if body is not None:
        headers['content-type'] = 'application/json'
    headers |= {name.lower(): value for name, value in spec.get('headers', {}).items()}
    return message.Request(method, path, _query(query), body, headers, spec.get('as-user-id') or 0)


def _query(query: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: _texts(value) for name, value in query.items()}


def _texts(value: Any) -> list[str]:
    values = cast('list[Any]', value) if isinstance(value, list) else [value]
    return [str(item) for item in values]


def push(files: list[dict[str, Any]]) -> message.Request:
    """The multipart request that writes files, as ops' client sends it."""
    metadata = {
        'action': 'write',
        'files': [{key: file[key] for key in _OWNER if key in file} for file in files],
    }
    body = _part('application/json', 'name="request"', json.dumps(metadata).encode())
    for file in files:
        content = pushed_content(file)
        if content is not None:
            name = file['path'].replace('"', '\\"')
            disposition = f'name="files"; filename="{name}"'
            body += _part('application/octet-stream', disposition, content)
    headers = {
        'accept': 'application/json',
        'content-type': f'multipart/form-data; boundary="{BOUNDARY}"',
    }
    closing = f'--{BOUNDARY}--\r\n'.encode()
    return message.Request('POST', '/v1/files', {}, body + closing, headers)


def _part(kind: str, disposition: str, content: bytes) -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Type: {kind}\r\n'
        f'Content-Disposition: form-data; {disposition}\r\n\r\n'
    )
    return head.encode() + content + b'\r\n'


def pushed_content(file: Mapping[str, Any]) -> bytes | None:
    """What a recording pushes; None for a file that is in the metadata only."""
    if 'content-base64' in file:
        return base64.b64decode(file['content-base64'])
    if 'repeat' in file:
        return (file['repeat']['text'] * file['repeat']['count']).encode()
    return file['content'].encode() if 'content' in file else None


def observed(answer: message.Answered | None) -> dict[str, Any]:
    """An answer as recordings show it, whatever the wire."""
    if answer is None:
        return {'connection-error': 'TimeoutError'}
    seen: dict[str, Any] = {'status': answer.status}
    if isinstance(answer, message.Response):
        return seen | {'content-type': 'application/json', 'body': _plain(answer.envelope())}
    if isinstance(answer, message.Lines):
        lines = [_plain(line) for line in answer.lines]
        return seen | {'content-type': 'application/x-ndjson', 'lines': lines}
    if isinstance(answer, message.Multipart):
        parts = [_shown_part(part) for part in answer.parts]
        return seen | {'content-type': 'multipart/form-data', 'parts': parts}
    return seen | {'content-type': answer.content_type, 'text': answer.text}


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _shown_part(part: message.Part) -> dict[str, Any]:
    if part.filename is None:
        return {'name': part.name, 'type': 'application/json', 'body': _plain(part.content)}
    seen = {'name': part.name, 'type': 'application/octet-stream', 'filename': part.filename}
    return seen | _shown_content(part.content)


def _shown_content(content: bytes) -> dict[str, Any]:
    try:
        return {'content': content.decode()}
    except UnicodeDecodeError:
        return {'content-base64': base64.b64encode(content).decode()}


def parse_multipart(content_type: str, data: bytes) -> list[dict[str, Any]]:
    """The parts of a multipart answer."""
    boundary = content_type.partition('boundary=')[2].strip('"').encode()
    parts: list[dict[str, Any]] = []
    for chunk in data.split(b'--' + boundary)[1:-1]:
        head, _, content = chunk[2:-2].partition(b'\r\n\r\n')
        headers = email.parser.Parser().parsestr(head.decode() + '\r\n\r\n')
        name = headers.get_param('name', header='content-disposition')
        part: dict[str, Any] = {'name': name, 'type': headers.get_content_type()}
        if part['type'] == 'application/json':
            part['body'] = json.loads(content)
        else:
            part['filename'] = headers.get_filename()
            part |= _shown_content(content)
        parts.append(part)
    return parts
