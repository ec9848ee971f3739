from __future__ import annotations

from collections.abc import Callable

import ops
import pytest

from scenario_pebble.state.container import Container
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.state import State

Problems = Callable[..., list[str]]

on = CharmEvents()


def test_all_problems_are_shown_at_once(problems: Problems):
    state = State(config={'port': 'x'}, containers=[Container('webb'), Container('wob')])

    lines = problems(on.pebble_ready(Container('web')), state)

    assert [line.split(':')[0] for line in lines if line.startswith('  ') and line[2] != ' '] == [
        "  .config['port']",
        "  .containers['webb']",
        "  .containers['wob']",
        '  event.container',
    ]


def test_nothing_is_checked_of_custom_events(problems: Problems):
    class Events(ops.ObjectEvents):
        db_relation_changed = ops.EventSource(ops.EventBase)

    assert problems(on.custom(Events().db_relation_changed), State()) == []


def test_the_checks_can_be_skipped(problems: Problems, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv('SCENARIO_SKIP_CONSISTENCY_CHECKS', '1')

    assert problems(on.start(), State(config={'colour': 'red'})) == []


def test_a_part_that_broke_a_rule_is_refused_every_time(problems: Problems):
    state = State(config={'port': 'x'})

    assert problems(on.start(), state) == problems(on.start(), state) != []
