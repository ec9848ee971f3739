"""The hooks of the pytest plugin.

Nothing is imported but pytest itself until somebody asks for something.
"""

from __future__ import annotations

import pytest

_ACTIVE = pytest.StashKey[pytest.MonkeyPatch]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    text = 'let ops.testing and scenario mean scenario_pebble (Harness excepted)'
    group = parser.getgroup('scenario-pebble')
    group.addoption('--scenario-pebble', action='store_true', default=None, help=text)
    parser.addini('scenario_pebble', text, type='bool', default=False)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Turn on drop-in mode before any conftest.py is imported."""
    asked: bool | None = early_config.known_args_namespace.scenario_pebble
    if asked or early_config.getini('scenario_pebble'):
        from . import dropin

        patch = early_config.stash[_ACTIVE] = pytest.MonkeyPatch()
        early_config.add_cleanup(patch.undo)
        dropin.install(patch)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say that drop-in mode is on."""
    if _ACTIVE not in config.stash:
        return None
    from . import dropin

    return dropin.header()
