"""A daemon with checks, and a workload that does what a test says."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from scenario_pebble.clock import Clock, seconds_to_ns
from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.daemon.message import Request, Response
from scenario_pebble.daemon.workload import Answer, Behaviour, Call, Found, Outcome, Probe

BOOT_NS = 1_900_000_000_000_000_000
OK = Behaviour(exit_after_ns=0)
FAIL = Behaviour(exit_after_ns=0, exit_code=1)


@dataclasses.dataclass
class Script:
    """A workload that does what its attributes say."""

    behaviour: Behaviour = OK
    """Of every check's command, after *runs*."""
    runs: Mapping[int, Behaviour] = dataclasses.field(default_factory=dict[int, Behaviour])
    """Of a check's command, by number."""
    answers: Mapping[str, Answer] = dataclasses.field(default_factory=dict[str, Answer])
    """By URL, or by host for tcp; an endpoint that isn't named answers well."""
    outcomes: dict[str, Outcome] = dataclasses.field(default_factory=dict[str, Outcome])
    absent: Mapping[str, Found] = dataclasses.field(default_factory=dict[str, Found])
    calls: list[Call] = dataclasses.field(default_factory=list[Call])
    probes: list[Probe] = dataclasses.field(default_factory=list[Probe])

    def find(self, executable: str, call: Call) -> Found:
        return self.absent.get(executable, Found.YES)

    def needs_stdin(self, call: Call) -> bool:
        return False

    def run(self, call: Call) -> Behaviour:
        if call.kind == 'service':
            return Behaviour()
        self.calls.append(call)
        return self.runs.get(call.number, self.behaviour)

    def outcome(self, check: str, now_ns: int) -> Outcome | None:
        return self.outcomes.get(check)

    def probe(self, probe: Probe, running: Sequence[tuple[str, Behaviour]]) -> Answer:
        self.probes.append(probe)
        return self.answers.get(probe.url or probe.host, Answer())


class World:
    """A daemon, its clock and its workload."""

    def __init__(self, script: Script | None = None, **daemon: Any):
        self.script = script or Script()
        self.clock = Clock(BOOT_NS)
        self.rows: list[tuple[str, str, str]] = []
        self.daemon = Daemon(self.clock, self.script, log=self._record, **daemon)

    def _record(self, kind: str, subject: str, text: str) -> None:
        self.rows.append((kind, subject, text))

    def add(self, label: str, **sections: Any) -> None:
        """Add a layer; a missing override means replace, a missing command ``probe``."""
        for section in sections.values():
            for entry in section.values():
                entry.setdefault('override', 'replace')
        layer = yaml.safe_dump({k.replace('_', '-'): v for k, v in sections.items()})
        body = {'action': 'add', 'label': label, 'format': 'yaml', 'layer': layer}
        answer = self.post('/v1/layers', body)
        assert answer.status == 200, answer.result

    def add_exec_check(self, name: str = 'up', **fields: Any) -> None:
        """Add a check whose period is a second, and whose threshold is 2."""
        check = {'period': '1s', 'threshold': 2, 'exec': {'command': 'probe'}, **fields}
        self.add(f'check-{name}', checks={name: check})

    def get(self, path: str, **query: str) -> Response:
        return self._request(
            Request('GET', path, {name: [value] for name, value in query.items()})
        )

    def post(self, path: str, body: Mapping[str, Any]) -> Response:
        return self._request(Request('POST', path, body=body))

    def _request(self, request: Request) -> Response:
        answer = self.daemon.request(request)
        assert isinstance(answer, Response)
        return answer

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds_to_ns(seconds))

    def check(self, name: str = 'up') -> dict[str, Any]:
        """A check as the API shows it."""
        (shown,) = self.get('/v1/checks', names=name).result
        return shown

    def counts(self, name: str = 'up') -> tuple[str, int, int]:
        """Status, successes and failures of a check."""
        shown = self.check(name)
        return shown['status'], shown['successes'], shown.get('failures', 0)

    def change(self, change_id: str) -> dict[str, Any]:
        return self.get(f'/v1/changes/{change_id}').json

    def log(self, change_id: str) -> list[str]:
        """The log of a change's only task, without the times."""
        (task,) = self.change(change_id)['tasks']
        return [line.split(' ', 1)[1] for line in task.get('log', [])]

    def restored(self) -> World:
        """The same, after having been saved and restored."""
        world = object.__new__(World)
        world.script, world.rows = self.script, self.rows
        world.clock = Clock(self.clock.now_ns)
        world.daemon = Daemon(world.clock, world.script, saved=self.daemon.save())
        return world
