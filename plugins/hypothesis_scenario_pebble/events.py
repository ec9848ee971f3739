"""Which events could Juju send to a unit in a given State?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ops
from hypothesis import strategies as st
from ops import pebble

import scenario_pebble as scenario
from scenario_pebble.arguments import checked
from scenario_pebble.frozen import EMPTY
from scenario_pebble.state.event import Event

from .texts import Strategy, few, texts, words


@checked
def events(ctx: scenario.Context[Any], state: scenario.State) -> Strategy[Event]:
    """Events that Juju could send to a unit in this State.

    Those about a container come only while its Pebble answers, about a relation only for units
    that are there, about a check only if it is as the event says; and an action has parameters of
    the types that its schema asks for.

    Shrinks to ``update_status``.

    Args:
        ctx: Whose charm.
        state: What the unit is like when the event comes.
    """
    fixed = [
        *lifecycle_events(ctx, state),
        *relation_events(ctx, state),
        *workload_events(ctx, state),
        *storage_events(ctx, state),
        *secret_events(ctx, state),
    ]
    names = sorted(ctx.prepared.spec.action_names)
    return st.one_of(st.sampled_from(fixed), *(actions(ctx, name) for name in names))


def lifecycle_events(ctx: scenario.Context[Any], state: scenario.State) -> Iterator[Event]:
    """Events of the unit itself."""
    on = ctx.on
    yield from (on.update_status(), on.config_changed(), on.start(), on.install())
    yield from (on.upgrade_charm(), on.stop(), on.remove())
    if state.leader:
        yield on.leader_elected()


def relation_events(ctx: scenario.Context[Any], state: scenario.State) -> Iterator[Event]:
    """Events of the relations that there are."""
    on = ctx.on
    for relation in sorted(state.relations, key=lambda relation: relation.id):
        yield on.relation_created(relation)
        for unit in sorted(relation.remote_units):
            yield on.relation_joined(relation, remote_unit=unit)
            yield on.relation_changed(relation, remote_unit=unit)
            yield on.relation_departed(relation, remote_unit=unit)
        yield on.relation_broken(relation)


def workload_events(ctx: scenario.Context[Any], state: scenario.State) -> Iterator[Event]:
    """Events of the containers whose Pebble answers."""
    on = ctx.on
    for container in sorted(state.containers, key=lambda container: container.name):
        if not container.can_connect:
            continue
        yield on.pebble_ready(container)
        for notice in container.notices:
            if notice.type is pebble.NoticeType.CUSTOM:
                yield on.pebble_custom_notice(container, notice)
        for info in sorted(container.check_infos, key=lambda info: info.name):
            if info.status is pebble.CheckStatus.DOWN:
                yield on.pebble_check_failed(container, info)
            elif info.status is pebble.CheckStatus.UP:
                yield on.pebble_check_recovered(container, info)


def storage_events(ctx: scenario.Context[Any], state: scenario.State) -> Iterator[Event]:
    """Events of the storages that are attached."""
    for storage in sorted(state.storages, key=lambda storage: (storage.name, storage.index)):
        yield ctx.on.storage_attached(storage)
        yield ctx.on.storage_detaching(storage)


def secret_events(ctx: scenario.Context[Any], state: scenario.State) -> Iterator[Event]:
    """Events of secrets: to the owner, and to those who track one of somebody else."""
    on = ctx.on
    for secret in sorted(state.secrets, key=lambda secret: secret.id):
        if secret.owner is None:
            if secret.latest_revision > secret.tracked_revision:
                yield on.secret_changed(secret)
            continue
        if secret.owner == 'app' and not state.leader:
            continue  # Juju: the leader acts for the application
        if secret.rotate not in (None, ops.SecretRotate.NEVER):
            yield on.secret_rotate(secret)
        if secret.expire is not None:
            yield on.secret_expired(secret, revision=secret.latest_revision)
        if secret.latest_revision > secret.tracked_revision:
            yield on.secret_remove(secret, revision=secret.tracked_revision)


@checked
def actions(ctx: scenario.Context[Any], name: str) -> Strategy[Event]:
    """An action as a user may call it, with any of its parameters and all that it requires."""
    spec = ctx.prepared.spec
    required = (spec.actions or EMPTY).get(name, EMPTY).get('required')
    return _record(spec.action_params(name), required).map(
        lambda params: ctx.on.action(name, params)
    )


def _record(properties: Mapping[str, Any], required: Iterable[str] | None) -> Strategy[Any]:
    values = {name: _param(schema) for name, schema in properties.items()}
    always = {name: values.pop(name) for name in required or () if name in values}
    return st.fixed_dictionaries(always, optional=values)


def _param(schema: Mapping[str, Any]) -> Strategy[Any]:
    if 'enum' in schema:
        return st.sampled_from(list(schema['enum']))
    values = _of_type(schema)
    return values if 'default' not in schema else st.just(schema['default']) | values


def _of_type(schema: Mapping[str, Any]) -> Strategy[Any]:
    kind = schema.get('type')
    if kind == 'boolean':
        return st.booleans()
    if kind == 'integer':
        low, high = _bounds(schema, 2**31 - 1)
        return st.integers(math.ceil(low), math.floor(high))
    if kind == 'number':
        return st.floats(*_bounds(schema, 1e6))
    if kind == 'array':
        return few(_param(schema.get('items') or {}))
    if kind == 'object' and 'properties' in schema:
        return _record(schema['properties'], schema.get('required'))
    return st.dictionaries(words(), texts(), max_size=2) if kind == 'object' else texts()


def _bounds(schema: Mapping[str, Any], most: float) -> tuple[float, float]:
    """The least and the greatest value; at most so great if the schema says nothing."""
    low, high = schema.get('minimum'), schema.get('maximum')
    return (
        min(-most, most if high is None else high) if low is None else low,
        max(most, -most if low is None else low) if high is None else high,
    )
