"""The host's files below a mount: the only code of the daemon that touches the real file system.

Every path given here is a mount's source followed by names, none of which was a link when it was
looked at; links are never followed here, so that nothing outside of the source can be reached.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Generator

from .fileerror import Errno

_KINDS = {
    stat.S_IFREG: 'file',
    stat.S_IFDIR: 'directory',
    stat.S_IFLNK: 'symlink',
    stat.S_IFIFO: 'named-pipe',
    stat.S_IFSOCK: 'socket',
    stat.S_IFBLK: 'device',
    stat.S_IFCHR: 'device',
}


@contextlib.contextmanager
def _errors() -> Generator[None]:
    try:
        yield
    except OSError as e:
        raise Errno(e.errno or errno.EINVAL) from None


def kind_of(found: os.stat_result) -> str:
    """What a stat result describes, as Pebble names it."""
    return _KINDS.get(stat.S_IFMT(found.st_mode), 'unknown')


def look(path: str) -> os.stat_result | None:
    """What is there; None if nothing is.

    Raises:
        Errno: If it can't be looked at.
    """
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as e:  # written out, for every step of a path comes here
        raise Errno(e.errno or errno.EINVAL) from None


def resolved(source: str) -> str:
    """The absolute path of a mount's source, which isn't a link itself."""
    plain = os.path.isabs(source) and os.path.normpath(source) == source
    return source if plain and not os.path.islink(source) else os.path.realpath(source)


def target(path: str) -> str:
    """Where a link points to.

    Raises:
        Errno: If it can't be read.
    """
    with _errors():
        return os.readlink(path)


def names(path: str) -> list[str]:
    """What a directory holds.

    Raises:
        Errno: If it can't be read.
    """
    with _errors():
        return os.listdir(path)


def read(path: str) -> bytes:
    """The content of a regular file.

    Raises:
        Errno: If it can't be read.
    """
    with _errors(), open(_open(path, os.O_RDONLY), 'rb') as file:
        return file.read()


def replace(path: str, data: bytes, mode: int) -> None:
    """Put a file in place of whatever file or link is there.

    Raises:
        Errno: If it can't be written.
    """
    head, _, name = path.rpartition('/')
    new = f'{head}/.{name[:200]}.pebble~'
    with _errors():
        try:
            _write(_open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL), data, mode)
            os.rename(new, path)
        except OSError as e:
            if e.errno != errno.EEXIST:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(new)
            raise


def overwrite(path: str, data: bytes, mode: int | None = None) -> None:
    """Change the content of the file that is there, and its mode if one is given.

    Raises:
        Errno: If it can't be written.
    """
    with _errors():
        _write(_open(path, os.O_WRONLY | os.O_TRUNC | os.O_CREAT), data, mode)


def make_directory(path: str, mode: int) -> None:
    """Make a directory; one that is there gets the mode.

    Raises:
        Errno: If it can't be made.
    """
    with _errors():
        with contextlib.suppress(FileExistsError):
            os.mkdir(path)
        os.chmod(path, mode)


def rename(old: str, new: str) -> None:
    """Rename a file, link or directory.

    Raises:
        Errno: If it can't be renamed.
    """
    with _errors():
        os.rename(old, new)


def remove(path: str, kind: str) -> None:
    """Remove a file or link, or an empty directory.

    Raises:
        Errno: If it can't be removed.
    """
    with _errors():
        if kind == 'directory':
            os.rmdir(path)
        else:
            os.unlink(path)


def _write(file: int, data: bytes, mode: int | None) -> None:
    # Without a file object, which asks for the file's size, kind and position first.
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
        if mode is not None:
            os.fchmod(file, mode)
    finally:
        os.close(file)


def _open(path: str, flags: int) -> int:
    # Without O_NONBLOCK opening a pipe that nobody writes to would hang.
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
