"""How the lists, sets and mappings that a test gives are checked and become read-only."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from ..errors import StateValidationError
from ..frozen import FrozenDict, FrozenList
from ..typehints import Unwanted, wanted

K = TypeVar('K')
V = TypeVar('V')

Kind = type[Any] | types.UnionType

_NONE: frozenset[Any] = frozenset()
_NO_ITEMS: FrozenList[Any] = FrozenList()


def read_only_set(values: Iterable[V], kind: Kind, field: str) -> frozenset[V]:
    """The values as a frozenset; all empty ones are one object, so that checks know it again.

    Args:
        values: What the test gives.
        kind: The class that all of them must have, or the union of several.
        field: Where, for the error.

    Raises:
        StateValidationError: If they are something else.
    """
    return _NONE if _none(values) else frozenset(_checked(values, kind, field))


def read_only_list(values: Iterable[V], kind: Kind, field: str) -> FrozenList[V]:
    """The values as a read-only list; otherwise like `read_only_set`."""
    if type(values) is FrozenList:  # a part of a State: checked before
        return cast('FrozenList[V]', values)
    return _NO_ITEMS if _none(values) else FrozenList(_checked(values, kind, field))


def read_only_mapping(
    values: Mapping[K, V], kind: Kind, field: str, *, keys: type[Any] = str
) -> FrozenDict[K, V]:
    """The values as a read-only dict with keys of one class; otherwise like `read_only_set`."""
    given: Any = values
    if type(given) is FrozenDict:
        return cast('FrozenDict[K, V]', values)
    if not isinstance(given, Mapping):
        raise _refusal(given, field, 'for', 'it is no mapping', f'{{{_examples(keys, kind)}}}')
    for key, value in values.items():
        if not isinstance(key, keys):
            raise _other_type(key, field, 'in the keys of', keys, f'{{{_examples(keys, kind)}}}')
        if not isinstance(value, kind):
            raise _other_type(value, field, 'in', kind, f'{{{_examples(keys, kind)}}}')
    return FrozenDict(values)


def _none(values: Any) -> bool:
    # Not by ``==``: what equals everything, as mock.ANY, is no collection.
    return values.__class__ is tuple and not values


def _checked(values: Any, kind: Kind, field: str) -> Iterable[Any]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise _refusal(values, field, 'for', 'it is no collection', f'[{_examples(kind)}]')
    items: tuple[Any, ...] = tuple(cast('Iterable[Any]', values))
    for item in items:
        if not isinstance(item, kind):
            raise _other_type(item, field, 'in', kind, f'[{_examples(kind)}]')
    return items


def _other_type(
    given: Any, field: str, where: str, kind: Kind, example: str
) -> StateValidationError:
    return _refusal(given, field, where, Unwanted('', given, wanted(kind)).cause, example)


def _refusal(given: Any, field: str, where: str, cause: str, example: str) -> StateValidationError:
    owner, _, name = field.partition('.')
    repair = f'{name}={example}' if ']' in name else f'{owner}({name}={example})'
    return StateValidationError(f'cannot use {given!r} {where} {field}: {cause}\n  hint: {repair}')


def _examples(*kinds: Kind) -> str:
    return ': '.join(wanted(kind).example for kind in kinds)


def read_only_dict(values: Mapping[K, V]) -> FrozenDict[K, V]:
    """The values as a read-only dict."""
    if type(values) is FrozenDict:
        return cast('FrozenDict[K, V]', values)
    return FrozenDict(values)


def strings(values: Iterable[str], field: str) -> FrozenList[str]:
    """The texts as a read-only list: one text isn't taken for its letters."""
    if isinstance(values, str):
        cause = 'it is one string, not a list of strings'
        raise _refusal(values, field, 'for', cause, f'[{values!r}]')
    return read_only_list(values, str, field)
