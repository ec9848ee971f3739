"""What requests and other managers ask of the services."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_pebble.daemon.servrecord import Status
from scenario_pebble.daemon.workload import Behaviour, Found, Reaction

from .simulated import Pebble, exits, log_of, service, texts

ON_HUP = Behaviour(reactions={'SIGHUP': Reaction(b'reloaded\n')})


# -- signals


def test_a_signal_reaches_a_running_process():
    pebble = Pebble(service('web'), {'web': ON_HUP})
    pebble.do('start', 'web')

    answer = pebble.post('/v1/signals', signal='SIGHUP', services=['web'])

    assert answer.result is True
    assert (texts(pebble, 'web'), pebble.status('web')) == (['reloaded'], 'active')


def test_a_signal_without_handler_has_its_default_effect():
    pebble = Pebble(service('web', on_failure='ignore'))
    pebble.do('start', 'web')

    pebble.post('/v1/signals', signal='SIGWINCH', services=['web'])
    assert pebble.status('web') == 'active'

    pebble.post('/v1/signals', signal='SIGUSR1', services=['web'])
    assert pebble.rows[-1] == ('service', 'web', 'active → error (exit 138)')


def test_a_signal_during_the_start_can_fail_it():
    pebble = Pebble(service('web', on_failure='ignore'))
    change = pebble.begin('start', 'web')

    pebble.post('/v1/signals', signal='SIGKILL', services=['web'])

    assert log_of(pebble.change(change))[-1] == (
        'ERROR service start attempt: exited quickly with code 137, will ignore'
    )


def test_the_error_lists_who_didnt_get_the_signal_and_the_others_get_it():
    pebble = Pebble(service('web'), {'web': ON_HUP})
    pebble.do('start', 'web')

    status, message = pebble.error(
        'POST', '/v1/signals', {'signal': 'SIGHUP', 'services': ['db', 'web', 'x']}
    )

    assert (status, message) == (
        500,
        'cannot send signal to "db": service is not running; '
        'cannot send signal to "x": service is not running',
    )
    assert texts(pebble, 'web') == ['reloaded']


@pytest.mark.parametrize(
    ('body', 'expected'),
    [
        ({'signal': 'SIGHUP'}, (400, 'must specify one or more services')),
        (
            {'signal': 'HUP', 'services': ['web']},
            (500, 'cannot send signal to "web": invalid signal name "HUP"'),
        ),
        (
            {'signal': 1},
            (
                400,
                'cannot decode request body: json: cannot unmarshal number into Go struct field '
                'signalsPayload.signal of type string',
            ),
        ),
    ],
)
def test_wrong_signals_are_refused(body: dict[str, Any], expected: tuple[int, str]):
    pebble = Pebble(service('web'))
    pebble.do('start', 'web')

    assert pebble.error('POST', '/v1/signals', body) == expected


# -- facts


@pytest.mark.parametrize('status', ['active', 'backoff', 'error'])
def test_a_status_can_be_assumed(status: Status):
    pebble = Pebble(service('web'))

    pebble.daemon.services.assume('web', status)

    assert (pebble.status('web'), pebble.get('/v1/changes', select='all')) == (status, [])


def test_a_service_that_is_assumed_active_has_a_process():
    pebble = Pebble(service('web', on_failure='ignore'), {'web': exits(3, 1)})
    pebble.daemon.services.assume('web', 'active')

    pebble.advance(3)

    assert pebble.status('web') == 'error'


def test_a_service_that_is_assumed_inactive_has_never_been_started():
    pebble = Pebble(service('web'))

    pebble.daemon.services.assume('web', 'inactive')

    assert log_of(pebble.do('stop', 'web')) == ['INFO Service "web" has never been started.']


def test_a_service_that_is_assumed_active_can_be_stopped_even_if_it_couldnt_be_started():
    pebble = Pebble(service('web'))
    pebble.programs.found['web'] = Found.MISSING
    pebble.daemon.services.assume('web', 'active')

    change = pebble.do('stop', 'web')

    assert (change['status'], pebble.seconds) == ('Done', 0)


def test_assuming_a_status_ends_what_was_going_on():
    pebble = Pebble(service('web'))
    change = pebble.begin('start', 'web')

    pebble.daemon.services.assume('web', 'inactive')

    assert pebble.wait(change)['status'] == 'Done'
    assert (pebble.status('web'), pebble.seconds) == ('inactive', 0)


# -- forgetting


def test_services_that_are_inactive_for_long_are_forgotten_with_their_logs():
    pebble = Pebble(service('web'))
    pebble.do('start', 'web')
    pebble.do('stop', 'web')

    pebble.daemon.services.prune(pebble.clock.now_ns + 1, 100)

    assert pebble.daemon.services.all() == []
    assert 'current-since' not in pebble.get('/v1/services')[0]


def test_only_so_many_inactive_services_are_remembered_beside_those_that_run():
    names = ['a', 'b', 'c', 'd']
    services = ', '.join(f'{name}: {{override: replace, command: x}}' for name in names)
    pebble = Pebble(f'services: {{{services}}}')
    pebble.do('start', *names)
    for name in ('b', 'a', 'c'):
        pebble.do('stop', name)
        pebble.advance(1)

    pebble.daemon.services.prune(0, 2)

    assert [data.name for data in pebble.daemon.services.all()] == ['a', 'c', 'd']
