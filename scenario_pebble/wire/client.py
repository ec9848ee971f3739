"""The fast wire: ops' own Pebble client, handed the daemon's answers as Python values instead of
HTTP bytes.

This is one of the three modules that know names which ops keeps private.  Of
``ops.pebble.Client`` it relies on:

- ``_request(method, path, query, body)`` making every JSON request and returning the decoded
  envelope;
- ``_connect_websocket(task_id, websocket_id)`` opening every websocket of an exec;
- ``_start_span`` (ops ≥ 3.5) giving the tracing span of a method;
- ``ExecProcess._wait()`` waiting for the exec's change and returning the exit code, and its
  ``_stdio_ws``.

Results, errors, waiting and parsing stay the client's own, so that both wires give equal values
(a test compares them).
"""

from __future__ import annotations

import contextlib
import functools
import io
import marshal
import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, cast

import websocket
import yaml
from ops import pebble

from ..daemon.daemon import Daemon, DaemonGone
from ..daemon.message import STATUS_TEXT, Answered, ApiError, Request, Response
from ..frozen import EMPTY
from .exechistory import Recorded
from .host import Host, Unreachable
from .opener import Opener
from .tracing import NO_SPAN, untraced
from .websocket import WebSocket

_FAILURES = (ApiError, DaemonGone, Unreachable)


class Client(pebble.Client):
    """The real client with the wire cut out.

    Args:
        socket_path: What ops believes to connect to.
        host: Who answers.
        ran: Is told of each command.
    """

    def __init__(self, socket_path: str, host: Host, ran: Callable[[Recorded], None]):
        super().__init__(socket_path, opener=cast(Any, Opener(host)))
        self._host = host
        self._ran = ran
        self._untraced = untraced()

    def _translated(self, failure: Exception) -> pebble.Error:
        """What went wrong on the wire, in the words of ops."""
        if isinstance(failure, ApiError):
            return pebble.PathError(failure.kind, failure.message)
        if isinstance(failure, DaemonGone):
            return pebble.ConnectionError('[Errno 111] Connection refused')
        return pebble.ConnectionError(
            f'Could not connect to Pebble: socket not found at {self.socket_path!r} '
            '(container restarted?)'
        )

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            answer = self._host.ask(Request(method, path, _query(query), body))
        except _FAILURES as e:
            raise self._translated(e) from None
        envelope = _envelope(answer)
        if answer.status >= 400:
            message = envelope['result']['message']
            raise pebble.APIError(envelope, answer.status, STATUS_TEXT[answer.status], message)
        return envelope

    def _start_span(self, span_name: str) -> Any:
        return NO_SPAN if self._untraced else super()._start_span(span_name)

    def _connect_websocket(self, task_id: str, websocket_id: str) -> Any:
        try:
            return self._host.call(
                'GET',
                f'/v1/tasks/{task_id}/websocket/{websocket_id}',
                WebSocket.connect,
                task_id,
                websocket_id,
            )
        except _FAILURES as e:
            raise self._translated(e) from None

    def add_layer(
        self, label: str, layer: str | pebble.LayerDict | pebble.Layer, *, combine: bool = False
    ) -> None:
        # Charms send the same few layers again and again, and writing one as YAML takes longer
        # than all that the daemon does with it.
        content = layer.to_dict() if isinstance(layer, pebble.Layer) else layer
        if isinstance(content, dict):
            with contextlib.suppress(ValueError):
                layer = _as_yaml(marshal.dumps(cast(Any, content)))
        super().add_layer(label, layer, combine=combine)

    def get_plan(self) -> pebble.Plan:
        answer = self._request('GET', '/v1/plan', {'format': 'yaml'})
        return pebble.Plan(_from_yaml(answer['result']))

    def pull(self, path: Any, *, encoding: str | None = 'utf-8') -> Any:
        name = str(path)
        try:
            content = self._host.call('GET', '/v1/files', _pull, name)
        except _FAILURES as e:
            raise self._translated(e) from None
        data = io.BytesIO(content)
        # ops opens the received file with newline='', so line ends stay as they are.
        return data if encoding is None else io.TextIOWrapper(data, encoding=encoding, newline='')

    def push(
        self,
        path: Any,
        source: Any,
        *,
        encoding: str = 'utf-8',
        make_dirs: bool = False,
        permissions: int | None = None,
        user_id: int | None = None,
        user: str | None = None,
        group_id: int | None = None,
        group: str | None = None,
    ) -> None:
        content: Any = source if isinstance(source, (str, bytes)) else source.read()
        data = content.encode(encoding) if isinstance(content, str) else content

        options = {
            'make_dirs': make_dirs,
            'permissions': None if permissions is None else format(permissions, '03o'),
            'user_id': user_id,
            'user': user,
            'group_id': group_id,
            'group': group,
        }
        try:
            self._host.call('POST', '/v1/files', _push, str(path), data, options)
        except _FAILURES as e:
            raise self._translated(e) from None

    def exec(self, command: list[str], **options: Any) -> Any:
        process = cast(Any, super().exec(command, **options))
        process.__class__ = _InlineExecProcess
        sent: bytearray = process._stdio_ws.sent
        self._ran(Recorded(command, options, lambda: bytes(sent)))
        return process


class _InlineExecProcess(pebble.ExecProcess[Any]):
    """Collects the output in the calling thread: what the daemon sends is there as soon as it is
    read.
    """

    def wait_output(self) -> tuple[Any, Any]:
        if self.stdout is None or self._threads:
            return super().wait_output()
        out = _read(self.stdout)
        err = _read(self.stderr) if self.stderr is not None else None
        exit_code = self._wait()
        if exit_code != 0:
            raise pebble.ExecError(self._command, exit_code, out, err)
        return out, err

    def _wait(self) -> int:
        try:
            return super()._wait()
        finally:
            # What the charm wrote and did not flush comes too late for the command, but
            # exec_history shows it, as in ops.testing.
            if self.stdin is not None and not self.stdin.closed:
                with contextlib.suppress(websocket.WebSocketConnectionClosedException):
                    self.stdin.flush()


def _pull(daemon: Daemon, path: str) -> bytes:
    return daemon.files.pull(path)


def _push(daemon: Daemon, path: str, data: bytes, options: Mapping[str, Any]) -> None:
    daemon.files.push(path, data, **options)


def _read(stream: IO[Any]) -> Any:
    # ops' readers give one message at a time, so a single read() would not be all.
    whole: IO[Any] = io.StringIO() if isinstance(stream, io.TextIOBase) else io.BytesIO()
    shutil.copyfileobj(stream, whole)
    whole.seek(0)
    return whole.read()


@functools.lru_cache(maxsize=256)
def _as_yaml(marshalled: bytes) -> str:
    return pebble.Layer(marshal.loads(marshalled)).to_yaml()


@functools.lru_cache(maxsize=256)
def _from_yaml(text: str) -> pebble.PlanDict:
    # pebble.Plan copies what it takes from the dict.
    return yaml.load(text, Loader=_Loader) or {}


_Loader: Any = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)


def _query(query: Mapping[str, Any] | None) -> Mapping[str, list[str]]:
    if not query:
        return EMPTY
    return {name: _texts(value) for name, value in query.items()}


def _texts(value: Any) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [str(item) for item in cast('Sequence[Any]', value)]
    return [str(value)]


def _envelope(answer: Answered) -> dict[str, Any]:
    if not isinstance(answer, Response):
        raise pebble.ProtocolError(f'expected a JSON answer, got {type(answer).__name__}')
    return answer.envelope()
