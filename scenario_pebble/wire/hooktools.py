"""The front end of the hook tools: whoever starts one is answered by the simulated Juju.

This is one of the three modules that know names which ops keeps private.  It relies on:

- ``ops.hookcmds._utils`` (ops ≥ 3.4) running hook tools with ``subprocess.run``, looked up as a
  global of that module;
- ``ops.model`` (ops 2) doing likewise, and asking ``shutil.which`` first;
- ``ops.model._ModelBackend.action_set``.

Charm code that starts a hook tool itself ends up in the constructor of `subprocess.Popen`,
whatever function of `subprocess` it calls.  All other processes are real ones.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from typing import Any, cast

import ops.model

from ..juju import hooktools
from ..juju.ledger import Ledger
from . import processenv
from .hookprocess import HookProcess, command_line


def _module_that_runs_tools() -> Any:
    try:
        return importlib.import_module('ops.hookcmds._utils')
    except ModuleNotFoundError:
        return ops.model


_ops_module = _module_that_runs_tools()
_looks_for_tools = hasattr(_ops_module, 'shutil')
_Backend: Any = ops.model._ModelBackend  # pyright: ignore[reportPrivateUsage]
_Popen: Any = subprocess.Popen
_construct: Callable[..., None] = _Popen.__init__


class HookTools:
    """While it is entered, hook tools read and write the given ledger."""

    __slots__ = ('_ledger', '_outer')

    def __init__(self, ledger: Ledger):
        self._ledger = ledger
        self._outer: tuple[Any, ...] | None = None

    def __enter__(self) -> HookTools:
        which = _ops_module.shutil if _looks_for_tools else None
        self._outer = _ops_module.subprocess, which, _Popen.__init__, _Backend.action_set
        _ops_module.subprocess = _Subprocess(self._ledger)
        if _looks_for_tools:
            _ops_module.shutil = _SHUTIL
        _Popen.__init__ = _constructor(self._ledger)
        if self._ledger.event.action is not None:
            _Backend.action_set = _keeping_results(self._ledger, _Backend.action_set)
        return self

    def __exit__(self, *exc: Any) -> None:
        if self._outer is not None:
            _ops_module.subprocess, which, _Popen.__init__, action_set = self._outer
            if _Backend.action_set is not action_set:
                _Backend.action_set = action_set
            if _looks_for_tools:
                _ops_module.shutil = which
            self._outer = None


class _Subprocess:
    """Stands for the module `subprocess` in ops."""

    __slots__ = ('_ledger',)

    def __init__(self, ledger: Ledger):
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)

    def run(self, args: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
        """What ops calls, always with ``check=True`` and in text mode."""
        if not hooktools.is_tool(args[0]):
            return cast('subprocess.CompletedProcess[str]', subprocess.run(args, **options))
        code, stdout, stderr = hooktools.call(self._ledger, args, options.get('input'))
        if code:
            raise subprocess.CalledProcessError(code, list(args), stdout, stderr)
        return subprocess.CompletedProcess(args, code, stdout, stderr)


class _Shutil:
    """Stands for the module `shutil` in ops 2: every hook tool is in $PATH."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(shutil, name)

    def which(self, command: str, *args: Any, **options: Any) -> str | None:
        """The hook tool under its own name, or the path of another program."""
        return command if hooktools.is_tool(command) else shutil.which(command, *args, **options)


_SHUTIL = _Shutil()


def _constructor(ledger: Ledger) -> Callable[..., None]:
    """A constructor for processes which turns those that are hook tools into `HookProcess`."""

    def construct(process: Any, args: Any, *positional: Any, **options: Any) -> None:
        if not isinstance(args, (str, bytes, os.PathLike)):
            args = list(args)  # an iterator can be read once
        argv = command_line(args, options)
        if argv is None:
            processenv.export()
            _construct(process, args, *positional, **options)
        else:
            process.__class__ = HookProcess
            cast('HookProcess', process).start(ledger, argv, args, *positional, **options)

    return construct


def _keeping_results(ledger: Ledger, action_set: Callable[..., None]) -> Callable[..., None]:
    """Record results of actions as the charm gave them: the hook tool gets numbers as text."""

    def keep(backend: Any, results: dict[str, Any]) -> None:
        earlier = dict(ledger.records.action_results or {})
        action_set(backend, results)
        ledger.records.action_results = {**earlier, **results}

    return keep
