"""How the lists, sets and mappings that a test gives are checked and become read-only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from ..errors import StateValidationError
from ..frozen import FrozenDict, FrozenList

K = TypeVar('K')
V = TypeVar('V')

Kind = type[Any] | tuple[type[Any], ...]

_NONE: frozenset[Any] = frozenset()
_NO_ITEMS: FrozenList[Any] = FrozenList()


def read_only_set(values: Iterable[V], kind: Kind, field: str) -> frozenset[V]:
    """The values as a frozenset; all empty ones are one object, so that checks know it again.

    Args:
        values: What the test gives.
        kind: The class that all of them must have.
        field: Where, for the error.

    Raises:
        StateValidationError: If they are something else.
    """
    return frozenset(_checked(values, kind, field)) if values != () else _NONE


def read_only_list(values: Iterable[V], kind: Kind, field: str) -> FrozenList[V]:
    """The values as a read-only list; otherwise like `read_only_set`."""
    if type(values) is FrozenList:  # a part of a State: checked before
        return cast('FrozenList[V]', values)
    return FrozenList(_checked(values, kind, field)) if values != () else _NO_ITEMS


def read_only_mapping(values: Mapping[str, V], kind: Kind, field: str) -> FrozenDict[str, V]:
    """The values as a read-only dict with text for keys; otherwise like `read_only_set`."""
    given: Any = values
    if type(given) is FrozenDict:
        return cast('FrozenDict[str, V]', values)
    if not isinstance(given, Mapping):
        raise _misfit(given, field, 'mapping')
    _checked(tuple(values), str, f'the keys of {field}')
    _checked(tuple(values.values()), kind, field)
    return FrozenDict(values)


def read_only_value(value: V | None, kind: Kind, field: str) -> V | None:
    """A single value that may be missing; otherwise like `read_only_set`."""
    if value is not None:
        _checked((value,), kind, field)
    return value


def _checked(values: Any, kind: Kind, field: str) -> Iterable[Any]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise _misfit(values, field, 'collection')
    items: tuple[Any, ...] = tuple(cast('Iterable[Any]', values))
    for item in items:
        if not isinstance(item, kind):
            raise StateValidationError(
                f'cannot use {item!r} in {field}: '
                f'its type is {type(item).__name__}, not {_named(kind)}'
            )
    return items


def _misfit(given: Any, field: str, wanted: str) -> StateValidationError:
    return StateValidationError(f'cannot use {given!r} for {field}: it is no {wanted}')


def _named(kind: Kind) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return ' or '.join(dict.fromkeys(k.__name__ for k in kinds))


def read_only(values: Iterable[V]) -> FrozenList[V]:
    """The values as a read-only list."""
    if type(values) is FrozenList:
        return cast('FrozenList[V]', values)
    return FrozenList(values) or _NO_ITEMS


def read_only_dict(values: Mapping[K, V]) -> FrozenDict[K, V]:
    """The values as a read-only dict."""
    if type(values) is FrozenDict:
        return cast('FrozenDict[K, V]', values)
    return FrozenDict(values)


def strings(values: Iterable[str], field: str) -> FrozenList[str]:
    """The values as a read-only list; one bare string, most likely a slip, is refused.

    Raises:
        StateValidationError: If *values* is a string.
    """
    if isinstance(values, str):
        raise StateValidationError(
            f'cannot use {values!r} for {field}: it is one string, not a list of strings\n'
            f'  hint: {field}=[{values!r}]'
        )
    return read_only(values)
