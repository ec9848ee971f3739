"""Commands run by the real client of ops, in both wires, with and without threads."""

from __future__ import annotations

import io
import os
import queue
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any, Literal

import pytest
import websocket
from ops import pebble

from scenario_pebble.clock import SECOND_NS, Clock
from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.daemon.workload import (
    Behaviour,
    Call,
    Found,
    HappyWorkload,
    Output,
    Reaction,
)
from scenario_pebble.errors import ScenarioRuntimeError
from scenario_pebble.wire.client import Client
from scenario_pebble.wire.host import Always
from scenario_pebble.wire.opener import Opener
from scenario_pebble.wire.websocket import WebSocket

EXEC_ERROR: Any = pebble.ExecError


class Workload(HappyWorkload):
    def find(self, executable: str, call: Call) -> Found:
        return Found.MISSING if executable == 'nope' else Found.YES

    def needs_stdin(self, call: Call) -> bool | Literal['if-sent']:
        if call.command[0] == 'cat':
            return True
        return 'if-sent' if call.command[0] == 'tr' else False

    def run(self, call: Call) -> Behaviour:
        if call.command[0] in ('tr', 'cat'):
            return Behaviour(exit_after_ns=0, output=(Output(call.stdin.upper()),))
        if call.command[0] == 'sleep':
            reactions = {'SIGHUP': Reaction(stdout=b'again\n')}
            after_ns = int(call.command[1]) * SECOND_NS
            return Behaviour(exit_after_ns=after_ns, reactions=reactions)
        if call.command[0] == 'tick':
            output = tuple(Output(b'%d\n' % i, after_ns=i * SECOND_NS) for i in range(3))
            return Behaviour(exit_after_ns=3 * SECOND_NS, output=output)
        if call.command[0] == 'fail':
            output = (Output(b'so far\n'), Output('ü no\n'.encode(), 'stderr'))
            return Behaviour(exit_after_ns=0, exit_code=7, output=output)
        if call.command[0] == 'big':
            return Behaviour(exit_after_ns=0, output=(Output('ü'.encode() * 200_001),))
        return super().run(call)


class Strict(pebble.Client):
    """The unmodified client, whose bytes go to the daemon."""

    def __init__(self, daemon: Daemon):
        opener: Any = Opener(Always(daemon))
        super().__init__('/pebble.socket', opener=opener)
        self._daemon = daemon

    def _connect_websocket(self, task_id: str, websocket_id: str) -> Any:
        return WebSocket.connect(self._daemon, task_id, websocket_id)


def fast(daemon: Daemon) -> pebble.Client:
    return Client('/pebble.socket', Always(daemon), lambda recorded: None)


@pytest.fixture
def daemon() -> Daemon:
    return Daemon(Clock(1_000 * SECOND_NS), Workload())


@pytest.fixture(params=[Strict, fast])
def client(daemon: Daemon, request: pytest.FixtureRequest) -> Any:
    make: Callable[[Daemon], pebble.Client] = request.param
    yield make(daemon)
    assert daemon.clock.others is None
    assert threading.active_count() == 1 or wait_for_threads()


def wait_for_threads() -> bool:
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(1)
    return True


def passed(daemon: Daemon) -> float:
    return (daemon.clock.now_ns - 1_000 * SECOND_NS) / SECOND_NS


def test_stdin_as_text_and_as_bytes(client: pebble.Client, daemon: Daemon):
    assert client.exec(['tr'], stdin='This is\na test\n').wait_output() == (
        'THIS IS\nA TEST\n',
        '',
    )
    assert client.exec(['tr'], stdin=b'\x01a', encoding=None).wait_output() == (b'\x01A', b'')
    assert passed(daemon) == 0


def test_stdin_that_nobody_gives_is_empty(client: pebble.Client, daemon: Daemon):
    assert client.exec(['tr']).wait_output() == ('', '')
    client.exec(['tr']).wait()
    assert passed(daemon) == 0


def test_a_command_that_reads_all_hangs_if_nobody_ends_its_stdin(
    client: pebble.Client, daemon: Daemon
):
    with pytest.raises(pebble.ChangeError, match='timed out after 2s'):
        client.exec(['cat'], timeout=2).wait_output()
    assert passed(daemon) == 2

    process = client.exec(['cat'])
    assert process.stdin is not None
    process.stdin.write('abc')
    process.stdin.close()
    assert process.wait_output() == ('ABC', '')


def test_files_as_streams(client: pebble.Client, daemon: Daemon):
    out, err = io.StringIO(), io.StringIO()

    client.exec(['tr'], stdin=io.StringIO('abc'), stdout=out, stderr=err).wait()

    assert (out.getvalue(), err.getvalue()) == ('ABC', '')
    assert passed(daemon) == 0


def test_a_real_pipe_as_stdin(client: pebble.Client):
    read, write = os.pipe()
    with os.fdopen(read) as stdin:
        os.write(write, b'abc')
        os.close(write)

        assert client.exec(['tr'], stdin=stdin).wait_output() == ('ABC', '')


def test_a_pipe_that_stays_open_is_left_when_the_command_ends(client: pebble.Client):
    read, write = os.pipe()
    with os.fdopen(read) as stdin, os.fdopen(write, 'w'):
        assert client.exec(['ls'], stdin=stdin).wait_output() == ('', '')


def test_a_failing_command_has_its_output_in_the_error(client: pebble.Client):
    with pytest.raises(EXEC_ERROR) as raised:
        client.exec(['fail']).wait_output()

    error = raised.value
    assert (error.exit_code, error.stdout, error.stderr) == (7, 'so far\n', 'ü no\n')


def test_combined_streams(client: pebble.Client):
    with pytest.raises(EXEC_ERROR) as raised:
        client.exec(['fail'], combine_stderr=True).wait_output()

    assert (raised.value.stdout, raised.value.stderr) == ('so far\nü no\n', None)


def test_characters_may_be_cut_by_messages(client: pebble.Client):
    assert client.exec(['big']).wait_output() == ('ü' * 200_001, '')


def test_reading_lets_time_pass(client: pebble.Client, daemon: Daemon):
    process = client.exec(['tick'])
    assert process.stdout is not None

    seen = [(line, passed(daemon)) for line in process.stdout]
    process.wait()

    assert seen == [('0\n', 0), ('1\n', 1), ('2\n', 2)]
    assert passed(daemon) == 3


def test_waiting_lets_time_pass(client: pebble.Client, daemon: Daemon):
    assert client.exec(['tick']).wait_output() == ('0\n1\n2\n', '')
    assert passed(daemon) == 3


def test_a_signal(client: pebble.Client, daemon: Daemon):
    process = client.exec(['sleep', '10'])
    daemon.clock.advance(SECOND_NS)

    process.send_signal('SIGHUP')
    process.send_signal(15)

    with pytest.raises(EXEC_ERROR) as raised:
        process.wait_output()
    assert (raised.value.exit_code, raised.value.stdout) == (143, 'again\n')
    assert passed(daemon) == 1


def test_a_timeout(client: pebble.Client, daemon: Daemon):
    with pytest.raises(pebble.ChangeError, match='timed out after 2s: context deadline exceeded'):
        client.exec(['sleep', '10'], timeout=2).wait()

    assert passed(daemon) == 2


def test_a_thread_writes_while_another_one_reads(client: pebble.Client, daemon: Daemon):
    process = client.exec(['tr'])
    assert process.stdin is not None
    assert process.stdout is not None
    stdin = process.stdin

    def write() -> None:
        for line in ('one\n', '2\n', 'three\n'):
            stdin.write(line)
            stdin.flush()
            daemon.clock.advance(SECOND_NS)
        stdin.close()

    thread = threading.Thread(target=write)
    thread.start()
    lines = list(process.stdout)
    process.wait()
    thread.join()

    assert lines == ['ONE\n', '2\n', 'THREE\n']
    assert passed(daemon) == 3


def test_a_thread_reads_while_the_main_one_waits_for_it(client: pebble.Client, daemon: Daemon):
    process = client.exec(['tick'])
    assert process.stdout is not None
    stdout = process.stdout
    lines: list[str] = []
    thread = threading.Thread(target=lambda: lines.extend(stdout))

    began = time.perf_counter()
    thread.start()
    thread.join()
    process.wait()

    assert lines == ['0\n', '1\n', '2\n']
    assert passed(daemon) == 3
    assert time.perf_counter() - began < 0.9  # join is seen through, not waited out


def test_the_main_thread_waits_while_others_exchange_with_it(
    client: pebble.Client, daemon: Daemon
):
    process = client.exec(['tr'])
    assert process.stdin is not None
    stdin = process.stdin
    lines: queue.Queue[str] = queue.Queue()

    def write() -> None:
        while line := lines.get():
            stdin.write(line)
        stdin.close()

    thread = threading.Thread(target=write)
    thread.start()
    for line in ('a', 'b', ''):
        daemon.clock.advance(SECOND_NS)
        lines.put(line)

    assert process.wait_output() == ('AB', '')
    thread.join()
    assert passed(daemon) == 3


def test_many_commands_at_once(client: pebble.Client, daemon: Daemon):
    texts = [f'text {i}' for i in range(8)]
    results: dict[str, Any] = {}

    def run(text: str) -> None:
        results[text] = client.exec(['tr'], stdin=text).wait_output()

    threads = [threading.Thread(target=run, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == {text: (text.upper(), '') for text in texts}
    assert passed(daemon) == 0


def test_commands_interleave_in_time(client: pebble.Client, daemon: Daemon):
    ended: list[tuple[str, float]] = []

    def run(seconds: str) -> None:
        client.exec(['sleep', seconds]).wait()
        ended.append((seconds, passed(daemon)))

    threads = [threading.Thread(target=run, args=(seconds,)) for seconds in ('3', '1', '2')]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ended == [('1', 1), ('2', 2), ('3', 3)]


def test_a_forgotten_command_is_killed(client: pebble.Client, daemon: Daemon):
    with warnings.catch_warnings():
        warnings.simplefilter('ignore', ResourceWarning)
        client.exec(['sleep', '100'])

    daemon.clock.advance(0)

    change = client.get_change(pebble.ChangeID('1'))
    assert change.tasks[0].data == {'exit-code': 137}


def test_a_refused_websocket_leads_to_the_error_of_the_change(
    client: pebble.Client, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
):
    connect = client._connect_websocket  # pyright: ignore[reportPrivateUsage]

    def late(task_id: str, websocket_id: str) -> Any:
        daemon.clock.advance(6 * SECOND_NS)
        return connect(task_id, websocket_id)

    monkeypatch.setattr(client, '_connect_websocket', late)

    with pytest.raises(pebble.ChangeError, match='timeout waiting for websocket connections'):
        client.exec(['ls'], stdout=io.StringIO())  # without files the fast wire connects at once


def test_an_unknown_command(client: pebble.Client):
    with pytest.raises(pebble.APIError, match=r'^cannot find executable "nope"$'):
        client.exec(['nope'])


class TestByHand:
    """One websocket, as ops holds it."""

    def connected(self, daemon: Daemon, *command: str) -> list[WebSocket]:
        client = Strict(daemon)
        body = {'command': list(command)}
        request: Any = client._request  # pyright: ignore[reportPrivateUsage]
        task = request('POST', '/v1/exec', body=body)['result']['task-id']
        return [WebSocket.connect(daemon, task, name) for name in ('control', 'stdio')]

    def test_it_is_closed_after_the_end(self, daemon: Daemon):
        control, stdio = self.connected(daemon, 'ls')

        assert stdio.recv() == '{"command":"end"}'
        with pytest.raises(websocket.WebSocketConnectionClosedException, match='lost'):
            control.recv()
        stdio.shutdown()
        stdio.shutdown()
        with pytest.raises(websocket.WebSocketConnectionClosedException, match='closed'):
            stdio.send_binary(b'x')
        with pytest.raises(websocket.WebSocketConnectionClosedException, match='closed'):
            stdio.recv()
        control.shutdown()

    def test_a_command_that_never_writes_is_reported_after_a_day(self, daemon: Daemon):
        control, stdio = self.connected(daemon, 'sleep', '1000000')

        with pytest.raises(ScenarioRuntimeError, match='written nothing for a day'):
            stdio.recv()

        assert passed(daemon) == 86400
        control.shutdown()
        stdio.shutdown()

    def test_closing_it_ends_the_wait_of_another_thread(self, daemon: Daemon):
        control, stdio = self.connected(daemon, 'sleep', '1000000')
        raised: list[Exception] = []

        def read() -> None:
            try:
                stdio.recv()
            except websocket.WebSocketException as e:
                raised.append(e)

        thread = threading.Thread(target=read)
        thread.start()
        stdio.shutdown()
        control.shutdown()
        thread.join()

        assert len(raised) == 1
        assert passed(daemon) == 0

    def test_the_end_of_the_daemon_closes_it(self, daemon: Daemon):
        control, stdio = self.connected(daemon, 'sleep', '1000000')

        daemon.terminate()

        assert stdio.recv() == '{"command":"end"}'
        with pytest.raises(websocket.WebSocketConnectionClosedException):
            stdio.recv()
        control.shutdown()
        stdio.shutdown()
