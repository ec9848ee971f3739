"""How a failed file operation is reported: errno, Go's text, and Pebble's kind and HTTP status."""

from __future__ import annotations

import errno
import os

_TEXTS = {
    errno.EACCES: 'permission denied',
    errno.EBUSY: 'device or resource busy',
    errno.EEXIST: 'file exists',
    errno.EINVAL: 'invalid argument',
    errno.EISDIR: 'is a directory',
    errno.ELOOP: 'too many levels of symbolic links',
    errno.ENAMETOOLONG: 'file name too long',
    errno.ENOENT: 'no such file or directory',
    errno.ENOTDIR: 'not a directory',
    errno.ENOTEMPTY: 'directory not empty',
    errno.EPERM: 'operation not permitted',
    errno.EROFS: 'read-only file system',
    errno.EXDEV: 'invalid cross-device link',
}


class Errno(Exception):
    """A system call failed. Never leaves the file system: `FileError` says on which path."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number

    def on(self, call: str, path: str) -> FileError:
        """The error as Go's ``PathError`` prints it."""
        return FileError(f'{call} {path}: {self.text}', self.number)

    @property
    def text(self) -> str:
        """As Go prints it."""
        return _TEXTS.get(self.number) or os.strerror(self.number).lower()


class FileError(Exception):
    """A file operation failed.

    Args:
        message: As Pebble answers it.
        number: The errno; None if Pebble itself refused.
    """

    def __init__(self, message: str, number: int | None = None):
        super().__init__(message)
        self.message = message
        self.number = number

    def within(self, prefix: str) -> FileError:
        """The same error, wrapped."""
        return FileError(prefix + self.message, self.number)

    @property
    def kind(self) -> str:
        """Pebble's kind of error."""
        # Pebble: daemon/api_files.go fileErrorToResult
        if self.number in (errno.EACCES, errno.EPERM):
            return 'permission-denied'
        return 'not-found' if self.number == errno.ENOENT else 'generic-file-error'

    @property
    def status(self) -> int:
        """The HTTP status of a listing that failed so."""
        return {'permission-denied': 403, 'not-found': 404}.get(self.kind, 400)
