"""What Juju is left with when a hook doesn't finish, and how it runs the hook again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ops
import pytest

import scenario_pebble as scenario
from scenario_pebble.state.event import Event

META: dict[str, Any] = {
    'name': 'db',
    'containers': {'web': {}},
    'requires': {'backend': {'interface': 'http'}},
}
ACTIONS: dict[str, Any] = {'backup': {}}
WEB = scenario.Container('web', can_connect=True)
BACKEND = scenario.Relation('backend', id=7, remote_units_data={2: {}, 3: {}})
STATE = scenario.State(containers={WEB}, relations={BACKEND}, leader=True)


class Charm(ops.CharmBase):
    """Writes all that a hook can write, then does what the test wants."""

    _stored = ops.StoredState()
    events: list[str] = []

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self._stored.set_default(runs=0)
        for event in (self.on.update_status, self.on.backup_action, self.on.web_pebble_ready):
            framework.observe(event, self._on_event)
        framework.observe(self.on.backend_relation_changed, self._on_event)

    def _on_event(self, event: ops.EventBase):
        self.write()
        event.defer()
        self.end()

    def write(self) -> None:
        self._stored.runs += 1  # type: ignore[reportOperatorIssue]
        self.unit.get_container('web').push('/tmp/x', 'x', make_dirs=True)
        self.unit.status = ops.MaintenanceStatus('unit')
        self.app.status = ops.MaintenanceStatus('app')
        self.unit.set_workload_version('7')
        self.unit.set_ports(80)
        self.app.add_secret({'key': 'value'})
        self.model.relations['backend'][0].data[self.app]['a'] = 'b'

    def end(self) -> None:
        raise ValueError('no')


def failed(event: Event, state: scenario.State = STATE) -> scenario.State:
    ctx = scenario.Context(Charm, meta=META, actions=ACTIONS)
    with pytest.raises(scenario.UncaughtCharmError) as raised:
        ctx.run(event, state)
    assert raised.value.state is not None
    return raised.value.state


on = scenario.Context.on


class Retried(Charm):
    """Notes what it gets."""

    def _on_event(self, event: ops.EventBase):
        unit = event.unit if isinstance(event, ops.RelationEvent) else None
        Retried.events.append(f'{event.handle.kind} {unit.name}' if unit else event.handle.kind)


@pytest.fixture
def advance(monkeypatch: pytest.MonkeyPatch) -> Callable[[scenario.State], scenario.State]:
    monkeypatch.setattr(Retried, 'events', [])
    ctx = scenario.Context(Retried, meta=META, actions=ACTIONS)
    return lambda state: ctx.advance(state, 0)


def test_a_failed_hook_leaves_what_it_did_to_containers_and_what_juju_writes_at_once():
    left = failed(on.update_status())

    web = left.get_container('web')
    assert web.files['/tmp/x'].text == 'x'
    assert left == scenario.State(
        containers={web},
        relations={BACKEND},
        leader=True,
        unit_status=scenario.MaintenanceStatus('unit'),
        app_status=scenario.MaintenanceStatus('app'),
        workload_version='7',
        queue=[scenario.QueuedEvent('update_status')],
    )


def test_a_failed_hook_is_run_again_when_time_passes(
    advance: Callable[[scenario.State], scenario.State],
):
    left = failed(on.update_status())

    out = advance(left)

    assert Retried.events == ['update_status']
    assert out.queue == []


def test_a_failed_hook_comes_before_what_was_queued_already():
    waiting = scenario.QueuedEvent('pebble_ready', container='web')

    left = failed(on.update_status(), scenario.State(containers={WEB}, queue=[waiting]))

    assert left.queue == [scenario.QueuedEvent('update_status'), waiting]


def test_a_relation_event_is_run_again_for_the_same_unit(
    advance: Callable[[scenario.State], scenario.State],
):
    left = failed(on.relation_changed(BACKEND, remote_unit=3))

    advance(left)

    assert left.queue == [scenario.QueuedEvent('relation_changed', relation=7, remote_unit=3)]
    assert Retried.events == ['backend_relation_changed remote/3']


def test_a_failed_hook_fails_again_until_its_cause_is_gone(
    advance: Callable[[scenario.State], scenario.State],
):
    ctx = scenario.Context(Charm, meta=META, actions=ACTIONS)
    left = failed(on.pebble_ready(WEB))

    with pytest.raises(scenario.UncaughtCharmError) as again:
        ctx.advance(left, 10)

    assert again.value.state is not None
    assert again.value.state.queue == left.queue
    advance(again.value.state)
    assert Retried.events == ['web_pebble_ready']


def test_a_test_may_run_the_failed_hook_itself():
    left = failed(on.update_status())
    ctx = scenario.Context(Retried, meta=META, actions=ACTIONS)

    assert ctx.run(ctx.on.update_status(), left).queue == []
    with ctx(ctx.on.update_status(), left) as manager:
        assert manager.run().queue == []
    assert ctx.run(ctx.on.pebble_ready(WEB), left).queue == left.queue


def test_failing_twice_by_hand_queues_the_event_once():
    left = failed(on.update_status())

    assert failed(on.update_status(), left).queue == left.queue


def test_a_failed_action_is_not_run_again():
    left = failed(on.action('backup'))

    assert left.queue == []
    assert left.unit_status == scenario.MaintenanceStatus('unit')


def test_a_hook_that_fails_in_the_constructor_is_run_again():
    class Failing(ops.CharmBase):
        def __init__(self, framework: ops.Framework):
            super().__init__(framework)
            self.unit.status = ops.MaintenanceStatus('early')
            self.unit.set_ports(80)
            raise ValueError('no')

    ctx = scenario.Context(Failing, meta=META)

    with pytest.raises(scenario.UncaughtCharmError) as raised:
        ctx.run(ctx.on.start(), scenario.State())

    assert raised.value.state == scenario.State(
        unit_status=scenario.MaintenanceStatus('early'), queue=[scenario.QueuedEvent('start')]
    )


class Rebooting(Charm):
    def end(self) -> None:
        self.unit.reboot(now=True)


def test_a_reboot_at_once_drops_what_a_failed_hook_would_and_runs_the_hook_again():
    ctx = scenario.Context(Rebooting, meta=META, actions=ACTIONS)

    out = ctx.run(on.update_status(), STATE)

    assert out == failed(on.update_status())
    assert out.queue == [scenario.QueuedEvent('update_status')]
    assert ctx.reboots == ['now']


def test_a_reboot_in_the_constructor_ends_the_run():
    class Eager(ops.CharmBase):
        def __init__(self, framework: ops.Framework):
            super().__init__(framework)
            self.unit.set_ports(80)
            self.unit.reboot(now=True)

    ctx = scenario.Context(Eager, meta={'name': 'web'})

    out = ctx.run(ctx.on.start(), scenario.State())

    assert out == scenario.State(queue=[scenario.QueuedEvent('start')])
