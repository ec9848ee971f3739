"""What Pebble does with the files in the container: push, pull, list, make directories, remove."""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Callable, Iterable
from typing import Any

from ..clock import Clock
from ..filetree import Directory, File, FileTree, Node
from ..frozen import EMPTY, FrozenDict
from . import filepath, fileremoval, gotext
from .fileerror import FileError
from .filelisting import Entry
from .fileplaces import Mount, Place, Places, kind_of
from .filesystem import FileSystem
from .message import ApiError
from .users import (
    ROOT,
    Known,
    Owner,
    OwnerError,
    Presupposed,
    owner_of_process,
    resolve,
)

_PRESUPPOSED = Presupposed()
_NOBODY = (None, None, None, None)
"""What a request says of the owner that says nothing."""


class Files:
    """The files of a container, as the daemon works on them.

    `push`, `pull` and the like take Python values and raise `ApiError` with Pebble's text and
    kind; the API and the fast wire both call them.

    Args:
        clock: Says when something is written.
        tree: What there is at first.
        mounts: What of the host is visible, and where.
        known: The users and groups.
        user_id: The user that the daemon runs as.
        group_id: Likewise the group; None: the user's.
        owners: Who owns what on the mounts, as `owners` said when the daemon was saved.
        unmounted: What `unmounted` said then.
        complete: Whether the tree is all there is.  Otherwise home and working directories that
            nobody mentioned are presupposed.
        changed: Is told what was written or removed: path and text.
    """

    # Pebble: daemon/api_files.go

    def __init__(
        self,
        clock: Clock,
        tree: FileTree,
        mounts: Iterable[Mount] = (),
        *,
        known: Known = _PRESUPPOSED,
        user_id: int = 0,
        group_id: int | None = None,
        owners: FrozenDict[str, Owner] = EMPTY,
        unmounted: tuple[str, ...] = (),
        complete: bool = False,
        changed: Callable[[str, str], None] | None = None,
    ):
        own = owner_of_process(known, user_id, group_id)
        # Where users are presupposed, so are their permissions.
        presupposed = isinstance(known, Presupposed)
        places = Places(mounts, 0 if presupposed else user_id, own.group_id, unmounted)
        self.complete = complete
        self._system = FileSystem(tree, places, known, clock, own, owners)
        self._known = known
        self._changed = changed
        self._simple = own is ROOT and not (places.mounts or places.unmounted)

    @property
    def tree(self) -> FileTree:
        """What the container's file system holds now, mounts left out."""
        return self._system.tree

    @tree.setter
    def tree(self, tree: FileTree) -> None:
        self._system.tree = tree

    @property
    def own(self) -> Owner:
        """The daemon's user and group."""
        return self._system.own

    @property
    def owners(self) -> FrozenDict[str, Owner]:
        """Who owns what on the mounts, as far as a request said so."""
        return self._system.owners.done()

    @property
    def unmounted(self) -> tuple[str, ...]:
        """The locations of mounted files that were removed."""
        return self._system.places.unmounted

    def mount_again(self) -> None:
        """The container was restarted: all mounts are there."""
        self._system.places.leave_out(())

    # -- reading

    def pull(self, path: str) -> bytes:
        """The content of a file.

        Raises:
            ApiError: If it can't be read.
        """
        if self._simple and path.startswith('/') and '/.' not in path:
            node = self._system.tree.find(path)
            if type(node) is File and not path.endswith('/'):
                return node.data
        try:
            return self.read(path)
        except FileError as e:
            raise _api_error(e) from None

    def read(self, path: str) -> bytes:
        """The content of a file.

        Raises:
            FileError: If it can't be read.
        """
        _check_absolute(path)
        place = self._system.stat(path)
        if place.kind != 'file':
            raise FileError(f'can only read a regular file: {gotext.quote(path)}')
        return self._system.read(path, place)

    def list(self, path: str, pattern: str = '', *, itself: bool = False) -> list[dict[str, Any]]:
        """A directory's entries, or a single file or the directory itself, as the API shows them.

        Raises:
            FileError: If it can't be listed, or the pattern is malformed.
        """
        return [entry.info() for entry in self.entries(path, pattern, itself=itself)]

    def entries(self, path: str, pattern: str, *, itself: bool) -> list[Entry]:
        """A directory's entries, or a single file or the directory itself.

        Raises:
            FileError: If it can't be listed, or the pattern is malformed.
        """
        if self._simple and not (pattern or itself) and _is_plain(path):
            node = self._system.tree.find(path)
            if type(node) is Directory and ''.join(node.entries).isascii():
                prefix, nodes = f'{path}/', node.entries
                return [self._node_entry(prefix, name, nodes[name]) for name in sorted(nodes)]
        place = self._system.stat(path)
        if itself or place.kind != 'directory':
            name, path = filepath.base(path), filepath.directory(path)
            shown = filepath.join(path, name)  # '/a/.' is shown as '/a', but matched as '.'
            entries = (
                [(filepath.base(shown), place)] if _matching([(name, place)], pattern) else []
            )
            path = filepath.directory(shown)
        else:
            entries = _matching(self._system.list(path, place), pattern)
        prefix = filepath.clean(path).rstrip('/') + '/'
        return [self._entry(prefix, name, place) for name, place in entries]

    def _entry(self, prefix: str, name: str, place: Place) -> Entry:
        name = name if name.isascii() else _text(name)
        prefix, shown = ('', '/') if name == '/' else (prefix, name)
        if place.node is not None:
            return self._node_entry(prefix, shown, place.node)
        found, kind = place.found, place.kind
        return Entry(
            prefix + shown,
            shown,
            kind,
            place.size if kind == 'file' else None,
            found.st_mode if found else 0,
            found.st_mtime_ns if found else 0,
            self._system.owner(place),
        )

    def _node_entry(self, prefix: str, name: str, node: Node) -> Entry:
        size = len(node.data) if type(node) is File else None
        owner = self._system.owner_of(node)
        return Entry(prefix + name, name, kind_of(node), size, node.mode, node.mtime_ns, owner)

    def is_directory(self, path: str) -> bool | None:
        """Whether there is a directory; None if nothing is there.

        A directory that nobody mentioned is presupposed, unless the tree is complete.

        Raises:
            FileError: If it can't be found out.
        """
        missing = None if self.complete else True
        if self._simple and _is_plain(path):
            node: Node | None = self._system.tree.root
            for name in path.split('/')[1:]:
                node = node.entries.get(name)
                if node is None:
                    return missing
                if type(node) is not Directory:
                    break
            else:
                return True
        try:
            return self._system.stat(path).kind == 'directory'
        except FileError as e:
            if e.number != errno.ENOENT:
                raise
        return missing

    # -- writing

    def push(
        self,
        path: str,
        data: bytes,
        *,
        make_dirs: bool = False,
        permissions: str | None = None,
        user_id: int | None = None,
        user: str | None = None,
        group_id: int | None = None,
        group: str | None = None,
    ) -> None:
        """Write a file.

        Raises:
            ApiError: If it can't be written.
        """
        self.push_as(path, data, make_dirs, permissions, (user_id, user, group_id, group))

    def push_as(
        self,
        path: str,
        data: bytes,
        make_dirs: bool,
        permissions: str | None,
        said: tuple[int | None, str | None, int | None, str | None],
    ) -> None:
        """Write a file; *said* is what the request says of user-id, user, group-id and group.

        Raises:
            ApiError: If it can't be written.
        """
        try:
            self.write(path, data, make_dirs, permissions, said)
        except FileError as e:
            raise _api_error(e) from None

    def write(
        self,
        path: str,
        data: bytes,
        make_dirs: bool,
        permissions: str | None,
        said: tuple[int | None, str | None, int | None, str | None],
    ) -> None:
        """Write a file; *said* is what the request says of user-id, user, group-id and group.

        Raises:
            FileError: If it can't be written.
        """
        plain = self._simple and _is_plain(path)
        if not plain:
            _check_absolute(path)
        owner = None if said == _NOBODY else self._owner(said)
        system = self._system
        if plain:
            file = system.file(data, _mode(permissions, 0o644), owner)
            makes = make_dirs and owner is None and system.own is ROOT
            if system.put(path, file, make_dirs=makes):
                return self._tell(path, f'pushed, {len(data)} bytes')
        if make_dirs:
            try:
                system.make_directory(filepath.directory(path), 0o755, owner, parents=True)
            except FileError as e:
                raise e.within('cannot create directory: ') from None
        system.replace(path, data, _mode(permissions, 0o644), owner)
        return self._tell(path, f'pushed, {len(data)} bytes')

    def make_directory(
        self,
        path: str,
        make_parents: bool,
        permissions: str | None,
        said: tuple[int | None, str | None, int | None, str | None],
    ) -> None:
        """Make a directory; *said* is what the request says of user-id, user, group-id and group.

        Raises:
            FileError: If it can't be made.
        """
        _check_absolute(path)
        mode = _mode(permissions, 0o755)
        owner = self._owner(said)
        self._system.make_directory(path, mode, owner, parents=make_parents)
        self._tell(path, 'directory made')

    def remove(self, path: str, recursive: bool) -> None:
        """Remove what is there; *recursive* also what is below, and then it may be missing.

        Raises:
            FileError: If it can't be removed.
        """
        _check_absolute(path)
        (fileremoval.remove_all if recursive else fileremoval.remove)(self._system, path)
        self._tell(path, 'removed')

    # -- what programs do

    def write_as(self, path: str, data: bytes, owner: Owner | None = None) -> None:
        """Write a file as a program does; missing directories are made, a failure is only told."""
        try:
            self._system.overwrite(path, data, owner or self._system.own)
        except FileError as e:
            self._tell(path, f'not written: {e}')
        else:
            self._tell(path, f'written, {len(data)} bytes')

    def remove_all(self, path: str) -> None:
        """Remove a path and all below it as a program does; a failure is only told."""
        try:
            fileremoval.remove_all(self._system, path)
        except FileError as e:
            self._tell(path, f'not removed: {e}')
        else:
            self._tell(path, 'removed')

    def _owner(self, said: tuple[int | None, str | None, int | None, str | None]) -> Owner | None:
        try:
            return resolve(self._known, *said)
        except OwnerError as e:
            raise FileError(f'cannot look up user and group: {e}') from None

    def _tell(self, path: str, text: str) -> None:
        if self._changed is not None:
            self._changed(path, text)


@functools.lru_cache(maxsize=1024)
def _is_plain(path: str) -> bool:
    """Whether a path is made of ordinary names only, so that no rule has to be looked at."""
    return (
        path.startswith('/')
        and '/.' not in path
        and '//' not in path
        and '\0' not in path
        and '*' not in path
        and len(path) < 200
        and not path.endswith('/')
    )


@functools.lru_cache(maxsize=256)
def _mode(permissions: str | None, default: int) -> int:
    if not permissions:
        return default
    if len(permissions) != 3 or not set(permissions) <= set('01234567'):
        raise FileError(
            f'permissions must be a 3-digit octal string, got {gotext.quote(permissions)}'
        )
    return int(permissions, 8)


def _check_absolute(path: str) -> None:
    if not path.startswith('/'):
        raise FileError(f'paths must be absolute, got {gotext.quote(path)}')


def _text(name: str) -> str:
    """A name as JSON can hold it: what isn't UTF-8 on the host is replaced."""
    return os.fsencode(name).decode(errors='replace')


def _api_error(error: FileError) -> ApiError:
    return ApiError(error.status, error.message, error.kind)


def _matching(entries: list[tuple[str, Place]], pattern: str) -> list[tuple[str, Place]]:
    """Those entries of a directory whose names match; with an empty pattern, all."""
    if not pattern or not entries:
        return entries
    try:
        matches = filepath.matcher(pattern).fullmatch
    except filepath.BadPattern as e:
        raise FileError(str(e)) from None
    return [(name, entry) for name, entry in entries if matches(name)]
