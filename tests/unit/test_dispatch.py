from __future__ import annotations

import dataclasses
import sys
from typing import Any

import ops
import pytest

import scenario_pebble as scenario


@dataclasses.dataclass
class Config:
    port: int

    def __post_init__(self):
        if self.port <= 0:
            raise ValueError('port out of range')


class Configured(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.settings = self.load_config(Config, errors='blocked')


def test_a_charm_that_exits_in_its_constructor_leaves_a_state_and_no_charm():
    ctx = scenario.Context(
        Configured, meta={'name': 'web'}, config={'options': {'port': {'type': 'int'}}}
    )

    with ctx(ctx.on.start(), scenario.State(config={'port': 0})) as mgr:
        with pytest.raises(
            RuntimeError,
            match=r'^cannot give the charm: it exited early, in its constructor$',
        ):
            mgr.charm  # noqa: B018
        out = mgr.run()

    assert out.unit_status == scenario.BlockedStatus('Invalid config: port out of range')


def test_ops_that_refuses_to_dispatch_fails_the_test(monkeypatch: pytest.MonkeyPatch):
    # Set while a charm runs: a test that inherits it would run nothing.
    monkeypatch.setenv('OPERATOR_DISPATCH', '1')
    ctx = scenario.Context(ops.CharmBase, meta={'name': 'web'})

    with pytest.raises(scenario.UncaughtCharmError):
        ctx.run(ctx.on.start(), scenario.State())


def test_breakpoints_of_the_charm_are_the_test_runners(monkeypatch: pytest.MonkeyPatch):
    class Stopping(ops.CharmBase):
        def __init__(self, framework: ops.Framework):
            super().__init__(framework)
            breakpoint()

    stops: list[Any] = []
    monkeypatch.setattr(sys, 'breakpointhook', lambda: stops.append(None))
    ctx = scenario.Context(Stopping, meta={'name': 'web'})

    ctx.run(ctx.on.start(), scenario.State())

    assert len(stops) == 1
