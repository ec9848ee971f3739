"""A simulated daemon for the tests of its parts: programs as values, requests in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scenario_pebble.clock import SECOND_NS, Clock, seconds_to_ns
from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.daemon.message import Answered, Lines, Pending, Request, Response
from scenario_pebble.daemon.saved import Saved
from scenario_pebble.daemon.workload import (
    Behaviour,
    Call,
    Found,
    HappyWorkload,
    Output,
    Reaction,
)

BEGIN_NS = 1_700_000_000 * SECOND_NS
"""2023-11-14T22:13:20Z."""


def exits(after: float, code: int = 0, **more: Any) -> Behaviour:
    """A program that ends by itself."""
    return Behaviour(exit_after_ns=seconds_to_ns(after), exit_code=code, **more)


def prints(*texts: str, **more: Any) -> Behaviour:
    """A program that prints at once and goes on."""
    return Behaviour(output=tuple(Output(text.encode()) for text in texts), **more)


def on_term(after: float = 0, code: int | None = 0, stdout: str = '') -> Mapping[str, Reaction]:
    """How a program takes SIGTERM."""
    reaction = Reaction(stdout.encode(), seconds_to_ns(after), code)
    return {'SIGTERM': reaction}


class Programs(HappyWorkload):
    """What services do, by name: one behaviour, or one for each start; the last one repeats."""

    def __init__(self, behaviours: Mapping[str, Behaviour | Sequence[Behaviour]]):
        self.behaviours = dict(behaviours)
        self.found: dict[str, Found] = {}
        self.calls: list[Call] = []

    def find(self, executable: str, call: Call) -> Found:
        return self.found.get(executable, Found.YES)

    def run(self, call: Call) -> Behaviour:
        self.calls.append(call)
        behaviour = self.behaviours.get(call.name, super().run(call))
        if isinstance(behaviour, Behaviour):
            return behaviour
        return behaviour[min(call.number, len(behaviour)) - 1]


class Pebble:
    """A daemon and its clock.

    Args:
        plan: The YAML of a first layer.
        programs: What services do.
        options: More arguments of the daemon.
    """

    def __init__(
        self,
        plan: str = '',
        programs: Mapping[str, Behaviour | Sequence[Behaviour]] | None = None,
        **options: Any,
    ):
        self.clock = Clock(BEGIN_NS)
        self.programs = Programs(programs or {})
        self.rows: list[tuple[str, str, str]] = []
        self._options: dict[str, Any] = {'log': self._add_row, **options}
        self.daemon = Daemon(self.clock, self.programs, **self._options)
        if plan:
            self.layer(plan)

    def reload(self) -> Saved:
        """Save the daemon, and go on with another one that was made from what was saved."""
        saved = self.daemon.save()
        self.clock = Clock(self.clock.now_ns)
        options: dict[str, Any] = {**self._options, 'files': self.daemon.files.tree}
        self.daemon = Daemon(self.clock, self.programs, **options, saved=saved)
        return saved

    def _add_row(self, kind: str, subject: str, text: str) -> None:
        self.rows.append((kind, subject, text))

    # -- requests

    def send(
        self, method: str, path: str, body: Any = None, user_id: int = 0, **query: Any
    ) -> Answered | Pending:
        """Hand over a request."""
        texts = {
            name: [value] if isinstance(value, str) else list(value)
            for name, value in query.items()
        }
        return self.daemon.handle(Request(method, path, texts, body, {}, user_id))

    def request(self, method: str, path: str, body: Any = None, **query: Any) -> Response:
        """Hand over a request and wait for the answer."""
        texts = {
            name: [value] if isinstance(value, str) else list(value)
            for name, value in query.items()
        }
        answer = self.daemon.request(Request(method, path, texts, body))
        assert isinstance(answer, Response)
        return answer

    def get(self, path: str, **query: Any) -> Any:
        """The result of a GET that succeeds."""
        answer = self.request('GET', path, **query)
        assert answer.type == 'sync', answer
        return answer.json

    def post(self, path: str, **body: Any) -> Response:
        """The answer to a POST that succeeds."""
        answer = self.request('POST', path, body)
        assert answer.type != 'error', answer
        return answer

    def error(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, str]:
        """Status and message of a refusal."""
        answer = self.request(method, path, body, **query)
        assert answer.type == 'error', answer
        return answer.status, answer.result['message']

    # -- services

    def layer(self, text: str, label: str = 'base', *, combine: bool = True) -> None:
        """Add a layer."""
        fields = {'action': 'add', 'label': label, 'format': 'yaml', 'layer': text}
        self.post('/v1/layers', **fields, combine=combine)

    def begin(self, action: str, *names: str) -> str:
        """Begin a change of services; its id."""
        answer = self.post('/v1/services', action=action, services=list(names))
        assert answer.change is not None
        return answer.change

    def do(self, action: str, *names: str) -> dict[str, Any]:
        """Make a change of services, and wait for its end."""
        return self.wait(self.begin(action, *names))

    def wait(self, change: str) -> dict[str, Any]:
        """Wait for the end of a change."""
        return self.get(f'/v1/changes/{change}/wait', timeout='60s')

    def change(self, change: str) -> dict[str, Any]:
        """A change as it is."""
        return self.get(f'/v1/changes/{change}')

    def abort(self, change: str) -> dict[str, Any]:
        """Abort a change."""
        return self.post(f'/v1/changes/{change}', action='abort').json

    def status(self, name: str) -> str:
        """The status of a service."""
        return self.get('/v1/services', names=name)[0]['current']

    def refusal(
        self, method: str, path: str, body: Any = None, user_id: int = 0, **query: Any
    ) -> tuple[int, dict[str, str]] | None:
        """Status and result of a refusal; None if the request is accepted."""
        answer = self.send(method, path, body, user_id, **query)
        if isinstance(answer, Response) and answer.type == 'error':
            return answer.status, answer.json
        return None

    # -- time

    @property
    def seconds(self) -> float:
        """How much time has passed."""
        return (self.clock.now_ns - BEGIN_NS) / SECOND_NS

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.advance(seconds_to_ns(seconds))


def outcome(change: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The tasks of a change: summary and status."""
    return [(task['summary'], task['status']) for task in change['tasks']]


def log_of(change: Mapping[str, Any], task: int = 0) -> list[str]:
    """The log of a task, without its times."""
    return [line.split(' ', 1)[1] for line in change['tasks'][task].get('log', [])]


def texts(pebble: Pebble, *names: str, **query: Any) -> list[str]:
    """The messages in the logs of services."""
    answer = pebble.send('GET', '/v1/logs', services=names, **query)
    assert isinstance(answer, Lines)
    return [line['message'] for line in answer.lines]


def service(name: str, **fields: Any) -> str:
    """The YAML of a layer with one service."""
    shown = {'override': 'replace', 'command': name, **fields}
    items = ', '.join(f'{key.replace("_", "-")}: {value}' for key, value in shown.items())
    return f'services: {{{name}: {{{items}}}}}'
