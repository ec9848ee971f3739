"""In which states can a workload container be?"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from ops import pebble

import scenario_pebble as scenario
from scenario_pebble.arguments import checked

from .checks import check_infos, outcomes
from .files import files
from .layers import layers
from .notices import notice_lists
from .programs import exec_lists, programs
from .texts import Strategy

_LABELS = ('base', 'charm')
_HEIGHTS = st.integers(0, len(_LABELS))

Names = tuple[str, ...]


@checked
def containers(name: str = 'workload', **fields: Strategy[Any]) -> Strategy[scenario.Container]:
    """A container whose services, checks and layers fit together.

    Shrinks to ``Container(name)``.

    Example::

        @given(containers('db', can_connect=st.just(True)))
        def test_starts_whatever_is_there(db: scenario.Container): ...

    Args:
        name: As in the charm's metadata.
        fields: What other fields of the Container are drawn from.
    """
    return _containers(name, fields)


@st.composite
def _containers(
    draw: st.DrawFn, name: str, fields: Mapping[str, Strategy[Any]]
) -> scenario.Container:
    known = draw(fields.get('layers', _layer_stacks()))
    plan = scenario.Container(name, layers=known).plan
    values: dict[str, Any] = {
        field: draw(fields.get(field, default))
        for field, default in _defaults(tuple(plan.services), tuple(plan.checks)).items()
    }
    values |= {field: draw(given) for field, given in fields.items() if field not in values}
    if 'check_infos' not in fields:
        values['check_infos'] = draw(_check_infos(plan.checks))
    return scenario.Container(name, **{**values, 'layers': known})


@functools.lru_cache
def _defaults(services: Names, checks: Names) -> Mapping[str, Strategy[Any]]:
    statuses = st.sampled_from(['active', 'inactive', 'error', 'backoff'])
    return {
        'can_connect': st.booleans(),
        'service_statuses': _by_name(services, statuses),
        'notices': notice_lists(),
        'files': files(),
        'execs': exec_lists(),
        'programs': _by_name(services, programs()),
        'outcomes': _by_name(checks, outcomes()),
    }


@st.composite
def _layer_stacks(draw: st.DrawFn) -> dict[str, pebble.Layer]:
    """Up to two layers, lowest first."""
    stack: dict[str, pebble.Layer] = {}
    for label in _LABELS[: draw(_HEIGHTS)]:
        below = scenario.Container('stack', layers=stack).plan if stack else None
        stack[label] = draw(layers(over=below))
    return stack


def _check_infos(checks: Mapping[str, pebble.Check]) -> Strategy[list[scenario.CheckInfo]]:
    """The states of some of the checks; Pebble gives the others theirs."""
    known = sorted(checks.items())
    return st.tuples(*(st.none() | check_infos(name, check) for name, check in known)).map(
        lambda infos: [info for info in infos if info]
    )


def _by_name(names: Names, values: Strategy[Any]) -> Strategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(sorted(names)), values) if names else st.just({})
