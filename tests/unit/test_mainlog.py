from __future__ import annotations

import logging
from collections.abc import Iterator

import ops
import pytest

import scenario_pebble as scenario


@pytest.fixture
def no_other_handlers() -> Iterator[None]:
    """The root logger as it is without a test runner."""
    root = logging.getLogger()
    handlers = root.handlers[:]
    root.handlers.clear()
    yield
    root.handlers[:] = handlers


def emitting_lines(ctx: scenario.Context[ops.CharmBase]) -> list[str]:
    ctx.run(ctx.on.start(), scenario.State())
    return [f'{line.level} {line.message}' for line in ctx.juju_log]


EXPECTED = [f'DEBUG ops {ops.__version__} up and running.', 'DEBUG Emitting Juju event start.']


@pytest.mark.usefixtures('no_other_handlers')
def test_the_lines_of_ops_reach_juju_if_nobody_else_listens():
    assert emitting_lines(scenario.Context(ops.CharmBase, meta={'name': 'web'})) == EXPECTED


def test_the_lines_of_ops_reach_juju_and_other_handlers(caplog: pytest.LogCaptureFixture):
    caplog.set_level('DEBUG')

    lines = emitting_lines(scenario.Context(ops.CharmBase, meta={'name': 'web'}))

    assert lines == EXPECTED
    ours = [r for r in caplog.records if r.getMessage() == 'Emitting Juju event start.']
    assert [(r.module, r.funcName) for r in ours] == [('_main', '_emit_charm_event')]


@pytest.mark.usefixtures('no_other_handlers')
def test_a_filter_of_the_tests_sees_them(monkeypatch: pytest.MonkeyPatch):
    refuse = logging.Filter('nothing')
    monkeypatch.setattr(logging.getLogger(), 'filters', [refuse])

    assert emitting_lines(scenario.Context(ops.CharmBase, meta={'name': 'web'})) == []
