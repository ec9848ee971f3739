"""Which values does an annotation allow?"""

from __future__ import annotations

import collections.abc
import contextlib
import dataclasses
import datetime
import enum
import functools
import inspect
import os
import pathlib
import sys
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Union, cast

from .errors import closest
from .frozen import FrozenDict, FrozenList


class Unwanted(NamedTuple):
    """A value, or a part of one, that an annotation doesn't allow."""

    path: str
    """Which part: ``['up']``; empty: the value itself."""
    value: Any
    wanted: Wanted

    @property
    def cause(self) -> str:
        """What is wrong with it."""
        if isinstance(self.value, str) and self.wanted.words:
            return f'it is not {self.wanted.name}'
        kind = cast('type[Any]', type(self.value))
        return f'its type is {_PLAIN.get(kind, kind).__name__}, not {self.wanted.name}'

    def message(self, place: str, hint: str) -> str:
        """How a test author is told; *place* is where the value was given.

        Better than *hint* is the word that is misspelt, or the name of what was given itself.
        """
        found = f'cannot use {self.value!r} for {place}: {self.cause}'
        return f'{found}\n  hint: {self._repair() or hint}'

    def _repair(self) -> str:
        value, wanted = self.value, self.wanted
        if isinstance(value, str):
            return closest(value, wanted.words)
        name = getattr(value, 'name', None) if dataclasses.is_dataclass(value) else None
        return f'give its name, {name!r}' if isinstance(name, str) and str in wanted.fast else ''


class Wanted:
    """The values that an annotation allows.

    Args:
        name: What they are, for people.
        example: One of them, as code.
    """

    fast: frozenset[type[Any]] = frozenset()
    """Exact types all of whose values are allowed."""
    words: tuple[str, ...] = ()
    """The texts that are allowed, if only some are."""

    def __init__(self, name: str, example: str):
        self.name = name
        self.example = example

    def unwanted(self, value: Any, path: str = '') -> Unwanted | None:
        """What is wrong with a value; None if it is allowed."""
        if type(value) in self.fast:
            return None
        return self._unwanted(value, path)

    def _unwanted(self, value: Any, path: str) -> Unwanted | None:
        return None if self._takes(value) else Unwanted(path, value, self)

    def _takes(self, value: Any) -> bool:
        return True


class _Instance(Wanted):
    """A value of one class."""

    def __init__(self, kind: Any, example: str = '', also: tuple[type[Any], ...] = ()):
        super().__init__(kind.__name__, example or f'{kind.__name__}(…)')
        self.fast = frozenset({kind, *also})
        self._kinds = (kind, *also)
        self._is_number = kind in (int, float)

    def _takes(self, value: Any) -> bool:
        if self._is_number and isinstance(value, bool):
            return False
        return isinstance(value, self._kinds)


class _Words(Wanted):
    """One of some texts."""

    def __init__(self, words: tuple[str, ...]):
        super().__init__(' or '.join(map(repr, words)), repr(words[0]))
        self.words = words

    def _takes(self, value: Any) -> bool:
        return isinstance(value, str) and value in self.words


class _Function(Wanted):
    def _takes(self, value: Any) -> bool:
        return callable(value)


class _Items(Wanted):
    """Several values of one kind."""

    fast = frozenset({FrozenList, frozenset})  # parts of a State: checked before

    def __init__(self, kind: Any, item: Wanted):
        super().__init__('list' if kind is Sequence else 'collection', f'[{item.example}]')
        self._kind = kind
        self._item = item

    def _unwanted(self, value: Any, path: str) -> Unwanted | None:
        if not isinstance(value, self._kind) or isinstance(value, (str, bytes)):
            return Unwanted(path, value, self)
        # An iterator is not used up.
        items = cast('Iterable[Any]', value) if isinstance(value, Collection) else ()
        fast = self._item.fast
        others = [(i, item) for i, item in enumerate(items) if item.__class__ not in fast]
        found = (self._item.unwanted(item, f'{path}[{i}]') for i, item in others)
        return next(filter(None, found), None)


class _Entries(Wanted):
    """A mapping."""

    fast = frozenset({FrozenDict})

    def __init__(self, key: Wanted, entry: Wanted):
        super().__init__('mapping', f'{{{key.example}: {entry.example}}}')
        self._key = key
        self._entry = entry

    def _unwanted(self, value: Any, path: str) -> Unwanted | None:
        if not isinstance(value, Mapping):
            return Unwanted(path, value, self)
        for key, entry in cast('Mapping[Any, Any]', value).items():
            found = self._key.unwanted(key, f'{path} (its keys)')
            found = found or self._entry.unwanted(entry, f'{path}[{key!r}]')
            if found:
                return found
        return None


class _Either(Wanted):
    """A value of one of several kinds."""

    def __init__(self, options: Sequence[Wanted]):
        names = dict.fromkeys(option.name for option in options)
        super().__init__(' or '.join(names), options[0].example)
        self.fast = frozenset[type[Any]]().union(*(option.fast for option in options))
        self.words = tuple(word for option in options for word in option.words)
        self._options = options

    def _unwanted(self, value: Any, path: str) -> Unwanted | None:
        found = [option.unwanted(value, path) for option in self._options]
        if None in found:
            return None
        parts = (unwanted for unwanted in found if unwanted and unwanted.value is not value)
        return next(parts, Unwanted(path, value, self))


_PLAIN: dict[Any, type[Any]] = {FrozenDict: dict, FrozenList: list}
_PACKAGE = __name__.partition('.')[0]
_CALLABLE: Any = collections.abc.Callable
_ANYTHING = Wanted('anything', '…')
_TIME = 'datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)'
_KNOWN: dict[Any, Wanted] = {
    str: _Instance(str, "'…'"),
    bytes: _Instance(bytes, "b'…'"),
    bool: _Instance(bool, 'True'),
    int: _Instance(int, '1'),
    float: _Instance(float, '1.5', also=(int,)),
    dict: _Instance(dict, '{…}'),
    datetime.datetime: _Instance(datetime.datetime, _TIME),
    datetime.timedelta: _Instance(datetime.timedelta, 'datetime.timedelta(seconds=1)'),
    type: _Instance(type, 'MyClass'),
}
_NONE = _Instance(type(None), 'None')
_NONE.name = 'None'


@functools.cache
def wanted(annotation: Any) -> Wanted:
    """The values that an annotation allows; all, if it isn't one of those known here."""
    if annotation in _KNOWN:
        return _KNOWN[annotation]
    if annotation is type(None):
        return _NONE
    supertype = getattr(annotation, '__supertype__', None)
    if supertype is not None:
        return wanted(supertype)  # of a typing.NewType
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is None:
        return _of_class(annotation)
    return _of_generic(origin, arguments)


def _of_class(kind: Any) -> Wanted:
    if kind in (Any, object) or not isinstance(kind, type) or kind.__dict__.get('_is_protocol'):
        return _ANYTHING
    if typing.is_typeddict(kind):
        return _KNOWN[dict]
    if issubclass(kind, enum.Enum):
        # What the enum calls them is understood too.  Other text is a problem of the State that
        # holds it.
        return _Instance(kind, repr(next(iter(kind)).value), also=(str,))
    if issubclass(kind, str):
        return _Instance(kind, "'…'", also=(str,))
    if issubclass(kind, pathlib.PurePath):
        return _Instance(kind, "'/…'", also=(os.PathLike,))
    return _Instance(kind, f'{_first_kind(kind)}(…)')


def _first_kind(base: Any) -> str:
    """The name of what can be made in place of a base such as Port: TCPPort."""
    kinds = (kind for kind in base.__subclasses__() if kind.__module__ == base.__module__)
    return next(kinds, base).__name__


def _of_generic(origin: Any, arguments: tuple[Any, ...]) -> Wanted:
    if origin in (Union, types.UnionType):
        return _Either([wanted(argument) for argument in arguments])
    if origin is Literal:
        return _Words(arguments)
    if origin is _CALLABLE:
        return _Function('function', 'lambda …: …')
    if origin is type:
        return _KNOWN[type]
    if not isinstance(origin, type):
        return _ANYTHING
    if issubclass(origin, Mapping):
        return _Entries(*map(wanted, arguments))
    if issubclass(origin, Iterable) and origin is not tuple:
        return _Items(origin, wanted(arguments[0]))
    return _Instance(origin)


def of_class(kind: type[Any]) -> dict[str, Wanted]:
    """What the fields that a dataclass is given allow, by name; without those whose annotations
    only type checkers can read, and those that a user's class has added.
    """
    found: dict[str, Wanted] = {}
    for field in dataclasses.fields(kind):
        if field.init:
            owner = next(c for c in kind.__mro__ if field.name in inspect.get_annotations(c))
            if owner.__module__.partition('.')[0] != _PACKAGE:
                continue
            found.update(_evaluated({field.name: field.type}, owner.__module__))
    return found


@functools.cache
def of_function(function: Callable[..., Any]) -> Mapping[str, Wanted]:
    """What the parameters of a function allow; otherwise like `of_class`."""
    return dict(_evaluated(function.__annotations__, function.__module__))


def _evaluated(annotations: Mapping[str, Any], module: str) -> Iterator[tuple[str, Wanted]]:
    for name, annotation in annotations.items():
        # A name that neither the module has nor the package exports is for type checkers only.
        with contextlib.suppress(NameError):
            yield name, _SIMPLE.get(annotation) or wanted(_value(annotation, module))


def _value(annotation: Any, module: str) -> Any:
    if not isinstance(annotation, str):
        return annotation
    return eval(annotation, {**vars(sys.modules[_PACKAGE]), **vars(sys.modules[module])})


_SIMPLE = {
    text: wanted(kind)
    for kind in (str, int, float, bool)
    for text, kind in ((kind.__name__, kind), (f'{kind.__name__} | None', kind | None))
}
"""What is allowed by annotations that most fields have: evaluating these takes longest."""
