from __future__ import annotations

import dataclasses

import ops

import scenario_pebble as scenario


class Counting(ops.CharmBase):
    _stored = ops.StoredState()

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.start, self._on_start)

    def _on_start(self, _: ops.StartEvent):
        self._stored.starts += 1  # type: ignore[reportOperatorIssue]


def run(state: scenario.State, charm_type: type[ops.CharmBase] = ops.CharmBase) -> scenario.State:
    ctx = scenario.Context(charm_type, meta={'name': 'web'})
    return ctx.run(ctx.on.start(), state)


def test_the_framework_keeps_its_own_stored_state_out_of_a_state():
    assert run(scenario.State()).stored_states == frozenset()


def test_the_frameworks_stored_state_comes_back_to_a_test_that_names_it():
    named = scenario.StoredState('_stored')
    other = scenario.StoredState('_stored', owner_path='Counting', content={'starts': 1})

    out = run(scenario.State(stored_states={named, other}), Counting)

    assert out.get_stored_state('_stored') is named
    assert out.get_stored_state('_stored', owner_path='Counting').content == {'starts': 2}


class Clustered(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.cluster_relation_departed, self._on_departed)

    def _on_departed(self, event: ops.RelationDepartedEvent):
        assert event.app is self.app
        assert event.departing_unit is not None
        self.unit.status = ops.ActiveStatus(event.departing_unit.name)


def test_a_deferred_event_among_peers_is_about_this_application():
    ctx = scenario.Context(
        Clustered, meta={'name': 'web', 'peers': {'cluster': {'interface': 'cluster'}}}
    )
    relation = scenario.PeerRelation('cluster', peers_data={3: {}})
    departed = ctx.on.relation_departed(relation, remote_unit=3)
    state = scenario.State(
        relations={relation},
        deferred=[departed.deferred(Clustered._on_departed)],  # pyright: ignore[reportPrivateUsage]
    )

    out = ctx.run(ctx.on.start(), state)

    assert out.unit_status == scenario.ActiveStatus('web/3')


class Done(ops.EventBase):
    def __init__(self, handle: ops.Handle, number: int = 0):
        super().__init__(handle)
        self.number = number

    def snapshot(self) -> dict[str, int]:
        return {'number': self.number}

    def restore(self, snapshot: dict[str, int]) -> None:
        self.number = snapshot['number']


class Job(ops.Object):
    """Emits an event which is no event of ``on``."""

    done = ops.EventSource(Done)


class Hiring(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.job = Job(self, 'job')
        framework.observe(self.on.start, self._on_start)
        framework.observe(self.job.done, self._on_done)

    def _on_start(self, _: ops.StartEvent):
        self.job.done.emit(self.model.config['number'])

    def _on_done(self, event: Done):
        event.defer()


def test_the_deferred_event_of_an_object_keeps_a_path_of_its_own():
    options = {'options': {'number': {'type': 'int', 'default': 0}}}
    ctx = scenario.Context(Hiring, meta={'name': 'web'}, config=options)
    first = ctx.run(ctx.on.start(), scenario.State())

    second = ctx.run(ctx.on.start(), dataclasses.replace(first, config={'number': 1}))

    paths = [event.handle_path for event in second.deferred]
    assert paths == ['Hiring/Job[job]/done[2]', 'Hiring/Job[job]/done[4]']
    assert second.stored_states == frozenset()
