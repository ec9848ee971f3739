"""Which checks are asked about, and whether they are healthy."""

from __future__ import annotations

import pytest

from scenario_pebble.clock import MILLISECOND_NS
from scenario_pebble.daemon.workload import Behaviour, Outcome
from tests.unit.daemon.checkworld import Script, World

SLOW = Behaviour(exit_after_ns=700 * MILLISECOND_NS)


def test_checks_are_filtered_by_level_and_name():
    world = World()
    for name, level in (('a', 'alive'), ('r', 'ready'), ('n', '')):
        world.add_exec_check(name, **({'level': level} if level else {}))

    def names(**query: str) -> list[str]:
        return [info['name'] for info in world.get('/v1/checks', **query).result]

    assert names() == ['a', 'n', 'r']
    assert names(level='ready') == ['r']
    assert names(names='n,r,z') == ['n', 'r']
    assert world.get('/v1/checks', level='x').status == 400


@pytest.mark.parametrize(
    ('query', 'status'),
    [
        ({}, 502),
        ({'level': 'alive'}, 200),
        ({'level': 'ready'}, 200),
        ({'names': 'bare'}, 502),
        ({'names': 'live'}, 200),
        ({'level': 'other'}, 400),
    ],
)
def test_a_check_that_is_down_is_unhealthy_at_its_level(query: dict[str, str], status: int):
    world = World(Script(outcomes={'bare': Outcome(error='x')}))
    world.add_exec_check('bare', threshold=1)
    world.add_exec_check('live', level='alive')
    world.advance(1)

    assert world.get('/v1/health', **query).status == status


def test_alive_counts_for_ready_but_not_the_reverse():
    world = World(Script(outcomes={'r': Outcome(error='x')}))
    world.add_exec_check('r', level='ready', threshold=1)
    world.add_exec_check('a', level='alive', threshold=1)

    world.advance(1)
    assert world.get('/v1/health', level='alive').result == {'healthy': True}
    assert world.get('/v1/health', level='ready').result == {'healthy': False}
    world.script.outcomes = {'a': Outcome(error='x')}
    world.daemon.workload_changed()
    world.advance(1)
    assert world.get('/v1/health', level='alive').result == {'healthy': False}
    assert world.get('/v1/health', level='ready').result == {'healthy': False}
