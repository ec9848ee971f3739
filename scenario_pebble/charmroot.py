"""The charm's own directory, with the metadata that Juju would have unpacked there."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator
from typing import Any

import yaml

from .errors import ContextSetupError
from .frozen import thaw
from .hostdir import HostDirectory
from .state.spec import CharmSpec


def make(directory: HostDirectory, spec: CharmSpec) -> pathlib.Path:
    """A charm directory that holds nothing else."""
    root = directory.path('charm')
    root.mkdir()
    for name, content in _files(spec):
        # Every JSON text is YAML, and json is twenty times faster.
        (root / name).write_text(json.dumps(content))
    return root


class LentRoot:
    """A directory of the test's, which holds the metadata while this is entered.

    Args:
        root: The directory; None: the test gave none, and nothing happens.
        spec: What the charm declares.
    """

    def __init__(self, root: pathlib.Path | None, spec: CharmSpec):
        self._root = root
        self._spec = spec
        self._before: dict[pathlib.Path, bytes | None] = {}

    def __enter__(self) -> LentRoot:
        if self._root is not None:
            if not self._root.is_dir():
                raise ContextSetupError(
                    f'cannot use {str(self._root)!r} for charm_root: it is no directory\n'
                    '  hint: make it before the first run, or leave charm_root out'
                )
            for name, content in _files(self._spec):
                self._lend(self._root / name, yaml.safe_dump(thaw(content)))
        return self

    def _lend(self, path: pathlib.Path, text: str) -> None:
        self._before[path] = path.read_bytes() if path.exists() else None
        path.write_text(text)

    def __exit__(self, *exc: Any) -> None:
        self.restore()

    def restore(self) -> None:
        """Make the directory what it was; a second call does nothing."""
        before, self._before = self._before, {}
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)


def _files(spec: CharmSpec) -> Iterator[tuple[str, Any]]:
    """The names and contents of the metadata files that the charm has."""
    contents = {
        'metadata.yaml': spec.meta,
        'config.yaml': spec.config,
        'actions.yaml': spec.actions,
    }
    return ((name, content) for name, content in contents.items() if content is not None)
