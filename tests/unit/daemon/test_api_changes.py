"""How changes are shown, awaited and aborted."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_pebble.daemon.message import Pending, Response
from scenario_pebble.daemon.workload import Behaviour

from .simulated import Pebble, on_term, service

CHAIN = """
services:
  app: {override: replace, command: app, requires: [db]}
  db: {override: replace, command: db}
"""


def ids(pebble: Pebble, **query: str) -> list[str]:
    return [change['id'] for change in pebble.get('/v1/changes', **query)]


def test_a_change_in_progress_is_shown_with_its_tasks():
    pebble = Pebble(CHAIN)
    change = pebble.begin('start', 'app')

    assert pebble.change(change) == {
        'id': '1',
        'kind': 'start',
        'summary': 'Start service "app" and 1 more',
        'status': 'Doing',
        'ready': False,
        'spawn-time': '2023-11-14T22:13:20Z',
        'tasks': [
            {
                'id': '1',
                'kind': 'start',
                'summary': 'Start service "app"',
                'status': 'Doing',
                'progress': {'label': '', 'done': 1, 'total': 1},
                'spawn-time': '2023-11-14T22:13:20Z',
            },
            {
                'id': '2',
                'kind': 'start',
                'summary': 'Start service "db"',
                'status': 'Do',
                'progress': {'label': '', 'done': 0, 'total': 1},
                'spawn-time': '2023-11-14T22:13:20Z',
            },
        ],
    }


def test_a_finished_change_is_shown_with_times():
    pebble = Pebble(service('web'))

    change = pebble.do('start', 'web')

    assert change['ready'] is True
    assert change['ready-time'] == change['tasks'][0]['ready-time'] == '2023-11-14T22:13:21Z'


def test_the_list_shows_what_is_in_progress_unless_told_otherwise():
    pebble = Pebble(CHAIN)
    pebble.do('start', 'db')
    pebble.begin('stop', 'db')
    pebble.begin('start', 'app')

    assert ids(pebble) == ['3']
    assert ids(pebble, select='in-progress') == ['3']
    assert ids(pebble, select='ready') == ['1', '2']
    assert ids(pebble, select='all') == ['1', '2', '3']


def test_the_list_can_be_of_a_service_that_was_named_in_the_request():
    pebble = Pebble(CHAIN)
    pebble.do('start', 'app')
    pebble.do('stop', 'db')

    found = {name: ids(pebble, select='all', **{'for': name}) for name in ('app', 'db', 'nope')}

    assert found == {'app': ['1'], 'db': ['2'], 'nope': []}


def test_a_wrong_selection_is_refused():
    assert Pebble().error('GET', '/v1/changes', select='some') == (
        400,
        'select should be one of: all,in-progress,ready',
    )


@pytest.mark.parametrize(
    ('method', 'path'),
    [
        ('GET', '/v1/changes/7'),
        ('GET', '/v1/changes/7/wait'),
        ('POST', '/v1/changes/7'),
    ],
)
def test_an_unknown_change_is_not_found(method: str, path: str):
    assert Pebble().error(method, path) == (404, 'cannot find change with id "7"')


# -- waiting


def test_waiting_moves_the_clock_up_to_the_end():
    pebble = Pebble(service('web'))

    pebble.wait(pebble.begin('start', 'web'))

    assert pebble.seconds == 1


def test_waiting_in_vain_takes_the_timeout():
    pebble = Pebble(service('web'), {'web': Behaviour(reactions=on_term(after=100))})
    pebble.layer(service('web', kill_delay='1h'))
    pebble.do('start', 'web')
    change = pebble.begin('stop', 'web')

    assert pebble.error('GET', f'/v1/changes/{change}/wait', timeout='1m30s') == (
        504,
        'timed out waiting for change after 1m30s',
    )
    assert pebble.seconds == 91


def test_a_client_that_waits_for_ever_hangs_up_after_an_hour():
    pebble = Pebble(
        service('web', kill_delay='2h'), {'web': Behaviour(reactions=on_term(code=None))}
    )
    pebble.do('start', 'web')
    change = pebble.begin('stop', 'web')

    assert pebble.error('GET', f'/v1/changes/{change}/wait') == (500, 'request cancelled')
    assert pebble.seconds == 3601


@pytest.mark.parametrize('timeout', ['5', 'soon'])
def test_a_wrong_timeout_is_refused(timeout: str):
    pebble = Pebble(service('web'))
    change = pebble.begin('start', 'web')

    status, message = pebble.error('GET', f'/v1/changes/{change}/wait', timeout=timeout)

    assert (status, message.partition('time: ')[0]) == (400, 'invalid timeout: ')


def test_an_answer_is_that_of_the_moment_when_it_became_known():
    pebble = Pebble(service('web', on_failure='ignore'))
    pending = pebble.send('GET', f'/v1/changes/{pebble.begin("start", "web")}/wait')
    assert isinstance(pending, Pending)

    pebble.advance(5)

    assert isinstance(pending.answer, Response)
    assert pending.answer.json['ready-time'] == '2023-11-14T22:13:21Z'


def test_an_answer_that_is_known_at_once_is_given_at_once():
    pebble = Pebble()

    answer = pebble.send('GET', f'/v1/changes/{pebble.begin("replan")}/wait', timeout='5s')

    assert isinstance(answer, Response)


# -- aborting


@pytest.mark.parametrize(
    ('body', 'error'),
    [
        ({'action': 'retry'}, 'invalid action "retry"'),
        ({}, 'invalid action ""'),
        ({'action': 'abort'}, 'cannot abort change 1 with nothing pending'),
        (
            b'x',
            "cannot decode data from request body: invalid character 'x' "
            'looking for beginning of value',
        ),
    ],
)
def test_what_cant_be_aborted_is_refused(body: Any, error: str):
    pebble = Pebble()
    pebble.do('replan')

    assert pebble.error('POST', '/v1/changes/1', body) == (400, error)


def test_an_abort_holds_the_tasks_that_have_not_begun():
    pebble = Pebble(CHAIN)
    change = pebble.begin('start', 'app')

    answer = pebble.abort(change)

    assert [task['status'] for task in answer['tasks']] == ['Abort', 'Hold']
    assert [task['status'] for task in pebble.change(change)['tasks']] == ['Error', 'Hold']
