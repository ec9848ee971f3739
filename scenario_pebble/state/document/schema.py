"""Which type is written how?"""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime
import enum
import pathlib
import types
import typing
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

from ops import pebble

from ...filetree import FileTree
from ...frozen import FrozenDict, FrozenList
from ..check import CheckInfo, Fail, Pass
from ..container import Container
from ..opaque import runtime_class
from ..port import ICMPPort, Port, TCPPort, UDPPort
from ..program import Exec
from ..relation import PeerRelation, Relation, RelationBase, SubordinateRelation
from ..status import EntityStatus
from ..stimulus import (
    Connect,
    CrashService,
    Disconnect,
    FailCheck,
    Notify,
    PassCheck,
    ReplaceContainer,
    RestartContainer,
    Stimulus,
)
from ..value import NOTHING as NO_DEFAULT, default_of
from .collection import Choice, Entries, Fields, Items, Kinds, Members, OrderedEntries
from .files import ImageForm
from .form import Form
from .layers import Layers
from .plain import PLAIN
from .record import ABSENT, Part, Record
from .scalar import (
    BYTES,
    BYTES_BESIDE_TEXT,
    FLAG,
    NOTHING,
    NUMBER,
    TEXT,
    WHOLE,
    Word,
)
from .special import ContainerRecord, RuntimeRecord, StatusRecord
from .spelt import DURATION, FUNCTION, TIME, OneOf, Path

_FORMS: dict[Any, Form] = {
    Any: PLAIN,
    type(None): NOTHING,
    bool: FLAG,
    int: WHOLE,
    float: NUMBER,
    str: TEXT,
    bytes: BYTES,
    datetime.datetime: TIME,
    datetime.timedelta: DURATION,
    pathlib.Path: Path(pathlib.Path),
    pathlib.PurePosixPath: Path(pathlib.PurePosixPath),
    EntityStatus: StatusRecord(),
    FileTree: ImageForm(),
}

_KINDS: dict[type[Any], str] = {
    Relation: 'relation',
    PeerRelation: 'peer',
    SubordinateRelation: 'subordinate',
    TCPPort: 'tcp',
    UDPPort: 'udp',
    ICMPPort: 'icmp',
    Pass: 'pass',
    Fail: 'fail',
}
"""What the key ``kind`` says of a class that isn't alone in its place; others: their names."""

_STIMULI = (
    Notify,
    FailCheck,
    PassCheck,
    CrashService,
    Disconnect,
    Connect,
    RestartContainer,
    ReplaceContainer,
)

_STANDS_FOR: dict[Any, Any] = {
    RelationBase: Relation | PeerRelation | SubordinateRelation,
    Port: TCPPort | UDPPort | ICMPPort,
    Stimulus: typing.Union[_STIMULI],  # noqa: UP007
}

_STORED_AS: dict[tuple[type[Any], str], Any] = {
    (Container, 'execs'): frozenset[Exec],
    (Container, 'check_infos'): frozenset[CheckInfo],
    (Container, 'image'): FileTree,
    (Container, 'files'): FileTree,
    (Notify, 'repeat_after'): float | None,
    **{(kind, 'at'): datetime.datetime | float for kind in _STIMULI},
    **{(kind, 'every'): float | None for kind in _STIMULI},
}
"""The types of fields whose annotations say what a test may give instead."""

_NAMES = {
    'Container': Container,  # State imports it for type checkers only
    'dataclasses': types.SimpleNamespace(
        KW_ONLY=object
    ),  # to Python 3.10, the real one is no type
}
"""What annotations mention."""

_CALLABLE: Any = collections.abc.Callable

_BUILDERS: dict[Any, Any] = {
    tuple: tuple,
    list: FrozenList,
    FrozenList: FrozenList,
    collections.abc.Sequence: FrozenList,
}


@cache
def form_of(hint: Any) -> Form:
    """How the values of a type are written.

    Raises:
        TypeError: If there is no way.
    """
    hint = _STANDS_FOR.get(hint, hint)
    if hint in _FORMS:
        return _FORMS[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    return _form_of_generic(origin, arguments) if arguments else _form_of_class(hint)


def _form_of_class(kind: Any) -> Form:
    if kind is Container:
        runtime = runtime_class()
        return ContainerRecord(
            partial(_parts, kind), RuntimeRecord(runtime, partial(_parts, runtime))
        )
    if issubclass(kind, datetime.datetime):
        return TIME  # what it means where a test has frozen time
    if issubclass(kind, enum.Enum):
        return OneOf.of_enum(kind)
    if issubclass(kind, str):
        return Word(kind)
    if _is_dataclass(kind) or hasattr(kind, '_fields'):
        return Record(kind, partial(_parts, kind))
    raise TypeError(f'cannot tell how a {kind.__name__} is written')


def _form_of_generic(origin: Any, arguments: tuple[Any, ...]) -> Form:
    if origin in (typing.Union, types.UnionType):
        return _form_of_union(arguments)
    if origin is typing.Literal:
        return OneOf.of_literals(arguments)
    if origin is _CALLABLE:
        return FUNCTION
    if origin is frozenset:
        return Members(form_of(arguments[0]))
    if origin is tuple and arguments[-1] is not Ellipsis:
        return Fields([form_of(argument) for argument in arguments])
    if origin in _BUILDERS:
        return Items(form_of(arguments[0]), _BUILDERS[origin])
    return _form_of_mapping(origin, *arguments)


def _form_of_mapping(origin: Any, key: Any, value: Any) -> Form:
    if key is Any:
        return PLAIN
    if value is pebble.Layer:
        return Layers()
    if origin is FrozenDict and _is_dataclass(value):
        # The daemon's records lie in the order in which they were made.
        return OrderedEntries(form_of(key), form_of(value))
    # Constructors check the contents of a dict, and take a FrozenDict as it is.
    return Entries(form_of(key), form_of(value), dict if origin is dict else FrozenDict)


def _form_of_union(hints: tuple[Any, ...]) -> Form:
    records = list(filter(_is_dataclass, hints))
    forms = [_beside(hints, hint) for hint in hints if hint not in records]
    if len(records) > 1:
        forms.append(Kinds({_KINDS.get(r) or r.__name__: form_of(r) for r in records}))
    else:
        forms += map(form_of, records)
    return Choice(forms) if len(forms) > 1 else forms[0]


def _beside(hints: tuple[Any, ...], hint: Any) -> Form:
    """The form of one type of a union; data must tell it from the others."""
    return BYTES_BESIDE_TEXT if hint is bytes and str in hints else form_of(hint)


def _is_dataclass(hint: Any) -> bool:
    return dataclasses.is_dataclass(hint)


def _parts(kind: type[Any]) -> dict[str, Part]:
    """The fields of a dataclass or NamedTuple that its constructor takes."""
    hints = typing.get_type_hints(kind, localns=_NAMES)
    return {
        name: Part(form_of(_STORED_AS.get((kind, name), hints[name])), default, optional)
        for name, default, optional in _fields(kind)
    }


def _fields(kind: Any) -> Iterator[tuple[str, Any, bool]]:
    """Name, default, and whether there is a default that only the constructor knows."""
    if not _is_dataclass(kind):
        for name in kind._fields:
            yield name, kind._field_defaults.get(name, ABSENT), False
        return
    for field in dataclasses.fields(kind):
        if field.init:
            default = default_of(field)
            made = field.default_factory is not dataclasses.MISSING and default is NO_DEFAULT
            yield field.name, ABSENT if default is NO_DEFAULT else default, made
