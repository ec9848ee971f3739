"""A charm that tells what it is sent and when, and a container with a service and a check."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from typing import Any

import ops

import scenario_pebble as scenario

META: dict[str, Any] = {'name': 'app', 'containers': {'web': {}, 'db': {}}}
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
KEY = 'example.com/done'

Seen = list[tuple[float, str]]
Act = Callable[[Any, Any], None]

_OF_CONTAINERS = [
    f'{name}_pebble_{event}'
    for name in META['containers']
    for event in ('ready', 'custom_notice', 'check_failed', 'check_recovered')
]
_SERVER = {'override': 'replace', 'command': 'serve', 'startup': 'enabled'}
_UP = {'override': 'replace', 'level': 'alive', 'period': '10s', 'threshold': 3}


def container(name: str = 'web', **fields: Any) -> scenario.Container:
    """A container whose server runs, and that checks it every ten seconds."""
    checks = {'up': {**_UP, 'http': {'url': 'http://localhost:80/'}}}
    given: dict[str, Any] = {
        'can_connect': True,
        'layers': {'base': {'services': {'server': _SERVER}, 'checks': checks}},
        'service_statuses': {'server': 'active'},
        **fields,
    }
    return scenario.Container(name, **given)


def state(*containers: scenario.Container, **fields: Any) -> scenario.State:
    """A State at a known time; by default with one such container."""
    return scenario.State(containers=containers or {container()}, time=START, **fields)


def watcher(
    *events: str, act: Act | None = None, **settings: Any
) -> tuple[scenario.Context[Any], Seen]:
    """The Context of a charm, and what it is sent: seconds since `START`, and the event's name.

    Args:
        events: What the charm observes beside the events of its containers.
        act: What it does on each event, given itself and the event.
        settings: Of the Context.
    """
    seen: Seen = []

    class Watcher(ops.CharmBase):
        def __init__(self, framework: ops.Framework):
            super().__init__(framework)
            for event in (*_OF_CONTAINERS, *events):
                framework.observe(getattr(self.on, event), self._see)

        def _see(self, event: ops.EventBase) -> None:
            seen.append((round(time.time() - START.timestamp(), 3), event.handle.kind))
            if act is not None:
                act(self, event)

    return scenario.Context(Watcher, meta=META, **settings), seen


def since_start(state: scenario.State) -> float:
    """The State's time, in seconds since `START`."""
    assert state.time is not None
    return (state.time - START).total_seconds()
