"""How the lists that a test gives become read-only ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from ..errors import StateValidationError
from ..frozen import FrozenList

V = TypeVar('V')


def read_only(values: Iterable[V]) -> FrozenList[V]:
    """The values as a read-only list."""
    return values if type(values) is FrozenList else FrozenList(values)


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
