from __future__ import annotations

from collections.abc import Callable

import pytest

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs tests with this plugin only: loading all others would take longer than the tests."""
    monkeypatch.setenv('PYTEST_DISABLE_PLUGIN_AUTOLOAD', '1')
    monkeypatch.setenv('COLUMNS', '200')
    return lambda *args: pytester.runpytest(
        '-p', 'pytest_scenario_pebble.plugin', '-p', 'xdist', *args
    )
