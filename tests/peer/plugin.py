"""What pytest does differently while it runs the peer's tests: selection, and a report."""

from __future__ import annotations

import json
import os
import pathlib

import pytest

from . import private, standins

SOURCE = 'PEER_SOURCE'
"""The environment variable that names the directory of the peer's own package."""

REPORT = 'PEER_REPORT'
"""The environment variable that names the file for the outcomes."""


class Plugin:
    """Leaves out the tests of private names, and writes down how the others end."""

    def __init__(self, source: pathlib.Path):
        self._private = private.defined_in(source)
        self._modules: dict[pathlib.Path, private.Module] = {}
        self.outcomes: dict[str, str] = {}

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        left_out = [item for item in items if self._uses_private_names(item)]
        self.outcomes.update((_id(item.nodeid), 'private') for item in left_out)
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _id(item.nodeid) not in self.outcomes]

    def _uses_private_names(self, item: pytest.Item) -> bool:
        if item.path not in self._modules:
            self._modules[item.path] = private.Module(item.path, self._private)
        name = item.originalname if isinstance(item, pytest.Function) else item.name
        return bool(self._modules[item.path].private_names_of(name))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == 'call' or report.outcome != 'passed':
            self.outcomes[_id(report.nodeid)] = report.outcome

    def pytest_sessionfinish(self) -> None:
        text = json.dumps(self.outcomes, indent=1)
        pathlib.Path(os.environ[REPORT]).write_text(text, encoding='utf-8')


def _id(nodeid: str) -> str:
    return nodeid.removeprefix('tests/')


def pytest_configure(config: pytest.Config) -> None:
    source = pathlib.Path(os.environ[SOURCE])
    standins.install(source)
    config.pluginmanager.register(Plugin(source), 'peer')
