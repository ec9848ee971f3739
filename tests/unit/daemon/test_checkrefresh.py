"""Checks run when they are asked to."""

from __future__ import annotations

import dataclasses

from scenario_pebble.clock import MILLISECOND_NS, SECOND_NS
from scenario_pebble.daemon.workload import Behaviour, Output
from tests.unit.daemon.checkworld import FAIL, Script, World

SLOW = Behaviour(exit_after_ns=700 * MILLISECOND_NS)


def test_refreshing_counts_and_resets_the_ticker():
    world = World(Script(runs={2: FAIL}))
    world.add_exec_check()
    world.advance(0.5)

    first = world.post('/v1/checks/refresh', {'name': 'up'}).result
    second = world.post('/v1/checks/refresh', {'name': 'up'}).result

    assert first['info']['successes'] == 1
    assert 'error' not in first
    assert second['info']['failures'] == 1
    assert second['error'] == 'exit status 1'
    world.advance(0.9)
    assert world.counts() == ('up', 1, 1)
    world.advance(0.1)
    assert world.counts() == ('up', 2, 0)


def test_refreshing_a_slow_check_waits_for_its_end():
    world = World(Script(behaviour=SLOW))
    world.add_exec_check(timeout='900ms')
    begun_ns = world.clock.now_ns

    result = world.post('/v1/checks/refresh', {'name': 'up'}).result

    assert world.clock.now_ns - begun_ns == 700 * MILLISECOND_NS
    assert result['info']['successes'] == 1


def test_a_refresh_during_a_run_comes_after_it():
    world = World(Script(behaviour=SLOW))
    world.add_exec_check(timeout='900ms')
    world.advance(1.5)

    result = world.post('/v1/checks/refresh', {'name': 'up'}).result

    assert result['info']['successes'] == 2
    assert len(world.script.calls) == 2


def test_refreshing_an_inactive_check_counts_nothing():
    slow_failure = Behaviour(
        exit_after_ns=SECOND_NS // 2, exit_code=3, output=(Output(b'broken\n'),)
    )
    world = World(Script(behaviour=slow_failure))
    world.add_exec_check(startup='disabled', timeout='900ms')
    begun_ns = world.clock.now_ns

    result = world.post('/v1/checks/refresh', {'name': 'up'}).result

    assert world.clock.now_ns - begun_ns == SECOND_NS // 2
    assert result['error'] == 'exit status 3; broken'
    assert result['info']['status'] == 'inactive'
    assert world.counts() == ('inactive', 0, 0)


def test_refreshes_that_wait_for_each_other_go_on_after_the_check_goes_down():
    world = World(Script(behaviour=dataclasses.replace(SLOW, exit_code=1)))
    world.add_exec_check(timeout='900ms', threshold=1)

    refreshes = [world.daemon.checks.refresh('up') for _ in range(3)]
    world.advance(2.1)

    assert [refresh.done for refresh in refreshes] == [True, True, True]
    assert world.counts() == ('down', 0, 3)


def test_refreshing_a_check_whose_change_was_aborted_waits_for_ever():
    world = World()
    world.add_exec_check()
    world.post('/v1/changes/1', {'action': 'abort'})

    result = world.post('/v1/checks/refresh', {'name': 'up'}).result

    assert result['error'] == 'context canceled'
