"""Which relations can an endpoint of a charm have?"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

import scenario_pebble as scenario
from scenario_pebble.arguments import checked
from scenario_pebble.errors import closest
from scenario_pebble.state.spec import Endpoint

from .texts import MAX_FEW, Strategy, databags, some, words

_UNITS = 3


@checked
def relations(ctx: scenario.Context[Any], endpoint: str, **fields: Strategy[Any]) -> Strategy[Any]:
    """A relation of an endpoint, of the kind that the metadata asks for.

    Example::

        relations(ctx, 'database', remote_app_data=st.just({'endpoints': 'db:5432'}))

    Args:
        ctx: Whose charm.
        endpoint: As in the charm's metadata.
        fields: What other fields of the relation are drawn from.

    Raises:
        NotFoundError: If the charm has no such endpoint.
    """
    endpoints = ctx.prepared.spec.endpoints
    if endpoint not in endpoints:
        known = ', '.join(map(repr, endpoints)) or 'none'
        raise scenario.NotFoundError(
            f'cannot make relations of {endpoint!r}: the metadata has no such endpoint\n'
            f'  it has endpoints: {known}\n'
            f'  hint: {closest(endpoint, endpoints) or "requires, provides and peers have them"}'
        )
    return _relations(ctx, endpoints[endpoint], fields)


def _relations(
    ctx: scenario.Context[Any], endpoint: Endpoint, fields: dict[str, Strategy[Any]]
) -> Strategy[Any]:
    name, interface = st.just(endpoint.name), st.just(endpoint.interface)
    optional: dict[str, Strategy[Any]] = {'local_app_data': databags(), 'id': st.integers(1, 99)}
    if endpoint.role == 'peers':
        others = st.integers(0, _UNITS).filter(lambda unit: unit != ctx.unit_id)
        peers = st.dictionaries(others, databags(), max_size=MAX_FEW)
        optional |= {'peers_data': peers}
        return some(scenario.PeerRelation, name, interface, **optional, **fields)
    optional |= {'remote_app_name': words().map(lambda word: f'a{word}')}
    optional |= {'remote_app_data': databags()}
    if endpoint.subordinate:
        optional |= {'remote_unit_data': databags(), 'remote_unit_id': st.integers(0, _UNITS)}
        return some(scenario.SubordinateRelation, name, interface, **{**optional, **fields})
    units = st.dictionaries(st.integers(0, _UNITS), databags(), max_size=MAX_FEW)
    optional |= {'remote_units_data': units}
    return some(scenario.Relation, name, interface, **{**optional, **fields})


def relation_lists(ctx: scenario.Context[Any]) -> Strategy[list[scenario.RelationBase]]:
    """Relations of all endpoints, as many of each as the metadata allows, numbered from 1."""
    spec = ctx.prepared.spec
    each = [
        st.lists(_relations(ctx, endpoint, {}), max_size=limit(ctx, endpoint))
        for endpoint in spec.endpoints.values()
    ]
    return st.tuples(*each).map(_numbered)


def limit(ctx: scenario.Context[Any], endpoint: Endpoint) -> int:
    """The most relations of an endpoint that are drawn."""
    if endpoint.role == 'peers':
        return 1
    declared = ctx.prepared.spec.meta[endpoint.role][endpoint.name].get('limit')
    return min(declared or MAX_FEW, MAX_FEW)


def _numbered(each: Iterable[Iterable[scenario.RelationBase]]) -> list[scenario.RelationBase]:
    return [
        dataclasses.replace(relation, id=number)
        for number, relation in enumerate(itertools.chain.from_iterable(each), 1)
    ]
