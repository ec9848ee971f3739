"""Which golden values did a run compare, write and not need?

In a process of pytest-xdist, the answer is handed to the one that reports.
"""

from __future__ import annotations

import dataclasses
import os
import pathlib
import shlex
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from . import fixtures
from .goldenfile import GoldenFile, folder, is_golden, real_files, stem

NAME = 'scenario-pebble-golden'


@dataclasses.dataclass
class Seen:
    """What one process has seen; all of it can be sent to another one."""

    compared: set[str] = dataclasses.field(default_factory=set[str])
    """The golden files that tests compared with."""
    written: set[str] = dataclasses.field(default_factory=set[str])
    """Those of them that were written."""
    tests: dict[str, str] = dataclasses.field(default_factory=dict[str, str])
    """What the golden files of each test begin with, by node id; paths without suffix."""
    passed: set[str] = dataclasses.field(default_factory=set[str])
    """The node ids of the tests that passed."""
    folders: dict[str, bool] = dataclasses.field(default_factory=dict[str, bool])
    """The folders of the test files, and whether all tests of the file were selected."""

    def add(self, other: Seen) -> None:
        """Add what another process has seen."""
        self.compared |= other.compared
        self.written |= other.written
        self.tests |= other.tests
        self.passed |= other.passed
        self.folders |= other.folders


def of(config: pytest.Config) -> Goldens:
    """The golden values of a run."""
    found: Goldens | None = config.pluginmanager.get_plugin(NAME)
    if found is None:
        found = Goldens(config)
        config.pluginmanager.register(found, NAME)
    return found


class Goldens:
    """The hooks of a run with golden values.

    Args:
        config: Pytest's.
    """

    def __init__(self, config: pytest.Config):
        self._config = config
        self._is_updated = bool(config.option.golden_update)
        self._directory = config.invocation_params.dir
        self._seen = Seen()
        # The golden files that a value of this run is equal to.
        self._settled: set[str] = set()
        self._removed = 0

    # -- in the process that runs tests

    def collected(self, items: Iterable[pytest.Item], deselected: Iterable[pathlib.Path]) -> None:
        """Remember which tests there are."""
        named = {arg.partition('::')[0] for arg in self._config.args if '::' in arg}
        partial = {(self._directory / each).resolve() for each in named} | set(deselected)
        items = list(items)
        foreign = {item.path for item in items if fixtures.is_foreign(item, 'golden')}
        for item in items:
            if item.path in foreign:
                continue
            goldens = folder(item.path)
            self._seen.folders[str(goldens)] = item.path.resolve() not in partial
            self._seen.tests[item.nodeid] = str(goldens / stem(item))

    def compare(self, item: pytest.Item, names: tuple[str, ...], value: object) -> list[str]:
        """Compare a value with the golden one; or make it that, if it is to be updated.

        Returns:
            What differs, and what to do about it, in lines; empty if nothing does.
        """
        file = _file(item, names, value)
        path = str(file.path)
        self._seen.compared.add(path)
        with real_files():
            changes = file.changes()
            if self._is_updated and changes != '' and path not in self._settled:
                file.write()
                self._seen.written.add(path)
                changes = ''
        if changes == '':
            self._settled.add(path)
            return []
        return list(self._difference(item, path, changes))

    def is_kept(self, item: pytest.Item, names: tuple[str, ...], value: object) -> bool:
        """Whether there is a golden file for the value."""
        with real_files():
            return _file(item, names, value).path.exists()

    def _difference(self, item: pytest.Item, path: str, changes: str | None) -> Iterator[str]:
        if path in self._settled:
            yield f'the test compares two values with the golden file {self._shown(path)}'
            yield "hint: give each a name: golden('…')"
        else:
            problem = 'is missing' if changes is None else 'differs (- golden, + this run)'
            yield f'the golden file {self._shown(path)} {problem}'
            yield f'{"write" if changes is None else "update"} it: {self._command(item)}'
        if changes is not None:
            yield from changes.split('\n')

    def _command(self, item: pytest.Item) -> str:
        """What updates the golden values of a test."""
        _, *names = item.nodeid.split('::')
        test = '::'.join([self._shown(item.path), *names])
        return f'pytest {shlex.quote(test)} --golden-update'

    def _shown(self, path: str | pathlib.Path) -> str:
        """A path as it is typed where pytest was started."""
        try:
            return pathlib.Path(os.path.relpath(path, self._directory)).as_posix()
        except ValueError:  # on another drive
            return pathlib.Path(path).as_posix()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember the tests that pass."""
        if report.when == 'call' and report.passed:
            self._seen.passed.add(report.nodeid)

    # -- at the end

    def take_over(self, workeroutput: dict[str, Any]) -> None:
        """Take what a process of pytest-xdist has seen."""
        self._seen.add(Seen(**workeroutput[NAME]))

    def pytest_sessionfinish(self) -> None:
        """Hand over what was seen; or, if it is to be updated, remove what no test needs."""
        workeroutput: dict[str, Any] | None = getattr(self._config, 'workeroutput', None)
        if workeroutput is not None:
            workeroutput[NAME] = dataclasses.asdict(self._seen)
        elif self._is_updated:
            for path in self._unused():
                path.unlink()
                self._removed += 1
                if not any(path.parent.iterdir()):
                    path.parent.rmdir()

    def _unused(self) -> list[pathlib.Path]:
        """The golden files that no test compared with, although all that might have, passed."""
        seen = self._seen
        # Only of test files of which all tests were selected, or that are gone.
        folders = [pathlib.Path(each) for each, whole in seen.folders.items() if whole]
        folders += _orphans({pathlib.Path(each).parent for each in seen.folders})
        files = {str(path) for each in folders for path in each.glob('*') if is_golden(path)}
        open_ = [tests for nodeid, tests in seen.tests.items() if nodeid not in seen.passed]
        return sorted(
            pathlib.Path(path)
            for path in files - seen.compared
            if not any(path.startswith(f'{tests}.') for tests in open_)
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was done, and what to do."""
        for line in self._summary():
            terminalreporter.write_line(line)

    def _summary(self) -> Iterator[str]:
        if self._seen.written:
            yield f'golden files written: {len(self._seen.written)}'
        if self._removed:
            yield f'golden files removed: {self._removed}'
        if unused := self._unused():
            yield 'golden files that no test compares with:'
            yield from (f'  {self._shown(path)}' for path in unused)
            yield 'remove them: pytest --golden-update'


def _file(item: pytest.Item, names: tuple[str, ...], value: object) -> GoldenFile:
    return GoldenFile(folder(item.path) / '.'.join([stem(item), *names]), value)


def _orphans(places: Iterable[pathlib.Path]) -> Iterator[pathlib.Path]:
    """The folders whose test files are gone; those of other names are none of ours."""
    for place in places:
        for each in (*place.glob('test_*'), *place.glob('*_test')):
            if not (place.parent / f'{each.name}.py').exists():
                yield each
