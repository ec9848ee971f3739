"""The daemon behind a unix socket, asked by the real client of ops."""

from __future__ import annotations

import contextlib
import pathlib
import socket
import threading
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from ops import pebble

from scenario_pebble.clock import MILLISECOND_NS, Clock
from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.daemon.workload import Behaviour, Call, Found, HappyWorkload, Output
from scenario_pebble.wire.server import Server

EXEC_ERROR: Any = pebble.ExecError


class Workload(HappyWorkload):
    def find(self, executable: str, call: Call) -> Found:
        return Found.MISSING if executable == 'nope' else Found.YES

    def needs_stdin(self, call: Call) -> bool:
        return call.command[0] == 'cat'

    def run(self, call: Call) -> Behaviour:
        if call.command[0] == 'cat':
            return Behaviour(exit_after_ns=0, output=(Output(call.stdin.upper()),))
        if call.command[0] == 'sleep':
            return Behaviour()
        if call.command[0] == 'slow':
            output = (Output(b'1\n'), Output(b'2\n', 'stderr', 10 * MILLISECOND_NS))
            return Behaviour(exit_after_ns=20 * MILLISECOND_NS, exit_code=3, output=output)
        return super().run(call)


@contextlib.contextmanager
def served(path: pathlib.Path) -> Generator[Daemon]:
    daemon = Daemon(Clock(), Workload())
    with Server(daemon, path) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            yield daemon
        finally:
            server.stop()
            thread.join()


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / 'pebble.socket'


@pytest.fixture
def client(path: pathlib.Path) -> Iterator[pebble.Client]:
    with served(path):
        yield pebble.Client(str(path))


def test_files_go_there_and_back(client: pebble.Client):
    big = bytes(range(256)) * 1024

    client.push('/data/big', big, make_dirs=True, permissions=0o600)

    with client.pull('/data/big', encoding=None) as pulled:
        assert pulled.read() == big
    assert client.list_files('/data')[0].size == len(big)
    with pytest.raises(pebble.PathError, match=r'^not-found - stat /nope: no such file'):
        client.pull('/nope')


def test_services_start(client: pebble.Client):
    client.add_layer('l', {'services': {'web': {'override': 'replace', 'command': 'w'}}})

    client.start_services(['web'], timeout=0)

    assert client.get_services(['web'])[0].is_running()


def test_replan_is_awaited_in_real_time(client: pebble.Client):
    client.add_layer('l', {'services': {}})

    client.replan_services()


def test_commands_exchange_their_streams(client: pebble.Client):
    assert client.exec(['cat'], stdin='abc').wait_output() == ('ABC', '')

    with pytest.raises(EXEC_ERROR) as raised:
        client.exec(['slow']).wait_output()

    error = raised.value
    assert (error.exit_code, error.stdout, error.stderr) == (3, '1\n', '2\n')


def test_a_command_is_signalled(client: pebble.Client):
    process = client.exec(['sleep'])

    process.send_signal('SIGTERM')

    with pytest.raises(pebble.ExecError, match='exit code 143'):
        process.wait()


def test_a_refused_command_is_an_error(client: pebble.Client):
    with pytest.raises(pebble.APIError, match='cannot find executable "nope"'):
        client.exec(['nope'])


def test_dropping_the_control_connection_kills_the_command(path: pathlib.Path):
    with served(path) as daemon:
        client = pebble.Client(str(path))
        process = client.exec(['sleep'])
        process._control_ws.shutdown()  # pyright: ignore[reportPrivateUsage]

        with pytest.raises(pebble.ExecError, match='exit code 137'):
            process.wait()

        assert not daemon.execs.hurry()


def exchange(path: pathlib.Path, sent: bytes) -> bytes:
    """What comes back for some bytes, until the server closes the connection."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(sent)
        connection.settimeout(5)
        received = b''
        while data := connection.recv(65536):
            received += data
        return received


def test_a_connection_can_be_used_more_than_once(path: pathlib.Path):
    get = b'GET /v1/health HTTP/1.1\r\n%s\r\n'
    with served(path):
        received = exchange(path, get % b'' + get % b'' + get % b'Connection: close\r\n')

    assert received.count(b'HTTP/1.1 200 OK\r\n') == 3
    assert received.count(b'{"healthy":true}') == 3
    assert received.count(b'Connection: close\r\n') == 1


def test_a_client_that_asks_for_leave_to_send_the_body_gets_it(path: pathlib.Path):
    head = (
        b'POST /v1/notices HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n'
        b'Connection: close\r\n\r\n'
    )
    with served(path):
        received = exchange(path, head + b'{}')

    assert received.startswith(b'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\n')
    assert rb'invalid action \"\"' in received


@pytest.mark.parametrize(
    'sent',
    [
        b'nonsense\r\n\r\n',
        b'GET nowhere HTTP/1.1\r\n\r\n',
        b'GET / HTTP/1.1\r\nno colon\r\n\r\n',
        b'GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n',
        b'GET / HTTP/1.1\r\nContent-Length: -1000\r\n\r\n',
        b'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
        b'x' * 70_000,
    ],
)
def test_what_is_no_http_is_refused(path: pathlib.Path, sent: bytes):
    with served(path):
        received = exchange(path, sent)

    assert received.startswith(b'HTTP/1.1 400 Bad Request\r\n')
    assert received.endswith(b'\r\n\r\n400 Bad Request')


def test_the_socket_is_gone_afterwards(path: pathlib.Path):
    with served(path):
        assert path.is_socket()

    assert not path.exists()


def test_the_server_ends_with_the_daemon(path: pathlib.Path):
    daemon = Daemon(Clock())
    with Server(daemon, path) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        with daemon.clock.lock:
            daemon.terminate()
        thread.join(5)

        assert not thread.is_alive()
