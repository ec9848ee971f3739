"""Checks run, go down, come up, start and stop as in Pebble."""

from __future__ import annotations

import pytest

from scenario_pebble.clock import MILLISECOND_NS, SECOND_NS
from scenario_pebble.daemon import planfacts
from scenario_pebble.daemon.workload import Behaviour, Outcome
from tests.unit.daemon.checkworld import FAIL, OK, Script, World

SLOW = Behaviour(exit_after_ns=700 * MILLISECOND_NS)


def test_the_first_run_is_one_period_after_the_start():
    world = World()
    world.add_exec_check()

    world.advance(0.9)
    assert world.counts() == ('up', 0, 0)
    world.advance(0.1)
    assert world.counts() == ('up', 1, 0)
    world.advance(3)
    assert world.counts() == ('up', 4, 0)


@pytest.mark.parametrize('period', ['-1s', '1ns'])
def test_a_period_that_is_no_time_takes_a_millisecond(period: str):
    world = World()
    world.add_exec_check(period=period, timeout='1s')

    world.advance(0.01)

    assert len(world.script.calls) == 10


def test_a_negative_timeout_has_passed_at_once():
    world = World()
    world.add_exec_check(timeout='-1s')

    world.advance(1)

    assert world.counts() == ('up', 0, 1)
    assert world.log('1') == ['ERROR check timed out after -1s']


def test_failures_below_the_threshold_leave_it_up_and_are_logged():
    world = World(Script(runs={1: FAIL, 2: OK}))
    world.add_exec_check()

    world.advance(1)
    assert world.counts() == ('up', 0, 1)
    assert world.log('1') == ['ERROR exit status 1']
    world.advance(1)
    assert world.counts() == ('up', 1, 0)
    assert world.log('1') == ['ERROR exit status 1', 'INFO succeeded after 1 failure']


def test_at_the_threshold_it_goes_down_and_a_recovery_begins():
    world = World(Script(behaviour=FAIL, runs={1: OK}))
    world.add_exec_check()

    world.advance(3)

    assert world.check() == {
        'name': 'up',
        'startup': 'enabled',
        'status': 'down',
        'successes': 1,
        'failures': 2,
        'threshold': 2,
        'change-id': '2',
        'prev-change-id': '1',
    }
    failed, recovering = world.change('1'), world.change('2')
    assert (failed['kind'], failed['status']) == ('perform-check', 'Error')
    assert failed['err'] == (
        'cannot perform the following tasks:\n'
        '- Perform exec check "up" (exit status 1)\n'
        '- Perform exec check "up" (exit status 1)'
    )
    assert (recovering['summary'], recovering['status']) == ('Recover exec check "up"', 'Doing')


def test_the_first_success_brings_it_up_again():
    world = World(Script(behaviour=OK, runs={1: FAIL, 2: FAIL, 3: FAIL}))
    world.add_exec_check()

    world.advance(3)
    assert world.counts() == ('down', 0, 3)
    world.advance(1)
    assert world.counts() == ('up', 1, 0)
    assert world.check()['change-id'] == '3'
    assert world.check()['prev-change-id'] == '2'
    assert world.change('2')['status'] == 'Done'
    world.advance(1)
    assert world.counts() == ('up', 2, 0)


def test_a_slow_run_delays_the_next_one_at_most():
    world = World(Script(behaviour=SLOW))
    world.add_exec_check(timeout='900ms')

    world.advance(1.6)
    assert world.counts() == ('up', 0, 0)
    world.advance(0.2)
    assert world.counts() == ('up', 1, 0)
    world.advance(3)
    assert [call.at_ns - world.script.calls[0].at_ns for call in world.script.calls] == [
        n * SECOND_NS for n in range(4)
    ]


def test_a_run_that_takes_the_whole_period_is_followed_by_the_next():
    world = World(Script(behaviour=Behaviour()))
    world.add_exec_check(timeout='5s', threshold=9)

    world.advance(4)

    assert world.counts() == ('up', 0, 3)
    assert world.log('1') == ['ERROR check timed out after 1s'] * 3


def test_a_layer_that_leaves_a_check_alone_does_not_restart_it():
    world = World()
    world.add_exec_check()
    world.advance(2)

    world.add('other', services={'a': {'command': 'c'}})
    world.add('same', checks={'up': {'override': 'merge', 'period': '1000ms'}})

    assert world.counts() == ('up', 2, 0)
    assert world.check()['change-id'] == '1'


def test_a_changed_check_is_started_afresh():
    world = World(Script(behaviour=FAIL))
    world.add_exec_check()
    world.advance(2)

    world.add('two', checks={'up': {'override': 'merge', 'period': '2s'}})

    assert world.counts() == ('up', 0, 0)
    assert world.check()['change-id'] == '3'
    assert 'prev-change-id' not in world.check()
    assert world.change('2')['status'] == 'Done'
    world.advance(2)
    assert world.counts() == ('up', 0, 1)


def test_a_running_check_that_a_layer_disables_goes_on_as_it_was():
    world = World()
    world.add_exec_check()

    world.add('two', checks={'up': {'override': 'merge', 'startup': 'disabled', 'period': '9s'}})
    world.advance(1)

    assert world.counts() == ('up', 1, 0)
    assert world.check()['startup'] == 'enabled'


def test_a_new_disabled_check_is_inactive():
    world = World()
    world.add_exec_check(startup='disabled', level='ready')

    world.advance(5)

    assert world.check() == {
        'name': 'up',
        'level': 'ready',
        'startup': 'disabled',
        'status': 'inactive',
        'successes': 0,
        'threshold': 2,
    }


def test_stopping_keeps_the_counters_and_starting_begins_afresh():
    world = World(Script(behaviour=FAIL, runs={1: OK}))
    world.add_exec_check()
    world.advance(3)

    assert world.post('/v1/checks', {'action': 'stop', 'checks': ['up']}).result == {
        'changed': ['up']
    }
    assert world.counts() == ('inactive', 1, 2)
    assert 'change-id' not in world.check()
    assert world.check()['prev-change-id'] == '1'
    assert world.change('2')['status'] == 'Done'
    world.advance(5)
    assert world.counts() == ('inactive', 1, 2)

    world.post('/v1/checks', {'action': 'start', 'checks': ['up']})
    assert world.counts() == ('up', 0, 0)


def test_starting_and_stopping_name_what_really_changed():
    world = World()
    world.add_exec_check('b')
    world.add_exec_check('a', startup='disabled')

    assert world.post('/v1/checks', {'action': 'start', 'checks': ['b', 'a']}).result == {
        'changed': ['a']
    }
    assert world.post('/v1/checks', {'action': 'stop', 'checks': ['b', 'a']}).result == {
        'changed': ['a', 'b']
    }


def test_a_layer_starts_a_stopped_check_again():
    world = World()
    world.add_exec_check()
    world.post('/v1/checks', {'action': 'stop', 'checks': ['up']})

    world.add('other', services={'a': {'command': 'c'}})

    assert world.counts() == ('up', 0, 0)


def test_a_replan_starts_inactive_checks_unless_they_are_disabled():
    world = World()
    world.add_exec_check('on')
    world.add_exec_check('off', startup='disabled')
    world.post('/v1/checks', {'action': 'stop', 'checks': ['on']})

    world.post('/v1/services', {'action': 'replan'})

    assert world.check('on')['status'] == 'up'
    assert world.check('off')['status'] == 'inactive'


def test_aborting_a_checks_change_leaves_what_is_shown():
    world = World(Script(behaviour=FAIL))
    world.add_exec_check()
    world.advance(2)

    world.post('/v1/changes/2', {'action': 'abort'})
    world.advance(5)

    assert world.counts() == ('down', 0, 2)
    assert world.check()['change-id'] == '2'
    assert world.change('2')['status'] == 'Done'


def test_a_check_that_goes_down_acts_on_services_once():
    world = World(Script(behaviour=FAIL))
    world.add('one', services={'srv': {'command': 'c', 'on-check-failure': {'up': 'restart'}}})
    world.post('/v1/services', {'action': 'start', 'services': ['srv']})
    world.advance(1)
    world.add_exec_check(threshold=1)

    world.advance(5)

    restarts = [text for kind, _, text in world.rows if kind == 'service' and 'backoff (' in text]
    assert len(restarts) == 1


def test_the_service_context_is_merged_in():
    world = World()
    world.add(
        'one',
        services={
            'srv': {
                'command': 'c',
                'environment': {'A': 'srv', 'B': 'srv'},
                'user': 'app',
                'working-dir': '/srv',
            }
        },
    )
    command = {'command': 'probe x', 'service-context': 'srv', 'environment': {'B': 'own'}}
    world.add_exec_check(exec=command)

    world.advance(1)

    (call,) = world.script.calls
    assert call.command == ('probe', 'x')
    assert (call.environment['A'], call.environment['B']) == ('srv', 'own')
    assert (call.user, call.working_dir, call.name, call.number) == ('app', '/srv', 'up', 1)


def test_starting_a_check_by_hand_forgets_its_service_context():
    world = World()
    world.add('one', services={'srv': {'command': 'c', 'environment': {'A': 'srv'}}})
    command = {'command': 'probe', 'service-context': 'srv'}
    world.add_exec_check(exec=command, startup='disabled')

    world.post('/v1/checks', {'action': 'start', 'checks': ['up']})
    world.advance(1)
    world.add('two', services={'other': {'command': 'c'}})
    world.advance(1)

    assert ['A' in call.environment for call in world.script.calls] == [False, True]


@pytest.mark.parametrize(
    ('body', 'message'),
    [
        ({'action': 'start', 'checks': ['z', 'up', 'y']}, 'cannot start checks: cannot find '
         'checks in plan: y, z'),
        ({'action': 'stop'}, 'must specify checks for stop action'),
        ({'action': 'explode', 'checks': ['up']}, 'invalid action "explode"'),
    ],
)  # fmt: skip
def test_wrong_requests_are_refused(body: dict[str, object], message: str):
    world = World()
    world.add_exec_check()

    answer = world.post('/v1/checks', body)

    assert (answer.status, answer.result) == (400, {'message': message})


def test_a_restarted_daemon_ends_old_changes_and_begins_afresh():
    world = World(layers=[planfacts.facts_from_dict('base', {'checks': {'up': {}}})])
    world.advance(25)
    assert world.counts() == ('up', 2, 0)

    world.daemon.restart()

    assert world.counts() == ('up', 0, 0)
    assert world.check()['change-id'] == '2'
    assert world.change('1')['ready']


def test_a_restored_daemon_goes_on_in_the_midst_of_a_run():
    world = World(Script(behaviour=SLOW))
    world.add_exec_check(timeout='900ms')
    world.advance(1.5)

    world = world.restored()
    world.advance(0.3)

    assert world.counts() == ('up', 1, 0)
    world.advance(1)
    assert world.counts() == ('up', 2, 0)


@pytest.mark.parametrize('status', ['up', 'down', 'inactive'])
@pytest.mark.parametrize('name', ['up', 'unheard-of'])
def test_a_state_can_say_how_a_check_is(status: str, name: str):
    world = World(Script(outcomes={name: Outcome(error='x')}))
    world.add_exec_check(threshold=3)
    world.advance(1)

    world.daemon.checks.assume(
        name,
        status=status,  # pyright: ignore[reportArgumentType]
        successes=5,
        failures=2,
    )

    assert world.counts(name) == (status, 5, 2)
    world.advance(10)
    shown = {'up': ('down', 5, 12), 'down': ('down', 5, 13), 'inactive': ('inactive', 5, 2)}
    if name == 'up':
        assert world.counts(name) == shown[status]


def test_a_check_of_which_only_a_state_speaks_survives_new_layers():
    world = World()
    world.daemon.checks.assume('ghost', status='down', failures=3)

    world.add('one', services={'a': {'command': 'c'}})
    assert world.counts('ghost') == ('down', 0, 3)
    world.advance(10)

    assert world.counts('ghost') == ('up', 1, 0)


def test_the_log_tells_of_failures_and_of_going_down_and_up():
    world = World(Script(runs={2: FAIL, 4: FAIL, 5: FAIL, 6: FAIL}))
    world.add_exec_check()

    world.advance(7)

    assert world.rows == [
        ('check', 'up', 'failure 1/2: exit status 1'),
        ('check', 'up', 'succeeded after 1 failure'),
        ('check', 'up', 'failure 1/2: exit status 1'),
        ('check', 'up', 'failure 2/2 → down: exit status 1'),
        ('check', 'up', 'up'),
    ]
