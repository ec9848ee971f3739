"""A container's files in a real directory: written for a test to read, and read back.

`Container.files` is the better way: it belongs to a State.  The directory belongs to a Context,
shows the latest run, and exists only if somebody asked for it.
"""

from __future__ import annotations

import os
import pathlib
import shutil
from collections.abc import Callable, Iterable

from .filetree import Directory, File, FileTree, Node, Symlink
from .state.container import Container, Mount


class Mirror:
    """One directory that follows one container.

    Args:
        root: The directory; made if it isn't there.
        mounts: Shown as links to their sources.
    """

    def __init__(self, root: pathlib.Path, mounts: Iterable[Mount]):
        self.root = root
        self._shown = FileTree()
        self._stamps: dict[str, tuple[int, int]] = {}
        root.mkdir(exist_ok=True)
        for mount in mounts:
            path = self._path(str(mount.location))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(mount.source)

    def show(self, tree: FileTree) -> None:
        """Make the directory show *tree*; only what differs from before is written."""
        for name, old, new in tree.changes_since(self._shown):
            path = self._path(name)
            if not self._is_own(path):
                continue
            if type(old) is not type(new) and os.path.lexists(path):
                _remove(path)
            if new is not None:
                _write(path, new)
                self._stamps[name] = _stamp(path)
        self._shown = tree

    def read_onto(self, tree: FileTree) -> FileTree:
        """*tree* with what a test has done to the directory since it was last shown or read."""
        before, after = self._shown, self._read()
        for name, _, node in after.changes_since(before):
            if node is not None:
                tree = tree.write(name, node) if isinstance(node, File) else tree.mkdir(name)
            elif tree.find(name) is not None:
                tree = tree.remove(name)
        return tree

    def _read(self) -> FileTree:
        tree, found = self._shown, {'/'}
        for path in sorted(self.root.rglob('*')):
            name = f'/{path.relative_to(self.root).as_posix()}'
            found.add(name)
            if path.is_symlink():
                continue
            if path.is_dir():
                if tree.find(name) is None:
                    tree = tree.mkdir(name)
            elif _stamp(path) != self._stamps.get(name):
                tree = tree.write(name, path.read_bytes())
                self._stamps[name] = _stamp(path)
        for name in [name for name, _ in tree.walk() if name not in found]:
            if tree.find(name) is not None:
                tree = tree.remove(name)
        self._shown = tree
        return tree

    def _path(self, name: str) -> pathlib.Path:
        return self.root / name.lstrip('/')

    def _is_own(self, path: pathlib.Path) -> bool:
        """Whether a path lies in the directory itself: a mount hides what is below it."""
        return path.parent.resolve().is_relative_to(self.root.resolve()) and not path.is_symlink()


class Mirrors:
    """The directories that a Context has handed out, by container.

    Args:
        make_root: Gives the path of a container's directory.
    """

    def __init__(self, make_root: Callable[[str], pathlib.Path]):
        self._make_root = make_root
        self._mirrors: dict[str, Mirror] = {}
        self._latest: dict[str, FileTree] = {}
        self.live: Callable[[str], FileTree | None] | None = None
        """While a run goes on: the files of a container as they are just now."""

    def open(self, container: Container) -> pathlib.Path:
        """A container's directory, which from now on is kept up to date."""
        name = container.name
        mirror = self._mirrors.get(name)
        if mirror is None:
            mirror = Mirror(self._make_root(name), container.mounts.values())
            self._mirrors[name] = mirror
        live = None if self.live is None else self.live(name)
        if live is None:
            assert isinstance(container.files, FileTree)
            live = self._latest.get(name, container.files)
        mirror.show(live)
        return mirror.root

    def show(self, name: str, tree: FileTree) -> None:
        """Remember a container's files, and show them if its directory was handed out."""
        self._latest[name] = tree
        mirror = self._mirrors.get(name)
        if mirror is not None:
            mirror.show(tree)

    def read_onto(self, name: str, tree: FileTree) -> FileTree:
        """*tree* with what a test has done to the container's directory, if it has one."""
        mirror = self._mirrors.get(name)
        return tree if mirror is None else mirror.read_onto(tree)


def _write(path: pathlib.Path, node: Node) -> None:
    if isinstance(node, Symlink):
        path.symlink_to(node.target)
    elif isinstance(node, Directory):
        path.mkdir(exist_ok=True)
    elif isinstance(node, File):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(node.data)
        path.chmod(node.mode)


def _remove(path: pathlib.Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _stamp(path: pathlib.Path) -> tuple[int, int]:
    """What differs after each writing of a file."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return (0, 0)
    return status.st_mtime_ns, status.st_size
