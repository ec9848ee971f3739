"""Of which parts does a value consist, and how is each reached?"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from ..filetree import Directory, File, FileTree, Node, Special, Symlink
from .container import Container
from .identity import identity
from .layer import FrozenCheck, FrozenLayer, FrozenLogTarget, FrozenService
from .value import NOTHING, default_of

_LAYER_PARTS = (FrozenLayer, FrozenService, FrozenCheck, FrozenLogTarget)


class Part(NamedTuple):
    """A part of a value."""

    step: str
    """How Python reaches it: ``.name`` or ``['key']``. Of a set's member: what tells it apart."""
    value: Any
    default: Any = NOTHING
    """What a test need not say."""

    @property
    def is_default(self) -> bool:
        return self.value == self.default


def parts_of(value: Any) -> Iterator[Part] | None:
    """The parts of a value that count when it is compared; None if it has no parts.

    The nodes of a `FileTree` come from `filetree.FileTree.changes_since`.
    """
    if isinstance(value, dict):
        return _entries(cast('dict[Any, Any]', value))
    if isinstance(value, (list, tuple)):
        return (Part(f'[{i}]', item) for i, item in enumerate(cast('list[Any]', value)))
    if isinstance(value, frozenset):
        return _members(cast('frozenset[Any]', value))
    if isinstance(value, Node):
        return _of_node(value)
    if isinstance(value, _LAYER_PARTS):
        return _of_layer(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, FileTree):
        return _fields(value)
    return None


def _fields(value: Any) -> Iterator[Part]:
    for field in dataclasses.fields(value):
        if field.compare:
            of_image = isinstance(value, Container) and field.name == 'files'
            default = value.image if of_image else default_of(field)
            yield Part(f'.{field.name}', getattr(value, field.name), default)


def _entries(value: dict[Any, Any]) -> Iterator[Part]:
    for key in sorted(value, key=_order):
        yield Part(f'[{key!r}]', value[key])


def _members(value: frozenset[Any]) -> Iterator[Part]:
    seen: dict[Any, int] = {}
    for member in sorted(value, key=lambda m: (_order(identity(m)), repr(m))):
        name = identity(member)
        seen[name] = count = seen.get(name, 0) + 1
        again = f'#{count}' if count > 1 else ''
        yield Part(f'[{name!r}]{again}', member if dataclasses.is_dataclass(member) else True)


def _order(key: Any) -> tuple[bool, int, str]:
    is_number = isinstance(key, int)
    return not is_number, key if is_number else 0, repr(key)


def _of_node(node: Node) -> Iterator[Part]:
    usual = _USUAL[type(node)]
    if isinstance(node, File):
        yield _content(node.data)
    elif isinstance(node, Symlink):
        yield Part('.target', node.target)
    elif isinstance(node, Special):
        yield Part('.kind', node.kind)
    yield Part('.mode', f'{node.mode:03o}', f'{usual.mode:03o}')
    yield Part('.user', node.user or node.user_id, 'root')
    yield Part('.group', node.group or node.group_id, 'root')


_USUAL: dict[type[Node], Node] = {
    File: File(),
    Directory: Directory(),
    Symlink: Symlink(''),
    Special: Special(),
}


def _content(data: bytes) -> Part:
    try:
        return Part('.text', data.decode(), '')
    except UnicodeDecodeError:
        return Part('.data', data)


def _of_layer(part: Any) -> Iterator[Part]:
    # ops compares what it would send to Pebble: what is set.
    attributes: dict[str, Any] = part.__dict__
    for name, value in attributes.items():
        plain = value.value if isinstance(value, enum.Enum) else value
        if plain and name != 'name' and name[0] != '_':
            yield Part(f'.{name}', plain)
