"""In what do two values differ whose comparison an assert has found False?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from ops import pebble

from scenario_pebble.filenode import Node
from scenario_pebble.filetree import FileTree
from scenario_pebble.frozen import FrozenDict, FrozenList
from scenario_pebble.state.diff import diff
from scenario_pebble.state.layer import freeze_layer
from scenario_pebble.state.value import Value

from .golden import Golden


def explain(left: Any, right: Any) -> list[str] | None:
    """Lines for pytest's report: the changed leaves.  None: these values are none of ours.

    As pytest does it, ``-`` marks what the right side has, and ``+`` what the left side has.
    """
    for side in (left, right):
        if isinstance(side, Golden):
            return side.difference
    for kind in (_as_layers, _as_collections, _as_they_are):
        pair = kind(left, right)
        if pair is not None:
            changes = diff(pair[1], pair[0])
            names = f'{type(left).__name__} == {type(right).__name__}'
            return [names, '', *changes.split('\n')] if changes else None
    return None


_Pair = tuple[Any, Any]


def _as_they_are(left: Any, right: Any) -> _Pair | None:
    ours = (Value, FileTree, Node)
    return (left, right) if isinstance(left, ours) and isinstance(right, ours) else None


def _as_layers(left: Any, right: Any) -> _Pair | None:
    """Plans and layers, also if one of the two is a dict."""
    kinds = (pebble.Plan, pebble.Layer)
    if not (isinstance(left, kinds) or isinstance(right, kinds)):
        return None
    if not all(isinstance(side, (*kinds, dict)) for side in (left, right)):
        return None
    return freeze_layer(_content(left)), freeze_layer(_content(right))


def _content(side: pebble.Plan | pebble.Layer | Mapping[str, Any]) -> Mapping[str, Any]:
    return side if isinstance(side, Mapping) else cast('Mapping[str, Any]', side.to_dict())


def _as_collections(left: Any, right: Any) -> _Pair | None:
    """Sets, lists and dicts of our values: check infos, notices, containers …"""
    for kinds, freeze in _COLLECTIONS.items():
        if isinstance(left, kinds) and isinstance(right, kinds):
            return (freeze(left), freeze(right)) if _hold_ours(left, right) else None
    return None


_COLLECTIONS: dict[tuple[type[Any], ...], Callable[[Any], Any]] = {
    (set, frozenset): frozenset,
    (list, tuple): FrozenList,
    (dict,): FrozenDict,
}


def _hold_ours(*collections: Any) -> bool:
    """Whether the collections aren't empty, and hold nothing but our values."""
    members = [
        member
        for each in collections
        for member in (cast('dict[Any, Any]', each).values() if isinstance(each, dict) else each)
    ]
    return bool(members) and all(isinstance(member, (Value, Node)) for member in members)
