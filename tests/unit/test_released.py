from __future__ import annotations

import gc
import weakref

import ops

import scenario_pebble as scenario


class Events(ops.ObjectEvents):
    ready = ops.EventSource(ops.EventBase)


class Emitter(ops.Object):
    on = Events()  # type: ignore[assignment]


class Emitting(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.emitter = Emitter(self, 'emitter')
        framework.observe(self.emitter.on.ready, self._on_ready)
        framework.observe(self.on.start, self._on_ready)

    def _on_ready(self, event: ops.EventBase): ...


def test_a_charm_that_nobody_holds_is_forgotten():
    ctx = scenario.Context(Emitting, meta={'name': 'web'})
    with ctx(ctx.on.start(), scenario.State()) as manager:
        charm = weakref.ref(manager.charm)

    del manager
    ctx.emitted_events.clear()
    gc.collect()

    assert charm() is None


def test_the_events_of_a_charm_that_is_kept_are_the_same():
    ctx = scenario.Context(Emitting, meta={'name': 'web'})

    with ctx(ctx.on.start(), scenario.State()) as manager:
        before = manager.charm.on, manager.charm.emitter.on

    assert manager.charm.on is before[0]
    assert manager.charm.emitter.on is before[1]
