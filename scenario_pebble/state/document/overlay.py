"""What of a file tree differs from the image under it, and which tree do such differences make?

A directory is left out where it is as writing what lies in it would have made it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from ...errors import StateValidationError
from ...filetree import Directory, FileTree, Node, split
from ...frozen import FrozenDict
from .form import Misfit

Differences = Mapping[str, Node | None]
"""Nodes by path; of directories, only mode and owner count. None: nothing is there."""

_UNCHANGED = Directory()
"""Stands for a path that the differences don't name."""


def differences(image: FileTree, tree: FileTree) -> Iterator[tuple[str, Node | None]]:
    """What has to be laid over *image* to have *tree*."""
    if not _is_implied(image.root, tree.root):
        yield '/', tree.root
    yield from _differences(image.root, tree.root, '')


def _differences(
    image: Directory | None, now: Directory, path: str
) -> Iterator[tuple[str, Node | None]]:
    before: Mapping[str, Node] = image.entries if image else {}
    if before is now.entries:
        return
    for name in sorted({*before, *now.entries}):
        old, new = before.get(name), now.entries.get(name)
        below = f'{path}/{name}'
        if isinstance(new, Directory):
            old_directory = old if isinstance(old, Directory) else None
            if (old is not None and not old_directory) or not _is_implied(old_directory, new):
                yield below, new
            yield from _differences(old_directory, new, below)
        elif new is None or old is None or not _is_same(old, new):
            yield below, new


def _is_same(old: Node, new: Node) -> bool:
    # Nodes themselves compare neither times nor the numbers of named users.
    return old is new or old.__reduce__() == new.__reduce__()


def _is_implied(old: Directory | None, new: Directory) -> bool:
    if old is new:
        return True
    made = _made(old, new.entries)
    return made is not None and _is_same(made.holding({}), new.holding({}))


def _made(old: Directory | None, entries: Mapping[str, Node]) -> Directory | None:
    """The directory that comes of writing *entries*; None: there would be none."""
    if old is None:
        return Directory(entries, mtime_ns=_newest(0, entries.values())) if entries else None
    written = [node for name, node in entries.items() if _is_written(old.entries.get(name), node)]
    return old.holding(FrozenDict(entries), _newest(old.mtime_ns, written))


def _is_written(old: Node | None, new: Node) -> bool:
    """Whether the directory that holds it changed with it."""
    return old is None or not (isinstance(new, Directory) or _is_same(old, new))


def _newest(at_ns: int, nodes: Iterable[Node]) -> int:
    return max([at_ns, *(node.mtime_ns for node in nodes)])


# -- and back


@dataclasses.dataclass
class _Place:
    """A path, and what the differences say of it and of what lies below."""

    node: Node | None = _UNCHANGED
    below: dict[str, _Place] = dataclasses.field(default_factory=dict['str', '_Place'])


def lay_over(image: FileTree, over: Differences) -> FileTree:
    """The tree that comes of laying *over* over *image*.

    Raises:
        Misfit: If a path is not absolute, or something lies below what is no directory.
    """
    if not over:
        return image
    made = _laid(image.root, _places(over), '')
    if not isinstance(made, Directory):
        raise Misfit('the root of the files is no directory', 'leave "/" out')
    return FileTree(made)


def _places(over: Differences) -> _Place:
    """The places of the differences, from the root on."""
    root = _Place()
    for path, node in over.items():
        place = root
        try:
            names = split(path)
        except StateValidationError as error:
            raise Misfit.of(error, 'paths are absolute') from error
        for name in names:
            place = place.below.setdefault(name, _Place())
        place.node = node
    return root


def _laid(old: Node | None, place: _Place, path: str) -> Node | None:
    node = place.node
    if node is _UNCHANGED and old is not None:
        node = old
    if not isinstance(node, Directory):
        if place.below:
            first = next(iter(place.below))
            raise Misfit(
                f'{path!r} is no directory', f'leave {path!r} or {path + "/" + first!r} out'
            )
        return node
    old_directory = old if isinstance(old, Directory) else None
    entries = dict(old_directory.entries) if old_directory else {}
    for name, below in place.below.items():
        laid = _laid(entries.get(name), below, f'{path}/{name}')
        if laid is None:
            entries.pop(name, None)
        else:
            entries[name] = laid
    if place.node is _UNCHANGED:
        return _made(old_directory, entries)
    return node.holding(FrozenDict(entries))
