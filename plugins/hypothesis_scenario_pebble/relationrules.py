"""How do relations come, change and go?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

import scenario_pebble as scenario
from scenario_pebble.state.spec import Endpoint

from .relations import limit
from .texts import Strategy, databags
from .workloadrules import WorkloadRules, one_of

_MOST_UNITS = 3

Databag = dict[str, str]
Units = Mapping[int, Mapping[str, str]]


class RelationRules(WorkloadRules):
    """Applications are related, their units come, write into their databags, and go."""

    @property
    def free_endpoints(self) -> list[str]:
        """The endpoints that may have one more relation."""
        return [
            endpoint.name
            for endpoint in self.spec.endpoints.values()
            if endpoint.role != 'peers'
            and len(self.state.get_relations(endpoint.name)) < limit(self.ctx, endpoint)
        ]

    @property
    def related(self) -> list[scenario.RelationBase]:
        """The relations by id."""
        return sorted(self.state.relations, key=lambda relation: relation.id)

    @property
    def breakable(self) -> list[int]:
        """The relations that a user may remove: those with other applications."""
        return [r.id for r in self.related if not isinstance(r, scenario.PeerRelation)]

    @property
    def joinable(self) -> list[tuple[int, int]]:
        """The relations that a further unit may join, each with its number."""
        return [
            (relation.id, unit)
            for relation in self.related
            if not isinstance(relation, scenario.SubordinateRelation)
            for unit in range(_MOST_UNITS)
            if unit not in relation.remote_units
            and not (isinstance(relation, scenario.PeerRelation) and unit == self.ctx.unit_id)
        ]

    @property
    def departable(self) -> list[tuple[int, int]]:
        """The units that may go, each with its relation."""
        return [
            (relation.id, unit)
            for relation in self.related
            if not isinstance(relation, scenario.SubordinateRelation)
            for unit in sorted(relation.remote_units)
        ]

    @precondition(lambda self: bool(self.free_endpoints))
    @rule(endpoint=one_of(lambda self: self.free_endpoints))
    def relate(self, endpoint: str) -> None:
        """A user relates the application to another one; its units come later."""
        id_ = max((relation.id for relation in self.related), default=0) + 1
        relation = _without_units(self.spec.endpoints[endpoint], id_)
        self.change('with_relation', relation)
        self.run(self.ctx.on.relation_created(relation))
        for unit in relation.remote_units:  # a subordinate has its principal's unit at once
            self._joined(relation, unit)

    @precondition(lambda self: bool(self.joinable))
    @rule(unit=one_of(lambda self: self.joinable))
    def join(self, unit: tuple[int, int]) -> None:
        """A unit of the other side joins."""
        id_, number = unit
        relation = self.state.get_relation(id_)
        self._change_units(relation, {**relation.remote_units, number: {}})
        self._joined(relation, number)

    def _change_units(self, relation: scenario.RelationBase, units: Units, **more: Any) -> None:
        if isinstance(relation, scenario.SubordinateRelation):
            more['remote_unit_data'] = units[relation.remote_unit_id]
        else:
            peer = isinstance(relation, scenario.PeerRelation)
            more['peers_data' if peer else 'remote_units_data'] = units
        self.change('with_relation', relation.id, **more)

    def _joined(self, relation: scenario.RelationBase, unit: int) -> None:
        # Juju: each joined is followed by a changed of the same unit.
        self.run(self.ctx.on.relation_joined(relation, remote_unit=unit))
        self.run(self.ctx.on.relation_changed(relation, remote_unit=unit))

    @precondition(lambda self: any(relation.remote_units for relation in self.related))
    @rule(written=st.runner().flatmap(lambda self: self._writings()))
    def write_remotely(self, written: tuple[int, int, Databag, Databag]) -> None:
        """The other side writes into the databags of its application and of one unit."""
        id_, unit, app_data, unit_data = written
        relation = self.state.get_relation(id_)
        # Peers share the application's databag, which is their own.
        peer = isinstance(relation, scenario.PeerRelation)
        more = {} if peer else {'remote_app_data': app_data}
        self._change_units(relation, {**relation.remote_units, unit: unit_data}, **more)
        self.run(self.ctx.on.relation_changed(relation, remote_unit=unit))

    def _writings(self) -> Strategy[Any]:
        return one_of(
            lambda self: [(r, unit) for r in self.related for unit in sorted(r.remote_units)]
        ).flatmap(
            lambda chosen: st.tuples(
                st.just(chosen[0].id),
                st.just(chosen[1]),
                self.remote_app_data.get(chosen[0].endpoint, databags()),
                self.remote_unit_data.get(chosen[0].endpoint, databags()),
            )
        )

    @precondition(lambda self: bool(self.departable))
    @rule(unit=one_of(lambda self: self.departable))
    def depart(self, unit: tuple[int, int]) -> None:
        """A unit of the other side goes."""
        self._depart(*unit)

    def _depart(self, id_: int, number: int) -> None:
        relation = self.state.get_relation(id_)
        units = {n: bag for n, bag in relation.remote_units.items() if n != number}
        self._change_units(relation, units)
        self.run(self.ctx.on.relation_departed(relation, remote_unit=number))

    @precondition(lambda self: bool(self.breakable))
    @rule(id=one_of(lambda self: self.breakable))
    def break_relation(self, id: int) -> None:
        """A user removes a relation: all units go, then the relation does."""
        relation = self.state.get_relation(id)
        for unit in sorted(relation.remote_units):
            if not isinstance(relation, scenario.SubordinateRelation):
                self._depart(id, unit)
        self.run(self.ctx.on.relation_broken(relation))
        self.change('without_relation', id)


def _without_units(endpoint: Endpoint, id: int) -> scenario.RelationBase:
    if endpoint.subordinate:
        return scenario.SubordinateRelation(endpoint.name, endpoint.interface, id=id)
    return scenario.Relation(endpoint.name, endpoint.interface, id=id, remote_units_data={})
