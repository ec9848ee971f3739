"""What the handler of an `Exec` sees: the call, and the container's files as ``pathlib`` paths."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .clock import SECOND_NS
from .daemon.workload import Call, RemovePath, WriteFile
from .filetree import FileTree

if TYPE_CHECKING:
    from .fakefs import FakeFiles
    from .fakepath import ContainerPath


class View:
    """One call of a command, as `state.program.ExecCall` describes it.

    Args:
        call: What the daemon is about to start.
        files: The container's files.
    """

    def __init__(self, call: Call, files: FileTree):
        self._files = files
        self._fake: FakeFiles | None = None
        self.command = call.command
        self.environment: Mapping[str, str] = call.environment
        self.working_dir = call.working_dir
        self.user = call.user
        self.user_id = call.user_id
        self.group = call.group
        self.group_id = call.group_id
        self.timeout = None if call.timeout_ns is None else call.timeout_ns / SECOND_NS
        self.stdin_bytes = call.stdin
        self.number = call.number

    @property
    def stdin(self) -> str:
        """All of standard input, decoded as UTF-8."""
        return self.stdin_bytes.decode()

    def path(self, path: str) -> ContainerPath:
        """A path on the container's files; a relative one starts at the working directory.

        Raises:
            ImportError: If pyfakefs isn't installed.
        """
        if self._fake is None:
            self._fake = _fake_files(self._files)
        return self._fake.path(pathlib.PurePosixPath(self.working_dir, path))

    def effects(self) -> tuple[WriteFile | RemovePath, ...]:
        """What the handler did to the files."""
        if self._fake is None:
            return ()
        removed = tuple(RemovePath(path) for path in self._fake.removed())
        return removed + tuple(WriteFile(path, data) for path, data in self._fake.written())


def _fake_files(files: FileTree) -> FakeFiles:
    try:
        from .fakefs import FakeFiles  # heavy, and needed by few tests
    except ImportError as error:
        raise ImportError(
            "cannot make a path on a container's files: pyfakefs is not installed\n"
            '  hint: pip install scenario-pebble[fs]'
        ) from error
    return FakeFiles(files)
