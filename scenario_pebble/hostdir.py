"""The temporary directory of a Context: a charm root, and real paths for containers and storages.

It is made when somebody first needs it, and removed with the Context.
"""

from __future__ import annotations

import pathlib
import shutil
import tempfile
import weakref
from typing import Any


class HostDirectory:
    """Where a Context keeps what has to be real.

    Args:
        owner: The directory goes when this object does.
    """

    def __init__(self, owner: object):
        self._owner = weakref.ref(owner)
        self._root: pathlib.Path | None = None
        self._finalizer: weakref.finalize[Any, Any] | None = None

    def path(self, *parts: str) -> pathlib.Path:
        """A path below the directory; its parent exists."""
        if self._root is None:
            self._root = pathlib.Path(tempfile.mkdtemp(prefix='scenario-pebble-'))
            remove = shutil.rmtree
            self._finalizer = weakref.finalize(self._owner(), remove, self._root, True)
        path = self._root.joinpath(*parts)
        if len(parts) > 1:
            path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def close(self) -> None:
        """Remove the directory."""
        if self._finalizer is not None:
            self._finalizer()
        self._root = self._finalizer = None
