"""Which texts and pieces do the strategies put together?"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from hypothesis import strategies as st

V = TypeVar('V')
Strategy = st.SearchStrategy

MAX_FEW = 2
"""How many of a thing there are at most where one more would show nothing new."""


@functools.cache
def texts() -> Strategy[str]:
    """Short lines of text without control characters, as people and charms write them."""
    return st.text(st.characters(exclude_categories=['C', 'Zl', 'Zp']), max_size=8)


@functools.cache
def words() -> Strategy[str]:
    """Short names of lower-case letters and digits."""
    return st.text('abcdefghijklmnopqrstuvwxyz0123456789', min_size=1, max_size=6)


def few(items: Strategy[V]) -> Strategy[list[V]]:
    """At most two of a thing."""
    return st.lists(items, max_size=MAX_FEW)


@functools.cache
def databags() -> Strategy[dict[str, str]]:
    """Mappings from names to text, as Juju and Pebble keep them."""
    return st.dictionaries(words(), texts(), max_size=MAX_FEW)


def some(kind: Callable[..., V], *given: Strategy[Any], **optional: Strategy[Any]) -> Strategy[V]:
    """Values of a class, with these arguments and a few of those keyword arguments.

    Shrinks to the value that has none of them.
    """
    return st.tuples(st.tuples(*given), _a_few_of(optional)).map(
        lambda drawn: kind(*drawn[0], **drawn[1])
    )


def record(always: Mapping[str, Strategy[Any]], **optional: Strategy[Any]) -> Strategy[Any]:
    """Mappings that have the one fields and a few of the others, spelt with hyphens."""
    spelt = {name.replace('_', '-'): field for name, field in optional.items()}
    return st.tuples(st.fixed_dictionaries({**always}), _a_few_of(spelt)).map(
        lambda drawn: {**drawn[0], **drawn[1]}
    )


def _a_few_of(fields: Mapping[str, Strategy[Any]]) -> Strategy[dict[str, Any]]:
    """Mappings with up to three of the fields: all of them would take too long to draw."""
    if not fields:
        return st.just(dict[str, Any]())
    # Each name is drawn with its value, so that both shrink away at once.
    items = [st.tuples(st.just(name), field) for name, field in sorted(fields.items())]
    chosen = st.lists(st.one_of(items), max_size=3, unique_by=_name)
    return chosen.map(lambda drawn: dict(sorted(drawn, key=_name)))


def _name(item: tuple[str, Any]) -> str:
    return item[0]
