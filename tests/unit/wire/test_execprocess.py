"""What a charm can do with a process that has ended when it gets it, in both wires."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import websocket
from ops import pebble

from scenario_pebble.clock import SECOND_NS, Clock
from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.daemon.workload import Behaviour, Call, HappyWorkload, Output
from scenario_pebble.wire.client import Client
from scenario_pebble.wire.host import Always
from scenario_pebble.wire.opener import Opener
from scenario_pebble.wire.websocket import WebSocket

EXEC_ERROR: Any = pebble.ExecError


class Workload(HappyWorkload):
    def run(self, call: Call) -> Behaviour:
        output = (Output('ü\r\nno end'.encode()), Output(b'', 'stderr'), Output(b'e', 'stderr'))
        code = {'ls': 0, 'fail': 3}[call.command[0]]
        return Behaviour(exit_after_ns=0, exit_code=code, output=output)


class Strict(pebble.Client):
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
    return make(daemon)


def test_its_streams_can_be_read(client: pebble.Client):
    process = client.exec(['ls'])
    assert process.stdout is not None
    assert process.stderr is not None

    assert list(process.stdout) == ['ü\r\n', 'no end']
    assert process.stderr.read() == 'e'
    process.wait()


def test_a_stream_that_was_read_in_part_gives_the_rest(client: pebble.Client):
    process = client.exec(['ls'])
    assert process.stdout is not None

    assert process.stdout.readline() == 'ü\r\n'
    assert process.wait_output() == ('no end', 'e')


def test_its_streams_are_bytes_without_an_encoding(client: pebble.Client):
    process = client.exec(['ls'], encoding=None, combine_stderr=True)

    assert process.stderr is None
    assert process.wait_output() == ('ü\r\nno ende'.encode(), None)


def test_its_streams_are_at_their_end_once_it_was_waited_for(client: pebble.Client):
    process = client.exec(['ls'])

    process.wait()

    assert process.stdout is not None
    # ops 3.4 doesn't take a closed connection for the end of a stream.
    with contextlib.suppress(websocket.WebSocketConnectionClosedException):
        assert process.stdout.read() == ''
        assert process.wait_output() == ('', '')


def test_its_output_is_given_once(client: pebble.Client):
    process = client.exec(['ls'])

    assert process.wait_output() == ('ü\r\nno end', 'e')
    assert process.wait_output() == ('', '')


def test_what_is_written_to_it_comes_too_late(client: pebble.Client):
    process = client.exec(['ls'])
    assert process.stdin is not None

    process.stdin.write('late')
    process.stdin.close()
    process.send_signal('SIGTERM')

    assert process.wait_output() == ('ü\r\nno end', 'e')


def test_its_exit_code_is_raised_by_wait(client: pebble.Client):
    with pytest.raises(EXEC_ERROR) as raised:
        client.exec(['fail']).wait()

    error = raised.value
    assert (error.exit_code, error.stdout, error.stderr) == (3, None, None)


def test_its_stdin_is_none_if_it_was_given(client: pebble.Client):
    process = client.exec(['ls'], stdin='x')

    assert process.stdin is None
    process.wait()


def test_one_that_nobody_waits_for_is_warned_of(client: pebble.Client):
    with pytest.warns(ResourceWarning, match='without call to wait'):
        client.exec(['ls'])


def test_one_that_never_began_is_not_warned_of(client: pebble.Client):
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        with pytest.raises(pebble.APIError, match=r'^cannot find executable ""$'):
            client.exec([''])


@pytest.mark.parametrize(
    ('command', 'options', 'message'),
    [
        ('ls', {}, 'command must be a list of str, not str'),
        (['ls', 1], {}, 'command must be a list of str, not list'),
        ([], {}, 'command must contain at least one item'),
        (['ls'], {'stdin': 'x', 'encoding': None}, 'encoding must be set if stdin is str'),
        (['ls'], {'stdin': b'x'}, 'encoding must be None if stdin is bytes'),
        (['ls'], {'stdin': 1}, 'stdin must be str, bytes, or a readable file-like object'),
    ],
)
def test_wrong_arguments_are_refused_by_ops(
    client: pebble.Client, command: Any, options: Any, message: str
):
    with pytest.raises((TypeError, ValueError)) as raised:
        client.exec(command, **options)

    assert str(raised.value) == message
