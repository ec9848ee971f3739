"""Which part of a value does a golden one stand for?"""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ops import pebble

from scenario_pebble import Container, FileTree, NotFoundError, State
from scenario_pebble.errors import closest

from .goldenform import Unfit

_SHOWN = 5
"""How many paths a hint names."""


def plan(value: Any) -> Any:
    """The plan of a container, or of each container of a State."""
    if isinstance(value, State):
        return {each.name: each.plan for each in value.containers}
    if isinstance(value, Container):
        return value.plan
    if isinstance(value, (pebble.Plan, pebble.Layer)):
        return value
    raise Unfit(f'cannot compare a {type(value).__name__} with golden.plan: it has no plan')


def files(path: str) -> Callable[[Any], Any]:
    """What gives the files at and below a path.

    Of several containers one has to have that path: nothing would be equal to nothing for ever.
    """

    def part(value: Any) -> Any:
        trees = _trees(value)
        found = {name: _below(tree, path) for name, tree in trees.items()}
        if all(below is None for below in found.values()):
            raise NotFoundError(_missing(str(path), trees))
        parts = {name: FileTree() if below is None else below for name, below in found.items()}
        return parts if isinstance(value, State) else parts['']

    return part


def _trees(value: Any) -> dict[str, FileTree]:
    """The files of each container by its name; of what isn't a State, under no name."""
    if isinstance(value, State):
        return {each.name: each.files for each in value.containers}
    if isinstance(value, Container):
        return {'': value.files}
    if isinstance(value, FileTree):
        return {'': value}
    raise Unfit(f'cannot compare a {type(value).__name__} with golden.files: it has no files')


def _below(tree: FileTree, path: str) -> FileTree | None:
    """What is at and below a path; None if nothing is there."""
    node = tree.find(path)
    if node is None:
        return None
    return tree if node is tree.root else FileTree().write(path, node)


def _missing(path: str, trees: Mapping[str, FileTree]) -> str:
    known = sorted({known for tree in trees.values() for known, _ in tree.walk()})
    hint = closest(path, known) or f'there are {", ".join(_near(path, known)) or "no files"}'
    return f'cannot compare the files at {path!r}: nothing is there\n  hint: {hint}'


def _near(path: str, known: Iterable[str]) -> list[str]:
    """Some of what is in the deepest directory on the way to a path."""
    paths = [pathlib.PurePosixPath(each) for each in known]
    for parent in pathlib.PurePosixPath(path).parents:
        if beside := [str(each) for each in paths if each.parent == parent]:
            return beside[:_SHOWN]
    return []
