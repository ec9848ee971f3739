from __future__ import annotations

import ops
import pytest

import scenario_pebble as scenario


class Charm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.start, self._on_start)
        framework.observe(self.on.backup_action, self._on_backup)

    def _on_start(self, _: ops.StartEvent):
        self.unit.status = ops.ActiveStatus('started')

    def _on_backup(self, event: ops.ActionEvent):
        event.fail('no disk')


@pytest.fixture
def ctx() -> scenario.Context[Charm]:
    return scenario.Context(Charm, meta={'name': 'web'}, actions={'backup': {}})


def test_a_manager_can_be_made_without_calling_the_context(ctx: scenario.Context[Charm]):
    with scenario.Manager(ctx, ctx.on.start(), scenario.State()) as mgr:
        assert isinstance(mgr.charm, Charm)
        out = mgr.run()

    assert out.unit_status == scenario.ActiveStatus('started')


def test_a_block_that_fails_runs_its_event_all_the_same(ctx: scenario.Context[Charm]):
    with pytest.raises(KeyError), ctx(ctx.on.start(), scenario.State()):
        raise KeyError

    assert [event.handle.kind for event in ctx.emitted_events] == ['start']


def test_an_action_that_fails_is_told_even_if_the_block_fails(ctx: scenario.Context[Charm]):
    with (
        pytest.raises(scenario.ActionFailed, match=r'^no disk$') as caught,
        ctx(ctx.on.action('backup'), scenario.State()),
    ):
        raise KeyError

    assert isinstance(caught.value.__context__, KeyError)


def test_an_interrupted_block_runs_nothing(ctx: scenario.Context[Charm]):
    with pytest.raises(KeyboardInterrupt), ctx(ctx.on.start(), scenario.State()):
        raise KeyboardInterrupt

    assert ctx.emitted_events == []
