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
from scenario_pebble.wire.answer import Encoded, encode

from . import files

Wire = Literal['strict', 'fast']


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
    if verb == 'file-push' and any(files.content(file) is None for file in spec['files']):
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


def observed(wire: Wire, answer: message.Answered | None) -> dict[str, Any]:
    """An answer as recordings show it."""
    if answer is None:
        return {'connection-error': 'TimeoutError'}
    return _decoded(encode(answer)) if wire == 'strict' else _shown(answer)


def _decoded(encoded: Encoded) -> dict[str, Any]:
    kind, body = encoded.headers.get('Content-Type', ''), encoded.body
    seen: dict[str, Any] = {'status': encoded.status, 'content-type': kind}
    if kind == 'application/json':
        return seen | {'body': json.loads(body)}
    if kind == 'application/x-ndjson':
        return seen | {'lines': [json.loads(line) for line in body.splitlines()]}
    if kind.startswith('multipart/form-data'):
        return seen | {'content-type': 'multipart/form-data', 'parts': _parts(kind, body)}
    return seen | {'text': body.decode('utf-8', 'replace')}


def _shown(answer: message.Answered) -> dict[str, Any]:
    seen: dict[str, Any] = {'status': answer.status}
    if isinstance(answer, message.Response):
        return seen | {'content-type': 'application/json', 'body': answer.envelope()}
    if isinstance(answer, message.Lines):
        return seen | {'content-type': 'application/x-ndjson', 'lines': list(answer.lines)}
    if isinstance(answer, message.Multipart):
        parts = [_shown_part(part) for part in answer.parts]
        return seen | {'content-type': 'multipart/form-data', 'parts': parts}
    return seen | {'content-type': answer.content_type, 'text': answer.text}


def _shown_part(part: message.Part) -> dict[str, Any]:
    if part.filename is None:
        return {'name': part.name, 'type': 'application/json', 'body': part.content}
    seen = {'name': part.name, 'type': 'application/octet-stream', 'filename': part.filename}
    return seen | _shown_content(part.content)


def _shown_content(content: bytes) -> dict[str, Any]:
    try:
        return {'content': content.decode()}
    except UnicodeDecodeError:
        return {'content-base64': base64.b64encode(content).decode()}


def _parts(content_type: str, data: bytes) -> list[dict[str, Any]]:
    """The parts of a multipart answer."""
    boundary = content_type.partition('boundary=')[2].strip('"').encode()
    return [_part_in(chunk[2:-2]) for chunk in data.split(b'--' + boundary)[1:-1]]


def _part_in(chunk: bytes) -> dict[str, Any]:
    head, _, content = chunk.partition(b'\r\n\r\n')
    headers = email.parser.Parser().parsestr(head.decode() + '\r\n\r\n')
    name = headers.get_param('name', header='content-disposition')
    part: dict[str, Any] = {'name': name, 'type': headers.get_content_type()}
    if part['type'] == 'application/json':
        return part | {'body': json.loads(content)}
    return part | {'filename': headers.get_filename()} | _shown_content(content)
