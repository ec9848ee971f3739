"""How Go decodes a JSON body into a struct: its tolerance, its zero values and its error texts.

A body is given as bytes (the strict wires) or as the Python value that they would stand for (the
fast wire), with equal results.  Pebble v1.32.1 is built with Go's ``encoding/json`` on top of v2,
whose errors name the whole path to a value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from . import gojsonsyntax
from .gojsonsyntax import Number, Pairs
from .message import ApiError

REQUEST_BODY = 'cannot decode request body: '
REQUEST_DATA = 'cannot decode data from request body: '


class Mismatch(Exception):
    """A value doesn't fit the Go type that it is decoded into."""

    def __init__(self, value: str, go_type: str):
        super().__init__(value)
        self.value = value
        self.go_type = go_type
        self.path: list[str] = []

    def text(self, root: str) -> str:
        """Go's error; *root* is the name of the type of the whole."""
        if not self.path:
            return f'json: cannot unmarshal {self.value} into Go value of type {self.go_type}'
        field = '.'.join(key.replace('~', '~0').replace('/', '~1') for key in self.path)
        return (
            f'json: cannot unmarshal {self.value} into Go struct field {root}.{field}'
            f' of type {self.go_type}'
        )


class Kind:
    """A Go type that a JSON value is decoded into."""

    go_type = ''
    name = ''
    """Of a named type, without its package."""
    zero: Any = None
    nullable = False
    """Whether null sets the zero value; otherwise it leaves what is there."""
    plain: type[Any] | None = None
    """A Python type whose values are taken as they are; a str only if it is ASCII."""

    def read(self, value: Any, old: Any) -> Any:
        """Decode a value that isn't null; *old* is what an earlier key of the same name gave."""
        raise Mismatch(described(value), self.go_type)

    def decode(self, value: Any, old: Any) -> Any:
        """Decode a value."""
        if value is None:
            return self.zero if self.nullable else old
        return self.read(value, old)


class _String(Kind):
    go_type = 'string'
    zero = ''
    plain = str

    def read(self, value: Any, old: Any) -> Any:
        if isinstance(value, str) and not isinstance(value, Number):
            return gojsonsyntax.whole(value)
        raise Mismatch(described(value), self.go_type)


class _Bool(Kind):
    go_type = 'bool'
    zero = False
    plain = bool

    def read(self, value: Any, old: Any) -> Any:
        if isinstance(value, bool):
            return value
        raise Mismatch(described(value), self.go_type)


class _Integer(Kind):
    zero = 0

    def __init__(self, go_type: str, least: int, most: int):
        self.go_type = go_type
        self._least = least
        self._most = most

    def read(self, value: Any, old: Any) -> Any:
        if described(value) != 'number':
            raise Mismatch(described(value), self.go_type)
        text = value if isinstance(value, Number) else json.dumps(value)
        digits = text.removeprefix('-')
        if digits.isdigit() and len(digits) < 20 and self._least <= int(text) <= self._most:
            return int(text)
        raise Mismatch(f'number {text}', self.go_type)


_STR: frozenset[type] = frozenset((str,))

STRING = _String()
BOOL = _Bool()
INT = _Integer('int', -(2**63), 2**63 - 1)
UINT32 = _Integer('uint32', 0, 2**32 - 1)


class _Any(Kind):
    """Whatever comes, to be decoded later, or `MISSING`: Go's ``json.RawMessage``."""

    go_type = 'json.RawMessage'

    def decode(self, value: Any, old: Any) -> Any:
        return value


MISSING: Any = object()
ANY = _Any()
ANY.zero = MISSING


class Optional(Kind):
    """A pointer: None if the value is missing or null."""

    nullable = True

    def __init__(self, kind: Kind):
        self._kind = kind
        self.go_type = '*' + kind.go_type

    def read(self, value: Any, old: Any) -> Any:
        return self._kind.read(value, self._kind.zero if old is None else old)


class Array(Kind):
    """A slice: None if the value is missing or null."""

    nullable = True

    def __init__(self, kind: Kind):
        self._kind = kind
        self.go_type = '[]' + kind.go_type

    def read(self, value: Any, old: Any) -> Any:
        if not isinstance(value, (list, tuple)) or isinstance(value, Pairs):
            raise Mismatch(described(value), self.go_type)
        kind = self._kind
        items = cast('Sequence[Any]', value)
        if kind.plain is str and {*map(type, items)} <= _STR and ''.join(items).isascii():
            return list(items)
        read: list[Any] = []
        for index, item in enumerate(items):
            try:
                read.append(kind.decode(item, kind.zero))
            except Mismatch as e:
                e.path.insert(0, str(index))
                raise
        return read


class Map(Kind):
    """A map with string keys: None if the value is missing or null."""

    nullable = True

    def __init__(self, kind: Kind):
        self._kind = kind
        self.go_type = 'map[string]' + kind.go_type

    def read(self, value: Any, old: Any) -> Any:
        read: dict[str, Any] = {} if old is None else old
        for key, item in _pairs(value, self.go_type):
            try:
                read[key] = self._kind.decode(item, self._kind.zero)
            except Mismatch as e:
                e.path.insert(0, key)
                raise
        return read


class Field(NamedTuple):
    """One field of a struct."""

    kind: Kind
    go_name: str
    tag: str = ''
    """What follows the name in the field's tag, such as ``,omitempty``."""


class Struct(Kind):
    """A struct, decoded to a dict that has all its fields.

    Args:
        fields: By JSON name, in the order of their declaration.
        name: Of a named type in Pebble's package ``daemon``; the types of most bodies have none.
    """

    def __init__(self, fields: Mapping[str, Field], name: str = ''):
        self._fields = fields
        self._folded = {_folded(key): key for key in reversed(list(fields))}
        self._zero = {key: field.kind.zero for key, field in fields.items()}
        self._plain = {key: field.kind.plain for key, field in fields.items()}
        self.name = name
        self.go_type = f'daemon.{name}' if name else self._anonymous_type()

    def _anonymous_type(self) -> str:
        fields = '; '.join(
            f'{field.go_name} {field.kind.go_type} "json:\\"{key}{field.tag}\\""'
            for key, field in self._fields.items()
        )
        return f'struct {{ {fields} }}'

    @property
    def zero(self) -> Any:  # type: ignore[override]
        return self._zero.copy()

    def read(self, value: Any, old: Any) -> Any:
        fields = self._fields
        # Most bodies of the fast wire: a dict whose keys are all known as they are.
        body = cast('dict[str, Any]', value)
        known = type(value) is dict and body.keys() <= fields.keys()
        for key, item in body.items() if known else _pairs(value, self.go_type):
            name = key if key in fields else self._folded.get(_folded(key))
            if name is None:
                continue
            plain = item.__class__
            if plain is self._plain[name] and (plain is not str or item.isascii()):
                old[name] = item
                continue
            try:
                old[name] = fields[name].kind.decode(item, old[name])
            except Mismatch as e:
                e.path.insert(0, key)
                raise
        return old


def _folded(key: str) -> str:
    # Go compares the letters' simple foldings: ſ is an s, and K (Kelvin) a k
    return key.lower().replace('ſ', 's')


def _pairs(value: Any, go_type: str) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Pairs):
        return value
    if isinstance(value, Mapping):
        return [(_key(key), item) for key, item in cast('Mapping[Any, Any]', value).items()]
    raise Mismatch(described(value), go_type)


def _key(key: Any) -> str:
    """A key of a mapping as its JSON has it: there, the number 1 is ``"1"``."""
    if isinstance(key, str):
        return gojsonsyntax.whole(key)
    sent: dict[str, None] = json.loads(json.dumps({key: None}))
    return next(iter(sent))


def described(value: Any) -> str:
    """What Go's errors call a JSON value.

    Raises:
        TypeError: If it is a Python value that JSON lacks.
    """
    if isinstance(value, bool):
        return 'bool'
    if isinstance(value, (Number, int, float)):
        return 'number'
    if isinstance(value, str):
        return 'string'
    if isinstance(value, (Pairs, Mapping)):
        return 'object'
    if isinstance(value, (list, tuple)):
        return 'array'
    raise TypeError(f'Object of type {type(value).__name__} is not JSON serializable')


def decode(body: Any, schema: Struct, prefix: str = REQUEST_BODY) -> dict[str, Any]:
    """Decode the body of a request.

    Raises:
        ApiError: 400, with *prefix* and Go's text.
    """
    try:
        if type(body) is dict:
            return schema.read(body, schema.zero)
        if body is None:
            body = b''
        value = gojsonsyntax.first_value(body) if isinstance(body, bytes) else body
        return schema.decode(value, schema.zero)
    except gojsonsyntax.SyntaxError as e:
        raise ApiError(400, f'{prefix}{e}') from None
    except Mismatch as e:
        raise ApiError(400, prefix + e.text(schema.name)) from None


def member_size(body: Any, name: str) -> int:
    """How many bytes the JSON text of a body's member has, in a body that could be decoded."""
    if not isinstance(body, bytes):
        sizes = [(_key(key), len(json.dumps(value))) for key, value in body.items()]
    else:
        sizes = gojsonsyntax.member_sizes(body)
    return [size for key, size in sizes if _folded(key) == name][-1]


def unmarshal(value: Any, kind: Kind) -> Any:
    """Decode a value that is parsed already.

    Raises:
        ValueError: With Go's text.
    """
    try:
        return kind.decode(value, kind.zero)
    except Mismatch as e:
        raise ValueError(e.text(kind.name)) from None
