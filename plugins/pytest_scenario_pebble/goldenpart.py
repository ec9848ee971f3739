"""Which part of a value does a golden one stand for?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ops import pebble

from scenario_pebble import Container, Directory, FileTree, State

from .goldenform import Unfit


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
    """What gives the files at and below a path."""

    def part(value: Any) -> Any:
        if isinstance(value, State):
            return {each.name: part(each) for each in value.containers}
        if isinstance(value, Container):
            return part(value.files)
        if isinstance(value, FileTree):
            return _below(value, path)
        raise Unfit(f'cannot compare a {type(value).__name__} with golden.files: it has no files')

    return part


def _below(tree: FileTree, path: str) -> FileTree:
    node = tree.find(path)
    if node is None:
        return FileTree()
    if isinstance(node, Directory) and not path.strip('/'):
        return tree
    return FileTree().write(path, node)
