"""Commands: from the request to the exit code, without any client."""

from __future__ import annotations

import pickle

import pytest

from scenario_pebble.clock import MILLISECOND_NS, SECOND_NS, Clock
from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.daemon.execrecord import Stream
from scenario_pebble.daemon.message import Pending, Request, Response
from scenario_pebble.daemon.users import DEBIAN
from scenario_pebble.daemon.workload import (
    Behaviour,
    Call,
    Output,
    Reaction,
    RecordNotice,
    WriteFile,
)
from tests.unit.daemon.commands import (
    Workload,
    change,
    connected,
    daemon_of,
    execute,
    received,
    websocket,
)


def test_a_command_starts_when_its_streams_are_connected():
    workload = Workload(ls=Behaviour(exit_after_ns=0, exit_code=2, output=(Output(b'x'),)))
    daemon = daemon_of(workload)

    task = execute(daemon, 'ls', '-l').result['task-id']
    stdio = websocket(daemon, task, 'stdio')
    assert workload.calls == []
    stderr = websocket(daemon, task, 'stderr')

    assert (received(stdio), received(stderr)) == (b'x', b'')
    assert change(daemon)['status'] == 'Done'
    assert change(daemon)['tasks'][0]['data'] == {'exit-code': 2}


def test_what_a_process_sees():
    workload = Workload()
    daemon = daemon_of(workload, users=DEBIAN, environment={'PATH': '/bin', 'HOME': '/root'})

    for stream in connected(daemon, 'ls', **{'working-dir': '/'}):
        stream.close()
    connected(
        daemon, 'ls', user='games', environment={'A': 'b'}, timeout='2s', **{'working-dir': '/'}
    )

    assert workload.calls[1:] == [
        Call(
            kind='exec',
            name='',
            command=('ls',),
            environment={
                'PATH': '/bin',
                'A': 'b',
                'HOME': '/usr/games',
                'USER': 'games',
                'LANG': 'C.UTF-8',
            },
            working_dir='/',
            user_id=5,
            user='games',
            group_id=60,
            group='games',
            number=2,
            at_ns=0,
            timeout_ns=2 * SECOND_NS,
        )
    ]


def test_output_comes_when_it_is_written():
    output = (Output(b'2', after_ns=2 * SECOND_NS), Output(b'1', after_ns=SECOND_NS), Output(b'0'))
    daemon = daemon_of(Workload(tick=Behaviour(exit_after_ns=3 * SECOND_NS, output=output)))

    _, stdio, _ = connected(daemon, 'tick')

    assert (stdio.receive(), stdio.receive()) == (b'0', None)
    daemon.clock.advance(SECOND_NS)
    assert (stdio.receive(), stdio.receive()) == (b'1', None)
    daemon.clock.advance(2 * SECOND_NS)
    assert received(stdio) == b'2'
    assert change(daemon)['ready-time'] == '1970-01-01T00:00:03Z'


def test_without_split_stderr_both_streams_are_one():
    output = (Output(b'out'), Output(b'err', 'stderr'))
    daemon = daemon_of(Workload(both=Behaviour(exit_after_ns=0, output=output)))

    task = execute(daemon, 'both', **{'split-stderr': False}).result['task-id']
    stdio = websocket(daemon, task, 'stdio')

    assert received(stdio) == b'outerr'


def test_a_terminal_changes_line_ends():
    output = (Output(b'out\n'), Output(b'err\n', 'stderr'))
    daemon = daemon_of(Workload(both=Behaviour(exit_after_ns=0, output=output)))

    _, stdio, stderr = connected(daemon, 'both', terminal=True)

    assert (received(stdio), received(stderr)) == (b'out\r\n', b'err\n')


def test_large_output_is_sent_in_pieces():
    output = (Output(b'x' * 300_000),)
    daemon = daemon_of(Workload(big=Behaviour(exit_after_ns=0, output=output)))

    _, stdio, _ = connected(daemon, 'big')

    first = stdio.receive()
    assert isinstance(first, bytes)
    assert len(first) == 128 * 1024
    assert len(received(stdio)) == 300_000 - 128 * 1024


def test_a_process_that_reads_stdin_waits_for_its_end():
    workload = Workload()
    daemon = daemon_of(workload)

    _, stdio, _ = connected(daemon, 'cat')
    stdio.send(b'a')
    stdio.send(b'b')
    assert workload.calls == []
    stdio.command('{"command":"end"}')
    stdio.send(b'never')

    assert received(stdio) == b'AB'


def test_closing_stdio_ends_stdin():
    workload = Workload()
    daemon = daemon_of(workload)

    _, stdio, _ = connected(daemon, 'cat')
    stdio.send(b'a')
    stdio.close()

    assert workload.calls[0].stdin == b'a'
    assert change(daemon)['status'] == 'Done'


def test_a_process_that_needs_no_end_of_stdin_goes_on_when_it_is_waited_for():
    daemon = daemon_of()
    _, stdio, _ = connected(daemon, 'handled')
    stdio.send(b'a')

    assert not daemon.execs.hurry()
    stdio.expect()
    assert daemon.execs.hurry()

    assert received(stdio) == b'A'


def test_waiting_for_the_change_counts_as_waiting():
    daemon = daemon_of()
    connected(daemon, 'handled')

    pending = daemon.handle(Request('GET', '/v1/changes/1/wait'))

    assert isinstance(pending, Pending)
    assert daemon.execs.hurry()
    assert isinstance(pending.answer, Response)


def test_a_process_that_reads_all_of_stdin_does_not_go_on_without_its_end():
    daemon = daemon_of()
    control, stdio, _ = connected(daemon, 'cat')

    stdio.expect()
    assert not daemon.execs.hurry()

    signal(control, 'SIGHUP')
    assert (stdio.receive(), stdio.receive()) == (b'hup', None)
    signal(control, 'SIGTERM')
    assert change(daemon)['tasks'][0]['data'] == {'exit-code': 143}


def test_a_signal_is_handled_or_kills():
    daemon = daemon_of(
        Workload(
            sleep=Behaviour(),
            handler=Behaviour(
                reactions={
                    'SIGHUP': Reaction(stdout=b'got it'),
                    'SIGTERM': Reaction(exit_code=5, after_ns=SECOND_NS),
                    'SIGKILL': Reaction(),
                }
            ),
        )
    )

    control, _, _ = connected(daemon, 'sleep')
    signal(control, 'SIGWINCH')
    signal(control, 'SIGNOPE')
    assert change(daemon)['status'] == 'Doing'
    signal(control, 'SIGINT')
    assert change(daemon)['tasks'][0]['data'] == {'exit-code': 130}

    control, stdio, _ = connected(daemon, 'handler')
    signal(control, 'SIGHUP')
    signal(control, 'SIGTERM')
    assert stdio.receive() == b'got it'
    daemon.clock.advance(SECOND_NS)
    assert change(daemon, '2')['tasks'][0]['data'] == {'exit-code': 5}

    control, _, _ = connected(daemon, 'handler')
    signal(control, 'SIGKILL')
    assert change(daemon, '3')['tasks'][0]['data'] == {'exit-code': 137}


def signal(control: Stream, name: str) -> None:
    control.command(f'{{"command":"signal","signal":{{"name":"{name}"}}}}')


def test_a_signal_before_the_start_is_kept():
    daemon = daemon_of(Workload(sleep=Behaviour()))
    task = execute(daemon, 'sleep').result['task-id']
    signal(websocket(daemon, task, 'control'), 'SIGTERM')

    websocket(daemon, task, 'stdio')
    websocket(daemon, task, 'stderr')

    assert change(daemon)['tasks'][0]['data'] == {'exit-code': 143}


@pytest.mark.parametrize(
    'command',
    [
        '',
        'null',
        '[]',
        '{"command":"resize"}',
        '{"command":"signal"}',
        '{"command":1}',
        r'{"command":"signal","signal":{"name":"\ud800"}}',
        '[' * 100_000,
    ],
)
def test_odd_commands_are_ignored(command: str):
    daemon = daemon_of(Workload(sleep=Behaviour()))

    for stream in connected(daemon, 'sleep'):
        stream.command(command)

    assert change(daemon)['status'] == 'Doing'


def test_dropping_control_kills_but_closing_it_does_not():
    daemon = daemon_of(Workload(sleep=Behaviour()))

    control, _, _ = connected(daemon, 'sleep')
    control.close(orderly=True)
    assert change(daemon)['status'] == 'Doing'

    control, _, _ = connected(daemon, 'sleep')
    control.close()
    assert change(daemon, '2')['tasks'][0]['data'] == {'exit-code': 137}


def test_when_the_charm_is_gone_its_commands_are_killed():
    daemon = daemon_of(Workload(sleep=Behaviour()))
    connected(daemon, 'sleep')

    daemon.execs.disconnect()

    assert change(daemon)['tasks'][0]['data'] == {'exit-code': 137}


def test_nobody_connects():
    daemon = daemon_of()
    task = execute(daemon, 'ls').result['task-id']
    websocket(daemon, task, 'stdio')

    daemon.clock.advance(5 * SECOND_NS)

    found = change(daemon)
    assert found['status'] == 'Error'
    assert 'data' not in found['tasks'][0]
    assert found['err'] == (
        'cannot perform the following tasks:\n- Execute command "ls" '
        '(exec 1: timeout waiting for websocket connections: context deadline exceeded)'
    )
    assert websocket(daemon, task, 'stderr') == (500, found['err'])


def test_the_timeout_runs_from_the_start_of_the_process():
    daemon = daemon_of(Workload(slow=Behaviour(output=(Output(b'begin'),))))
    task = execute(daemon, 'slow', timeout='500ms').result['task-id']
    daemon.clock.advance(SECOND_NS)
    stdio, _ = websocket(daemon, task, 'stdio'), websocket(daemon, task, 'stderr')

    daemon.clock.advance(499 * MILLISECOND_NS)
    assert change(daemon)['status'] == 'Doing'
    daemon.clock.advance(MILLISECOND_NS)

    found = change(daemon)
    assert 'timed out after 500ms: context deadline exceeded' in found['err']
    assert found['tasks'][0]['data'] == {'exit-code': -1}
    assert received(stdio) == b'begin'


def test_an_executable_that_goes_away_before_the_start():
    workload = Workload()
    daemon = daemon_of(workload)
    task = execute(daemon, '/bin/x').result['task-id']

    workload.missing = True
    websocket(daemon, task, 'stdio')
    websocket(daemon, task, 'stderr')

    assert 'fork/exec /bin/x: no such file or directory' in change(daemon)['err']


def test_a_process_changes_files_and_records_notices():
    effects = (WriteFile('/out', b'1'), RecordNotice('example.com/done', after_ns=SECOND_NS))
    daemon = daemon_of(Workload(run=Behaviour(exit_after_ns=2 * SECOND_NS, effects=effects)))

    connected(daemon, 'run', user='postgres')
    assert daemon.files.tree['/out'].user == 'postgres'
    daemon.clock.advance(SECOND_NS)

    query = {'types': ['custom'], 'users': ['all']}
    answer = daemon.request(Request('GET', '/v1/notices', query))
    assert isinstance(answer, Response)
    assert [notice['key'] for notice in answer.result] == ['example.com/done']


def test_a_running_command_goes_on_after_saving():
    workload = Workload(slow=Behaviour(exit_after_ns=2 * SECOND_NS, exit_code=4))
    daemon = daemon_of(workload)
    connected(daemon, 'slow')
    daemon.clock.advance(SECOND_NS)

    saved = pickle.loads(pickle.dumps(daemon.save()))
    again = Daemon(Clock(daemon.clock.now_ns), workload, saved=saved)
    again.clock.advance(SECOND_NS)

    assert change(again)['tasks'][0]['data'] == {'exit-code': 4}
    assert again.execs.next_number('slow') == 2


def test_nothing_runs_after_a_restart():
    daemon = daemon_of(Workload(sleep=Behaviour()))
    _, stdio, _ = connected(daemon, 'sleep')

    daemon.restart()

    assert stdio.closed
    assert change(daemon)['status'] == 'Done'
    assert 'data' not in change(daemon)['tasks'][0]
    assert daemon.execs.next_number('sleep') == 1


def test_what_is_executed_is_told():
    told: dict[tuple[str, str], str] = {}

    def log(kind: str, subject: str, text: str) -> None:
        told[kind, subject] = text

    daemon = daemon_of(log=log)
    connected(daemon, 'ls', 'a b')

    assert told['exec', "ls 'a b'"] == 'exit 0'
