"""A check whose outcome is steady costs nothing, and shows what it would show otherwise."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from scenario_pebble.clock import MILLISECOND_NS, SECOND_NS
from scenario_pebble.daemon.workload import Behaviour, Call, Outcome, Output, RecordNotice
from tests.unit.daemon.checkworld import BOOT_NS, FAIL, OK, Script, World

DAY = 24 * 3600


class Steady(Script):
    """A workload whose commands say that they behave the same every time."""

    def run(self, call: Call) -> Behaviour:
        return dataclasses.replace(super().run(call), steady=True)


def test_thirty_days_of_a_passing_check_fire_one_timer():
    world = World(Steady())
    world.add_exec_check(period='10s')

    world.advance(30 * DAY)

    assert world.counts() == ('up', 30 * DAY // 10, 0)
    assert len(world.script.calls) == 1
    assert world.daemon.next_due_ns() is None


def test_thirty_days_of_a_failing_check_fire_timers_only_until_it_is_down():
    world = World(Steady(behaviour=FAIL))
    world.add_exec_check(period='10s', threshold=3)

    world.advance(30 * DAY)

    assert world.counts() == ('down', 0, 30 * DAY // 10)
    assert len(world.script.calls) == 4
    assert world.log('2') == ['ERROR exit status 1'] * 10


def test_the_log_of_a_coasting_failure_has_the_latest_times():
    world = World(Steady(behaviour=FAIL))
    world.add_exec_check(threshold=1)

    world.advance(100.5)

    (task,) = world.change('2')['tasks']
    seconds = [int(line[17:19]) for line in task['log']]
    assert seconds[-1] == (BOOT_NS // SECOND_NS + 100) % 60
    assert len(set(seconds)) == 10


def test_a_changed_workload_is_noticed_at_the_next_tick():
    world = World(Steady())
    world.add_exec_check(threshold=1)
    world.advance(1000.5)

    world.script.behaviour = FAIL
    world.daemon.workload_changed()

    world.advance(0.4)
    assert world.counts() == ('up', 1000, 0)
    world.advance(0.1)
    assert world.counts() == ('down', 1000, 1)


def test_an_outcome_holds_until_its_time():
    world = World()
    until_ns = BOOT_NS + 100 * SECOND_NS
    world.script.outcomes = {'up': Outcome(until_ns=until_ns)}
    world.add_exec_check(threshold=1)
    world.advance(1)
    world.script.outcomes = {'up': Outcome(error='late')}

    world.advance(98)
    assert world.counts() == ('up', 99, 0)
    world.advance(1)
    assert world.counts() == ('down', 99, 1)


def test_an_outcome_that_ends_between_two_ticks_holds_for_the_first():
    world = World()
    world.script.outcomes = {'up': Outcome(until_ns=BOOT_NS + 50 * SECOND_NS + 1)}
    world.add_exec_check(threshold=1)
    world.advance(1)
    world.script.outcomes = {'up': Outcome(error='late')}

    world.advance(49)
    assert world.counts() == ('up', 50, 0)
    world.advance(1)
    assert world.counts() == ('down', 50, 1)


def test_each_run_that_was_skipped_counts_for_the_number_of_the_call():
    world = World(Steady())
    world.add_exec_check()
    world.advance(100)

    world.daemon.workload_changed()
    world.advance(1)

    assert [call.number for call in world.script.calls] == [1, 101]


def test_looking_at_a_coasting_check_touches_nothing():
    world = World(Steady())
    world.add_exec_check(period='1h')
    world.advance(3600)
    saved = world.daemon.save()

    world.advance(1800)
    world.check()

    assert world.daemon.save() is saved


def test_the_runs_that_passed_are_saved():
    world = World(Steady())
    world.add_exec_check()
    world.advance(10)
    before = world.daemon.save()

    world.advance(10)
    after = world.daemon.save()

    assert before.checks.checks['up'].successes == 10
    assert after.checks.checks['up'].successes == 20


def test_a_command_with_effects_is_run_every_time():
    notice = RecordNotice('example.com/checked')
    world = World(Steady(behaviour=dataclasses.replace(OK, effects=(notice,))))
    world.add_exec_check()

    world.advance(5)

    assert world.counts() == ('up', 5, 0)
    assert len(world.script.calls) == 5


BEHAVIOURS = [
    OK,
    FAIL,
    Behaviour(exit_after_ns=300 * MILLISECOND_NS),
    Behaviour(exit_after_ns=700 * MILLISECOND_NS, exit_code=3, output=(Output(b'no'),)),
    Behaviour(),
]
STEPS = st.one_of(
    st.tuples(st.just('advance'), st.integers(0, 40).map(lambda n: n * 250)),
    st.tuples(st.just('advance'), st.integers(1, 60_000)),
    st.tuples(st.just('behave'), st.sampled_from(BEHAVIOURS)),
    st.tuples(st.just('touch'), st.none()),
    st.tuples(st.just('layer'), st.booleans()),
    st.tuples(st.just('act'), st.sampled_from(['start', 'stop'])),
    st.tuples(st.just('refresh'), st.none()),
    st.tuples(st.just('restore'), st.none()),
)


def play(script: Script, steps: list[tuple[str, Any]]) -> list[Any]:
    """What is to be seen after each step."""
    world = World(script)
    world.add_exec_check(timeout='900ms', threshold=3)
    seen: list[Any] = []
    for number, (step, argument) in enumerate(steps):
        if step == 'advance':
            world.clock.advance(argument * MILLISECOND_NS)
        elif step == 'behave':
            world.script.behaviour = argument
            world.daemon.workload_changed()
        elif step == 'touch':
            world.daemon.workload_changed()
        elif step == 'layer':
            changed = {'up': {'override': 'merge', 'level': f'{("alive", "ready")[number % 2]}'}}
            checks = changed if argument else {}
            world.add(f'layer-{number}', checks=checks)
        elif step == 'act':
            world.post('/v1/checks', {'action': argument, 'checks': ['up']})
        elif step == 'refresh':
            seen.append(world.post('/v1/checks/refresh', {'name': 'up'}).result)
        else:
            world = world.restored()
        seen.append(world.get('/v1/checks').result)
        seen.append(world.get('/v1/changes', select='all').result)
        seen.append([data.success_count for data in world.daemon.checks.all()])
        seen.append([data.failure_count for data in world.daemon.checks.all()])
    return seen


@settings(max_examples=40, deadline=None)
@given(st.lists(STEPS, max_size=12))
def test_coasting_shows_what_running_tick_by_tick_shows(steps: list[tuple[str, Any]]):
    assert play(Steady(), steps) == play(Script(), steps)


@pytest.mark.parametrize('after_ms', [20_000, 20_250, 20_500, 20_700, 21_000])
@pytest.mark.parametrize('behaviour', BEHAVIOURS)
def test_coasting_can_be_left_at_any_moment(behaviour: Behaviour, after_ms: int):
    steps: list[tuple[str, Any]] = [('behave', behaviour), ('advance', after_ms)]
    for other in BEHAVIOURS:
        changed = [*steps, ('behave', other), ('advance', 2_000)]

        assert play(Steady(), changed) == play(Script(), changed)


def test_what_a_coasting_failure_has_logged_outlives_a_restart():
    world = World(Steady(behaviour=FAIL))
    world.add_exec_check(threshold=1)
    world.advance(4)

    world.daemon.restart()

    assert world.log('2') == ['ERROR exit status 1'] * 3


def test_nothing_is_checked_once_the_daemon_has_ended():
    world = World(Steady(behaviour=FAIL))
    world.add_exec_check(threshold=1)
    world.advance(4)

    world.daemon.terminate()
    world.advance(100)
    saved = world.daemon.save()
    world.daemon.restart()

    assert saved.checks.checks['up'].failures == 4
    assert world.log('2') == ['ERROR exit status 1'] * 3


def test_a_coasting_change_that_is_aborted_shows_what_it_has_logged():
    world = World(Steady(behaviour=FAIL))
    world.add_exec_check(threshold=1)
    world.advance(4)

    shown = world.post('/v1/changes/2', {'action': 'abort'}).json

    assert len(shown['tasks'][0]['log']) == 3


def test_what_a_coasting_check_has_counted_isnt_counted_for_a_changed_one():
    world = World(Steady())
    world.add_exec_check()
    world.advance(4)

    slower = {'override': 'replace', 'period': '2s', 'exec': {'command': 'probe'}}
    layer = yaml.safe_dump({'checks': {'up': slower}})
    body = {'action': 'add', 'combine': True, 'format': 'yaml', 'label': 'check-up'}
    world.post('/v1/layers', {**body, 'layer': layer})

    data = world.daemon.checks.get('up')
    assert data is not None
    assert (data.successes, data.success_count) == (0, 0)
