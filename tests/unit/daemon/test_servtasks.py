"""How start and stop tasks move a service."""

from __future__ import annotations

import pytest

from scenario_pebble.daemon.plan import Layer, Service
from scenario_pebble.daemon.users import DEBIAN
from scenario_pebble.daemon.workload import Behaviour, Found
from scenario_pebble.frozen import FrozenDict

from .simulated import Pebble, exits, log_of, on_term, outcome, prints, service


def test_a_start_is_done_when_the_process_has_survived_one_second():
    pebble = Pebble(service('web'))

    change = pebble.do('start', 'web')

    assert (change['status'], pebble.status('web'), pebble.seconds) == ('Done', 'active', 1)
    assert 'log' not in change['tasks'][0]


def test_a_service_is_active_while_its_start_is_still_undecided():
    pebble = Pebble(service('web'))

    change = pebble.begin('start', 'web')

    assert pebble.status('web') == 'active'
    assert pebble.change(change)['status'] == 'Doing'


def test_a_quick_exit_fails_the_start_with_the_output_so_far():
    pebble = Pebble(service('web'), {'web': exits(0.5, 3, output=prints('no port\n').output)})

    change = pebble.do('start', 'web')

    assert log_of(change) == [
        'INFO Most recent service output:\n    no port',
        'ERROR service start attempt: exited quickly with code 3, will restart',
    ]
    assert change['err'] == (
        'cannot perform the following tasks:\n'
        '- Start service "web" '
        '(service start attempt: exited quickly with code 3, will restart)'
    )
    assert (pebble.seconds, pebble.status('web')) == (0.5, 'backoff')


def test_a_quick_exit_without_output_shows_an_empty_excerpt():
    pebble = Pebble(service('web', on_failure='ignore'), {'web': exits(0, 1)})

    change = pebble.do('start', 'web')

    assert log_of(change)[0] == 'INFO Most recent service output:\n    '
    assert pebble.status('web') == 'error'


@pytest.mark.parametrize(
    ('found', 'command', 'error'),
    [
        (Found.MISSING, '/bin/web', 'fork/exec /bin/web: no such file or directory'),
        (Found.NOT_EXECUTABLE, '/bin/web', 'fork/exec /bin/web: permission denied'),
        (Found.MISSING, 'web', 'exec: "web": executable file not found in $PATH'),
        (Found.NOT_EXECUTABLE, 'web', 'exec: "web": executable file not found in $PATH'),
    ],
)
def test_a_command_that_cant_be_run_fails_the_start(found: Found, command: str, error: str):
    pebble = Pebble(service('web', command=command))
    pebble.programs.found[command] = found

    change = pebble.do('start', 'web')

    assert log_of(change) == [f'ERROR cannot start service: {error}']
    assert (pebble.status('web'), pebble.seconds) == ('inactive', 0)


def test_a_failed_start_attempt_sets_the_time_of_the_status():
    pebble = Pebble(service('web', command='/bin/web'))
    pebble.programs.found['/bin/web'] = Found.MISSING

    pebble.do('start', 'web')

    assert pebble.get('/v1/services')[0]['current-since'] == '2023-11-14T22:13:20Z'


def test_an_unknown_user_fails_the_start_without_a_prefix():
    pebble = Pebble(service('web', user='nobody-knows'), users=DEBIAN)

    assert log_of(pebble.do('start', 'web')) == ['ERROR user: unknown user nobody-knows']


def test_a_daemon_that_isnt_root_cant_start_a_service_as_somebody_else():
    layer = service('web', user='root', command='/bin/web')
    pebble = Pebble(layer, user_id=65534)

    change = pebble.do('start', 'web')

    assert log_of(change) == [
        'ERROR cannot start service: fork/exec /bin/web: operation not permitted'
    ]


def test_a_missing_working_directory_fails_the_start_in_a_complete_file_system():
    pebble = Pebble(service('web', working_dir='/nowhere'), complete=True)

    change = pebble.do('start', 'web')

    assert log_of(change) == [
        'ERROR cannot start service: fork/exec /usr/bin/web: no such file or directory'
    ]


def facts(command: str) -> list[Layer]:
    """A layer as a State describes it, which nobody validates."""
    return [
        Layer(
            label='facts',
            services=FrozenDict({'web': Service(name='web', is_fact=True, command=command)}),
        )
    ]


def test_a_service_whose_command_is_unspecified_runs():
    pebble = Pebble(layers=facts(''))

    assert (pebble.do('start', 'web')['status'], pebble.status('web')) == ('Done', 'active')


def test_a_command_that_cant_be_parsed_fails_the_start():
    pebble = Pebble(layers=facts('web "'))

    assert log_of(pebble.do('start', 'web')) == [
        'ERROR cannot parse service "web" command: EOF found when expecting closing quote'
    ]


def test_starting_what_runs_is_done_at_once():
    pebble = Pebble(service('web'))
    pebble.do('start', 'web')

    change = pebble.do('start', 'web')

    assert (change['status'], log_of(change)) == (
        'Done',
        ['INFO Service "web" already started.'],
    )
    assert pebble.seconds == 1


def test_starting_what_is_being_started_doesnt_wait_for_it():
    pebble = Pebble(service('web'))
    first = pebble.begin('start', 'web')
    pebble.advance(0.25)

    second = pebble.do('start', 'web')

    assert log_of(second) == ['INFO Service "web" already started.']
    assert (pebble.seconds, pebble.change(first)['status']) == (0.25, 'Doing')


def test_starting_what_is_being_stopped_fails():
    pebble = Pebble(service('web'), {'web': Behaviour(reactions=on_term(after=3))})
    pebble.do('start', 'web')
    pebble.begin('stop', 'web')

    change = pebble.do('start', 'web')

    assert log_of(change) == ['ERROR cannot start service while terminating']


def test_starting_in_backoff_starts_at_once():
    pebble = Pebble(service('web', backoff_delay='9s'), {'web': [exits(0, 1), Behaviour()]})
    pebble.do('start', 'web')

    change = pebble.do('start', 'web')

    assert (change['status'], pebble.status('web'), pebble.seconds) == ('Done', 'active', 1)


def test_the_okay_timer_of_a_failed_start_concludes_the_next_one():
    programs = {'web': [exits(0.4, 1), Behaviour()]}
    pebble = Pebble(service('web', on_failure='ignore'), programs)
    pebble.do('start', 'web')

    change = pebble.do('start', 'web')

    assert (change['status'], pebble.seconds) == ('Done', 1)


def test_aborting_a_start_kills_the_process():
    pebble = Pebble(service('web'), {'web': Behaviour(reactions=on_term(code=None))})
    change = pebble.begin('start', 'web')
    pebble.advance(0.5)

    answer = pebble.abort(change)

    assert (answer['status'], outcome(answer)) == ('Abort', [('Start service "web"', 'Abort')])
    ended = pebble.change(change)
    assert ended['status'] == 'Error'
    assert log_of(ended) == ['ERROR start aborted, sent SIGKILL to process']
    assert pebble.status('web') == 'inactive'


def test_a_stop_waits_until_the_process_has_ended():
    pebble = Pebble(service('web'), {'web': Behaviour(reactions=on_term(after=2, stdout='bye\n'))})
    pebble.do('start', 'web')

    change = pebble.begin('stop', 'web')

    assert pebble.status('web') == 'inactive'
    assert pebble.change(change)['status'] == 'Doing'
    assert (pebble.wait(change)['status'], pebble.seconds) == ('Done', 3)


def test_a_process_without_handler_ends_by_sigterm():
    pebble = Pebble(service('web'))
    pebble.do('start', 'web')

    pebble.do('stop', 'web')

    assert pebble.seconds == 1
    assert pebble.rows[-1] == ('service', 'web', 'inactive (exit 143)')


@pytest.mark.parametrize(('fields', 'delay'), [({}, 5), ({'kill_delay': '300ms'}, 0.3)])
def test_a_process_that_ignores_sigterm_is_killed_after_the_kill_delay(
    fields: dict[str, str], delay: float
):
    pebble = Pebble(service('web', **fields), {'web': Behaviour(reactions=on_term(code=None))})
    pebble.do('start', 'web')

    change = pebble.do('stop', 'web')

    assert (change['status'], pebble.seconds) == ('Done', 1 + delay)
    assert pebble.rows[-1] == ('service', 'web', 'inactive (exit 137)')


def test_the_kill_timer_of_an_earlier_stop_ends_a_later_one():
    programs = {'web': [Behaviour(), Behaviour(reactions=on_term(code=None))]}
    pebble = Pebble(service('web', kill_delay='2s'), programs)
    pebble.do('start', 'web')
    pebble.do('stop', 'web')
    pebble.do('start', 'web')

    pebble.do('stop', 'web')

    assert pebble.seconds == 3  # 2 s after the first stop, 1 s after the second


def test_stopping_what_never_started_says_so():
    pebble = Pebble(service('web'))

    change = pebble.do('stop', 'web')

    assert (change['status'], log_of(change)) == (
        'Done',
        ['INFO Service "web" has never been started.'],
    )


def test_stopping_what_is_stopped_says_so():
    pebble = Pebble(service('web'))
    pebble.do('start', 'web')
    pebble.do('stop', 'web')

    assert log_of(pebble.do('stop', 'web')) == ['INFO Service "web" already stopped.']


def test_stopping_what_is_being_stopped_doesnt_wait():
    pebble = Pebble(service('web'), {'web': Behaviour(reactions=on_term(after=2))})
    pebble.do('start', 'web')
    pebble.begin('stop', 'web')

    change = pebble.do('stop', 'web')

    assert log_of(change) == ['INFO Service "web" already stopping.']
    assert pebble.seconds == 1


def test_stopping_what_has_exited_makes_it_inactive():
    pebble = Pebble(service('web', on_failure='ignore'), {'web': exits(2, 1)})
    pebble.do('start', 'web')
    pebble.advance(1)
    assert pebble.status('web') == 'error'

    change = pebble.do('stop', 'web')

    assert log_of(change) == ['INFO Service "web" had already exited.']
    assert pebble.status('web') == 'inactive'


def test_stopping_in_backoff_prevents_the_restart():
    pebble = Pebble(service('web'), {'web': exits(1.5, 1)})
    pebble.do('start', 'web')
    pebble.advance(0.5)
    assert pebble.status('web') == 'backoff'

    pebble.do('stop', 'web')
    pebble.advance(60)

    assert (pebble.status('web'), len(pebble.programs.calls)) == ('inactive', 1)


def test_stopping_during_the_start_fails_the_start():
    pebble = Pebble(service('web'), {'web': prints('hello\n', reactions=on_term(after=0.2))})
    start = pebble.begin('start', 'web')
    pebble.advance(0.5)

    stop = pebble.do('stop', 'web')

    assert stop['status'] == 'Done'
    assert log_of(pebble.change(start)) == [
        'INFO Most recent service output:\n    hello',
        'ERROR service start attempt: stopped before the 1s okay delay',
    ]
    assert pebble.seconds == 0.7


def test_aborting_a_stop_changes_nothing_about_it():
    pebble = Pebble(service('web'), {'web': Behaviour(reactions=on_term(after=2))})
    pebble.do('start', 'web')
    change = pebble.begin('stop', 'web')

    pebble.abort(change)

    assert pebble.change(change)['status'] == 'Abort'
    assert (pebble.wait(change)['status'], pebble.seconds) == ('Done', 3)


def test_a_start_takes_over_the_plan():
    pebble = Pebble(service('web', command='web --old'))
    pebble.do('start', 'web')
    pebble.do('stop', 'web')
    pebble.layer(service('web', command='web --new'))

    pebble.do('start', 'web')

    assert [call.command for call in pebble.programs.calls] == [
        ('web', '--old'),
        ('web', '--new'),
    ]


def test_the_workload_sees_command_environment_user_and_directory():
    plan = (
        'services: {web: {override: replace, command: "web -p [ 80 ]", user: daemon, '
        'working-dir: /tmp, environment: {PORT: "80", HOME: /srv}}}'
    )
    pebble = Pebble(plan, environment={'PATH': '/bin', 'HOME': '/root', 'USER': 'root'})

    pebble.do('start', 'web')

    call = pebble.programs.calls[0]
    assert (call.kind, call.name, call.command) == ('service', 'web', ('web', '-p', '80'))
    assert call.environment == {'PATH': '/bin', 'HOME': '/srv', 'USER': 'daemon', 'PORT': '80'}
    assert (call.user_id, call.user, call.group_id, call.working_dir) == (1, 'daemon', 1, '/tmp')
    assert (call.number, call.at_ns) == (1, 1_700_000_000_000_000_000)
