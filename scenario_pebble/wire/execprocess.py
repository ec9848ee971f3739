"""The commands of the fast wire, as a charm holds them: nothing is read or written in threads.

This is one of the modules that know names which ops keeps private.  Of ``ops.pebble`` it relies
on:

- ``ExecProcess._wait()`` waiting for the exec's change and returning the exit code, and on
  ``_threads``, ``_control_ws``, ``_stdio_ws``, ``_stderr_ws`` … being all that it keeps;
- ``_WebsocketReader``, with its ``eof``, and ``_WebsocketWriter`` making streams of websockets;
- ``_format_timeout`` saying what is sent for a timeout.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import shutil
from typing import IO, TYPE_CHECKING, Any, cast

import websocket
from ops import pebble

from ..daemon.daemon import Daemon
from ..daemon.execrecord import Name, Stream
from ..daemon.message import Answered, Request, Response
from ..frozen import EMPTY
from .websocket import END_COMMAND, WebSocket

if TYPE_CHECKING:
    from .client import Client

_ops: Any = pebble


class InlineProcess(pebble.ExecProcess[Any]):
    """Collects the output in the calling thread: what the daemon sends is there as soon as it is
    read.
    """

    def wait_output(self) -> tuple[Any, Any]:
        if self.stdout is None or self._threads:
            return super().wait_output()
        out = _read(self.stdout)
        err = _read(self.stderr) if self.stderr is not None else None
        return self._output(self._wait(), out, err)

    def _output(self, exit_code: int, out: Any, err: Any) -> tuple[Any, Any]:
        if exit_code != 0:
            raise pebble.ExecError(self._command, exit_code, out, err)
        return out, err

    def _wait(self) -> int:
        try:
            return super()._wait()
        finally:
            _flush(self.stdin)


class DirectProcess(InlineProcess):
    """A command that was given no files to read from or write to, and so needs no threads.

    Most commands end when they begin: what they wrote is then at hand, and websockets are made
    only if the charm asks for a stream.

    Args:
        client: Who executes it.
        body: Of the request.
        stdin: All that it reads, unless the charm is to write it.
        encoding: Of what it reads and writes; None: bytes.
        timeout: In seconds.
    """

    def __init__(
        self,
        client: Client,
        body: dict[str, Any],
        *,
        stdin: str | bytes | None,
        encoding: str | None,
        timeout: float | None,
    ):
        self._client = client
        self._body = body
        self._command = body['command']
        self._given = stdin.encode(encoding or '') if isinstance(stdin, str) else stdin
        self._encoding = encoding
        self._timeout = timeout
        self._cancel_stdin = self._cancel_reader = None
        self._threads = []
        self._waited = True  # until it has begun
        self._ended = False
        self._streams: dict[Name, Stream] = {}
        self._sockets: dict[Name, WebSocket] = {}
        self._read: set[Name] = set()
        """What `wait_output` has read to its end."""
        self.sent = bytearray()
        """What the charm wrote to its stdin."""

    def begin(self, daemon: Daemon) -> Answered:
        """Start it, and connect to it."""
        with daemon.clock.lock:
            answer = daemon.request(Request('POST', '/v1/exec', EMPTY, self._body))
            if isinstance(answer, Response) and answer.change is not None:
                self._connect(daemon, answer.change, answer.result['task-id'])
            return answer

    def _connect(self, daemon: Daemon, change_id: str, task_id: str) -> None:
        self._daemon = daemon
        self._change_id = pebble.ChangeID(change_id)
        self._waited = False
        self._streams = daemon.execs.connect_all(task_id)
        if self._given is not None:
            self._streams['stdio'].send(self._given)
            self._streams['stdio'].command(END_COMMAND)
        daemon.settle()
        change = daemon.changes.get(change_id)
        self._ended = change is not None and change.status == 'Done'
        if not self._ended:
            for name in self._streams:
                self._socket(name)

    # -- websockets and streams, made when they are asked for

    def _socket(self, name: Name) -> WebSocket:
        if name not in self._sockets:
            sent = self.sent if name == 'stdio' else bytearray()
            socket = self._sockets[name] = WebSocket(self._daemon, self._streams[name], sent)
            if self._waited:
                socket.shutdown()
        return self._sockets[name]

    @property
    def _control_ws(self) -> Any:
        return self._socket('control')

    @property
    def _stdio_ws(self) -> Any:
        return self._socket('stdio')

    @property
    def _stderr_ws(self) -> Any:
        return self._socket('stderr') if 'stderr' in self._streams else None

    @functools.cached_property
    def stdin(self) -> IO[Any] | None:  # type: ignore[override]
        if self._given is not None:
            return None
        return self._stream(_ops._WebsocketWriter(self._stdio_ws))

    @functools.cached_property
    def stdout(self) -> IO[Any] | None:  # type: ignore[override]
        return self._reader('stdio')

    @functools.cached_property
    def stderr(self) -> IO[Any] | None:  # type: ignore[override]
        return self._reader('stderr') if 'stderr' in self._streams else None

    def _reader(self, name: Name) -> Any:
        reader = _ops._WebsocketReader(self._socket(name))
        reader.eof = name in self._read
        return self._stream(reader)

    def _stream(self, binary: Any) -> Any:
        encoding = self._encoding
        return binary if encoding is None else io.TextIOWrapper(binary, encoding, newline='')

    # -- waiting

    def wait_output(self) -> tuple[Any, Any]:
        if not self._ended or self._waited or self._sockets:
            return super().wait_output()
        out = self._received('stdio')
        err = self._received('stderr') if 'stderr' in self._streams else None
        return self._output(self._wait(), out, err)

    def _received(self, name: Name) -> Any:
        self._read.add(name)
        data = self._streams[name].rest()
        return data if self._encoding is None else data.decode(self._encoding)

    def _wait(self) -> int:
        exit_code = self._client.exit_code(self._change_id) if self._ended else None
        if exit_code is None:
            return super()._wait()
        self._waited = True
        for socket in self._sockets.values():
            socket.shutdown()
        _flush(self.__dict__.get('stdin'))
        return exit_code


def body(
    command: list[str],
    *,
    service_context: str | None = None,
    environment: dict[str, str] | None = None,
    working_dir: str | os.PathLike[str] | None = None,
    timeout: float | None = None,
    user_id: int | None = None,
    user: str | None = None,
    group_id: int | None = None,
    group: str | None = None,
    combine_stderr: bool = False,
) -> dict[str, Any]:
    """The body of the request that executes a command."""
    said = {
        'command': command,
        'service-context': service_context,
        'environment': environment,
        'working-dir': None if working_dir is None else str(working_dir),
        'timeout': None if timeout is None else _ops._format_timeout(timeout),
        'user-id': user_id,
        'user': user,
        'group-id': group_id,
        'group': group,
        'split-stderr': not combine_stderr,
    }
    return {name: value for name, value in said.items() if value is not None}


def is_direct(command: Any, stdin: Any, stdout: Any, stderr: Any, encoding: str | None) -> bool:
    """Whether `DirectProcess` can execute a command; if not, ops does, or says what is wrong."""
    if stdout is not None or stderr is not None:
        return False
    if type(command) is not list or {*map(type, cast('list[Any]', command))} != {str}:
        return False
    return stdin is None or type(stdin) is (bytes if encoding is None else str)


def _flush(stdin: IO[Any] | None) -> None:
    # What the charm wrote and did not flush comes too late for the command, but exec_history shows
    # it, as in ops.testing.
    if stdin is not None and not stdin.closed:
        with contextlib.suppress(websocket.WebSocketConnectionClosedException):
            stdin.flush()


def _read(stream: IO[Any]) -> Any:
    # ops' readers give one message at a time, so a single read() would not be all.
    whole: IO[Any] = io.StringIO() if isinstance(stream, io.TextIOBase) else io.BytesIO()
    shutil.copyfileobj(stream, whole)
    whole.seek(0)
    return whole.read()
