"""An immutable file tree as a pyfakefs file system, and back: real-looking ``pathlib`` on a
container's files.

Directories are filled when somebody looks into them, so that a large tree costs what is used of
it.  Needs the extra ``fs``.  Of pyfakefs it relies on ``FakeDirectory.entries`` being the only
way to a directory's entries, as pyfakefs' own ``FakeDirectoryFromRealDirectory`` does.
"""

from __future__ import annotations

import pathlib
import stat
from collections.abc import Iterator, Mapping
from typing import Any

from pyfakefs import fake_file, fake_filesystem, fake_open, fake_os

from .clock import SECOND_NS
from .fakepath import ContainerPath
from .filetree import Directory, File, FileTree, Node, Symlink
from .frozen import EMPTY


class FakeFiles:
    """A changeable file system that starts as a copy of a tree."""

    def __init__(self, tree: FileTree):
        self._tree = tree
        self._system = fake_filesystem.FakeFilesystem(path_separator='/')
        self._system.is_windows_fs = False
        self._path_type = ContainerPath.on(
            fake_os.FakeOsModule(self._system), fake_open.FakeFileOpen(self._system)
        )
        for name, node in tree.root.entries.items():
            _add(self._system.root_dir, name, node)

    def path(self, path: str | pathlib.PurePosixPath) -> ContainerPath:
        """A path on these files."""
        return self._path_type(path)

    def written(self) -> Iterator[tuple[str, bytes]]:
        """The regular files that are new or have other content, with their content."""
        yield from _written('', self._system.root_dir, self._tree.root)

    def removed(self) -> Iterator[str]:
        """The paths that are gone; of a directory that is gone, only its own."""
        yield from _removed('', self._system.root_dir, self._tree.root)


class _LazyDirectory(fake_file.FakeDirectory):
    """A directory that is filled at the first look."""

    def __init__(self, name: str, node: Directory, filesystem: Any):
        super().__init__(name, node.mode, filesystem)
        self.node: Directory | None = node

    @property
    def filled(self) -> bool:
        """Whether anybody has looked."""
        return self.node is None

    @property
    def entries(self) -> dict[str, Any]:
        node, self.node = self.node, None
        if node is not None:
            for name, child in node.entries.items():
                _add(self, name, child)
        return self._entries


def _add(directory: Any, name: str, node: Node) -> None:
    fake: Any
    if isinstance(node, Directory):
        fake = _LazyDirectory(name, node, directory.filesystem)
    else:
        content: Any = node.target if isinstance(node, Symlink) else getattr(node, 'data', b'')
        kind = stat.S_IFLNK if isinstance(node, Symlink) else stat.S_IFREG
        fake = fake_file.FakeFile(
            name, kind | node.mode, contents=content, filesystem=directory.filesystem
        )
    fake.st_uid, fake.st_gid = node.user_id, node.group_id
    fake.st_mtime = node.mtime_ns / SECOND_NS
    directory.add_entry(fake)


def _written(path: str, directory: Any, node: Node | None) -> Iterator[tuple[str, bytes]]:
    if isinstance(directory, _LazyDirectory) and not directory.filled:
        return
    known: Mapping[str, Node] = node.entries if isinstance(node, Directory) else EMPTY
    for name, fake in directory.entries.items():
        old = known.get(name)
        if isinstance(fake, fake_file.FakeDirectory):
            yield from _written(f'{path}/{name}', fake, old)
        elif stat.S_ISREG(fake.st_mode):
            data = fake.byte_contents or b''
            if not isinstance(old, File) or old.data != data:
                yield f'{path}/{name}', data


def _removed(path: str, directory: Any, node: Directory) -> Iterator[str]:
    if isinstance(directory, _LazyDirectory) and not directory.filled:
        return
    entries = directory.entries
    for name, old in node.entries.items():
        fake = entries.get(name)
        if fake is None:
            yield f'{path}/{name}'
        elif isinstance(old, Directory) and isinstance(fake, fake_file.FakeDirectory):
            yield from _removed(f'{path}/{name}', fake, old)
