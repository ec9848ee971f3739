"""How the hook tools about secrets read content, metadata and times."""

from __future__ import annotations

import base64
import binascii
import datetime
from typing import Any, NamedTuple

import ops

from ..daemon import gotext
from ..daemon.gotext import quote
from .relationtools import settings_file
from .tool import Call, ToolError, UsageError

_POLICIES = tuple(policy.value for policy in ops.SecretRotate)


class Upsert(NamedTuple):
    """What secret-add and secret-set were given."""

    content: dict[str, str]
    label: str | None
    description: str | None
    expire: datetime.datetime | None
    rotate: ops.SecretRotate | None
    owner: str

    def metadata(self) -> dict[str, Any]:
        """All but the content and the owner, if given."""
        names = ('label', 'description', 'expire', 'rotate')
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def upsert(call: Call, pairs: list[str]) -> Upsert:
    """Read what secret-add and secret-set have in common.

    Raises:
        UsageError: If a value is malformed.
    """
    options = call.options
    expire, rotate = options.get('expire'), options.get('rotate')
    owner = options.get('owner', 'application')
    if rotate and rotate not in _POLICIES:
        raise UsageError(f'rotate policy {quote(rotate)} not valid')
    if owner not in ('application', 'unit'):
        raise UsageError(f'secret owner {quote(owner)} not valid')
    content = dict(_pair(pair) for pair in pairs)
    if options.get('file'):
        content.update(settings_file(call, options['file']))
    return Upsert(
        content,
        options.get('label') or None,
        options.get('description') or None,
        _expiry(call, expire) if expire else None,
        ops.SecretRotate(rotate) if rotate else None,
        owner,
    )


def _pair(pair: str) -> tuple[str, str]:
    """A key and its value, from an argument, a file, or base64."""
    key, equals, value = pair.partition('=')
    if not equals or not key:
        raise UsageError(f'key value {quote(pair)} not valid')
    if key.endswith('#file'):
        try:
            with open(value, encoding='utf-8') as file:
                return key.removesuffix('#file'), file.read()
        except OSError as error:
            reason = (error.strerror or '').lower()
            raise UsageError(f'reading file {quote(value)}: open {value}: {reason}') from None
    if key.endswith('#base64'):
        try:
            return key.removesuffix('#base64'), base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise UsageError(f'base64 value {quote(value)} not valid') from None
    return key, value


def value_of(content: dict[str, str], key: str) -> str:
    """One value of a secret, encoded if the key says so.

    Raises:
        ToolError: If the secret has no such key.
    """
    name = key.removesuffix('#base64')
    if name not in content:
        raise ToolError(f'secret key value {quote(name)} not found')
    value = content[name]
    return value if name == key else base64.b64encode(value.encode()).decode()


def _expiry(call: Call, text: str) -> datetime.datetime:
    """A point in time, or how long from now; without a time zone it stays as the charm gave it."""
    try:
        return datetime.datetime.fromisoformat(text.replace('Z', '+00:00'))
    except ValueError:
        pass
    try:
        duration_ns = gotext.parse_duration(text)
    except ValueError:
        raise UsageError(f'expire time or duration {quote(text)} not valid') from None
    if duration_ns <= 0:
        raise UsageError(f'negative expire duration {quote(text)} not valid')
    seconds, rest_ns = divmod(call.ledger.clock.now_ns + duration_ns, 10**9)
    time = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return time.replace(microsecond=rest_ns // 1000)


def format_expiry(time: datetime.datetime) -> str:
    """RFC 3339; a time without a zone is in UTC."""
    if time.tzinfo is None:
        time = time.replace(tzinfo=datetime.timezone.utc)
    return time.astimezone(datetime.timezone.utc).isoformat().replace('+00:00', 'Z')
