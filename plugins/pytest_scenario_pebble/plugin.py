"""The hooks of the pytest plugin.

Nothing is imported but pytest itself until somebody asks for something.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import pytest

_ACTIVE = pytest.StashKey[pytest.MonkeyPatch]()
_UNANSWERED = 'commands that no Exec answers'


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, Any]:
    """Name the commands that a test has no Exec for; pytest shows them if it fails."""
    report = yield
    if _ACTIVE in item.config.stash:
        from . import dropin

        if dropin.unanswered:
            report.sections.append((_UNANSWERED, '\n'.join(dropin.unanswered)))
            dropin.unanswered.clear()
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests ran commands that they have no Exec for."""
    found = [report.nodeid for report in _reports(terminalreporter) if _lacks_an_exec(report)]
    if count := len(set(found)):
        tests = 'a test runs' if count == 1 else f'{count} tests run'
        terminalreporter.write_line(
            f'scenario-pebble: {tests} {_UNANSWERED}; they exit with 127, Pebble would refuse them'
        )


def _reports(terminalreporter: pytest.TerminalReporter) -> Iterator[pytest.TestReport]:
    for reports in terminalreporter.stats.values():
        yield from (report for report in reports if isinstance(report, pytest.TestReport))


def _lacks_an_exec(report: pytest.TestReport) -> bool:
    return any(title == _UNANSWERED for title, _ in report.sections)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say that drop-in mode is on."""
    if _ACTIVE not in config.stash:
        return None
    from . import dropin

    return dropin.header()
