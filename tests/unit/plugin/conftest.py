from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

import pytest
import pytest_scenario_pebble

Run = Callable[..., pytest.RunResult]

# A run inside of this process forgets what it has imported, and a second one would mix the
# modules of both.
importlib.import_module('ops.testing')
for module in pkgutil.iter_modules(pytest_scenario_pebble.__path__):
    importlib.import_module(f'pytest_scenario_pebble.{module.name}')


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs tests with this plugin only: loading all others would take longer than the tests."""
    monkeypatch.setenv('PYTEST_DISABLE_PLUGIN_AUTOLOAD', '1')
    monkeypatch.setenv('COLUMNS', '200')
    return lambda *args: pytester.runpytest(
        '-p', 'pytest_scenario_pebble.plugin', '-p', 'xdist', *args
    )
