"""What is shown of a test that fails: the end of its timeline, and what to paste."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from scenario_pebble.daemon.daemon import PEBBLE_VERSION
from scenario_pebble.registry import Watch
from scenario_pebble.timeline import Timeline

UNANSWERED = 'commands that no Exec answers'

_ROWS = 20
"""So many rows of each Context are shown."""

_CONTEXTS = 3
"""So many Contexts are shown: a property test makes one for each example."""


def title() -> str:
    """What this is, and which Pebble it follows."""
    version = importlib.metadata.version('scenario-pebble')
    return f'scenario-pebble {version} (Pebble {PEBBLE_VERSION})'


def is_lacking(report: pytest.TestReport) -> bool:
    """Whether a test ran commands that no Exec answers."""
    return any(name == UNANSWERED for name, _ in report.sections)


def lacking(count: int) -> str:
    """How many tests did so, in drop-in mode."""
    tests = 'a test runs' if count == 1 else f'{count} tests run'
    return f'scenario-pebble: {tests} {UNANSWERED}; they exit with 127, Pebble would refuse them'


class Reporter:
    """The hooks that watch each test.

    Args:
        dropin: Whether commands are named in tests that pass, too: drop-in mode answers them as
            ops.testing does, and Pebble would not.
    """

    def __init__(self, dropin: bool):
        self._dropin = dropin
        self._watch = Watch()
        self._named: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, Any, Any]:
        """Watch the Contexts that a test uses, from the setup of its fixtures on."""
        self._named = set()
        with Watch() as self._watch:
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self,
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add the sections. They travel with the report, from another process too."""
        report = yield
        if report.failed:
            report.sections.extend(_sweeps(self._watch))
            report.sections.extend(_timelines(self._watch))
        if report.failed or self._dropin:
            self._name_unanswered(report)
        return report

    def _name_unanswered(self, report: pytest.TestReport) -> None:
        new = [text for text in _unanswered(self._watch) if text not in self._named]
        if new:
            report.sections.append((UNANSWERED, '\n'.join(new)))
            self._named.update(new)


def _sweeps(watch: Watch) -> Iterator[tuple[str, str]]:
    for sweep in watch.sweeps:
        if sweep.failures:
            yield f'{title()}: faults that the charm does not stand', str(sweep.failures)


def _timelines(watch: Watch) -> Iterator[tuple[str, str]]:
    timelines = watch.timelines()
    for number, (ctx, timeline) in list(enumerate(timelines, start=1))[-_CONTEXTS:]:
        which = f', Context {number} of {len(timelines)}' if len(timelines) > 1 else ''
        yield f'{title()}, seed {ctx.seed}{which}: what happened last', _end(timeline)


def _end(timeline: Timeline) -> str:
    lines = str(timeline).splitlines()
    left_out = len(lines) - _ROWS
    if left_out <= 0:
        return '\n'.join(lines)
    return '\n'.join([f'({left_out} earlier rows: see ctx.timeline)', *lines[-_ROWS:]])


def _unanswered(watch: Watch) -> dict[str, None]:
    """Each command that no Exec answered, as the Container that would; once."""
    rows = (row for _, timeline in watch.timelines() for row in timeline)
    return dict.fromkeys(row.text for row in rows if row.kind == 'hint')
