"""Collections that can't be changed: a dict, a list, and a draft from which a new dict is made;
and how a changed copy of a frozen record is made.

Everything reachable from a State is immutable.  `FrozenDict` *is* a ``dict`` and `FrozenList`
*is* a ``list``, equal to plain ones, so that tests written for ``ops.testing`` can compare them;
writing to them is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, NoReturn, TypeVar, cast

import yaml

K = TypeVar('K')
V = TypeVar('V')


def _refuse(self: Any, *_: Any, **__: Any) -> NoReturn:
    kind = 'mapping' if isinstance(self, dict) else 'list'
    raise TypeError(
        f'cannot change this {kind}: it belongs to an immutable State\n'
        '  hint: make a new State with dataclasses.replace()'
    )


class FrozenDict(dict[K, V]):
    """A ``dict`` that refuses to be changed.

    ``copy()`` and ``copy.deepcopy()`` give a plain, changeable dict.
    """

    __slots__ = ()

    __setitem__ = __delitem__ = __ior__ = _refuse  # type: ignore[assignment]
    clear = pop = popitem = setdefault = update = _refuse  # type: ignore[assignment]

    def __hash__(self) -> int:  # type: ignore[override]
        # By the keys alone: hashing never walks a deep value.
        return hash(frozenset(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)

    def __copy__(self) -> dict[K, V]:
        return dict(self)

    def __deepcopy__(self, memo: Any) -> dict[K, Any]:
        return {k: thaw(v) for k, v in self.items()}


class FrozenList(list[V]):
    """A ``list`` that refuses to be changed.

    ``copy()`` and ``copy.deepcopy()`` give a plain, changeable list.
    """

    __slots__ = ()

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse  # type: ignore[assignment]
    append = clear = extend = insert = pop = _refuse  # type: ignore[assignment]
    remove = reverse = sort = _refuse  # type: ignore[assignment]

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(len(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenList, (list(self),)

    def __copy__(self) -> list[V]:
        return list(self)

    def __deepcopy__(self, memo: Any) -> list[Any]:
        return [thaw(v) for v in self]


for _dumper in (yaml.SafeDumper, yaml.Dumper, getattr(yaml, 'CSafeDumper', yaml.SafeDumper)):
    _dumper.add_representer(FrozenDict, yaml.representer.SafeRepresenter.represent_dict)
    _dumper.add_representer(FrozenList, yaml.representer.SafeRepresenter.represent_list)

EMPTY: FrozenDict[Any, Any] = FrozenDict()


class Constant(Generic[V]):
    """A default for fields of dataclasses: as a factory, it always gives the same value.

    Python 3.10 refuses every dict and list as a default itself.
    """

    __slots__ = ('value',)

    def __init__(self, value: V):
        self.value = value

    def __call__(self) -> V:
        return self.value


empty: Constant[FrozenDict[Any, Any]] = Constant(EMPTY)
empty_list: Constant[FrozenList[Any]] = Constant(FrozenList())


def freeze(value: Any) -> Any:
    """The immutable form of JSON-like data: dicts, lists and sets are frozen in depth, all else
    is kept.
    """
    kind = cast('type[Any]', type(value))
    if kind is str or kind is FrozenDict or kind is FrozenList:
        return value
    if isinstance(value, Mapping):
        items = cast('Mapping[Any, Any]', value).items()
        return FrozenDict({k: freeze(v) for k, v in items})
    if isinstance(value, list):
        return FrozenList([freeze(v) for v in cast('list[Any]', value)])
    if kind is tuple:
        return tuple(freeze(v) for v in value)
    if kind is set:
        return frozenset(value)
    return value


def thaw(value: Any) -> Any:
    """The changeable form of frozen data, in depth; all else is kept."""
    if isinstance(value, FrozenDict):
        return {k: thaw(v) for k, v in cast('Mapping[Any, Any]', value).items()}
    if isinstance(value, FrozenList):
        return [thaw(v) for v in cast('list[Any]', value)]
    return set(cast('frozenset[Any]', value)) if isinstance(value, frozenset) else value


class Draft(dict[K, V]):
    """A mapping in the making: a copy of a frozen base.

    `done()` gives the frozen result, which *is* the base if that is equal.
    """

    __slots__ = ('_base',)

    def __init__(self, base: FrozenDict[K, V] = EMPTY):
        super().__init__(base)
        self._base = base

    @property
    def touched(self) -> bool:
        """Whether the result will be another one than the base."""
        return self != self._base

    def done(self) -> FrozenDict[K, V]:
        """Freeze; the draft goes on from the frozen result."""
        if self.touched:
            self._base = FrozenDict(self)
        return self._base


def fill(record: Any, /, **fields: Any) -> None:
    """Set attributes of a record that is being made.

    They become its ``__dict__`` itself.  Python 3.11 reads an attribute at a third of the cost if
    that dict was made as one: not by ``__dict__.update()`` of a new object.
    """
    before = record.__dict__
    _set_attribute(record, '__dict__', before | fields if before else fields)


def evolve(record: V, **changes: Any) -> V:
    """Like ``dataclasses.replace`` for a frozen dataclass without slots, at a sixth of its cost.

    Nothing runs again: the changes must be frozen and checked already.
    """
    new = _new(record.__class__)
    _set_attribute(new, '__dict__', record.__dict__ | changes)
    return new


_new = object.__new__
_set_attribute = object.__setattr__
