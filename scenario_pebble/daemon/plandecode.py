"""How YAML nodes become the values of typed fields, with the type errors that go-yaml reports."""

from __future__ import annotations

import base64
import contextlib
import math
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, TypeVar

from ..dataclass import dataclass
from ..frozen import FrozenDict
from . import gotext, planscalar
from .plannodes import Node

Record = TypeVar('Record')
_FLOAT = re.compile(
    r'[-+]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|inf(?:inity)?)|nan', re.IGNORECASE
)


class DecodeError(Exception):
    """Decoding stops at once.

    Args:
        text: As go-yaml (or Pebble's own types) put it.
        path: Where.
    """

    def __init__(self, text: str, path: str):
        super().__init__(text)
        self.text = text
        self.path = path


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that doesn't fit; decoding goes on after it."""

    node: Node
    path: str
    text: str
    earlier: Node | None = None
    """The key that a second one repeats; its line ends the text."""


class Decoder:
    """Decodes one section, collecting what is wrong with it.

    Args:
        section: Its name, with which paths begin.
        is_fact: Whether the records describe a State.
    """

    def __init__(self, section: str, *, is_fact: bool = False):
        self.problems: list[Problem] = []
        self.is_fact = is_fact
        self._path = [section]
        self._open_aliases: list[Node] = []
        self._decoded = 0
        self._aliased = 0

    @property
    def path(self) -> str:
        """Where the decoder is, such as ``services.web.after``."""
        return '.'.join(self._path)

    @property
    def name(self) -> str:
        """The key of the value that is being decoded."""
        return self._path[-1]

    def report(self, node: Node, text: str, earlier: Node | None = None) -> None:
        self.problems.append(Problem(node, self.path, text, earlier))

    def mismatch(self, node: Node, go_type: str) -> None:
        """Report that a node can't become a Go type."""
        # go-yaml: decode.go terror
        shown = ''
        if node.kind == 'scalar':
            value = node.value.encode()
            cut = value[:7] + b'...' if len(value) > 10 else value
            shown = f' `{cut.decode(errors="replace")}`'
        self.report(node, f'cannot unmarshal {node.tag}{shown} into {go_type}')

    def follow(self, node: Node, decode: Callable[[Node], Any]) -> Any:
        """Decode a node, or what an alias stands for."""
        self._count()
        if node.target is None:
            return decode(node)
        with self._opened(node):
            return self.follow(node.target, decode)

    def _count(self) -> None:
        # go-yaml: decode.go unmarshal, allowedAliasRatio
        self._decoded += 1
        self._aliased += bool(self._open_aliases)
        if self._decoded > 1000 and self._aliased / self._decoded > 0.99:
            raise DecodeError('yaml: document contains excessive aliasing', self.path)

    @contextlib.contextmanager
    def _opened(self, alias: Node) -> Generator[None, None, None]:
        if alias in self._open_aliases:
            raise DecodeError(f"yaml: anchor '{alias.value}' value contains itself", self.path)
        self._open_aliases.append(alias)
        try:
            yield
        finally:
            self._open_aliases.pop()

    def entries(self, node: Node) -> Iterator[tuple[str, Node, Node]]:
        """Name, key and value of each entry of a mapping, those that ``<<`` merges in last."""
        merged = [value for key, value in node.pairs() if key.tag == '!!merge']
        seen: set[str] = set()
        for key, value in node.pairs():
            name = None if key.tag == '!!merge' else self.follow(key, self._key)
            if name is not None:
                seen.add(name)
                self._path.append(name)
                yield name, key, value
                self._path.pop()
        for value in merged:
            yield from self._merged(value, seen)

    def _merged(self, value: Node, seen: set[str]) -> Iterator[tuple[str, Node, Node]]:
        # go-yaml: decode.go merge
        for item in value.content if value.kind == 'sequence' else [value]:
            self._count()
            target = item.target or item
            if target.kind != 'mapping':
                text = 'yaml: map merge requires map or sequence of maps as the value'
                raise DecodeError(text, self.path)
            with self._opened(item) if item.target else contextlib.nullcontext():
                yield from self._unseen(target, seen)

    def _unseen(self, mapping: Node, seen: set[str]) -> Iterator[tuple[str, Node, Node]]:
        for name, key, item in self.entries(mapping):
            if name not in seen:
                seen.add(name)
                yield name, key, item

    def _key(self, key: Node) -> str | None:
        return text('string')(self, key)

    def has_unique_keys(self, node: Node) -> bool:
        """Whether no key of a mapping occurs twice; otherwise that is reported."""
        first: dict[tuple[str, str], Node] = {}
        unique = True
        for key, _ in node.pairs():
            earlier = first.setdefault((key.kind, key.value), key)
            if earlier is not key:
                quoted = gotext.quote(key.value)
                self.report(key, f'mapping key {quoted} already defined', earlier)
                unique = False
        return unique


Field = Callable[[Decoder, Node], Any]
"""Decodes one value; None if it is null or doesn't fit."""
Schema = Mapping[str, tuple[str, Field]]
"""The attribute, and how its value is decoded, by YAML key."""


def text(go_type: str) -> Field:
    """Any scalar, as it is written."""

    def scalar(decoder: Decoder, node: Node) -> str | None:
        if node.kind != 'scalar':
            return decoder.mismatch(node, go_type)
        if node.tag == '!!null':
            return None
        return _binary(decoder, node) if node.tag == '!!binary' else node.value

    return lambda decoder, node: decoder.follow(node, lambda target: scalar(decoder, target))


def _binary(decoder: Decoder, node: Node) -> str:
    try:
        return base64.b64decode(node.value).decode(errors='replace')
    except ValueError:
        raise DecodeError(
            'yaml: !!binary value contains invalid base64 data', decoder.path
        ) from None


def texts(decoder: Decoder, node: Node) -> tuple[str, ...] | None:
    """A list of strings."""

    def sequence(node: Node) -> tuple[str, ...] | None:
        if node.kind == 'sequence':
            items = [text('string')(decoder, item) for item in node.content]
            return tuple(item for item in items if item is not None)
        return None if node.tag == '!!null' else decoder.mismatch(node, '[]string')

    return decoder.follow(node, sequence)


def text_map(element: str) -> Field:
    """A mapping from string to string; null values are empty strings."""
    return lambda decoder, node: decoder.follow(
        node, lambda target: _mapping(decoder, target, text(element), f'map[string]{element}', '')
    )


def record_map(
    decoder: Decoder, node: Node, item: Field, go_type: str
) -> FrozenDict[str, Any] | None:
    """A mapping from names to records; a null value is None."""
    return decoder.follow(node, lambda target: _mapping(decoder, target, item, go_type, None))


def _mapping(
    decoder: Decoder, node: Node, item: Field, go_type: str, null: Any
) -> FrozenDict[str, Any] | None:
    if node.kind != 'mapping':
        return None if node.tag == '!!null' else decoder.mismatch(node, go_type)
    if not decoder.has_unique_keys(node):
        return None
    values: dict[str, Any] = {}
    for name, _, value in decoder.entries(node):
        decoded = item(decoder, value)
        if decoded is not None:
            values[name] = decoded
        elif (value.target or value).tag == '!!null':
            values[name] = null
    return FrozenDict(values)


def integer(decoder: Decoder, node: Node) -> int | None:
    """A whole number."""

    def scalar(node: Node) -> int | None:
        if node.tag == '!!null':
            return None
        if node.tag in ('!!int', '!!float'):
            value = planscalar.resolve(node.value)[1]
            if isinstance(value, (int, float)) and -(2**63) <= value < 2**63:
                return int(value)
        return decoder.mismatch(node, 'int')

    return decoder.follow(node, scalar)


def duration(decoder: Decoder, node: Node) -> int | None:
    """A Go duration, in nanoseconds."""

    # Pebble: plan/types.go
    def scalar(node: Node) -> int | None:
        if node.tag == '!!null':
            return None
        if node.kind != 'scalar':
            raise DecodeError('duration must be a YAML string', decoder.path)
        try:
            return gotext.parse_duration(node.value)
        except ValueError:
            quoted = gotext.quote(node.value)
            raise DecodeError(f'invalid duration {quoted}', decoder.path) from None

    return decoder.follow(node, scalar)


def number(decoder: Decoder, node: Node) -> float | None:
    """A floating-point number."""

    # Pebble: plan/types.go
    def scalar(node: Node) -> float | None:
        if node.tag == '!!null':
            return None
        if node.kind != 'scalar':
            raise DecodeError('value must be a YAML number', decoder.path)
        value = float(node.value) if _FLOAT.fullmatch(node.value) else None
        if value is None or (math.isinf(value) and 'inf' not in node.value.lower()):
            quoted = gotext.quote(node.value)
            raise DecodeError(f'invalid floating-point number {quoted}', decoder.path)
        return value

    return decoder.follow(node, scalar)


def record(make: Callable[..., Record], schema: Schema, go_type: str) -> Field:
    """A mapping with known keys."""

    def mapping(decoder: Decoder, node: Node) -> Record | None:
        if node.kind != 'mapping':
            return None if node.tag == '!!null' else decoder.mismatch(node, go_type)
        if not decoder.has_unique_keys(node):
            return None
        values: dict[str, Any] = {}
        for name, key, value in decoder.entries(node):
            if name not in schema:
                decoder.report(key, f'field {name} not found in type {go_type}')
                continue
            attribute, field = schema[name]
            decoded = field(decoder, value)
            if decoded is not None:
                values[attribute] = decoded
        return make(**values)

    return lambda decoder, node: decoder.follow(node, lambda target: mapping(decoder, target))
