"""A unit ``web/0`` whose hook tools can be called."""

from __future__ import annotations

import pathlib
from typing import Any

import ops

from scenario_pebble.clock import Clock
from scenario_pebble.juju import hooktools
from scenario_pebble.juju.ledger import Ledger
from scenario_pebble.juju.records import Records
from scenario_pebble.state.event import Event
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.spec import CharmSpec
from scenario_pebble.state.state import State

META: dict[str, Any] = {
    'name': 'web',
    'requires': {'db': {'interface': 'pg'}, 'log': {'interface': 'l', 'scope': 'container'}},
    'peers': {'cluster': {'interface': 'cluster'}},
    'storage': {'data': {'type': 'filesystem'}},
    'extra-bindings': {'admin': None},
}
OPTIONS: dict[str, Any] = {'port': {'type': 'int', 'default': 80}, 'name': {'type': 'string'}}
PARAMS = {'to': {'type': 'string', 'default': 's3'}, 'deep': {'type': 'object'}}
SPEC = CharmSpec(ops.CharmBase, META, {'backup': {'params': PARAMS}}, {'options': OPTIONS})


class Unit:
    """The unit during one event, seen from a shell."""

    def __init__(self, state: State, event: Event | None = None, **settings: Any):
        self.records = Records()
        self.clock = Clock()
        self.ledger = Ledger(
            state,
            SPEC,
            event or CharmEvents.start(),
            unit_name='web/0',
            records=self.records,
            clock=self.clock,
            storage_root=lambda name, index: pathlib.Path(f'/storage/{name}-{index}'),
            **settings,
        )

    def run(self, line: str, *more: str, stdin: str | None = None) -> str:
        """What a hook tool writes to stdout; the line is split at blanks."""
        code, stdout, stderr = hooktools.call(self.ledger, [*line.split(), *more], stdin)
        assert (code, stderr) == (0, '')
        return stdout

    def fail(self, line: str, *more: str, stdin: str | None = None) -> tuple[int, str]:
        """The exit code and what a hook tool that fails writes to stderr."""
        code, stdout, stderr = hooktools.call(self.ledger, [*line.split(), *more], stdin)
        assert stdout == ''
        return code, stderr
