"""The endpoints that execute a command, and connect to it."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..frozen import FrozenDict, evolve
from . import gojson, users
from .execrecord import EXECUTION, Upgraded
from .fileerror import FileError
from .gotext import parse_duration, quote
from .message import ApiError, Request, Response, Text
from .plan import Service
from .users import Owner
from .workload import Call, Found

if TYPE_CHECKING:
    from .daemon import Daemon

_DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

_PAYLOAD = gojson.Struct(
    {
        'command': gojson.Field(gojson.Array(gojson.STRING), 'Command'),
        'service-context': gojson.Field(gojson.STRING, 'ServiceContext'),
        'environment': gojson.Field(gojson.Map(gojson.STRING), 'Environment'),
        'working-dir': gojson.Field(gojson.STRING, 'WorkingDir'),
        'timeout': gojson.Field(gojson.STRING, 'Timeout'),
        'user-id': gojson.Field(gojson.Optional(gojson.INT), 'UserID'),
        'user': gojson.Field(gojson.STRING, 'User'),
        'group-id': gojson.Field(gojson.Optional(gojson.INT), 'GroupID'),
        'group': gojson.Field(gojson.STRING, 'Group'),
        'terminal': gojson.Field(gojson.BOOL, 'Terminal'),
        'interactive': gojson.Field(gojson.BOOL, 'Interactive'),
        'split-stderr': gojson.Field(gojson.BOOL, 'SplitStderr'),
        'width': gojson.Field(gojson.INT, 'Width'),
        'height': gojson.Field(gojson.INT, 'Height'),
    },
    'execPayload',
)


_line = functools.lru_cache(maxsize=256)(shlex.join)

# gorilla/websocket has answered when Pebble adds its own error to it.
_NO_WEBSOCKET = Text(
    'Bad Request\n{"type":"error","status-code":500,"status":"Internal Server Error",'
    '"result":{"message":"websocket: the client is not using the websocket protocol: '
    "'upgrade' token not found in 'Connection' header\"}}",
    'text/plain; charset=utf-8',
    400,
)


class _Context(NamedTuple):
    """What a request, merged with the service that it names, says of the process."""

    environment: Mapping[str, str]
    working_dir: str
    owner: Owner | None


def post_exec(daemon: Daemon, request: Request) -> Response:
    """``POST /v1/exec``: execute a command, once its websockets are connected."""
    # Pebble: daemon/api_exec.go v1PostExec; the order of the checks is its own
    payload = gojson.decode(request.body, _PAYLOAD)
    command = tuple(payload['command'] or ())
    if not command:
        raise ApiError(400, 'must specify command')
    try:
        timeout_ns = parse_duration(payload['timeout']) if payload['timeout'] else 0
    except ValueError as e:
        raise ApiError(400, f'invalid timeout: {e}') from None
    line = _line(command)
    _check_executable(daemon, command, line, payload['environment'] or {})
    context = _context(daemon, payload)
    if payload['interactive']:
        if payload['terminal']:
            raise ApiError(500, 'not simulated: POST /v1/exec (interactive)')
        raise ApiError(500, 'cannot call exec: cannot use interactive mode without a terminal')
    environment = _environment(daemon, context)
    working_dir = _working_dir(daemon, context.working_dir, environment.get('HOME', ''))
    summary = f'Execute command {quote(command[0])}'
    task = daemon.changes.new_task('exec', summary)
    daemon.execs.add(
        evolve(
            EXECUTION,
            task=task.id,
            command=command,
            line=line,
            environment=FrozenDict(environment),
            working_dir=working_dir,
            owner=context.owner,
            timeout_ns=timeout_ns,
            split_stderr=payload['split-stderr'],
            terminal=payload['terminal'],
        )
    )
    change = daemon.changes.new_change('exec', summary, [task])
    daemon.runner.wake()
    result = {'environment': environment, 'task-id': task.id, 'working-dir': working_dir}
    return Response(status=202, type='async', change=change.id, result=result)


def _check_executable(
    daemon: Daemon, command: tuple[str, ...], line: str, environment: Mapping[str, str]
) -> None:
    call = Call(
        kind='exec',
        name='',
        command=command,
        environment={**daemon.environment, **environment},
        number=daemon.execs.next_number(line),
        at_ns=daemon.clock.now_ns,
    )
    if not command[0] or daemon.workload.find(command[0], call) is not Found.YES:
        raise ApiError(400, f'cannot find executable {quote(command[0])}')


def _context(daemon: Daemon, payload: Mapping[str, Any]) -> _Context:
    # Pebble: plan/plan.go MergeServiceContext
    environment: dict[str, str] = {}
    working_dir = payload['working-dir']
    user_id, user = payload['user-id'], payload['user']
    group_id, group = payload['group-id'], payload['group']
    if name := payload['service-context']:
        service = _context_service(daemon, name)
        environment.update(service.environment or {})
        working_dir = working_dir or service.working_dir
        user_id = service.user_id if user_id is None else user_id
        group_id = service.group_id if group_id is None else group_id
        user, group = user or service.user, group or service.group
    environment.update(payload['environment'] or {})
    try:
        owner = users.resolve(daemon.users, user_id, user, group_id, group)
    except users.OwnerError as e:
        raise ApiError(400, str(e)) from None
    return _Context(environment, working_dir, owner)


def _context_service(daemon: Daemon, name: str) -> Service:
    services = daemon.plan.plan.services
    if name in services:
        return services[name]
    if services or daemon.files.complete:
        raise ApiError(400, f'context service {quote(name)} not found')
    # Nobody has said what is in the image; it may have layers of its own.
    return Service(name=name)


def _environment(daemon: Daemon, context: _Context) -> dict[str, str]:
    # Pebble: cmdstate/request.go Exec
    environment = dict(daemon.environment)
    owner = context.owner
    if owner is not None and owner.user_id != daemon.user_id:
        environment.pop('HOME', None)
        environment.pop('USER', None)
    environment.update(context.environment)
    environment.setdefault('PATH', _DEFAULT_PATH)
    if not (environment.get('HOME') and environment.get('USER')):
        own = owner or daemon.files.own
        user = daemon.users.user(own.user, own.user_id) if own.user else None
        if user is not None:
            environment['HOME'] = environment.get('HOME') or user.home
            environment['USER'] = environment.get('USER') or own.user
    environment.setdefault('LANG', 'C.UTF-8')
    return environment


def _working_dir(daemon: Daemon, given: str, home: str) -> str:
    if not given and not home:
        return '/'
    path = given or home
    kind = 'working directory' if given else 'home directory'
    try:
        found = daemon.files.is_directory(path if path.startswith('/') else f'/{path}')
    except FileError as e:
        raise ApiError(500, f'cannot call exec: cannot stat {kind} {quote(path)}: {e}') from None
    if not found:
        why = 'does not exist' if found is None else 'not a directory'
        raise ApiError(500, f'cannot call exec: {kind} {quote(path)} {why}')
    return path


def get_websocket(daemon: Daemon, request: Request, task_id: str, name: str) -> Text:
    """``GET /v1/tasks/{task-id}/websocket/{websocket-id}``: connect to a command."""
    task = daemon.changes.get_task(task_id)
    if task is None:
        raise ApiError(404, f'cannot find task {quote(task_id)}')
    if task.kind != 'exec':
        raise ApiError(400, f'{quote(task.kind)} tasks do not have websockets')
    if request.headers.get('upgrade', '').lower() != 'websocket':
        return _NO_WEBSOCKET
    stream = daemon.execs.connect(task_id, name)
    if stream is None:
        return Text('', '')
    return Upgraded('', '', 101, stream=stream)
