"""An immutable tree of files: what a container's file system holds at one moment.

A snapshot is a reference.  Writing a file gives a new tree that shares all but the path to that
file with the old one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, cast

from .dataclass import dataclass
from .errors import StateValidationError, closest
from .filechecks import refused_text
from .filenode import Directory, File, Node, Special, Symlink
from .frozen import EMPTY, FrozenDict
from .treeedit import merged, rebuilt, removed, written

__all__ = [
    'Content',
    'Directory',
    'File',
    'FileTree',
    'NoSuchPath',
    'Node',
    'Special',
    'Symlink',
    'split',
]

_EMPTY_ROOT = Directory()

Content = str | bytes | Node
"""What a test author may put at a path: a file's text or bytes, or a node."""


class NoSuchPath(KeyError):
    """A tree holds nothing at a path."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True, repr=False)
class FileTree(Mapping[str, Node]):
    """A read-only mapping from absolute path to `Node`.

    Every path can be looked up, directories included.  Iteration, ``len`` and ``items`` are over
    those paths that are needed to build the tree again: files, links and specials, and those
    directories that are empty or have a mode or an owner of their own; sorted by name within each
    directory.  So ``FileTree.from_mapping(tree) == tree``; and a tree equals a plain mapping of
    which `from_mapping` makes the same one.

    Paths are taken literally: links are not followed.
    """

    root: Directory = _EMPTY_ROOT

    @classmethod
    def from_mapping(cls, files: Mapping[str, Content] | None = None) -> FileTree:
        """Build a tree; parent directories that are not given belong to root and have mode 755.

        Example::

            FileTree.from_mapping({'/etc/app.conf': 'port=80', '/run/app': Directory(mode=0o700)})

        Raises:
            StateValidationError: If a path is not absolute, or lies below something that isn't a
                directory.
        """
        if isinstance(files, FileTree):
            return files
        return cls().overlay({} if files is None else files)

    def overlay(self, files: Mapping[str, Content]) -> FileTree:
        """The tree with *files* written over it. A directory is merged with the one it meets.

        Raises:
            StateValidationError: As `from_mapping`.
        """
        if isinstance(files, FileTree):
            if not self.root.entries and self.root.plain:
                return files
            return FileTree(merged(self.root, files.root, ''))
        if not isinstance(cast('Any', files), Mapping):
            raise StateValidationError(
                f'cannot make files of {files!r}: it is no mapping\n'
                "  hint: {'/etc/app.conf': 'port = 80'}"
            )
        tree = self
        for path in files:
            tree = tree.write(path, files[path])
        return tree

    def write(self, path: str | os.PathLike[str], content: Content) -> FileTree:
        """The tree with *content* at *path*.

        Missing parents are made, and a directory is merged with the one that is there.

        Raises:
            StateValidationError: If *path* is not absolute, lies below something that isn't a
                directory, or is a directory and *content* isn't, or the other way round.
        """
        node = content if isinstance(content, Node) else _file(path, content)
        return FileTree(written(self.root, split(path), node))

    def draft(self, directory: str, made_ns: int | None) -> DirectoryDraft | None:
        """A directory to put files into, one after the other.

        None if it takes more than that to get there.  It is the short way for what charms do most.

        Args:
            directory: Absolute, made of ordinary names, without a slash at its end.
            made_ns: When missing directories are made, as root makes them; None: they aren't.
        """
        _, *names = directory.split('/')
        chain = [self.root]
        for name in names:
            entries = chain[-1].entries
            child = entries.get(name)
            # Pebble makes it under another name, at which something may be already.
            if child is None and made_ns is not None and f'{name}.mkdir-new' not in entries:
                child = Directory(mtime_ns=made_ns)
            elif type(child) is not Directory:
                return None
            chain.append(child)
        return DirectoryDraft(directory, chain, names)

    def mkdir(self, path: str | os.PathLike[str], directory: Directory | None = None) -> FileTree:
        """The tree with a directory at *path*; one that is there keeps its entries.

        Raises:
            StateValidationError: As `write`.
        """
        return self.write(path, directory or Directory())

    def remove(self, path: str | os.PathLike[str], mtime_ns: int | None = None) -> FileTree:
        """The tree without *path* and all below it.

        Args:
            path: What to remove.
            mtime_ns: When; the directory that held it then has this mtime.

        Raises:
            KeyError: If nothing is there.
        """
        if path not in self:
            raise NoSuchPath(self._missing(path, 'remove'))
        parts = split(path)
        return FileTree(removed(self.root, parts, 0, mtime_ns) if parts else Directory())

    def find(self, path: str | os.PathLike[str]) -> Node | None:
        """What is at *path*, or None.

        Raises:
            StateValidationError: If *path* is not absolute.
        """
        node: Node = self.root
        for part in split(path):
            if type(node) is not Directory:
                return None
            child = node.entries.get(part)
            if child is None:
                return None
            node = child
        return node

    def walk(self) -> Iterator[tuple[str, Node]]:
        """All paths with what is there, each directory before its entries, sorted by name."""
        return _walk(self.root, '')

    def changes_since(self, base: FileTree) -> Iterator[tuple[str, Node | None, Node | None]]:
        """What differs from *base*: path, what was there, what is there now; None is nothing.

        A directory is reported when it came, went, or got another mode or owner; what came or went
        with it is reported too.  Shared parts are skipped, so the cost follows the size of the
        change.
        """
        return _changes(base.root, self.root, '')

    def __getitem__(self, path: str | os.PathLike[str]) -> Node:
        node = self.find(path)
        if node is None:
            raise NoSuchPath(self._missing(path, 'find'))
        return node

    def __contains__(self, path: object) -> bool:
        if not isinstance(path, (str, os.PathLike)):
            return False
        text: Any = os.fspath(path)  # type: ignore[arg-type]
        return isinstance(text, str) and text.startswith('/') and self.find(text) is not None

    def __iter__(self) -> Iterator[str]:
        for path, node in self.walk():
            if type(node) is not Directory or not node.entries or not node.plain:
                yield path

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return bool(self.root.entries)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FileTree):
            return self.root == other.root
        if not isinstance(other, Mapping):
            return NotImplemented
        try:
            return self == FileTree.from_mapping(cast('Mapping[str, Any]', other))
        except (StateValidationError, TypeError):
            return False  # it describes no tree

    def __hash__(self) -> int:
        return hash(self.root)

    def __copy__(self) -> FileTree:
        return self

    def __deepcopy__(self, memo: Any) -> FileTree:
        return self

    def __repr__(self) -> str:
        shown = ', '.join(
            f'{path!r}: {node.holding(EMPTY) if isinstance(node, Directory) else node!r}'
            for path, node in ((path, self[path]) for path in self)
        )
        return f'FileTree.from_mapping({{{shown}}})' if shown else 'FileTree()'

    def _missing(self, path: str | os.PathLike[str], verb: str) -> str:
        path = os.fspath(path)
        hint = closest(path, self) if path.startswith('/') else 'paths are absolute'
        return f'cannot {verb} {path!r}: no such file or directory' + (
            f'\n  hint: {hint}' if hint else ''
        )


class DirectoryDraft:
    """A directory of a tree in the making, see `FileTree.draft`.

    Args:
        path: Its own.
        chain: The directories from the root down to it.
        names: Theirs, and its own.
    """

    __slots__ = ('_chain', '_entries', '_mtime_ns', '_names', 'path')

    def __init__(self, path: str, chain: list[Directory], names: list[str]):
        self.path = path
        self._chain = chain
        self._names = names
        self._entries = dict(chain[-1].entries)
        self._mtime_ns = chain[-1].mtime_ns

    def put(self, name: str, file: File) -> bool:
        """Put a file into it, in place of at most another file; whether that was possible."""
        if type(self._entries.get(name, file)) is not File:
            return False
        self._entries[name] = file
        if file.mtime_ns > self._mtime_ns:  # max() costs twice as much
            self._mtime_ns = file.mtime_ns
        return True

    def done(self) -> FileTree:
        """The tree with what was put into the directory."""
        new = self._chain[-1].holding(FrozenDict(self._entries), self._mtime_ns)
        return FileTree(rebuilt(self._chain, self._names, new))


def split(path: str | os.PathLike[str]) -> list[str]:
    """The names along an absolute path; ``/`` has none.

    Raises:
        StateValidationError: If *path* is not absolute, or has ``..`` in it.
    """
    try:
        path = os.fspath(path)
        parts = path.split('/')
    except TypeError:
        raise StateValidationError(
            f"cannot use {path!r} as a path in a container: it is no text\n  hint: '/etc/app.conf'"
        ) from None
    if parts.pop(0) or not parts:
        raise StateValidationError(
            f'cannot use {path!r} as a path in a container: it is not absolute\n'
            f'  hint: did you mean {"/" + path.removeprefix("./")!r}?'
        )
    if '' in parts or '/.' in path:
        if '..' in parts:
            raise StateValidationError(
                f"cannot use {path!r} as a path in a container: it holds '..'\n"
                f'  hint: did you mean {os.path.normpath(path)!r}?'
            )
        return [part for part in parts if part not in ('', '.')]
    return parts


def _file(path: str | os.PathLike[str], content: Any) -> File:
    if isinstance(content, (str, bytes)):
        try:
            return File(content)
        except StateValidationError as e:
            raise refused_text(f'cannot put {content!r} at {os.fspath(path)!r}') from e
    raise StateValidationError(
        f'cannot put {content!r} at {os.fspath(path)!r}: it is a {type(content).__name__}\n'
        '  hint: give a str, bytes, File, Directory, Symlink or Special'
    )


def _walk(directory: Directory, path: str) -> Iterator[tuple[str, Node]]:
    for name, node in sorted(directory.entries.items()):
        below = f'{path}/{name}'
        yield below, node
        if type(node) is Directory:
            yield from _walk(node, below)


def _changes(
    old: Directory | None, new: Directory | None, path: str
) -> Iterator[tuple[str, Node | None, Node | None]]:
    before = old.entries if old else EMPTY
    after = new.entries if new else EMPTY
    if before is after:
        return
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if was is now:
            continue
        below = f'{path}/{name}'
        was_directory = was if type(was) is Directory else None
        now_directory = now if type(now) is Directory else None
        if was_directory and now_directory:
            if was_directory.holding(EMPTY) != now_directory.holding(EMPTY):
                yield below, was, now
        elif was != now:
            yield below, was, now
        yield from _changes(was_directory, now_directory, below)
