"""The daemon's answers as the bytes of an HTTP response."""

from __future__ import annotations

import json
import zlib
from typing import Any, NamedTuple

from ..daemon.message import STATUS_TEXT, Answered, Lines, Multipart, Part, Response, Text


class Encoded(NamedTuple):
    """An HTTP response."""

    status: int
    reason: str
    headers: dict[str, str]
    body: bytes


def encode(answer: Answered) -> Encoded:
    """Encode an answer as Pebble does."""
    headers: dict[str, str] = {}
    if isinstance(answer, Response):
        headers['Content-Type'] = 'application/json'
        body = _json(answer.envelope())
    elif isinstance(answer, Lines):
        headers['Content-Type'] = 'application/x-ndjson'
        body = b''.join(_json(line) + b'\n' for line in answer.lines)
    elif isinstance(answer, Multipart):
        boundary, body = _multipart(answer.parts)
        headers['Content-Type'] = f'multipart/form-data; boundary={boundary}'
    else:
        headers.update(_text_headers(answer))
        body = answer.text.encode()
    headers['Content-Length'] = str(len(body))
    return Encoded(answer.status, STATUS_TEXT.get(answer.status, ''), headers, body)


def _text_headers(answer: Text) -> dict[str, str]:
    headers = {name.title(): value for name, value in answer.headers.items()}
    if answer.content_type and answer.text:  # Go guesses it from what is written
        headers['Content-Type'] = answer.content_type
    return headers


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(',', ':'))
    for char in '<>&\u2028\u2029':  # Go: encoding/json escapes what HTML or JavaScript minds
        if char in text:
            text = text.replace(char, f'\\u{ord(char):04x}')
    return text.encode(errors='replace')


def _multipart(parts: tuple[Part, ...]) -> tuple[str, bytes]:
    # Go: mime/multipart Writer.  Its boundary is random; here equal answers get equal ones.
    contents = [_content(part) for part in parts]
    number = 0
    for content in contents:
        number = zlib.crc32(content, number)
    boundary = f'{number:08x}' + '0' * 52
    while any(boundary.encode() in content for content in contents):
        number += 1
        boundary = f'{number:08x}' + '0' * 52
    body = b''
    for part, content in zip(parts, contents, strict=True):
        head = ''.join(f'{name}: {value}\r\n' for name, value in _part_headers(part))
        body += f'--{boundary}\r\n{head}\r\n'.encode(errors='replace') + content + b'\r\n'
    return boundary, body + f'--{boundary}--\r\n'.encode()


def _content(part: Part) -> bytes:
    return part.content if part.filename is not None else _json(part.content) + b'\n'


def _part_headers(part: Part) -> tuple[tuple[str, str], ...]:
    if part.filename is None:
        return (
            ('Content-Disposition', f'form-data; name="{part.name}"'),
            ('Content-Type', 'application/json'),
        )
    name = part.filename.replace('\\', '\\\\').replace('"', '\\"')
    name = name.replace('\r', '%0D').replace('\n', '%0A')
    return (
        ('Content-Disposition', f'form-data; name="{part.name}"; filename="{name}"'),
        ('Content-Type', 'application/octet-stream'),
    )
