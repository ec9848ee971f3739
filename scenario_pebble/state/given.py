"""How the lists and mappings that a test gives become read-only ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from ..errors import StateValidationError
from ..frozen import FrozenDict, FrozenList

K = TypeVar('K')
V = TypeVar('V')


_NONE: frozenset[Any] = frozenset()
_NO_ITEMS: FrozenList[Any] = FrozenList()


def read_only_set(values: Iterable[V]) -> frozenset[V]:
    """The values as a frozenset; all empty ones are one object, so that checks know it again."""
    return frozenset(values) or _NONE


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
