"""The life of a daemon: time, shutdown, restart."""

from __future__ import annotations

import pytest

from scenario_pebble.clock import Clock
from scenario_pebble.daemon.daemon import Daemon, DaemonGone
from scenario_pebble.daemon.message import Pending, Request
from scenario_pebble.daemon.plan import Layer
from scenario_pebble.daemon.workload import Behaviour, RecordNotice, WriteFile

from .simulated import BEGIN_NS, Pebble, exits, log_of, on_term, outcome, prints, service, texts

SECOND = 1_000_000_000
SLOW = Behaviour(reactions=on_term(after=2))


def layers_of(text: str) -> tuple[Layer, ...]:
    """Layers that the daemon starts with."""
    other = Daemon(Clock(0))
    other.plan.append(other.plan.parse('base', text))
    return other.plan.layers


def test_a_daemon_alone_needs_nothing_but_a_clock():
    daemon = Daemon(Clock(0))

    assert daemon.request(Request('GET', '/v1/services')).status == 200
    assert daemon.next_due_ns() is None


def test_only_a_daemon_has_parts_not_its_class():
    with pytest.raises(AttributeError, match=r"^type object 'Daemon' has no attribute 'plan'$"):
        _ = Daemon.plan


def test_a_daemon_starts_enabled_services_unless_it_holds():
    layers = layers_of(service('web', startup='enabled'))

    held, free = Pebble(layers=layers), Pebble(layers=layers, hold=False)

    assert (held.status('web'), free.status('web')) == ('inactive', 'active')
    change = free.wait('1')
    assert (change['kind'], change['summary']) == ('autostart', 'Autostart service "web"')


def test_arguments_of_the_daemon_replace_default_ones_of_services():
    layers = layers_of(service('web', command='"web --fixed [ --default x ]"'))
    pebble = Pebble(layers=layers, service_args=['web', '--given', 'y', ';'])

    pebble.do('start', 'web')

    assert pebble.programs.calls[0].command == ('web', '--fixed', '--given', 'y')


# -- shutting down


def test_terminating_an_idle_daemon_ends_it_at_once():
    pebble = Pebble(service('web'))

    pebble.daemon.terminate()

    assert pebble.daemon.exit_code == 0


def test_terminating_stops_the_services_first_while_requests_are_answered():
    pebble = Pebble(service('web'), {'web': SLOW})
    pebble.do('start', 'web')

    pebble.daemon.terminate()

    assert pebble.daemon.exit_code is None
    (change,) = pebble.get('/v1/changes')
    assert (change['kind'], change['summary'], outcome(change)) == (
        'stop',
        'Stop all running services',
        [('Stop service "web"', 'Doing')],
    )
    pebble.advance(2)
    assert pebble.daemon.exit_code == 0


def test_a_daemon_that_has_ended_answers_nobody():
    pebble = Pebble()
    pebble.daemon.terminate()

    with pytest.raises(DaemonGone, match=r'^daemon exited with code 0$'):
        pebble.get('/v1/services')
    assert pebble.daemon.next_due_ns() is None


def test_who_waits_while_the_daemon_ends_gets_no_answer():
    pebble = Pebble(service('web', on_failure='shutdown'), {'web': exits(1.5, 1)})
    pebble.do('start', 'web')

    with pytest.raises(DaemonGone, match=r'^daemon exited with code 10$'):
        pebble.get('/v1/notices', timeout='60s', keys='example.com/a')
    assert pebble.seconds == 1.5


def test_the_first_reason_decides_on_the_exit_code():
    programs = {'web': exits(1.5, 1), 'db': SLOW, 'late': exits(0.5)}
    pebble = Pebble(service('web', on_failure='shutdown'), programs)
    pebble.layer(service('db'), 'db')
    pebble.layer(service('late', on_success='shutdown'), 'late')
    pebble.do('start', 'web', 'db')
    pebble.advance(0.5)

    pebble.begin('start', 'late')
    pebble.advance(5)

    assert pebble.daemon.exit_code == 10


def test_a_service_that_fails_while_others_stop_still_counts():
    pebble = Pebble(service('web', on_failure='shutdown'), {'db': SLOW})
    pebble.layer(service('db'), 'db')
    pebble.do('start', 'db')
    pebble.daemon.terminate()

    pebble.programs.behaviours['web'] = exits(0.5, 1)
    pebble.begin('start', 'web')
    pebble.advance(5)

    assert pebble.daemon.exit_code == 10


def test_checks_end_with_the_daemon():
    pebble = Pebble('checks: {up: {override: replace, exec: {command: x}}}')

    pebble.daemon.terminate()

    assert [change.status for change in pebble.daemon.changes.all()] == ['Done']


# -- starting anew


def test_a_restart_keeps_changes_notices_and_ids_and_nothing_else():
    layers = layers_of(service('web', startup='enabled'))
    pebble = Pebble(service('db'), {'web': prints('hello\n')}, layers=layers)
    pebble.do('start', 'web', 'db')
    notice = {'action': 'add', 'type': 'custom', 'key': 'example.com/a'}
    pebble.post('/v1/notices', **notice)
    boot_id = pebble.daemon.boot_id
    pebble.daemon.terminate()

    pebble.daemon.restart()

    assert pebble.get('/v1/services') == [
        {'name': 'web', 'startup': 'enabled', 'current': 'inactive'}
    ]
    assert texts(pebble, 'web', 'db') == []
    assert [c['id'] for c in pebble.get('/v1/changes', select='all')] == ['1', '2']
    assert len(pebble.get('/v1/notices', types='custom')) == 1
    assert pebble.do('replan')['id'] == '3'
    assert pebble.daemon.boot_id != boot_id


def test_a_restart_where_nothing_persists_begins_from_scratch():
    pebble = Pebble(service('web'), environment={'PEBBLE_PERSIST': 'never'})
    pebble.do('replan')

    pebble.daemon.restart()

    assert pebble.get('/v1/changes', select='all') == []
    assert pebble.get('/v1/notices') == []
    assert pebble.do('replan')['id'] == '1'


def test_what_was_being_started_when_the_daemon_was_killed_is_not_retried():
    layers = layers_of(service('web'))
    pebble = Pebble(layers=layers)
    change = pebble.begin('start', 'web')
    pebble.advance(0.5)

    pebble.daemon.restart()

    assert log_of(pebble.wait(change)) == ['ERROR service already started, not retrying']
    assert pebble.status('web') == 'inactive'


def test_what_was_being_stopped_when_the_daemon_was_killed_has_never_been_started():
    pebble = Pebble(layers=layers_of(service('web')), programs={'web': SLOW})
    pebble.do('start', 'web')
    change = pebble.begin('stop', 'web')

    pebble.daemon.restart()

    assert log_of(pebble.wait(change)) == ['INFO Service "web" has never been started.']


def test_timers_of_the_former_life_do_nothing():
    pebble = Pebble(layers=layers_of(service('web')), programs={'web': exits(1.5, 1)})
    pebble.do('start', 'web')
    pebble.daemon.restart()

    pebble.advance(60)

    assert pebble.status('web') == 'inactive'
    assert len(pebble.programs.calls) == 1


def test_a_start_isnt_concluded_by_a_timer_of_the_former_life():
    pebble = Pebble(layers=layers_of(service('web')))
    pebble.begin('start', 'web')
    pebble.advance(0.5)
    pebble.daemon.restart()

    pebble.do('start', 'web')

    assert pebble.seconds == 1.5


def test_starts_are_counted_over_restarts():
    pebble = Pebble(layers=layers_of(service('web')))
    pebble.do('start', 'web')
    pebble.daemon.restart()

    pebble.do('start', 'web')

    assert [call.number for call in pebble.programs.calls] == [1, 2]


# -- what programs do


def test_programs_write_files_and_record_notices():
    effects = (
        WriteFile('/run/web.pid', b'7'),
        RecordNotice('example.com/up', {'port': '80'}, after_ns=2 * SECOND),
    )
    pebble = Pebble(service('web', user='www-data'), {'web': Behaviour(effects=effects)})
    pebble.do('start', 'web')

    assert pebble.daemon.files.tree['/run/web.pid'].data == b'7'
    assert pebble.daemon.files.tree['/run/web.pid'].user == 'www-data'
    (notice,) = pebble.get('/v1/notices', timeout='5s', types='custom', users='all')
    assert (notice['key'], notice['user-id'], notice['last-data'], pebble.seconds) == (
        'example.com/up',
        33,
        {'port': '80'},
        2,
    )


def test_a_program_records_notices_as_the_daemons_user_if_no_other_is_given():
    effects = (RecordNotice('example.com/up'),)
    pebble = Pebble(service('web'), {'web': Behaviour(effects=effects)}, user_id=1000)

    pebble.do('start', 'web')

    (notice,) = pebble.get('/v1/notices', types='custom', users='all')
    assert notice['user-id'] == 1000


def test_effects_of_a_process_that_has_ended_dont_happen():
    effects = (WriteFile('/late', b'', after_ns=2 * SECOND),)
    pebble = Pebble(service('web'), {'web': Behaviour(effects=effects)})
    pebble.do('start', 'web')
    pebble.do('stop', 'web')

    pebble.advance(5)

    assert '/late' not in pebble.daemon.files.tree


# -- saving


def test_a_daemon_that_nobody_touched_is_saved_as_it_was():
    pebble = Pebble(service('web'))
    pebble.do('start', 'web')
    saved = pebble.reload()

    for path in ('/v1/services', '/v1/changes', '/v1/notices', '/v1/logs', '/v1/checks'):
        pebble.send('GET', path)
    pebble.advance(3600)

    assert pebble.daemon.save() is saved


def test_time_moves_a_daemon_while_something_is_due():
    pebble = Pebble(service('web'))
    assert not pebble.daemon.moves

    pebble.begin('start', 'web')

    assert pebble.daemon.moves


def test_a_clients_patience_isnt_moved_by_what_others_wait_for():
    pebble = Pebble()
    pending = pebble.send('GET', '/v1/notices', timeout='2s')
    assert isinstance(pending, Pending)
    assert pending.deadline_ns == BEGIN_NS + 2 * SECOND

    assert pebble.get('/v1/notices', timeout='5s') == []

    assert pending.answer is None
