"""How Go reads ``Content-Type`` and ``Content-Disposition`` headers."""

from __future__ import annotations

import re
import urllib.parse

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_SPECIAL = '()<>@,;:\\"/[]?='
_SPACE = ' \t\r\n'


class BadMediaType(ValueError):
    """A header that Go can't read."""


def parse(header: str) -> tuple[str, dict[str, str]]:
    """The media type or disposition, in lower case, and its parameters.

    Raises:
        BadMediaType: If the header is malformed.
    """
    # Go: mime.ParseMediaType
    kind, separator, rest = header.partition(';')
    kind = kind.strip(_SPACE).lower()
    _check_kind(kind)
    rest = separator + rest
    found: dict[str, str] = {}
    while rest := rest.lstrip(_SPACE):
        name, value, rest = _parameter(rest)
        if not name:
            if rest.strip(_SPACE) == ';':
                break  # a semicolon at the end is fine
            raise BadMediaType('mime: invalid media parameter')
        if name in found:
            raise BadMediaType('mime: duplicate parameter name')
        found[name] = value
    return kind, _joined(found)


def _check_kind(kind: str) -> None:
    first, slash, second = kind.partition('/')
    if not kind:
        raise BadMediaType('mime: no media type')
    if not _TOKEN.fullmatch(first):
        raise BadMediaType('mime: expected token')
    if slash and not second:
        raise BadMediaType('mime: expected token after slash')
    if slash and not _TOKEN.fullmatch(second):
        raise BadMediaType('mime: unexpected content after media subtype')


def _parameter(text: str) -> tuple[str, str, str]:
    """Name, value, and the rest; an empty name if there is no parameter."""
    after = text[1:].lstrip(_SPACE) if text.startswith(';') else ''
    name = _TOKEN.match(after)
    if name is None:
        return '', '', text
    rest = after[name.end() :].lstrip(_SPACE)
    if not rest.startswith('='):
        return '', '', text
    value, rest = _value(rest[1:].lstrip(_SPACE))
    if value is None:
        return '', '', text
    return name[0].lower(), value, rest


def _value(text: str) -> tuple[str | None, str]:
    if not text.startswith('"'):
        token = _TOKEN.match(text)
        return (token[0], text[token.end() :]) if token else (None, text)
    value, at = '', 1
    while at < len(text):
        char = text[at]
        if char == '"':
            return value, text[at + 1 :]
        # Only what has a meaning can be escaped, because of paths with backslashes.
        if char == '\\' and text[at + 1 : at + 2] and text[at + 1] in _SPECIAL:
            at += 1
            char = text[at]
        elif char in '\r\n':
            break
        value += char
        at += 1
    return None, text


def _joined(found: dict[str, str]) -> dict[str, str]:
    """The parameters with those of RFC 2231 (``name*=utf-8''%20``) decoded."""
    plain = {name: value for name, value in found.items() if '*' not in name}
    for name, value in found.items():
        base, star, part = name.partition('*')
        if star and not part and value.lower().startswith(("utf-8'", "us-ascii'")):
            plain[base] = urllib.parse.unquote(value.split("'", 2)[-1])
    return plain
