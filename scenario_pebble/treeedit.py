"""How is a directory made from another one, when something is put below it or taken away?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from .errors import StateValidationError
from .filenode import Directory, Node
from .frozen import FrozenDict

_put = cast('Any', dict).__setitem__


def written(root: Directory, parts: list[str], node: Node) -> Directory:
    """A root that holds *node* at a path, given as its names; missing directories are made.

    Raises:
        StateValidationError: If the path leads through something that is no directory, or to
            something that *node* can't be merged with.
    """
    if not parts:
        return _merged_node(root, node, '/')  # type: ignore[return-value]  # the root stays a directory
    last = parts.pop()
    chain = [root]
    for name in parts:
        child = chain[-1].entries.get(name)
        if type(child) is not Directory:
            if child is not None:
                raise _not_a_directory([*parts, last], len(chain), child)
            child = Directory(mtime_ns=node.mtime_ns)
        chain.append(child)
    before = chain[-1].entries.get(last)
    if before is not None and (type(node) is Directory or type(before) is Directory):
        node = _merged_node(before, node, '/' + '/'.join([*parts, last]))
    parent = chain[-1]
    entries: FrozenDict[str, Node] = FrozenDict(parent.entries, **{last: node})
    return rebuilt(chain, parts, parent.holding(entries, max(parent.mtime_ns, node.mtime_ns)))


def rebuilt(chain: list[Directory], names: list[str], new: Directory) -> Directory:
    """The root, once *new* takes the place of the last directory of a chain from the root."""
    *above, last = chain
    made_ns = last.mtime_ns
    for parent, name in zip(reversed(above), reversed(names), strict=True):
        mtime_ns = parent.mtime_ns
        if name not in parent.entries:
            mtime_ns = max(mtime_ns, made_ns)
        new = parent.holding(FrozenDict(parent.entries, **{name: new}), mtime_ns)
    return new


def _not_a_directory(parts: list[str], depth: int, found: Node) -> StateValidationError:
    return StateValidationError(
        f'cannot put {"/" + "/".join(parts)!r} into the tree: '
        f'{"/" + "/".join(parts[:depth])!r} is a {type(found).__name__}, not a Directory\n'
        '  hint: leave one of the two paths out'
    )


def _with(entries: Mapping[str, Node], name: str, node: Node) -> FrozenDict[str, Node]:
    changed = FrozenDict(entries)
    _put(changed, name, node)  # not yet shared
    return changed


def removed(directory: Directory, parts: list[str], depth: int, mtime_ns: int | None) -> Directory:
    """A directory without what is at a path below it, given as its names from *depth* on."""
    name = parts[depth]
    entries = directory.entries
    if depth + 1 < len(parts):
        child: Any = entries[name]
        return directory.holding(_with(entries, name, removed(child, parts, depth + 1, mtime_ns)))
    return directory.holding(
        FrozenDict({key: node for key, node in entries.items() if key != name}), mtime_ns
    )


def _merged_node(old: Node, new: Node, path: str) -> Node:
    if type(new) is Directory:
        if type(old) is Directory:
            return merged(old, new, path)
    elif type(old) is not Directory:
        return new
    raise StateValidationError(
        f'cannot put a {type(new).__name__} at {path!r}: a {type(old).__name__} is there\n'
        '  hint: leave one of the two out, or remove the path first'
    )


def merged(old: Directory, new: Directory, path: str) -> Directory:
    """The directory *new* over the directory *old*.

    Raises:
        StateValidationError: If a directory meets something else.
    """
    if old is new or not old.entries:
        return new
    entries = FrozenDict(old.entries)
    path = path.rstrip('/')
    for name, node in new.entries.items():
        before = entries.get(name)
        merged = node if before is None else _merged_node(before, node, f'{path}/{name}')
        _put(entries, name, merged)  # not yet shared
    return new.holding(entries)
