"""A path in a container that can be read and written like a ``pathlib.Path``, and never reaches
the host.

``pathlib`` of pyfakefs itself works only while it replaces the real one for the whole process.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from typing_extensions import Self


class ContainerPath(pathlib.PurePosixPath):
    """The methods of ``pathlib.Path`` on the files of a container."""

    _os: ClassVar[Any]
    _open: ClassVar[Any]

    @classmethod
    def on(cls, os: Any, open: Any) -> type[ContainerPath]:
        """The paths of one file system, given its ``os`` module and its ``open``."""
        # The file system belongs to the class, so that paths made from paths keep it.
        return type('ContainerPath', (cls,), {'_os': os, '_open': open})

    def open(self, mode: str = 'r', **options: Any) -> Any:
        return self._open(str(self), mode, **options)

    def read_text(self, encoding: str = 'utf-8') -> str:
        with self.open(encoding=encoding, newline='') as file:
            return file.read()

    def read_bytes(self) -> bytes:
        with self.open('rb') as file:
            return file.read()

    def write_text(self, data: str, encoding: str = 'utf-8') -> int:
        with self.open('w', encoding=encoding, newline='') as file:
            return file.write(data)

    def write_bytes(self, data: bytes) -> int:
        with self.open('wb') as file:
            return file.write(data)

    def exists(self) -> bool:
        return self._os.path.exists(str(self))

    def is_file(self) -> bool:
        return self._os.path.isfile(str(self))

    def is_dir(self) -> bool:
        return self._os.path.isdir(str(self))

    def is_symlink(self) -> bool:
        return self._os.path.islink(str(self))

    def stat(self) -> Any:
        return self._os.stat(str(self))

    def iterdir(self) -> Iterator[Self]:
        return (self / name for name in sorted(self._os.listdir(str(self))))

    def glob(self, pattern: str) -> Iterator[Self]:
        """The paths below this one that match, as in ``pathlib``; ``**`` is any number of
        levels.
        """
        deep = '**' in pattern
        wanted = pattern.replace('**/', '')
        for path in self._walk() if deep or '/' in pattern else self.iterdir():
            relative = path.relative_to(self)
            if relative.match(wanted) and (deep or len(relative.parts) == wanted.count('/') + 1):
                yield path

    def _walk(self) -> Iterator[Self]:
        for path in self.iterdir():
            yield path
            if path.is_dir() and not path.is_symlink():
                yield from path._walk()

    def mkdir(self, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if parents:
            self._os.makedirs(str(self), mode, exist_ok)
        elif not (exist_ok and self.is_dir()):
            self._os.mkdir(str(self), mode)

    def touch(self) -> None:
        with self.open('a'):
            pass

    def unlink(self, missing_ok: bool = False) -> None:
        if not missing_ok or self.exists() or self.is_symlink():
            self._os.unlink(str(self))

    def rmdir(self) -> None:
        self._os.rmdir(str(self))

    def rename(self, target: str | pathlib.PurePosixPath) -> Self:
        self._os.replace(str(self), str(target))
        return type(self)(target)

    def chmod(self, mode: int) -> None:
        self._os.chmod(str(self), mode)

    def symlink_to(self, target: str | pathlib.PurePosixPath) -> None:
        self._os.symlink(str(target), str(self))

    def readlink(self) -> Self:
        return type(self)(self._os.readlink(str(self)))
