"""The snippets of the section "Run commands on the workload container"."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest
from ops import pebble

import scenario_pebble as scenario

from .src.commands import ExecCharm

UPPER = scenario.Exec(['tr', 'a-z', 'A-Z'], handler=lambda call: call.stdin.upper())
CAT = scenario.Exec(['cat'], handler=lambda call: call.stdin_bytes)
DATABASE = pebble.Layer(
    {
        'services': {
            'database': {
                'override': 'replace',
                'command': 'postgres',
                'environment': {'PGPORT': '7777'},
                'user': 'postgres',
                'working-dir': '/srv',
            }
        }
    }
)


def run(
    use: Callable[[ExecCharm], object], *execs: scenario.Exec
) -> tuple[list[tuple[str, str]], list[scenario.ExecArgs]]:
    """What *use* logs, and the commands that it runs."""
    ctx = scenario.Context(ExecCharm)
    main = scenario.Container(
        'main', can_connect=True, execs=set(execs), layers={'database': DATABASE}
    )
    with ctx(ctx.on.update_status(), scenario.State(containers={main})) as mgr:
        use(mgr.charm)
        logged = [(line.level, line.message) for line in ctx.juju_log]
    return logged, ctx.exec_history['main']


def test_wait_output_gives_stdout_and_stderr():
    dump = scenario.Exec(['pg_dump', 'mydb'], stdout='CREATE TABLE;\n', stderr=' slow\n old\n')

    logged, (command,) = run(ExecCharm.dump, dump)

    assert logged[-2:] == [('WARNING', 'pg_dump: slow'), ('WARNING', 'pg_dump: old')]
    assert command.timeout == 300


def test_a_non_zero_exit_code_is_an_exec_error():
    stderr = "cat: unrecognized option '--bad-arg'\nTry 'cat --help' for more information.\n"
    cat = scenario.Exec(['cat', '--bad-arg'], return_code=1, stderr=stderr)

    logged, _ = run(ExecCharm.handle_error, cat)

    assert logged[-3:] == [
        ('ERROR', 'Exited with code 1. Stderr:'),
        ('ERROR', "    cat: unrecognized option '--bad-arg'"),
        ('ERROR', "    Try 'cat --help' for more information."),
    ]


def test_an_unknown_command_is_pebbles_own_error():
    with pytest.raises(pebble.APIError, match=r'^cannot find executable "pg_dump"$'):
        run(ExecCharm.dump)


def echo(call: scenario.ExecCall) -> str:
    environment = call.environment
    return f'HOME={environment["HOME"]}, PWD={call.working_dir}, FOO={environment["FOO"]}\n'


def test_the_options_reach_the_command():
    logged, (command,) = run(ExecCharm.use_options, scenario.Exec(['/bin/sh'], handler=echo))

    assert logged[-1] == ('INFO', r"Output: 'HOME=/home/bob, PWD=/tmp, FOO=bar\n'")
    assert (command.user, command.group) == ('bob', 'staff')


def test_the_service_context_reaches_the_command():
    seen: list[scenario.ExecCall] = []
    dump = scenario.Exec(['pg_dump'], handler=lambda call: seen.append(call))

    run(ExecCharm.use_service_context, dump)

    (call,) = seen
    assert call.environment['PGPORT'] == '7777'
    assert (call.user, call.working_dir) == ('postgres', '/srv')


def test_stdin_can_be_text():
    logged, _ = run(ExecCharm.send_text, UPPER)

    assert logged[-1] == ('INFO', r"Output: 'THIS IS\nA TEST\n'")


def test_stdin_can_be_bytes():
    logged, _ = run(ExecCharm.send_bytes, CAT)

    assert logged[-1] == ('INFO', r"Output: b'\x01\x02'")


def test_stdin_and_stdout_can_be_files(tmp_path: pathlib.Path):
    source, destination = tmp_path / 'LICENSE.txt', tmp_path / 'output.txt'
    source.write_text('free\nas in speech\n')

    run(lambda charm: charm.use_files(str(source), str(destination)), UPPER)

    assert destination.read_text() == 'FREE\nAS IN SPEECH\n'


def test_a_thread_can_feed_stdin():
    logged, _ = run(ExecCharm.stream, CAT)

    assert logged[-3:] == [
        ('INFO', 'Output: one'),
        ('INFO', 'Output: 2'),
        ('INFO', 'Output: THREE'),
    ]


def test_a_signal_ends_the_command():
    # ops 3.4 shows the whole command, as the document does; others show its name only.
    text = r"^non-zero exit code 143 executing ('sleep'|\['sleep', '10'\])$"
    with pytest.raises(pebble.ExecError, match=text):
        run(ExecCharm.send_signal, scenario.Exec(['sleep', '10'], duration=10))
