"""In what do two States differ: one line for each leaf that does?"""

from __future__ import annotations

import datetime
import enum
import json
from collections.abc import Iterator
from typing import Any

from ..filetree import Directory, FileTree
from ..frozen import EMPTY, FrozenDict
from .parts import parts_of
from .status import EntityStatus
from .value import NOTHING

_LONGEST = 120
"""So many characters of a leaf are shown."""


def diff(before: Any, after: Any) -> str:
    """What differs between two States, or between two components of the same kind.

    ``-`` marks what was, ``+`` what is now, and ``~`` a text of several lines that has changed,
    with a unified diff below it.  Of what came or went, only that is shown which differs from the
    default.  What isn't compared (times, ids of notices) isn't shown: the result is empty exactly
    if the two are equal.

    Example::

        >>> print(diff(state, ctx.run(ctx.on.pebble_ready(db), state)))
        + .containers['db'].files['/etc/app.conf'].text = "port = 80"
        - .unit_status.name = "unknown"
        + .unit_status.name = "active"
    """
    return '\n'.join(_differences('', before, after))


def differing(before: Any, after: Any, path: str = '') -> Iterator[str]:
    """The paths of the leaves in which two values of the same kind differ."""
    if before is after or before == after:
        return
    parts = _pairs(before, after) if _sort(before) is _sort(after) else None
    if parts is None:
        yield path
    for step, old, new in parts or ():
        yield from differing(old, new, path + step)


def _differences(path: str, before: Any, after: Any) -> Iterator[str]:
    if before is after or before == after:
        return
    if _sort(before) is _sort(after) and (parts := _pairs(before, after)) is not None:
        for step, old, new in parts:
            yield from _differences(path + step, old, new)
    elif isinstance(before, str) and isinstance(after, str):
        yield from _of_texts(path, before, after)
    elif not (_is_missing(before) or _is_missing(after)):
        yield f'- {_leaf(path, before)}'
        yield f'+ {_leaf(path, after)}'
    else:
        yield from (f'- {leaf}' for leaf in _leaves(path, before))
        yield from (f'+ {leaf}' for leaf in _leaves(path, after))


def _sort(value: object) -> type[object]:
    """Values of one sort are compared part by part."""
    for sort in (EntityStatus, FrozenDict):
        if isinstance(value, sort):
            return sort
    return type(value)


def _is_missing(value: Any) -> bool:
    """Whether only the other side has something to show, leaf by leaf."""
    return value is None or value is NOTHING


def _pairs(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]] | None:
    """Each step, and what is there before and after; None if the values have no parts."""
    if isinstance(before, FileTree):
        return _changed_nodes(before, after)
    old, new = parts_of(before), parts_of(after)
    if old is None or new is None:
        return None
    was = {part.step: part.value for part in old}
    now = {part.step: part.value for part in new}
    steps = [*now, *(step for step in was if step not in now)]
    return ((step, was.get(step, NOTHING), now.get(step, NOTHING)) for step in steps)


def _changed_nodes(before: FileTree, after: FileTree) -> Iterator[tuple[str, Any, Any]]:
    """Each step to what differs, and what is there before and after."""
    if before.root.holding(EMPTY) != after.root.holding(EMPTY):
        yield "['/']", before.root, after.root
    for path, old, new in after.changes_since(before):
        if not _is_implied(old, new) and not _is_implied(new, old):
            was = NOTHING if old is None else old
            yield f'[{path!r}]', was, NOTHING if new is None else new


def _is_implied(node: Any, other: Any) -> bool:
    """Whether a directory came or went along with what lies in it."""
    return other is None and isinstance(node, Directory) and bool(node.entries) and node.plain


def _of_texts(path: str, before: str, after: str) -> Iterator[str]:
    if '\n' not in before + after:
        is_long = max(len(before), len(after)) > _LONGEST
        start = max(0, _common(before, after) - 20) if is_long else 0
        yield f'- {_leaf(path, before[start:])}'
        yield f'+ {_leaf(path, after[start:])}'
        return
    import difflib

    yield f'~ {path}'.rstrip()
    lines = difflib.unified_diff(before.split('\n'), after.split('\n'), n=1, lineterm='')
    yield from (f'    {line}' for line in list(lines)[2:])


def _common(before: str, after: str) -> int:
    """How many characters at the start are the same."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((i for i, (old, new) in pairs if old != new), min(len(before), len(after)))


def _leaves(path: str, value: Any, default: Any = NOTHING) -> Iterator[str]:
    """What is in a value and isn't a default, a line for each leaf."""
    if value is NOTHING:
        return
    if isinstance(value, FileTree):
        for step, _, node in _changed_nodes(default, value):
            yield from _leaves(path + step, node)
        return
    parts = [part for part in parts_of(value) or () if not part.is_default]
    if not parts:
        yield _leaf(path, value)
    for part in parts:
        yield from _leaves(path + part.step, part.value, part.default)


def _leaf(path: str, value: Any) -> str:
    return f'{path} = {_shown(value)}' if path else _shown(value)


def _shown(value: Any) -> str:
    """A leaf, as JSON where JSON has it."""
    text = _text(value.value if isinstance(value, enum.Enum) else value)
    hidden = len(text) - _LONGEST
    return text if hidden <= 0 else f'{text[:_LONGEST]}… ({hidden} more characters)'


def _text(value: Any) -> str:
    if value is None or isinstance(value, (bool, int, float, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return getattr(value, '__qualname__', repr(value))
