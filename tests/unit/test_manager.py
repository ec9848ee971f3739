from __future__ import annotations

import os
import subprocess

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
    return scenario.Context(
        Charm, meta={'name': 'web', 'containers': {'web': {}}}, actions={'backup': {}}
    )


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


@pytest.mark.parametrize('first', [True, False])
@pytest.mark.parametrize('replaced', [True, False])
def test_a_context_may_run_other_events_within_a_block(
    ctx: scenario.Context[Charm], first: bool, replaced: bool, monkeypatch: pytest.MonkeyPatch
):
    if replaced:
        monkeypatch.setattr(os, 'environ', dict(os.environ))
    with ctx(ctx.on.start(), scenario.State()) as mgr:
        if first:
            mgr.run()
        out = ctx.run(ctx.on.start(), scenario.State())
        with ctx(ctx.on.start(), scenario.State()) as inner:
            again = inner.run()

    assert out.unit_status == again.unit_status == scenario.ActiveStatus('started')
    assert 'OPERATOR_DISPATCH' not in os.environ


def test_an_interrupted_block_runs_nothing(ctx: scenario.Context[Charm]):
    with pytest.raises(KeyboardInterrupt), ctx(ctx.on.start(), scenario.State()):
        raise KeyboardInterrupt

    assert ctx.emitted_events == []


def test_there_is_no_charm_before_the_block(ctx: scenario.Context[Charm]):
    mgr = ctx(ctx.on.start(), scenario.State())

    with pytest.raises(RuntimeError, match=r'^cannot use a Manager before its block\n'):
        mgr.charm  # noqa: B018


def test_a_charm_can_be_asked_things_after_its_block(ctx: scenario.Context[Charm]):
    state = scenario.State(leader=True, containers={scenario.Container('web', can_connect=True)})

    with ctx(ctx.on.start(), state) as mgr:
        mgr.charm.unit.get_container('web').push('/a', 'b')

    assert mgr.charm.unit.is_leader()
    assert mgr.charm.unit.get_container('web').pull('/a').read() == 'b'
    assert mgr.ops.state.get_container('web').files['/a'].text == 'b'


def test_hook_tools_are_gone_after_a_question_to_a_charm_of_an_earlier_run(
    ctx: scenario.Context[Charm],
):
    with ctx(ctx.on.start(), scenario.State(leader=True)) as mgr:
        pass

    assert mgr.charm.unit.is_leader()
    with pytest.raises(FileNotFoundError):
        subprocess.run(['is-leader'], check=False)


def test_the_state_can_be_seen_in_the_midst_of_a_run(ctx: scenario.Context[Charm]):
    before = scenario.State(containers={scenario.Container('web', can_connect=True)})
    with ctx(ctx.on.start(), before) as mgr:
        unchanged = mgr.ops.state
        mgr.charm.unit.status = ops.BlockedStatus('wait')
        mgr.charm.unit.get_container('web').push('/a', 'b')
        changed = mgr.ops.state
        after = mgr.run()

    assert unchanged is before
    assert changed.unit_status == scenario.BlockedStatus('wait')
    assert changed.get_container('web').files['/a'].text == 'b'
    assert after.unit_status == scenario.ActiveStatus('started')
