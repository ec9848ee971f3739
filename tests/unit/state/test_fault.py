from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from ops import pebble

from scenario_pebble.daemon.api import ROUTES
from scenario_pebble.daemon.message import STATUS_TEXT
from scenario_pebble.errors import StateValidationError
from scenario_pebble.state.container import Container
from scenario_pebble.state.diff import diff
from scenario_pebble.state.fault import CLIENT_TIMEOUT, REQUESTS, STATUSES, Fault
from scenario_pebble.state.state import State


@pytest.mark.parametrize(
    ('pattern', 'request_', 'matches'),
    [
        ('', 'GET /v1/plan', True),
        ('GET', 'GET /v1/plan', True),
        ('GET', 'POST /v1/layers', False),
        ('POST /v1/services', 'POST /v1/services', True),
        ('GET /v1/changes', 'GET /v1/changes/12/wait', True),
        ('GET /v1/changes/', 'GET /v1/changes/12/wait', True),
        ('GET /v1/changes/*/wait', 'GET /v1/changes/12/wait', True),
        ('GET /v1/changes/*/wait', 'GET /v1/changes/12', False),
        ('GET /v1/changes/1', 'GET /v1/changes/12/wait', False),
        ('GET /v1/changes/12/wait', 'GET /v1/changes/12/wait', True),
        ('* /v1/files', 'POST /v1/files', True),
    ],
)
def test_a_fault_matches_the_beginning_of_a_request(pattern: str, request_: str, matches: bool):
    assert Fault(pattern).matches(request_) is matches


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (
            {'request': 'POST /v1/service'},
            "cannot have Fault(request='POST /v1/service'): "
            "Pebble has no request 'POST /v1/service'\n"
            "  hint: did you mean 'POST /v1/services'?",
        ),
        (
            {'request': 'replan'},
            "cannot have Fault(request='replan'): Pebble has no request 'replan'\n"
            "  hint: for example 'POST /v1/services', as the timeline has it",
        ),
        (
            {'request': None},
            'cannot use None for Fault.request: its type is NoneType, not str\n'
            "  hint: Fault(request='…')",
        ),
        (
            {'request': '', 'kind': 'time-out'},
            "cannot use 'time-out' for Fault.kind: it is not "
            "'connection-refused' or 'socket-gone' or 'connection-lost' or 'timeout' or "
            "'api-error' or 'change-error' or 'slow'\n"
            "  hint: did you mean 'timeout'?",
        ),
        (
            {'request': '', 'kind': 7},
            'cannot use 7 for Fault.kind: its type is int, not '
            "'connection-refused' or 'socket-gone' or 'connection-lost' or 'timeout' or "
            "'api-error' or 'change-error' or 'slow'\n"
            "  hint: Fault(kind='connection-refused')",
        ),
        (
            {'request': '', 'number': 0},
            "cannot have Fault(request='', number=0): number is 0\n"
            '  hint: 1 is the first such request, None means every one',
        ),
        (
            {'request': '', 'number': True},
            'cannot use True for Fault.number: its type is bool, not int or None\n'
            '  hint: Fault(number=1)',
        ),
        (
            {'request': 'POST', 'after': True},
            "cannot have Fault(request='POST', after=True): "
            'what is never received takes no effect\n'
            "  hint: did you mean Fault('POST', 'connection-lost', after=True)?",
        ),
        (
            {'request': 'GET /v1/plan', 'kind': 'change-error'},
            "cannot have Fault(request='GET /v1/plan', kind='change-error'): "
            'this request begins no change\n'
            '  hint: POST /v1/services and POST /v1/exec do',
        ),
        (
            {'request': '', 'message': 'no'},
            "cannot have Fault(request='', message='no'): message says nothing here\n"
            '  hint: message is for api-error and change-error',
        ),
        (
            {'request': '', 'kind': 'timeout', 'seconds': 2},
            "cannot have Fault(request='', kind='timeout', seconds=2): seconds says nothing here\n"
            '  hint: seconds is for slow',
        ),
        (
            {'request': '', 'kind': 'api-error', 'status': 200},
            "cannot have Fault(request='', kind='api-error', status=200): "
            'Pebble never answers 200\n'
            '  hint: one of 400, 401, 403, 404, 405, 500, 502, 504',
        ),
        (
            {'request': '', 'kind': 'api-error', 'message': None},
            'cannot use None for Fault.message: its type is NoneType, not str\n'
            "  hint: Fault(message='…')",
        ),
        (
            {'request': '', 'kind': 'slow', 'seconds': 5},
            "cannot have Fault(request='', kind='slow', seconds=5): seconds is 5\n"
            "  hint: after 5 seconds ops gives up: that is a 'timeout'",
        ),
    ],
)
def test_a_fault_that_cannot_happen_is_refused(arguments: dict[str, Any], message: str):
    with pytest.raises(StateValidationError, match=f'^{re.escape(message)}$'):
        Fault(**arguments)


def test_what_is_no_fault_is_refused():
    given: Any = ['POST /v1/services']
    message = (
        "cannot use 'POST /v1/services' in Container.faults: its type is str, not Fault\n"
        '  hint: Container(faults=[Fault(…)])'
    )

    with pytest.raises(StateValidationError, match=f'^{re.escape(message)}$'):
        Container('web', faults=given)


def test_one_fault_needs_no_list():
    given: Any = Fault('POST')

    assert Container('web', faults=given) == Container('web', faults=[Fault('POST')])


def test_faults_are_part_of_a_container():
    assert Container('web', faults=[Fault('POST')]) != Container('web')
    assert diff(Container('web'), Container('web', faults=[Fault('POST', number=2)])) == (
        '+ .faults[0].request = "POST"\n+ .faults[0].number = 2'
    )


def test_faults_are_written_as_what_differs_from_the_default():
    state = State(containers={Container('web', faults=[Fault('POST', 'timeout', after=True)])})

    assert state.to_yaml() == (
        'containers:\n- faults:\n  - after: true\n    kind: timeout\n    request: POST\n'
        '  name: web\nschema: 1\n'
    )
    assert State.from_yaml(state.to_yaml()) == state


def test_a_written_fault_that_cannot_happen_is_refused_with_its_place():
    text = '{"schema": 1, "containers": [{"name": "web", "faults": [{"request": "PUT"}]}]}'
    message = (
        "cannot read State from JSON: cannot have Fault(request='PUT'): "
        "Pebble has no request 'PUT'\n"
        '  at: .containers[0].faults[0]\n'
        "  hint: for example 'POST /v1/services', as the timeline has it"
    )

    with pytest.raises(StateValidationError, match=f'^{re.escape(message)}$'):
        State.from_json(text)


def test_the_requests_are_those_of_the_route_table():
    known: list[str] = []
    for route in ROUTES:
        path = re.sub('{[^}]*}', '*', route.path)
        known += [f'GET {path}'] if route.get else []
        known += [f'POST {path}'] if route.post else []

    assert list(REQUESTS) == known


def test_the_statuses_are_those_of_the_daemon():
    assert list(STATUSES) == [status for status in STATUS_TEXT if status >= 400]


def test_the_timeout_is_that_of_ops():
    timeout = inspect.signature(pebble.Client).parameters['timeout'].default

    assert timeout == CLIENT_TIMEOUT
