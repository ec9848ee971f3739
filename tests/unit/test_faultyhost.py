"""The faults of a container, met through the fast wire and through the strict one."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from typing import Any

import ops
import pytest
from ops import pebble

import scenario_pebble as scenario
from scenario_pebble import Fault

META: dict[str, Any] = {'name': 'web', 'containers': {'web': {}}}
LAYER: pebble.LayerDict = {
    'services': {
        'server': {'override': 'replace', 'command': 'serve', 'startup': 'enabled'},
        'worker': {'override': 'replace', 'command': 'work', 'startup': 'enabled'},
    }
}

Act = Callable[[pebble.Client], Any]
Wire = Callable[[ops.CharmBase], pebble.Client]


def fast(charm: ops.CharmBase) -> pebble.Client:
    return charm.unit.get_container('web').pebble


def strict(charm: ops.CharmBase) -> pebble.Client:
    """A client that the charm makes itself: its bytes go to the daemon."""
    return pebble.Client('/charm/containers/web/pebble.socket')


@pytest.fixture(params=[fast, strict])
def wire(request: pytest.FixtureRequest) -> Wire:
    return request.param


class Unit:
    """A unit whose charm does one thing at each update-status, and keeps what that raised."""

    def __init__(self, wire: Wire, act: Act):
        unit = self
        self.raised: Any = None

        class Charm(ops.CharmBase):
            def __init__(self, framework: ops.Framework):
                super().__init__(framework)
                framework.observe(self.on.update_status, self._on_update_status)

            def _on_update_status(self, _: ops.EventBase):
                try:
                    act(wire(self))
                except (pebble.Error, OSError) as e:
                    unit.raised = e

        self.ctx = scenario.Context(Charm, meta=META)

    @property
    def kind_raised(self) -> str:
        kind = self.raised.__class__
        return f'{kind.__module__}.{kind.__name__}'

    def run(self, state: scenario.State) -> scenario.State:
        self.raised = None
        return self.ctx.run(self.ctx.on.update_status(), state)

    def rows(self, kind: str) -> list[tuple[str, str]]:
        return [(row.subject, row.text) for row in self.ctx.timeline.filter(kind=kind)]


def with_faults(*faults: Fault, **fields: Any) -> scenario.State:
    fields = {'layers': {'base': LAYER}, 'execs': [scenario.Exec([])], **fields}
    web = scenario.Container('web', can_connect=True, faults=faults, **fields)
    return scenario.State(containers={web})


def left(state: scenario.State) -> tuple[Fault, ...]:
    return tuple(state.get_container('web').faults)


def ask(client: pebble.Client) -> None:
    client.get_system_info()


def push(client: pebble.Client) -> None:
    client.push('/a', 'text')


def pull(client: pebble.Client) -> None:
    client.pull('/present')


def run_command(client: pebble.Client) -> None:
    client.exec(['ls']).wait_output()


def start(client: pebble.Client) -> None:
    client.start_services(['server', 'worker'])


SOCKET = '/charm/containers/web/pebble.socket'
GONE = f"Could not connect to Pebble: socket not found at '{SOCKET}' (container restarted?)"
LOST = 'Remote end closed connection without response'
REFUSED = '[Errno 111] Connection refused'
ACTS: dict[str, Act] = {
    'GET /v1/system-info': ask,
    'POST /v1/files': push,
    'GET /v1/files': pull,
    'POST /v1/exec': run_command,
    'POST /v1/services': start,
}


@pytest.mark.parametrize('request_', ACTS)
@pytest.mark.parametrize(
    ('kind', 'error', 'message'),
    [
        ('connection-refused', 'ops.pebble.ConnectionError', REFUSED),
        ('socket-gone', 'ops.pebble.ConnectionError', GONE),
        ('connection-lost', 'http.client.RemoteDisconnected', LOST),
        ('timeout', 'builtins.TimeoutError', 'timed out'),
        ('api-error', 'ops.pebble.APIError', 'simulated fault'),
    ],
)
def test_a_request_fails_as_ops_lets_it_fail(
    wire: Wire, request_: str, kind: scenario.FaultKind, error: str, message: str
):
    unit = Unit(wire, ACTS[request_])

    out = unit.run(with_faults(Fault(request_, kind), files={'/present': ''}))

    assert (unit.kind_raised, str(unit.raised)) == (error, message)
    assert unit.rows('fault') == [(request_, f'{kind} before')]
    assert left(out) == ()


def test_an_api_error_has_the_status_and_message_given(wire: Wire):
    unit = Unit(wire, push)

    unit.run(with_faults(Fault('POST', 'api-error', status=502, message='no space left')))

    error = unit.raised
    assert (error.code, error.status, error.message) == (502, 'Bad Gateway', 'no space left')
    assert error.body['result'] == {'message': 'no space left'}


@pytest.mark.parametrize('kind', ['connection-lost', 'timeout', 'api-error'])
@pytest.mark.parametrize('after', [False, True])
def test_a_request_takes_effect_only_before_a_fault_after_it(
    wire: Wire, kind: scenario.FaultKind, after: bool
):
    unit = Unit(wire, push)

    out = unit.run(with_faults(Fault('POST /v1/files', kind, after=after)))

    assert unit.raised is not None
    assert ('/a' in out.get_container('web').files) is after
    assert unit.rows('fault') == [('POST /v1/files', f'{kind} {"after" if after else "before"}')]


def test_a_timeout_takes_the_five_seconds_that_ops_waits(wire: Wire):
    unit = Unit(wire, ask)

    unit.run(with_faults(Fault('GET /v1/system-info', 'timeout')))

    assert unit.rows('wait') == [('GET /v1/system-info', '5.000s')]


@pytest.mark.parametrize('after', [False, True])
def test_a_slow_answer_takes_time_and_is_right(wire: Wire, after: bool):
    unit = Unit(wire, push)

    out = unit.run(with_faults(Fault('POST /v1/files', 'slow', seconds=4.5, after=after)))

    assert unit.raised is None
    assert unit.rows('wait') == [('POST /v1/files', '4.500s')]
    written_ns = next(iter(unit.ctx.timeline.filter(kind='file'))).at_ns
    start_ns = next(iter(unit.ctx.timeline)).at_ns
    assert written_ns - start_ns == (0 if after else 4_500_000_000)
    assert out.get_container('web').files['/a'].text == 'text'


def test_ops_asks_again_after_a_wait_without_answer(wire: Wire):
    unit = Unit(wire, start)

    unit.run(with_faults(Fault('GET /v1/changes/*/wait', 'timeout')))

    assert unit.raised is None
    assert unit.rows('fault') == [('GET /v1/changes/1/wait', 'timeout before')]


def test_ops_gives_up_after_thirty_seconds_of_waits_without_answer(wire: Wire):
    unit = Unit(wire, start)

    unit.run(with_faults(Fault('GET /v1/changes', 'timeout', number=None)))

    assert type(unit.raised) is pebble.TimeoutError
    assert str(unit.raised) == 'timed out waiting for change 1 (30.0 seconds)'
    assert len(unit.rows('fault')) == 6


# -- changes


def test_a_change_that_fails_before_it_took_effect_starts_nothing(wire: Wire):
    unit = Unit(wire, start)

    out = unit.run(with_faults(Fault('POST /v1/services', 'change-error', message='no fork')))

    assert type(unit.raised) is pebble.ChangeError
    assert unit.raised.err == (
        'cannot perform the following tasks:\n'
        '- Start service "server" (no fork)\n'
        '- Start service "worker" (no fork)'
    )
    assert unit.rows('service') == []
    assert not any(s.is_running() for s in out.get_container('web').services.values())


def test_a_change_that_fails_after_it_took_effect_has_started_all(wire: Wire):
    unit = Unit(wire, start)

    out = unit.run(with_faults(Fault('POST /v1/services', 'change-error', after=True)))

    assert unit.raised.err == (
        'cannot perform the following tasks:\n'
        '- Start service "server" (simulated fault)\n'
        '- Start service "worker" (simulated fault)'
    )
    assert all(s.is_running() for s in out.get_container('web').services.values())


@pytest.mark.parametrize('after', [False, True])
def test_a_change_that_fails_leaves_other_changes_alone(wire: Wire, after: bool):
    checks: Any = {'up': {'override': 'replace', 'exec': {'command': 'true'}}}
    unit = Unit(wire, lambda client: client.replan_services())
    fault = Fault('POST /v1/services', 'change-error', after=after)

    out = unit.run(with_faults(fault, layers={'base': {**LAYER, 'checks': checks}}))

    assert type(unit.raised) is pebble.ChangeError
    assert out.get_container('web').get_check_info('up').status is pebble.CheckStatus.UP


def test_a_command_whose_change_fails_does_not_run(wire: Wire):
    unit = Unit(wire, run_command)

    unit.run(with_faults(Fault('POST /v1/exec', 'change-error', message='no fork')))

    assert type(unit.raised) is pebble.ChangeError
    assert unit.raised.err == (
        'cannot perform the following tasks:\n- Execute command "ls" (no fork)'
    )


def test_a_command_whose_change_fails_in_the_end_has_run(wire: Wire):
    ran: list[str] = []
    ls = scenario.Exec(['ls'], handler=lambda call: ran.append(call.command[0]))
    unit = Unit(wire, run_command)

    unit.run(with_faults(Fault('POST /v1/exec', 'change-error', after=True), execs=[ls]))

    assert type(unit.raised) is pebble.ChangeError
    assert ran == ['ls']


@pytest.mark.parametrize('after', [False, True])
def test_a_change_without_tasks_cannot_fail(wire: Wire, after: bool):
    unit = Unit(wire, lambda client: client.replan_services())
    fault = Fault('POST /v1/services', 'change-error', after=after)

    out = unit.run(with_faults(fault, layers={}))

    assert unit.raised is None
    assert unit.rows('fault') == []
    assert left(out) == (fault,)


# -- the websockets of a command


@pytest.mark.parametrize(
    ('kind', 'error', 'message'),
    [
        ('connection-refused', ConnectionRefusedError, REFUSED),
        ('socket-gone', FileNotFoundError, '[Errno 2] No such file or directory'),
    ],
)
def test_a_websocket_that_finds_no_pebble_is_a_bare_os_error(
    wire: Wire, kind: scenario.FaultKind, error: type[OSError], message: str
):
    unit = Unit(wire, run_command)

    unit.run(with_faults(Fault('GET /v1/tasks', kind, number=2)))

    assert type(unit.raised) is error
    assert str(unit.raised) == message
    assert unit.rows('fault') == [('GET /v1/tasks/1/websocket/stdio', f'{kind} before')]


@pytest.mark.parametrize('kind', ['connection-lost', 'timeout', 'api-error'])
def test_a_websocket_that_is_not_opened_fails_the_change(wire: Wire, kind: scenario.FaultKind):
    unit = Unit(wire, run_command)

    unit.run(with_faults(Fault('GET /v1/tasks/*/websocket/stdio', kind)))

    assert type(unit.raised) is pebble.ChangeError
    assert unit.raised.err == (
        'cannot perform the following tasks:\n'
        '- Execute command "ls" (exec 1: timeout waiting for websocket connections: '
        'context deadline exceeded)'
    )


def test_a_command_with_streams_of_its_own_meets_faults_too(wire: Wire):
    output = io.StringIO()
    unit = Unit(wire, lambda client: client.exec(['ls'], stdout=output).wait())

    unit.run(with_faults(Fault('GET /v1/changes/*/wait', 'api-error')))

    assert type(unit.raised) is pebble.APIError


# -- which request, and how long


def test_the_number_counts_matching_requests(wire: Wire):
    def act(client: pebble.Client) -> None:
        client.push('/1', '')
        client.list_files('/')
        client.push('/2', '')
        client.push('/3', '')

    unit = Unit(wire, act)

    out = unit.run(with_faults(Fault('POST /v1/files', number=2)))

    files = out.get_container('web').files
    assert [path for path in ('/1', '/2', '/3') if path in files] == ['/1']


def test_a_fault_that_has_hit_is_gone_from_the_state(wire: Wire):
    other = Fault('POST /v1/layers')
    unit = Unit(wire, push)

    failed = unit.run(with_faults(Fault('POST /v1/files'), other))
    assert unit.raised is not None
    assert left(failed) == (other,)

    out = unit.run(failed)
    assert unit.raised is None
    assert out.get_container('web').files['/a'].text == 'text'


def test_a_fault_without_number_hits_every_request_of_every_event(wire: Wire):
    def act(client: pebble.Client) -> None:
        try:
            client.list_files('/')
        except pebble.ConnectionError:
            client.list_files('/')

    unit = Unit(wire, act)
    fault = Fault('GET /v1/files', 'socket-gone', number=None)

    state = unit.run(unit.run(with_faults(fault)))

    assert len(unit.rows('fault')) == 4
    assert left(state) == (fault,)


def test_of_two_faults_the_first_is_met(wire: Wire):
    first, second = Fault('POST', 'api-error'), Fault('POST /v1/files', 'socket-gone')
    unit = Unit(wire, push)

    out = unit.run(with_faults(first, second))

    assert type(unit.raised) is pebble.APIError
    assert left(out) == (second,)


def test_an_unreachable_container_keeps_its_faults(wire: Wire):
    fault = Fault('POST /v1/files')
    unit = Unit(wire, push)

    out = unit.run(unconnected(fault))

    assert type(unit.raised) is pebble.ConnectionError
    assert left(out) == (fault,)


def unconnected(fault: Fault) -> scenario.State:
    web = with_faults(fault).get_container('web')
    return scenario.State(containers={dataclasses.replace(web, can_connect=False)})


def test_a_replaced_container_keeps_its_faults():
    unit = Unit(fast, push)
    fault = Fault('POST /v1/files')

    state = unit.ctx.replace_container(with_faults(fault), 'web')

    assert left(state) == (fault,)


def test_the_timeline_shows_what_a_request_met():
    unit = Unit(fast, start)

    unit.run(with_faults(Fault('GET /v1/changes', 'api-error', status=404, message='no change')))

    line = start.__code__.co_firstlineno + 1
    assert str(unit.ctx.timeline.filter(container='web')[:5]) == (
        '+0.000s  web  request  POST /v1/services       202 change 1 (start)\n'
        '+0.000s  web  service  server                  inactive → active\n'
        '+0.000s  web  service  worker                  inactive → active\n'
        '+0.000s  web  request  GET /v1/changes/1/wait  404 no change '
        f'(test_faultyhost.py:{line})\n'
        '+0.000s  web  fault    GET /v1/changes/1/wait  api-error before'
    )
