from __future__ import annotations

import dataclasses
import datetime
import time

import ops
import pytest

import scenario_pebble as scenario

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


class Charm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container('web')
        framework.observe(self.on.start, self._on_start)
        framework.observe(self.on.stop, self._on_stop)
        framework.observe(self.on.web_pebble_ready, self._on_web_pebble_ready)

    def _on_start(self, _: ops.StartEvent):
        self.unit.status = ops.ActiveStatus('started')
        self.container.push('/a', 'b')

    def _on_stop(self, _: ops.StopEvent):
        time.sleep(2)

    def _on_web_pebble_ready(self, _: ops.PebbleReadyEvent):
        check = {'override': 'replace', 'exec': {'command': 'true'}}
        self.container.add_layer('base', {'checks': {'up': check}})  # type: ignore[reportArgumentType]


@pytest.fixture
def ctx() -> scenario.Context[Charm]:
    return scenario.Context(Charm, meta={'name': 'web', 'containers': {'web': {}}})


@pytest.fixture
def web() -> scenario.Container:
    return scenario.Container('web', can_connect=True)


def test_a_state_without_a_time_gets_none_while_nothing_depends_on_it(
    ctx: scenario.Context[Charm], web: scenario.Container
):
    before = scenario.State(containers={web})

    after = ctx.run(ctx.on.start(), before)

    changed = {
        field.name
        for field in dataclasses.fields(scenario.State)
        if getattr(before, field.name) != getattr(after, field.name)
    }
    assert changed == {'unit_status', 'containers'}


def test_a_state_says_when_it_is_once_time_has_passed(
    ctx: scenario.Context[Charm], web: scenario.Container
):
    out = ctx.run(ctx.on.stop(), scenario.State(containers={web}, time=START))

    assert out.time == START + datetime.timedelta(seconds=2)


def test_a_state_says_when_it_is_once_something_goes_on(
    ctx: scenario.Context[Charm], web: scenario.Container
):
    out = ctx.run(ctx.on.pebble_ready(web), scenario.State(containers={web}))

    assert out.time is not None
