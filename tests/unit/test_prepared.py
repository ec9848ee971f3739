from __future__ import annotations

from typing import Any

import ops
import pytest

import scenario_pebble as scenario
from scenario_pebble.juju.charm import charm_spec
from scenario_pebble.prepared import prepare

INCOMPLETE: dict[str, Any] = {'name': 'web', 'storage': {'data': {}}}


def test_metadata_that_ops_cannot_read_is_enough_for_a_state():
    ctx = scenario.Context(ops.CharmBase, meta=INCOMPLETE)

    state = scenario.State.from_context(ctx)

    assert [storage.name for storage in state.storages] == ['data']


def test_metadata_that_ops_cannot_read_fails_the_run():
    ctx = scenario.Context(ops.CharmBase, meta=INCOMPLETE)

    with pytest.raises(
        scenario.ContextSetupError,
        match=r"^cannot use {} for meta\['storage'\]\['data'\]: it has no 'type'\n"
        r"  hint: meta={'storage': {'data': {'type': 'filesystem'}}}$",
    ):
        ctx.run(ctx.on.start(), scenario.State())


def test_contexts_with_equal_metadata_share_what_ops_made_of_it():
    first, second = (prepare(charm_spec(ops.CharmBase, {'name': 'shared'})) for _ in range(2))

    assert first.charm_meta is second.charm_meta
    assert first.charm_meta.name == 'shared'


def test_names_in_the_metadata_are_sorted():
    meta = {'name': 'web', 'requires': {'s3': {'interface': 's3'}, 'db': {'interface': 'sql'}}}

    prepared = prepare(charm_spec(ops.CharmBase, meta))

    assert list(prepared.charm_meta.requires) == ['db', 's3']


def test_the_spec_of_a_context_is_deprecated():
    ctx = scenario.Context(ops.CharmBase, meta={'name': 'web'})

    with pytest.warns(DeprecationWarning, match=r'^Context\.charm_spec is deprecated$'):
        spec = ctx.charm_spec

    assert spec.meta == {'name': 'web'}


class Curious(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.unit.status = ops.ActiveStatus(', '.join(sorted(self.meta.requires)))


@pytest.mark.filterwarnings('ignore:Context.charm_spec is deprecated')
def test_what_a_test_changes_in_the_spec_of_a_context_holds_there_and_nowhere_else():
    meta: dict[str, Any] = {'name': 'web', 'requires': {'db': {'interface': 'sql'}}}
    ctx, other = scenario.Context(Curious, meta=meta), scenario.Context(Curious, meta=meta)
    requires: Any = ctx.charm_spec.meta['requires']
    before = ctx.run(ctx.on.start(), scenario.State())

    requires['cache'] = {'interface': 'redis'}

    assert before.unit_status == scenario.ActiveStatus('db')
    after = ctx.run(ctx.on.start(), scenario.State())
    assert after.unit_status == scenario.ActiveStatus('cache, db')
    assert other.run(other.on.start(), scenario.State()).unit_status == before.unit_status
