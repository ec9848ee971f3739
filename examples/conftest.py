"""Lets the tests of several charms, each with a module named ``charm``, run in one process."""

from __future__ import annotations

import pathlib
import sys
from types import ModuleType

import pytest

_loaded: dict[pathlib.Path, dict[str, ModuleType]] = {}
_current: list[pathlib.Path] = []


def _enter(path: pathlib.Path) -> None:
    """Make ``src`` of the charm that *path* belongs to importable, and that of no other charm."""
    charm = next(folder for folder in path.parents if (folder / 'charmcraft.yaml').exists())
    if _current == [charm]:
        return
    for earlier in _current:
        sys.path.remove(str(earlier / 'src'))
        _loaded[earlier] = {name: sys.modules.pop(name) for name in _modules(earlier)}
    _current[:] = [charm]
    sys.path.insert(0, str(charm / 'src'))
    sys.modules.update(_loaded.get(charm, {}))


def _modules(charm: pathlib.Path) -> list[str]:
    source = str(charm / 'src')
    files = [(name, getattr(module, '__file__', None)) for name, module in sys.modules.items()]
    return [name for name, file in files if file and file.startswith(source)]


def pytest_collectstart(collector: pytest.Collector) -> None:
    """A test module is about to be imported."""
    if isinstance(collector, pytest.Module):
        _enter(collector.path)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test is about to run."""
    _enter(item.path)
