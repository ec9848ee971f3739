"""Lets the tests of several charms, each with a module named ``charm``, run in one process.

A charm repository of its own needs no such file.
"""

from __future__ import annotations

import pathlib
import sys
from types import ModuleType
from typing import Any

import pytest

_loaded: dict[pathlib.Path, dict[str, ModuleType]] = {}
_current: list[pathlib.Path] = []
_story = pytest.StashKey[str]()


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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--story``."""
    parser.addoption(
        '--story', metavar='TEST', help='show what happened in a test that has a fixture ctx'
    )


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """A test has run."""
    if isinstance(item, pytest.Function) and item.name == item.config.getoption('--story'):
        ctx: Any = item.funcargs['ctx']
        item.config.stash[_story] = str(ctx.timeline)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """All tests have run."""
    if timeline := config.stash.get(_story, ''):
        terminalreporter.section(f'What happened in {config.getoption("--story")}')
        terminalreporter.write_line(timeline)
