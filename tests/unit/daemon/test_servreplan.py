"""Which services are stopped and started by a request, and in which order."""

from __future__ import annotations

from scenario_pebble.daemon.workload import Behaviour

from .simulated import Pebble, exits, log_of, on_term, outcome, service

CHAIN = """
services:
  app: {override: replace, command: app, requires: [db], after: [db]}
  db: {override: replace, command: db}
  web: {override: replace, command: web, startup: enabled}
"""


def started_at(pebble: Pebble) -> list[tuple[str, float]]:
    begin = pebble.programs.calls[0].at_ns
    return [(call.name, (call.at_ns - begin) / 1e9) for call in pebble.programs.calls]


def test_what_is_required_starts_first_in_the_same_lane():
    pebble = Pebble(CHAIN)

    change = pebble.do('start', 'app')

    assert outcome(change) == [('Start service "db"', 'Done'), ('Start service "app"', 'Done')]
    assert started_at(pebble) == [('db', 0), ('app', 1)]


def test_unrelated_services_start_together():
    pebble = Pebble(CHAIN)

    pebble.do('start', 'web', 'db')

    assert started_at(pebble) == [('db', 0), ('web', 0)]


def test_the_summary_names_the_first_service_that_was_asked_for():
    pebble = Pebble(CHAIN)

    assert pebble.do('start', 'web')['summary'] == 'Start service "web"'
    assert pebble.do('start', 'web', 'db')['summary'] == 'Start service "web" and 1 more'
    assert pebble.do('stop', 'db')['summary'] == 'Stop service "db" and 1 more'


def test_a_failure_holds_the_rest_of_its_lane_and_no_other():
    pebble = Pebble(CHAIN, {'db': exits(0.5, 1)})

    change = pebble.do('start', 'app', 'web')

    assert outcome(change) == [
        ('Start service "db"', 'Error'),
        ('Start service "app"', 'Hold'),
        ('Start service "web"', 'Done'),
    ]
    assert (change['status'], pebble.seconds) == ('Error', 1)


def test_a_stop_stops_what_requires_it_too():
    pebble = Pebble(CHAIN)
    pebble.do('start', 'app')

    change = pebble.do('stop', 'db')

    assert sorted(outcome(change)) == [
        ('Stop service "app"', 'Done'),
        ('Stop service "db"', 'Done'),
    ]


def test_a_restart_stops_only_what_was_asked_for():
    pebble = Pebble(CHAIN, {'db': Behaviour(reactions=on_term(after=2))})
    pebble.do('start', 'app')

    change = pebble.do('restart', 'db')

    assert outcome(change) == [('Stop service "db"', 'Done'), ('Start service "db"', 'Done')]
    assert pebble.seconds == 5


def test_starts_of_a_restart_wait_for_all_its_stops():
    pebble = Pebble(CHAIN, {'db': Behaviour(reactions=on_term(after=2))})
    pebble.do('start', 'db', 'web')

    pebble.do('restart', 'db', 'web')

    assert started_at(pebble) == [('db', 0), ('web', 0), ('db', 3), ('web', 3)]


def test_a_replan_starts_what_is_enabled():
    pebble = Pebble(CHAIN)

    change = pebble.do('replan')

    assert (change['summary'], outcome(change)) == (
        'Replan service "web"',
        [('Start service "web"', 'Done')],
    )


def test_a_replan_without_services_is_done_at_once():
    pebble = Pebble(service('web'))

    change = pebble.do('replan')

    assert (change['summary'], change['status'], 'tasks' in change) == (
        'Replan - no services',
        'Done',
        False,
    )


def test_a_replan_restarts_what_has_changed():
    pebble = Pebble(CHAIN)
    pebble.do('replan')
    pebble.layer(service('web', command='web --new', startup='enabled'))

    change = pebble.do('replan')

    assert outcome(change) == [('Stop service "web"', 'Done'), ('Start service "web"', 'Done')]
    assert pebble.programs.calls[-1].command == ('web', '--new')


def test_a_replan_stops_services_as_the_new_plan_says():
    stubborn = Behaviour(reactions=on_term(code=None))
    pebble = Pebble(service('web'), {'web': stubborn})
    pebble.do('start', 'web')
    pebble.layer(service('web', kill_delay='300ms'))

    pebble.do('replan')

    assert started_at(pebble) == [('web', 0), ('web', 1.3)]


def test_a_replan_leaves_what_is_the_same_alone():
    pebble = Pebble(CHAIN)
    pebble.do('replan')
    pebble.layer(
        service('web', startup='enabled', kill_delay='5s').replace(', kill-delay: 5s', '')
    )

    change = pebble.do('replan')

    assert log_of(change) == ['INFO Service "web" already started.']


def test_a_replan_starts_a_stopped_service_that_has_changed():
    pebble = Pebble(service('web'))
    pebble.do('start', 'web')
    pebble.do('stop', 'web')
    pebble.layer(service('web', command='web --new'))

    change = pebble.do('replan')

    assert outcome(change) == [('Stop service "web"', 'Done'), ('Start service "web"', 'Done')]
    assert pebble.status('web') == 'active'


def test_a_replan_stops_dependents_and_doesnt_start_them_again():
    pebble = Pebble(CHAIN)
    pebble.do('start', 'app')
    pebble.layer(service('db', command='db --new'))

    pebble.do('replan')

    assert (pebble.status('db'), pebble.status('app')) == ('active', 'inactive')


def test_a_start_after_a_new_layer_leaves_nothing_to_replan():
    pebble = Pebble(service('web'))
    pebble.do('start', 'web')
    pebble.layer(service('web', command='web --new'))
    pebble.do('start', 'web')  # already started, but takes over the configuration

    change = pebble.do('replan')

    assert change['summary'] == 'Replan - no services'


def test_autostart_starts_the_enabled_services_and_what_they_require():
    pebble = Pebble(CHAIN.replace('command: app', 'command: app, startup: enabled'))

    change = pebble.do('autostart')

    assert change['summary'] == 'Autostart service "db" and 2 more'
    assert [name for name, _ in started_at(pebble)] == ['db', 'web', 'app']


def test_tasks_are_numbered_lane_by_lane():
    pebble = Pebble(CHAIN)

    change = pebble.do('start', 'web', 'app')

    assert [(task['id'], task['summary']) for task in change['tasks']] == [
        ('1', 'Start service "db"'),
        ('2', 'Start service "app"'),
        ('3', 'Start service "web"'),
    ]
