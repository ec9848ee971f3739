"""What a run changes in the process around it, and puts back: environment, logging, warnings,
hooks.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import ops.log

# ops ≥ 3.5 remembers the backend of the first security event.
_forget_backend: Callable[[], None] | None = getattr(
    getattr(ops.log, '_get_juju_log_and_app_id', None), 'cache_clear', None
)


_KIND = type(os.environ)


class Surroundings:
    """While it is entered, the given variables are in the environment; then all is as before."""

    def __init__(self, variables: Mapping[str, str]):
        self._variables = variables
        self._warnings = warnings.catch_warnings()

    def __enter__(self) -> Surroundings:
        root = logging.getLogger()
        self._handlers, self._level = list(root.handlers), root.level
        self._excepthook, self._breakpointhook = sys.excepthook, sys.breakpointhook
        self._warnings.__enter__()
        kind = _Environment if type(os.environ) is _KIND else _OtherEnvironment
        self._environment = kind(self._variables)
        return self

    def __exit__(self, *exc: Any) -> None:
        self._environment.restore()
        self._warnings.__exit__(*exc)
        root = logging.getLogger()
        root.handlers[:] = self._handlers
        if root.level != self._level:
            root.setLevel(self._level)
        sys.excepthook, sys.breakpointhook = self._excepthook, self._breakpointhook
        if _forget_backend is not None:
            _forget_backend()


class _OtherEnvironment:
    """The mapping that a test has put in the place of `os.environ`, with some variables set."""

    def __init__(self, variables: Mapping[str, str]):
        self._mapping = os.environ
        self._saved = dict(os.environ)
        os.environ.update(variables)

    def restore(self) -> None:
        """Put back what was in it."""
        self._mapping.clear()
        self._mapping.update(self._saved)


class _Environment:
    """The process's environment with some variables set.

    `os.environ` encodes and decodes every name and value that passes through it, which for a
    dozen variables would be a fifth of an empty run; so this works on what CPython keeps.
    """

    def __init__(self, variables: Mapping[str, str]):
        self._raw: dict[bytes, bytes] = vars(os.environ)['_data']
        self._saved = dict(self._raw)
        for name, value in variables.items():
            self._set(name.encode(), value.encode('utf-8', 'surrogateescape'))

    def restore(self) -> None:
        """Put back what it was, whatever has been changed since."""
        for name in {name for name, _ in self._raw.items() ^ self._saved.items()}:
            if name in self._saved:
                self._set(name, self._saved[name])
            else:
                os.unsetenv(name)
                del self._raw[name]

    def _set(self, name: bytes, value: bytes) -> None:
        os.putenv(name, value)
        self._raw[name] = value
