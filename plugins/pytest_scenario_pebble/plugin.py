"""The hooks of the pytest plugin.

Nothing is imported but pytest itself until somebody asks for something.
"""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from . import fixtures, settings
from .fixtures import (
    charm_class,
    charm_context,
    charm_state,
    fault_outcome,
    golden,
    ready_container,
    ready_state,
)

__all__ = [
    'charm_class',
    'charm_context',
    'charm_state',
    'fault_outcome',
    'golden',
    'ready_container',
    'ready_state',
]

_DESELECTED = pytest.StashKey[set[pathlib.Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    settings.declare(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Turn on drop-in mode before any conftest.py is imported."""
    if settings.is_dropin(early_config):
        from . import dropin

        patch = pytest.MonkeyPatch()
        early_config.add_cleanup(patch.undo)
        dropin.install(patch)


def pytest_configure(config: pytest.Config) -> None:
    """Describe the markers, and set the seed."""
    for marker in settings.MARKERS:
        config.addinivalue_line('markers', marker)
    seed = settings.seed(config)
    if seed is not None:
        from scenario_pebble import Context

        patch = pytest.MonkeyPatch()
        config.add_cleanup(patch.undo)
        patch.setattr(Context, 'default_seed', seed)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Prepare a process of pytest-xdist."""
    settings.hand_on(node.config, node.workerinput)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what was asked for; nothing otherwise."""
    asked = [
        *(['drop-in for ops.testing'] if settings.is_dropin(config) else []),
        *([f'seed {seed}'] if (seed := settings.seed(config)) is not None else []),
        *([f'strict: {",".join(rules)}'] if (rules := settings.strict(config)) else []),
    ]
    if not asked:
        return None
    from . import report

    return ', '.join([report.title(), *asked])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each fault of a sweep."""
    is_swept = metafunc.definition.get_closest_marker(settings.SWEEP_MARKER) is not None
    if is_swept or 'fault_outcome' in metafunc.fixturenames:
        from . import sweep

        sweep.parametrize(metafunc)


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Remember the test files of which not all tests are run."""
    if items:
        paths = items[0].config.stash.setdefault(_DESELECTED, set())
        paths.update(item.path.resolve() for item in items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Watch the tests of a suite that uses scenario_pebble; any other costs nothing."""
    config = session.config
    if config.option.collectonly:
        return
    used = fixtures.used(session.items)
    if used or 'scenario_pebble' in sys.modules:
        from . import report

        watcher = report.Reporter(settings.is_dropin(config))
        config.pluginmanager.register(watcher, 'scenario-pebble-report')
        if settings.is_strict(config, session.items):
            from . import strictness

            watcher = strictness.Strictness(config)
            config.pluginmanager.register(watcher, 'scenario-pebble-strictness')
    if 'golden' in used:
        from . import goldenreport

        deselected = config.stash.get(_DESELECTED, ())
        goldenreport.of(config).collected(session.items, deselected)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a process of pytest-xdist has seen of golden files."""
    output: dict[str, Any] = getattr(node, 'workeroutput', {})
    if 'scenario-pebble-golden' in output:
        from . import goldenreport

        goldenreport.of(node.config).take_over(output)


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Show of States, containers, plans … that differ what differs."""
    if op != '==' or 'scenario_pebble' not in sys.modules:
        return None
    from . import comparison

    return comparison.explain(left, right)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many tests ran commands that they have no Exec for."""
    if settings.is_dropin(config):
        from . import report

        found = {each.nodeid for each in _reports(terminalreporter) if report.is_lacking(each)}
        if found:
            terminalreporter.write_line(report.lacking(len(found)))


def _reports(terminalreporter: pytest.TerminalReporter) -> Iterator[pytest.TestReport]:
    stats: dict[str, list[Any]] = terminalreporter.stats
    for reports in stats.values():
        yield from (report for report in reports if isinstance(report, pytest.TestReport))
