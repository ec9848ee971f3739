"""The environment of the process during a run, and of the processes that the charm starts."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

_os: Any = os  # for whose `system` there are better functions
_KIND = type(os.environ)
_system: Callable[[str], int] = _os.system


def changed(variables: Mapping[str, str]) -> Environment | OtherEnvironment:
    """Set some variables, until ``restore()``."""
    kind = Environment if type(os.environ) is _KIND else OtherEnvironment
    return kind(variables)


class OtherEnvironment:
    """The mapping that a test has put in the place of `os.environ`, with some variables set."""

    def __init__(self, variables: Mapping[str, str]):
        self._mapping = os.environ
        self._saved = dict(os.environ)
        if _current:
            os.environ.pop(_OF_OPS.decode(), None)
        os.environ.update(variables)
        _current.append(self)

    def export(self) -> None:
        """Do nothing: new processes get what the process itself has, as outside of a run."""

    def restore(self) -> None:
        """Put back what was in it."""
        _end(self)
        self._mapping.clear()
        self._mapping.update(self._saved)


class Environment:
    """The process's environment with some variables set.

    `os.environ` encodes and decodes every name and value that passes through it, and hands each to
    the C library, where nobody but a new process finds it.  For a dozen variables that would be a
    fifth of an empty run; so this works on what CPython keeps, and `export` does the rest.
    """

    def __init__(self, variables: Mapping[str, str]):
        self._raw: dict[bytes, bytes] = vars(os.environ)['_data']
        self._saved = dict(self._raw)
        if _current and self._raw.pop(_OF_OPS, None) is not None:
            os.unsetenv(_OF_OPS)
        self._set = {
            name.encode(): value.encode('utf-8', 'surrogateescape')
            for name, value in variables.items()
        }
        self._raw |= self._set
        self._exported = False
        _current.append(self)
        if _os.system is _system:  # and no test's own
            _os.system = _exporting_system

    def export(self) -> None:
        """Let processes that are started from here on see the variables."""
        if not self._exported:
            self._exported = True
            for name, value in self._set.items():
                if self._raw.get(name) == value:
                    os.putenv(name, value)

    def restore(self) -> None:
        """Put back what it was, whatever has been changed since."""
        _end(self)
        if not self._exported:
            self._take_back()
        if self._raw == self._saved:
            return
        for name in {name for name, _ in self._raw.items() ^ self._saved.items()}:
            if name in self._saved:
                os.putenv(name, self._saved[name])
                self._raw[name] = self._saved[name]
            else:
                os.unsetenv(name)
                del self._raw[name]

    def _take_back(self) -> None:
        """Forget what the C library has not been told of."""
        raw, saved = self._raw, self._saved
        for name, value in self._set.items():
            if raw.get(name) is value:
                if name in saved:
                    raw[name] = saved[name]
                else:
                    del raw[name]
        if _OF_OPS not in saved and raw.pop(_OF_OPS, None) is not None:
            os.unsetenv(_OF_OPS)


_OF_OPS = b'OPERATOR_DISPATCH'
"""What ops sets at each run, and refuses to find.  A run within a run is as another process."""

_current: list[Environment | OtherEnvironment] = []
"""Those of the runs in progress."""


def _end(environment: Environment | OtherEnvironment) -> None:
    _current.remove(environment)
    if not _current and _os.system is _exporting_system:
        _os.system = _system


def export() -> None:
    """Let a process that is about to be started see the variables of the run in progress."""
    for environment in _current:
        environment.export()


def _exporting_system(command: str) -> int:
    """Stands for `os.system`, the one way to a new process that tells nobody."""
    export()
    return _system(command)


os.register_at_fork(before=export)
