"""A charm that declares one of everything, and what is wrong with running an event on a State."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ops
import pytest

from scenario_pebble.errors import InconsistentScenarioError
from scenario_pebble.state import consistency
from scenario_pebble.state.event import Event
from scenario_pebble.state.spec import CharmSpec
from scenario_pebble.state.state import State

Problems = Callable[..., list[str]]


class Charm(ops.CharmBase):
    pass


META: dict[str, Any] = {
    'name': 'charm',
    'requires': {'db': {'interface': 'pg'}, 'log': {'interface': 'l', 'scope': 'container'}},
    'peers': {'cluster': {'interface': 'cluster'}},
    'containers': {'web': {}, 'worker': {}},
    'storage': {'data': {'type': 'filesystem'}},
    'resources': {'image': {'type': 'oci-image'}},
    'extra-bindings': {'admin': None},
}
OPTIONS: dict[str, Any] = {
    'port': {'type': 'int', 'default': 80},
    'rate': {'type': 'float'},
    'password': {'type': 'secret'},
    'odd': {'type': 'list'},
    'vague': {},
}
PARAMS = {'to': {'type': 'string'}, 'count': {'type': 'integer'}}


@pytest.fixture
def spec() -> CharmSpec:
    return CharmSpec(
        Charm,
        META,
        {'backup': {'params': PARAMS}, 'vague': {'params': {'x': {}}}},
        {'options': OPTIONS},
    )


@pytest.fixture
def problems(spec: CharmSpec) -> Problems:
    """Gives the lines of the message but the first; none if all is well."""

    def check(
        event: Event, state: State, version: str = '3.6.14', of: CharmSpec = spec
    ) -> list[str]:
        try:
            consistency.check(event, state, of, juju_version=version)
        except InconsistentScenarioError as error:
            first, *lines = str(error).split('\n')
            assert (
                first == f'cannot run {event.name!r}: event, State and charm contradict each other'
            )
            return lines
        return []

    return check
