"""A failing check says why, in Pebble's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from scenario_pebble.clock import SECOND_NS
from scenario_pebble.daemon import planfacts
from scenario_pebble.daemon.users import User, Users
from scenario_pebble.daemon.workload import (
    Answer,
    Behaviour,
    Found,
    Outcome,
    Output,
    WriteFile,
)
from tests.unit.daemon.checkworld import Script, World

URL = 'http://localhost:8080/health'


def refreshed(script: Script, check: Mapping[str, Any], **daemon: Any) -> str | None:
    """The error of a single run of a check."""
    world = World(script, **daemon)
    world.add('one', checks={'up': {'startup': 'disabled', **check}})
    return world.post('/v1/checks/refresh', {'name': 'up'}).result.get('error')


def http(url: str = URL, **answers: Answer) -> str | None:
    """The error of an http check; *answers* by path below ``http://localhost:8080/``."""
    named = {f'http://localhost:8080/{path}': answer for path, answer in answers.items()}
    return refreshed(Script(answers=named), {'http': {'url': url}})


def exec_(behaviour: Behaviour, command: str = 'probe', **fields: Any) -> str | None:
    return refreshed(Script(behaviour=behaviour), {'exec': {'command': command, **fields}})


@pytest.mark.parametrize('status', [200, 204, 299])
def test_a_status_in_the_two_hundreds_passes(status: int):
    assert http(health=Answer(status=status)) is None


def test_another_status_fails_with_the_first_lines_of_the_body():
    assert http(health=Answer(status=503)) == 'non-2xx status code 503'
    assert http(health=Answer(status=500, body=b' oh\nno \n')) == 'non-2xx status code 500; oh\nno'
    assert http(health=Answer(status=404, body=b'1\n2\n3\n4\n5\n6\n7')) == (
        'non-2xx status code 404; 1\n2\n3\n4\n5\n(...)'
    )
    assert http(health=Answer(status=500, body=b'x' * 600)) == (
        f'non-2xx status code 500; {"x" * 512}'
    )


def test_nobody_listens():
    assert http(health=Answer(refused=True)) == (
        'Get "http://localhost:8080/health": dial tcp 127.0.0.1:8080: connect: connection refused'
    )


def test_redirects_are_followed():
    assert http(health=Answer(status=302, location='/other'), other=Answer(status=500)) == (
        'non-2xx status code 500'
    )
    assert http(health=Answer(status=301)) == 'non-2xx status code 301'
    assert http(health=Answer(status=301, location='/health')) == (
        'Get "http://localhost:8080/health": stopped after 10 redirects'
    )
    assert http(health=Answer(status=307, location='ftp://x/')) == (
        'Get "ftp://x/": unsupported protocol scheme "ftp"'
    )


def test_a_redirect_to_what_is_no_url_fails():
    error = http(health=Answer(status=302, location='http://['))

    assert error is not None
    assert error.startswith(
        'Get "http://localhost:8080/health": failed to parse Location header "http://[": '
    )


@pytest.mark.parametrize(
    ('url', 'error'),
    [
        ('localhost', 'Get "localhost": unsupported protocol scheme ""'),
        ('http:///x', 'Get "http:///x": http: no Host in request URL'),
    ],
)
def test_a_url_that_cannot_be_requested_fails(url: str, error: str):
    assert http(url) == error


def test_a_request_has_the_checks_headers_and_the_schemes_port():
    script = Script()

    check = {'http': {'url': 'https://web/x', 'headers': {'X-A': 'b'}}}
    assert refreshed(script, check) is None

    (probe,) = script.probes
    assert (probe.check, probe.host, probe.port) == ('up', 'web', 443)
    assert probe.headers == {'X-A': 'b'}


def test_an_answer_that_takes_too_long_times_out():
    assert http(health=Answer(delay_ns=3 * SECOND_NS)) == 'check timed out after 3s'
    assert http(health=Answer(delay_ns=3 * SECOND_NS - 1)) is None


@pytest.mark.parametrize(
    ('host', 'address'),
    [({}, '127.0.0.1:80'), ({'host': '10.0.0.1'}, '10.0.0.1:80'), ({'host': '::1'}, '[::1]:80')],
)
def test_a_closed_port_refuses(host: dict[str, str], address: str):
    script = Script(answers={host.get('host', 'localhost'): Answer(refused=True)})

    assert refreshed(script, {'tcp': {'port': 80, **host}}) == (
        f'dial tcp {address}: connect: connection refused'
    )


def test_a_port_that_does_not_answer_times_out():
    script = Script(answers={'localhost': Answer(delay_ns=9 * SECOND_NS)})

    check = {'tcp': {'port': 80}, 'period': '2s'}
    assert refreshed(script, check) == 'check timed out after 2s'


def test_an_exit_code_comes_with_the_last_lines_of_output():
    lines = b''.join(b'line %d\n' % n for n in range(1, 9))

    assert exec_(Behaviour(exit_after_ns=0, exit_code=143)) == 'exit status 143'
    both = (Output(b'out\n'), Output(b'err\n', 'stderr'), Output(b'late', after_ns=5))
    assert exec_(Behaviour(exit_after_ns=0, exit_code=1, output=both)) == (
        'exit status 1; out\nerr'
    )
    assert exec_(Behaviour(exit_after_ns=0, exit_code=2, output=(Output(lines),))) == (
        'exit status 2; (...)\nline 4\nline 5\nline 6\nline 7\nline 8'
    )


def test_a_command_that_does_not_end_times_out():
    assert exec_(Behaviour()) == 'check timed out after 3s'


@pytest.mark.parametrize(
    ('command', 'found', 'error'),
    [
        ('nope x', Found.MISSING, 'exec: "nope": executable file not found in $PATH'),
        ('/bin/nope', Found.MISSING, 'fork/exec /bin/nope: no such file or directory'),
        ('/bin/nope', Found.NOT_EXECUTABLE, 'fork/exec /bin/nope: permission denied'),
    ],
)
def test_a_command_that_cannot_be_started_fails(command: str, found: Found, error: str):
    script = Script(absent={command.split()[0]: found})

    assert refreshed(script, {'exec': {'command': command}}) == error


def test_a_missing_directory_fails_before_the_command_is_looked_at():
    check: dict[str, Any] = {'exec': {'command': '/bin/x', 'working-dir': '/nope'}}

    assert refreshed(Script(), check, complete=True) == ('chdir /nope: no such file or directory')
    check['exec']['user'] = 'app'
    users = Users({'app': User(5, 5)})
    assert refreshed(Script(), check, users=users, complete=True) == (
        'fork/exec /bin/x: no such file or directory'
    )


def test_only_root_can_run_a_check_as_somebody_else():
    check = {'exec': {'command': '/bin/x', 'user-id': 7, 'group-id': 7}}
    world = World(user_id=5)
    world.add('one', checks={'up': {'startup': 'disabled', **check}})

    result = world.post('/v1/checks/refresh', {'name': 'up'}).result

    assert result['error'] == 'fork/exec /bin/x: operation not permitted'


def test_a_command_gets_the_daemons_environment_under_its_own():
    script = Script()

    check = {'exec': {'command': 'probe', 'environment': {'B': 'own'}}}
    refreshed(script, check, environment={'A': 'daemon', 'B': 'daemon'})

    (call,) = script.calls
    assert call.environment == {'A': 'daemon', 'B': 'own'}
    assert (call.kind, call.user_id, call.timeout_ns) == ('check', None, 3 * SECOND_NS)


def test_a_command_may_write_files():
    world = World(Script(behaviour=Behaviour(exit_after_ns=0, effects=(WriteFile('/f', b'x'),))))
    world.add_exec_check()

    world.advance(1)

    assert world.daemon.files.tree.find('/f') is not None


@pytest.mark.parametrize('kind', [{}, {'http': {}}, {'tcp': {}}, {'exec': {}}])
def test_an_unspecified_check_of_a_state_passes(kind: dict[str, Any]):
    check = {'startup': 'disabled', **kind}
    facts = planfacts.facts_from_dict('facts', {'checks': {'up': check}})
    world = World(layers=[facts])

    assert 'error' not in world.post('/v1/checks/refresh', {'name': 'up'}).result


def test_an_outcome_that_is_set_wins():
    script = Script(outcomes={'up': Outcome(error='because')})

    assert refreshed(script, {'http': {'url': URL}}) == 'because'
    assert script.probes == []
