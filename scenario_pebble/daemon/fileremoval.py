"""How files and directories are removed: Go's ``os.Remove`` and ``os.RemoveAll``."""

from __future__ import annotations

import errno

from .fileerror import Errno, FileError
from .fileplaces import Place
from .filesystem import FileSystem


def remove(system: FileSystem, path: str) -> None:
    """Remove a file, a link or an empty directory.

    Raises:
        FileError: If it can't be removed.
    """
    stripped = path.rstrip('/') or '/'
    try:
        place = system.places.find(system.tree, stripped, follow=False)
        number = _dots(stripped, place) or _obstacle(system, place)
        if place.kind == 'directory':
            number = number or _obstacle_to_directory(system, place)
        elif path.endswith('/') and place.kind:
            number = errno.ENOTDIR
        if number:
            raise Errno(number)
        system.drop(place)
    except Errno as e:
        raise e.on('remove', path) from None


def remove_all(system: FileSystem, path: str) -> None:
    """Remove whatever is at *path*, with all that is below; it may be missing.

    Raises:
        FileError: If something can't be removed; the rest is gone nevertheless.
    """
    if path.endswith('/.'):
        raise Errno(errno.EINVAL).on('RemoveAll', path)
    try:
        return remove(system, path)
    except FileError as e:
        if e.number == errno.ENOENT:
            return None
    path = '/' + path.strip('/')
    parent, shown = _split(path)
    found = system.find('open', parent)
    if found.kind and not system.places.may(found, 4):
        raise Errno(errno.EACCES).on('open', parent)
    place = system.find('unlinkat', path, follow=False)
    if number := _dots(path, place):
        failure = _remove_entries(system, place, shown)
        raise failure or Errno(number).on('unlinkat', shown)
    return _remove_tree(system, place, shown)


def _split(path: str) -> tuple[str, str]:
    """The directory that holds a path, not cleaned, and the path as errors show it."""
    # Go: os/path_unix.go splitPath, os/removeall_at.go removeAll
    parent, _, name = path.rpartition('/')
    return ('/', './/') if path == '/' else (parent or '/', f'{parent or "/"}/{name}')


def _remove_tree(system: FileSystem, place: Place, shown: str) -> None:
    # Go: os/removeall_at.go removeAllFrom
    obstacle = _obstacle(system, place)
    if place.kind != 'directory':
        if obstacle == errno.ENOENT:
            return None
        if not obstacle:
            return _drop(system, place, shown)
        raise Errno(obstacle).on('unlinkat', shown)
    if not obstacle and _is_free(system, place):
        return _drop(system, place, shown)
    failure = _remove_entries(system, place, shown)
    obstacle = obstacle or _obstacle_to_directory(system, place)
    if not obstacle:
        return _drop(system, place, shown)
    raise failure or Errno(obstacle).on('unlinkat', shown)


def _remove_entries(system: FileSystem, place: Place, shown: str) -> FileError | None:
    """Remove what a directory holds; the first failure."""
    first: FileError | None = None
    try:
        names = system.places.names(place)
    except Errno as e:
        return e.on('openfdat', shown)
    for name in names:
        below = f'{shown}/{name}'
        try:
            _remove_tree(system, system.places.step(place, name), below)
        except Errno as e:
            first = first or e.on('unlinkat', below)
        except FileError as e:
            first = first or e
    return first


def _drop(system: FileSystem, place: Place, shown: str) -> None:
    try:
        system.drop(place)
    except Errno as e:
        raise e.on('unlinkat', shown) from None


def _is_free(system: FileSystem, place: Place) -> bool:
    """Whether nothing below a directory of the tree can get in the way."""
    below = f'{place.path}/'
    return (
        place.host is None
        and system.places.user_id == 0
        and not any(location.startswith(below) for location in system.places.mounts)
    )


def _dots(path: str, place: Place) -> int:
    """Why a directory can't be unlinked by a name of dots; 0 if it has another one."""
    # Linux: rmdir(2)
    name = path.rpartition('/')[2] if place.kind == 'directory' else ''
    return {'.': errno.EINVAL, '..': errno.ENOTEMPTY}.get(name, 0)


def _obstacle(system: FileSystem, place: Place) -> int:
    """Why what is there can't be unlinked, unless because it is a directory; 0 if it can."""
    if not place.kind:
        return errno.ENOENT
    if not place.path:
        return errno.EBUSY
    places = system.places
    parent = places.find(system.tree, place.path.rpartition('/')[0] or '/')
    if not places.may(parent, 3):
        return errno.EACCES
    if places.user_id and parent.node and parent.node.mode & 0o1000:  # sticky, as /tmp is
        owners = {node.user_id for node in (parent.node, place.node) if node}
        if places.user_id not in owners:
            return errno.EPERM
    return 0


def _obstacle_to_directory(system: FileSystem, place: Place) -> int:
    """Why a directory that may be unlinked can't be; 0 if it can."""
    if place.is_mount:
        return errno.EBUSY
    return errno.ENOTEMPTY if system.places.names(place) else 0
