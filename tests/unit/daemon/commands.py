"""A daemon that runs commands, and both ends of their streams."""

from __future__ import annotations

from typing import Any, Literal

from scenario_pebble.clock import Clock
from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.daemon.execrecord import END, Stream, Upgraded
from scenario_pebble.daemon.message import Pending, Request, Response, Text
from scenario_pebble.daemon.workload import (
    Behaviour,
    Call,
    Found,
    HappyWorkload,
    Output,
    Reaction,
)


class Workload(HappyWorkload):
    """Does what a test puts into it, and remembers how it was called."""

    def __init__(self, **behaviours: Behaviour):
        self.behaviours = behaviours
        self.calls: list[Call] = []
        self.missing = False

    def find(self, executable: str, call: Call) -> Found:
        return Found.MISSING if self.missing or executable == 'nope' else Found.YES

    def needs_stdin(self, call: Call) -> bool | Literal['if-sent']:
        if call.command[0] == 'cat':
            return True
        return 'if-sent' if call.command[0] == 'handled' else False

    def run(self, call: Call) -> Behaviour:
        self.calls.append(call)
        if call.command[0] in ('cat', 'handled'):
            reactions = {'SIGHUP': Reaction(stdout=b'hup')}
            return Behaviour(
                reactions=reactions, exit_after_ns=0, output=(Output(call.stdin.upper()),)
            )
        return self.behaviours.get(call.command[0], Behaviour(exit_after_ns=0))


def daemon_of(workload: Workload | None = None, **options: Any) -> Daemon:
    return Daemon(Clock(), workload or Workload(), **options)


def execute(daemon: Daemon, *command: str, **payload: Any) -> Response:
    body = {'command': list(command), 'split-stderr': True, **payload}
    answer = daemon.request(Request('POST', '/v1/exec', body=body))
    assert isinstance(answer, Response)
    return answer


def websocket(daemon: Daemon, task: str, name: str) -> Any:
    """The stream, or the error."""
    path = f'/v1/tasks/{task}/websocket/{name}'
    answer = daemon.handle(Request('GET', path, headers={'upgrade': 'websocket'}))
    assert not isinstance(answer, Pending)
    if isinstance(answer, Upgraded):
        return answer.stream
    if isinstance(answer, Response):
        return answer.status, answer.result['message']
    assert isinstance(answer, Text)
    return answer.status, answer.text


def connected(daemon: Daemon, *command: str, **payload: Any) -> tuple[Stream, Stream, Stream]:
    task = execute(daemon, *command, **payload).result['task-id']
    control, stdio, stderr = (websocket(daemon, task, n) for n in ('control', 'stdio', 'stderr'))
    return control, stdio, stderr


def change(daemon: Daemon, change_id: str = '1') -> dict[str, Any]:
    answer = daemon.request(Request('GET', f'/v1/changes/{change_id}'))
    assert isinstance(answer, Response)
    return answer.json


def received(stream: Stream) -> bytes:
    """All up to the end."""
    whole = b''
    while (frame := stream.receive()) is not END:
        assert frame is not None
        whole += frame
    return whole
