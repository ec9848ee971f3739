"""Where does a path lead: into the container's tree, or through a mount to a path of the host?

Links are followed here, one name at a time, and always within the container: an absolute link, or
``..``, starts from or stops at the container's own root.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from ..filenode import Directory, File, Node, Special, Symlink
from ..filetree import FileTree
from . import filehost
from .fileerror import Errno

_MAX_LINKS = 40
_MAX_NAME = 255
_MAX_PATH = 4095
_SURELY_FITS = _MAX_NAME // 4  # UTF-8 takes at most four bytes for a character


class Mount(Protocol):
    """A file or directory of the host that appears in the container."""

    @property
    def location(self) -> str | os.PathLike[str]:
        """Absolute path in the container."""
        ...

    @property
    def source(self) -> str | os.PathLike[str]:
        """Path on the host."""
        ...


class Place(NamedTuple):
    """What is at the end of a path, all links on the way followed; perhaps nothing."""

    path: str
    """The path in the container without links; empty for the root."""
    kind: str
    """``file``, ``directory``, ``symlink``, ``named-pipe`` …; empty if nothing is there."""
    node: Node | None = None
    """What the container's tree has there."""
    host: str | None = None
    """The path on the host, if a mount leads there."""
    found: os.stat_result | None = None
    """What the host has there."""
    is_mount: bool = False
    """Whether it is the very location of a mount."""

    @property
    def target(self) -> str:
        """Where a link points to."""
        return (
            self.node.target
            if self.host is None and self.node
            else filehost.target(self.host or '')
        )

    @property
    def size(self) -> int:
        """Of a file, in bytes."""
        return len(self.node.data) if self.node else self.found.st_size if self.found else 0


_KINDS: dict[type[Any], str] = {
    File: 'file',
    Directory: 'directory',
    Symlink: 'symlink',
    type(None): '',
}


class Places:
    """Finds places.

    Args:
        mounts: What of the host is visible.
        user_id: Whose permissions count; those of root are never refused.
        group_id: The group that goes with it.
        unmounted: The locations of mounts that aren't visible any more.
    """

    def __init__(
        self,
        mounts: Iterable[Mount] = (),
        user_id: int = 0,
        group_id: int = 0,
        unmounted: tuple[str, ...] = (),
    ):
        self.user_id = user_id
        self._group_id = group_id
        self._given = {
            _location(mount): filehost.resolved(os.fspath(mount.source)) for mount in mounts
        }
        self.leave_out(unmounted)

    def leave_out(self, locations: tuple[str, ...]) -> None:
        """Unmount what is at these locations; all the others are mounted."""
        self.unmounted = locations
        self.mounts = {at: path for at, path in self._given.items() if at not in locations}
        self._above_mounts = _above(self.mounts)

    def find(self, tree: FileTree, path: str, *, follow: bool = True) -> Place:
        """What an absolute path leads to; if only its last name is missing, a place with nothing.

        Args:
            tree: The container's files.
            path: An absolute path.
            follow: Whether to follow a link at its end.

        Raises:
            Errno: ENOENT, ENOTDIR, EACCES, ELOOP … for what is wrong on the way.
        """
        check(path)
        names = path.split('/')[:0:-1]
        trail = [self._root(tree)]
        links = 0
        while names:
            name = names.pop()
            if trail[-1].kind != 'directory' or self.user_id != 0:
                self._check_searchable(trail[-1])
            if name == '..':
                del trail[max(1, len(trail) - 1) :]
            if name in ('', '.', '..'):
                continue
            if len(name) > _SURELY_FITS:
                check_name(name)
            there = self.step(trail[-1], name)
            if there.kind == 'symlink' and (follow or names):
                links += 1
                if links > _MAX_LINKS:
                    raise Errno(errno.ELOOP)
                target = there.target
                if target.startswith('/'):
                    del trail[1:]
                names += target.split('/')[::-1]
            else:
                trail.append(there)
        return trail[-1]

    def step(self, here: Place, name: str) -> Place:
        """What a directory has under a name, links not followed.

        Raises:
            Errno: If the host refuses to look.
        """
        path = f'{here.path}/{name}'
        if path in self.mounts:
            return _on_host(path, self.mounts[path], is_mount=True)
        if here.host is not None:
            return _on_host(path, f'{here.host}/{name}')
        node = here.node.entries.get(name) if here.node else None
        if node is None and path in self._above_mounts:
            node = Directory()
        return _in_tree(path, node)

    def entries(self, place: Place) -> list[tuple[str, Place]]:
        """What a directory holds, by name, mounts included, sorted bytewise; links not followed.

        Raises:
            Errno: If it can't be read.
        """
        names = self.names(place)
        if self.mounts or place.node is None:
            return [(name, self.step(place, name)) for name in names]
        path, nodes = place.path, place.node.entries
        return [(name, _in_tree(f'{path}/{name}', nodes[name])) for name in names]

    def names(self, place: Place) -> list[str]:
        """What a directory holds, mounts included, sorted bytewise.

        Raises:
            Errno: If it can't be read.
        """
        if not self.may(place, 4):
            raise Errno(errno.EACCES)
        if place.host is not None:
            names = set(filehost.names(place.host))
        else:
            names = set(place.node.entries) if place.node else set[str]()
        for path in (*self.mounts, *self._above_mounts):
            parent, _, name = path.rpartition('/')
            if parent == place.path and name:
                names.add(name)
        if ''.join(names).isascii():
            return sorted(names)
        return sorted(names, key=os.fsencode)

    def may(self, place: Place, wanted: int) -> bool:
        """Whether the daemon's user may read (4), write (2) and search (1) there, added up."""
        node = place.node
        if self.user_id == 0 or node is None:
            return True  # of what is on the host, the host decides
        shift = 6 if node.user_id == self.user_id else 3 if node.group_id == self._group_id else 0
        return node.mode >> shift & wanted == wanted

    def _check_searchable(self, here: Place) -> None:
        kind = here.kind
        if kind != 'directory':
            raise Errno(errno.ENOTDIR if kind else errno.ENOENT)
        if not self.may(here, 1):
            raise Errno(errno.EACCES)

    def _root(self, tree: FileTree) -> Place:
        source = self.mounts.get('')
        return _in_tree('', tree.root) if source is None else _on_host('', source, is_mount=True)


def _on_host(path: str, host: str, *, is_mount: bool = False) -> Place:
    found = filehost.look(host)
    return Place(path, filehost.kind_of(found) if found else '', None, host, found, is_mount)


def _in_tree(path: str, node: Node | None) -> Place:
    return Place(path, kind_of(node), node)


def kind_of(node: Node | None) -> str:
    """What a node of the tree is called in a listing; empty if there is none."""
    return node.kind if type(node) is Special else _KINDS[type(node)]


def _above(locations: Iterable[str]) -> set[str]:
    """The directories that hold mounts, or hold directories which do."""
    split = (location.split('/') for location in locations)
    return {'/'.join(names[:end]) for names in split for end in range(2, len(names))}


def _location(mount: Mount) -> str:
    return os.path.normpath('/' + os.fspath(mount.location).lstrip('/')).rstrip('/')


def check(path: str) -> None:
    """Refuse a path that no system call takes; its names are checked on the way.

    Raises:
        Errno: EINVAL or ENAMETOOLONG.
    """
    if '\0' in path:
        raise Errno(errno.EINVAL)
    if len(path) > _MAX_PATH or (
        len(path) > _MAX_PATH // 4 and len(os.fsencode(path)) > _MAX_PATH
    ):
        raise Errno(errno.ENAMETOOLONG)


def check_name(name: str) -> None:
    """Refuse a name that no directory can hold.

    Raises:
        Errno: ENAMETOOLONG.
    """
    if len(name) > _SURELY_FITS and len(os.fsencode(name)) > _MAX_NAME:
        raise Errno(errno.ENAMETOOLONG)
