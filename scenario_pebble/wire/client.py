"""The fast wire: ops' own Pebble client, handed the daemon's answers as Python values instead of
HTTP bytes.

This is one of the modules that know names which ops keeps private.  Of
``ops.pebble.Client`` it relies on:

- ``_request(method, path, query, body)`` making every JSON request and returning the decoded
  envelope;
- ``_wait_change(change_id, timeout)`` waiting once, and raising NotImplementedError if there is no
  such change; ``_format_timeout`` saying what is sent for a timeout;
- ``_connect_websocket(task_id, websocket_id)`` opening every websocket of an exec;
- ``_start_span`` (ops ≥ 3.5) giving the tracing span of a method;
- ``ExecProcess._stdio_ws`` being the websocket for its standard input.

Results, errors, waiting and parsing stay the client's own, so that both wires give equal values
(a test compares them).
"""

from __future__ import annotations

import contextlib
import functools
import io
import marshal
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import yaml
from ops import pebble

from ..daemon.daemon import Daemon, DaemonGone
from ..daemon.fileerror import FileError
from ..daemon.filelisting import Entry
from ..daemon.message import STATUS_TEXT, Answered, ApiError, Request, Response
from ..frozen import EMPTY
from . import execprocess, shown
from .exechistory import Recorded
from .host import Host, Refused, Unreachable
from .opener import Opener
from .tracing import NO_SPAN, untraced
from .websocket import WebSocket

T = TypeVar('T')

_ops: Any = pebble

_FAILURES = (ApiError, DaemonGone, Refused, Unreachable)


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
        if isinstance(failure, Refused):
            return _api_error(failure.answer)
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
        request = Request(method, path, _query(query) if query else EMPTY, body)
        return _checked(self._call(method, path, Daemon.request, request)).envelope()

    def _call(self, method: str, path: str, act: Callable[..., T], *args: Any) -> T:
        try:
            return self._host.call(method, path, act, *args)
        except _FAILURES as e:
            raise self._translated(e) from None

    def _start_span(self, span_name: str) -> Any:
        return NO_SPAN if self._untraced else super()._start_span(span_name)

    def _connect_websocket(self, task_id: str, websocket_id: str) -> Any:
        return WebSocket.reach(self._host, task_id, websocket_id)

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

    def _wait_change(
        self, change_id: pebble.ChangeID, timeout: float | None = None
    ) -> pebble.Change:
        path = f'/v1/changes/{change_id}/wait'
        query = EMPTY if timeout is None else {'timeout': [_ops._format_timeout(timeout)]}
        try:
            answer = self._call('GET', path, Daemon.request, Request('GET', path, query))
            return shown.change(_checked(answer).result)
        except pebble.APIError as e:
            if e.code == 504:
                text = f'timed out waiting for change {change_id} ({timeout} seconds)'
                raise pebble.TimeoutError(text) from None
            if e.code == 404:  # ops asks in another way, which fails too
                raise NotImplementedError from None
            raise

    def list_files(
        self, path: Any, *, pattern: str | None = None, itself: bool = False
    ) -> list[pebble.FileInfo]:
        query = {'path': str(path), 'action': 'list'}
        if pattern:
            query['pattern'] = pattern
        if itself:
            query['itself'] = 'true'
        request = Request('GET', '/v1/files', _query(query))
        listed = self._call('GET', '/v1/files', _listed, request)
        entries = listed if isinstance(listed, list) else _checked(listed).result
        return [shown.file_info(entry) for entry in entries]

    def pull(self, path: Any, *, encoding: str | None = 'utf-8') -> Any:
        data = io.BytesIO(self._call('GET', '/v1/files', _pull, str(path)))
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

        mode = None if permissions is None else format(permissions, '03o')
        said = user_id, user, group_id, group
        self._call('POST', '/v1/files', _push, str(path), data, make_dirs, mode, said)

    def exec(self, command: list[str], **options: Any) -> Any:
        process = self._started(command, **options)
        if process is None:
            process = cast(Any, super().exec(command, **options))
            process.__class__ = execprocess.InlineProcess
            sent: bytearray = process._stdio_ws.sent
        else:
            sent = process.sent
        self._ran(Recorded(command, options, sent))
        return process

    def _started(
        self,
        command: list[str],
        *,
        stdin: Any = None,
        stdout: Any = None,
        stderr: Any = None,
        encoding: str | None = 'utf-8',
        timeout: float | None = None,
        **options: Any,
    ) -> execprocess.DirectProcess | None:
        """The process of a command, unless it needs what only ops does."""
        direct = execprocess.is_direct(command, stdin, stdout, stderr, encoding)
        if not (direct and self._untraced):
            return None
        body = execprocess.body(command, timeout=timeout, **options)
        process = execprocess.DirectProcess(
            self, body, stdin=stdin, encoding=encoding, timeout=timeout
        )
        _checked(self._call('POST', '/v1/exec', process.begin))
        return process

    def exit_code(self, change_id: str) -> int | None:
        """The exit code of a command that has ended; None if it is forgotten."""
        return self._call('GET', f'/v1/changes/{change_id}/wait', _exit_code, change_id)


class StepwiseClient(Client):
    """Makes each request of a command by itself, so that each may fail."""

    def _started(self, command: list[str], **options: Any) -> None:
        return None


def _pull(daemon: Daemon, path: str) -> bytes:
    return daemon.files.pull(path)


def _listed(daemon: Daemon, request: Request) -> list[Entry] | Answered:
    """The entries, or Pebble's answer if there is something wrong."""
    query = request.query
    path = query['path'][0]
    if path.startswith('/'):
        pattern = query['pattern'][0] if 'pattern' in query else ''
        with contextlib.suppress(FileError):
            return daemon.files.entries(path, pattern, itself='itself' in query)
    return daemon.request(request)


def _exit_code(daemon: Daemon, change_id: str) -> int | None:
    change = daemon.changes.get(change_id)
    if change is None:
        return None
    return daemon.changes.task(change.tasks[0]).api_data.get('exit-code', -1)


def _push(daemon: Daemon, *args: Any) -> None:
    daemon.files.push_as(*args)


@functools.lru_cache(maxsize=256)
def _as_yaml(marshalled: bytes) -> str:
    return pebble.Layer(marshal.loads(marshalled)).to_yaml()


@functools.lru_cache(maxsize=256)
def _from_yaml(text: str) -> pebble.PlanDict:
    # pebble.Plan copies what it takes from the dict.
    return yaml.load(text, Loader=_Loader) or {}


_Loader: Any = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)


def _query(query: Mapping[str, Any]) -> Mapping[str, list[str]]:
    return {
        name: [value] if type(value) is str else _texts(value) for name, value in query.items()
    }


def _texts(value: Any) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [str(item) for item in cast('Sequence[Any]', value)]
    return [str(value)]


def _checked(answer: Answered) -> Response:
    """An answer in JSON; raised if it is an error."""
    if not isinstance(answer, Response):
        raise pebble.ProtocolError(f'expected a JSON answer, got {type(answer).__name__}')
    if answer.status >= 400:
        raise _api_error(answer)
    return answer


def _api_error(answer: Response) -> pebble.APIError:
    status, message = answer.status, answer.result['message']
    return pebble.APIError(answer.envelope(), status, STATUS_TEXT[status], message)
