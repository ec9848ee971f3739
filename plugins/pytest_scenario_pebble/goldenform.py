"""What of a value is kept in a golden file: plain data, sorted, without what differs between runs?

It is what ``==`` compares, less what only the test says: how commands, programs and checks
behave and fail, the image, users, and mounts.  Ids, times, keys and certificates are replaced by
placeholders, the same ones by the same.
"""

from __future__ import annotations

import datetime
import enum
import json
import pathlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from ops import pebble

from scenario_pebble import (
    CheckInfo,
    Container,
    FileTree,
    Network,
    QueuedEvent,
    Resource,
    Secret,
    State,
    Storage,
    StoredState,
    Timeline,
)
from scenario_pebble.filenode import Directory, Node
from scenario_pebble.frozen import evolve
from scenario_pebble.state.identity import identity
from scenario_pebble.state.parts import parts_of
from scenario_pebble.state.port import Port
from scenario_pebble.state.relation import Relation, RelationBase
from scenario_pebble.state.status import EntityStatus
from scenario_pebble.state.value import Value

_SECRET = re.compile(r'secret:(?://[0-9a-f-]+/)?([0-9a-v]{20})')
_PEM = re.compile(r'-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----', re.DOTALL)
_SPACE = re.compile(r'\s|\\n')

_OF_THE_TEST: dict[type[Any], set[str]] = {
    Container: {
        *('execs', 'programs', 'outcomes', 'faults', 'liveness_probe'),
        *('image', 'users', 'mounts', '_base_plan'),
    },
    State: {'schedule'},
    Resource: {'path'},
}
"""What a value holds that no charm changes."""

_NAMES: dict[type[Any], set[str]] = {
    Container: {'name'},
    CheckInfo: {'name'},
    Network: {'binding_name'},
    Resource: {'name'},
    StoredState: {'name', 'owner_path'},
}
"""Values that stand under their names in a set, and the fields that the name is made of."""


class Unfit(TypeError):
    """A value can't be kept in a golden file."""


def form(value: Any) -> Any:
    """The plain data.

    Raises:
        Unfit: If there is none for it.
    """
    return _Form().of(value)


class _Form:
    """One value on its way to data; remembers the placeholders given out."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Any], int] = {}

    def of(self, value: Any) -> Any:
        for kinds, convert in self._ways():
            if isinstance(value, kinds):
                return convert(value)
        raise Unfit(f'cannot keep a {type(value).__name__} in a golden file: {value!r:.60}')

    def _ways(self) -> Iterator[tuple[Any, Callable[[Any], Any]]]:
        yield enum.Enum, lambda value: self.of(value.value)
        yield str, self._text
        yield (bool, int, float, bytes, type(None)), lambda value: value
        yield datetime.datetime, lambda value: self._placeholder('time', value)
        yield datetime.timedelta, str
        yield pathlib.PurePath, str
        yield Timeline, str
        yield (pebble.Plan, pebble.Layer), lambda value: self.of(value.to_dict())
        yield FileTree, lambda tree: {path: self._node(tree[path]) for path in tree}
        yield Node, self._nodes
        yield EntityStatus, lambda status: ': '.join(filter(None, (status.name, status.message)))
        yield (Storage, Port), self._numbered_name
        yield Value, self._fields
        yield Mapping, lambda value: {self._key(k): self.of(value[k]) for k in _sorted(value)}
        yield (list, tuple), lambda value: [self.of(item) for item in value]
        yield (set, frozenset), self._members

    def _placeholder(self, kind: str, known_as: Any) -> str:
        of_kind = [number for each, number in self._numbers.items() if each[0] == kind]
        number = self._numbers.setdefault((kind, known_as), len(of_kind) + 1)
        return f'<{kind} {number}>'

    def _text(self, text: str) -> str:
        text = _SECRET.sub(lambda found: self._placeholder('secret', found[1]), str(text))
        # Within JSON, the same block has other ends of lines.
        return _PEM.sub(
            lambda found: self._placeholder(found[1].lower(), _SPACE.sub('', found[0])), text
        )

    def _key(self, key: Any) -> Any:
        return self._text(key) if isinstance(key, str) else key

    def _fields(self, value: Value) -> dict[str, Any]:
        """The fields that differ from their defaults; the kind of a relation that isn't usual."""
        left_out = _OF_THE_TEST.get(type(value), set())
        data = {
            part.step[1:]: self._field(value, part.step[1:], part.value)
            for part in parts_of(value) or ()
            if not part.is_default and part.step[1:] not in left_out
        }
        unusual = isinstance(value, RelationBase) and type(value) is not Relation
        return {'kind': type(value).__name__, **data} if unusual else data

    def _field(self, owner: Value, name: str, value: Any) -> Any:
        if isinstance(owner, Container) and name == 'files':
            return self._changes(owner)
        if (type(owner), name) == (QueuedEvent, 'storage'):
            return self._storage(*value.split('/'))
        if (isinstance(owner, RelationBase) and name == 'id') or (
            (type(owner), name) == (QueuedEvent, 'relation')
        ):
            return self._placeholder('relation', value)
        if isinstance(owner, Secret) and name == 'remote_grants':
            grants = cast('Mapping[int, Any]', value)
            return {self._placeholder('relation', k): self.of(grants[k]) for k in sorted(grants)}
        if name == 'snapshot_data' and 'relation_id' in value:
            relation = self._placeholder('relation', value['relation_id'])
            return self.of({**value, 'relation_id': relation})
        return self.of(value)

    # -- sets

    def _members(self, members: Iterable[Any]) -> Any:
        """Under their names if they have some; else in an order that doesn't depend on ids."""
        members = sorted(members, key=_rank)
        if members and all(type(member) in _NAMES for member in members):
            return {str(identity(member)): self._member(member) for member in members}
        return [self.of(member) for member in members]

    def _member(self, member: Any) -> Any:
        data = self._fields(member)
        return {name: data[name] for name in data if name not in _NAMES[type(member)]}

    def _numbered_name(self, value: Storage | Port) -> str:
        if isinstance(value, Storage):
            return self._storage(value.name, str(value.index))
        return str(identity(value))

    def _storage(self, name: str, index: str) -> str:
        return f'{name} {self._placeholder("storage", (name, index))}'

    # -- files

    def _changes(self, container: Container) -> dict[str, Any]:
        """What lies over the image; None of what is gone."""
        changes = container.files.changes_since(container.image)
        nodes = {path: new for path, _, new in changes}
        return {
            path: None if node is None else self._node(node)
            for path, node in nodes.items()
            if not (isinstance(node, Directory) and node.plain and node.entries)
        }

    def _nodes(self, node: Node) -> Any:
        """A node on its own; of a directory, all that is in it."""
        return self.of(FileTree(node)) if isinstance(node, Directory) else self._node(node)

    def _node(self, node: Node) -> Any:
        """The text of an ordinary file; of others, what is not ordinary."""
        shown = {part.step[1:]: part.value for part in parts_of(node) or () if not part.is_default}
        if not shown.keys() - {'text'} and not isinstance(node, Directory):
            return self._text(shown.get('text', ''))
        kind = {} if 'text' in shown or 'data' in shown else {'kind': type(node).__name__}
        return self.of({**kind, **shown})


def _sorted(keys: Iterable[Any]) -> list[Any]:
    return sorted(keys, key=lambda key: (type(key).__name__, key))


def _rank(member: Any) -> tuple[str, str]:
    """Where a member stands: by what it is, then by its number."""
    if isinstance(member, (RelationBase, Secret)):
        anonymous = 0 if isinstance(member, RelationBase) else f'secret:{"0" * 20}'
        data = form(evolve(member, id=anonymous))
        return json.dumps(data, sort_keys=True, default=repr), f'{member.id:>20}'
    if isinstance(member, Storage):
        return member.name, f'{member.index:>20}'
    return str(identity(member)), repr(member)
