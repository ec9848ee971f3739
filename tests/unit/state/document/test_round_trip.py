"""What is written is read again, whatever a State holds."""

from __future__ import annotations

import dataclasses
import enum
import json
import re
from typing import Any, cast

from hypothesis import HealthCheck, given, settings, strategies as st
from ops import pebble

from scenario_pebble.errors import StateValidationError
from scenario_pebble.state.state import State

from ..states import states

quickly = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def all_of(value: Any) -> Any:
    """A value with all its fields, those included that aren't compared."""
    if isinstance(value, pebble.Layer):
        return value.to_dict()
    if isinstance(value, enum.Enum):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [(f.name, all_of(getattr(value, f.name))) for f in dataclasses.fields(value)]
        return type(value), fields
    if isinstance(value, dict):
        items = cast('dict[Any, Any]', value).items()
        return sorted(((k, all_of(v)) for k, v in items), key=repr)
    if isinstance(value, (list, tuple)):
        return type(cast('Any', value)), [all_of(v) for v in cast('list[Any]', value)]
    if isinstance(value, frozenset):
        return sorted((all_of(v) for v in cast('frozenset[Any]', value)), key=repr)
    return type(value), value


@quickly
@given(states)
def test_json_keeps_all_of_a_state(state: State):
    read = State.from_json(state.to_json())

    assert read == state
    assert all_of(read) == all_of(state)


@quickly
@given(states)
def test_yaml_says_the_same_as_json(state: State):
    assert State.from_yaml(state.to_yaml()).to_json() == state.to_json()


def places_in(data: Any) -> list[tuple[Any, Any]]:
    """Each object or list in JSON data, with each of its keys or indexes."""
    items: list[tuple[Any, Any]] = []
    if isinstance(data, dict):
        items = list(cast('dict[Any, Any]', data).items())
    elif isinstance(data, list):
        items = list(enumerate(cast('list[Any]', data)))
    here: list[tuple[Any, Any]] = [(data, key) for key, _ in items]
    return here + [place for _, part in items for place in places_in(part)]


def damage(where: Any, key: Any, bad: Any, random: Any) -> None:
    """Replace, rename or remove one part."""
    old = where.pop(key)
    if isinstance(where, list):
        cast('list[Any]', where).insert(key, bad)
    elif random.random() < 0.8:
        where[random.choice([key, key, f'{key}x'])] = random.choice([old, bad])


junk: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 7, -1.5, 'x', '', [], [[]], {}, {'kind': 'x'}, {'x': 1}]
)


@quickly
@given(states, junk, st.randoms(use_true_random=False))
def test_damaged_json_is_read_or_refused_in_our_own_words(state: State, bad: Any, random: Any):
    data = json.loads(state.to_json())
    where, key = random.choice(places_in(data))
    damage(where, key, bad, random)

    message = refusal(json.dumps(data))

    assert message is None or re.fullmatch(
        r'cannot read State from JSON: .*\n  hint: .+', message, re.DOTALL
    )


def refusal(text: str) -> str | None:
    try:
        State.from_json(text)
    except StateValidationError as error:
        return str(error)
    return None
