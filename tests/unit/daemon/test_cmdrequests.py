"""Which requests for commands and their streams are refused."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_pebble.daemon.message import Request, Text
from scenario_pebble.daemon.planparse import parse_layer
from scenario_pebble.daemon.users import DEBIAN
from scenario_pebble.daemon.workload import (
    Behaviour,
)
from tests.unit.daemon.commands import (
    Workload,
    connected,
    daemon_of,
    execute,
    websocket,
)


def test_websockets_that_cannot_be_connected():
    daemon = daemon_of(Workload(sleep=Behaviour()))
    task = execute(daemon, 'sleep', **{'split-stderr': False}).result['task-id']

    assert websocket(daemon, '9', 'stdio') == (404, 'cannot find task "9"')
    assert websocket(daemon, task, 'stderr') == (
        404,
        'cannot find stderr websocket for task "1"',
    )
    websocket(daemon, task, 'control')
    assert websocket(daemon, task, 'control') == (500, 'control websocket already connected')


def test_a_websocket_of_a_command_that_is_done_gets_an_empty_answer():
    daemon = daemon_of()
    connected(daemon, 'ls')

    assert websocket(daemon, '1', 'stdio') == (200, '')


def test_a_plain_request_is_no_websocket():
    daemon = daemon_of(Workload(sleep=Behaviour()))
    execute(daemon, 'sleep')

    answer = daemon.handle(Request('GET', '/v1/tasks/1/websocket/stdio'))

    assert isinstance(answer, Text)
    assert answer.status == 400
    assert answer.text.startswith('Bad Request\n{"type":"error",')


@pytest.mark.parametrize(
    ('payload', 'status', 'message'),
    [
        ({'command': ['nope']}, 400, 'cannot find executable "nope"'),
        ({'command': ['ls'], 'timeout': 'x'}, 400, 'invalid timeout: time: invalid duration "x"'),
        (
            {'command': ['ls'], 'service-context': 'db'},
            400,
            'context service "db" not found',
        ),
        ({'command': ['ls'], 'user': 'bob'}, 400, 'user: unknown user bob'),
        (
            {'command': ['ls'], 'interactive': True},
            500,
            'cannot call exec: cannot use interactive mode without a terminal',
        ),
        (
            {'command': ['ls'], 'interactive': True, 'terminal': True},
            500,
            'not simulated: POST /v1/exec (interactive)',
        ),
        (
            {'command': ['ls'], 'user': 'nobody'},
            500,
            'cannot call exec: home directory "/nonexistent" does not exist',
        ),
    ],
)
def test_what_is_refused_makes_no_change(payload: dict[str, Any], status: int, message: str):
    daemon = daemon_of(users=DEBIAN)
    before = daemon.save()

    answer = execute(daemon, **payload)

    assert (answer.status, answer.result['message']) == (status, message)
    assert daemon.save() is before


def test_a_context_service_is_presupposed_while_nothing_is_known_of_the_image():
    daemon = daemon_of(Workload())

    assert execute(daemon, 'ls', **{'service-context': 'db'}).status == 202


def test_a_context_service_is_not_presupposed_beside_others():
    layer = parse_layer('base', 'services: {web: {override: replace, command: serve}}')
    daemon = daemon_of(Workload(), layers=[layer])

    answer = execute(daemon, 'ls', **{'service-context': 'db'})

    assert (answer.status, answer.result['message']) == (400, 'context service "db" not found')
