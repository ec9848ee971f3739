"""The examples in docstrings run."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import re
import textwrap
import time
import types
from collections.abc import Iterator, Mapping
from typing import Any

import ops
import pytest

import scenario_pebble
from scenario_pebble.clock import Clock
from scenario_pebble.wire.pytime import frozen

EXAMPLE = re.compile(r'^Examples?::\n\n((?: {4}.*\n?|\n)+)', re.MULTILINE)

META: Mapping[str, Any] = {
    'name': 'db',
    'containers': {'db': {}, 'web': {}},
    'requires': {'database': {'interface': 'mysql_client'}},
}
ACTIONS: Mapping[str, Any] = {'backup': {}}
DB_LAYER: Mapping[str, Any] = {
    'services': {'mysql': {'override': 'replace', 'command': 'mysqld', 'startup': 'enabled'}},
    'checks': {
        'http-test': {'override': 'replace', 'http': {'url': 'http://localhost/'}},
    },
}


class Ready(ops.EventBase):
    """An event that isn't Juju's."""

    def __init__(self, handle: ops.Handle, relation: ops.Relation):
        super().__init__(handle)


class RequirerEvents(ops.ObjectEvents):
    ready = ops.EventSource(Ready)


class DatabaseRequirer(ops.Object):
    """A library that emits an event of its own."""

    on = RequirerEvents()  # pyright: ignore[reportAssignmentType]


class MyCharm(ops.CharmBase):
    """The charm that the examples are about."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.requirer = DatabaseRequirer(self, 'requirer')
        framework.observe(self.on['db'].pebble_ready, self._on_ready)
        framework.observe(self.on.backup_action, self._on_backup)
        for event in (self.on.start, self.on.update_status):
            framework.observe(event, self._on_update_status)

    def _on_ready(self, event: ops.PebbleReadyEvent) -> None:
        event.workload.push('/etc/app.conf', 'port = 80', make_dirs=True)
        event.workload.replan()
        self.prepare()

    def _on_backup(self, event: ops.ActionEvent) -> None:
        event.fail('no space left')

    def _on_update_status(self, _: ops.EventBase) -> None:
        self.prepare()

    def prepare(self) -> None:
        self.unit.status = ops.ActiveStatus()


def docstrings() -> Iterator[tuple[str, str]]:
    """By name, of all that the package itself defines."""
    for found in pkgutil.walk_packages(scenario_pebble.__path__, 'scenario_pebble.'):
        if found.name.endswith('__main__'):
            continue
        module = importlib.import_module(found.name)
        for value in (module, *_defined(module)):
            name = getattr(value, '__qualname__', '')
            yield f'{found.name}:{name}', inspect.getdoc(value) or ''


def _defined(module: types.ModuleType) -> Iterator[Any]:
    for value in list(module.__dict__.values()):
        if getattr(value, '__module__', None) == module.__name__:
            yield value
            for member in list(value.__dict__.values()) if isinstance(value, type) else ():
                yield getattr(member, 'fget', None) or getattr(member, '__func__', member)


def examples() -> list[Any]:
    found = {
        f'{name}#{number}': textwrap.dedent(match[1])
        for name, text in docstrings()
        for number, match in enumerate(EXAMPLE.finditer(text))
    }
    return [pytest.param(code, id=name) for name, code in found.items()]


def code_of(example: str) -> str:
    """What is to be run: without the output that a session shows."""
    lines = example.splitlines()
    if not example.startswith('>>>'):
        return example
    return '\n'.join(line[4:] for line in lines if line.startswith(('>>> ', '... ')))


def names() -> dict[str, Any]:
    """What the examples take for granted."""
    db = scenario_pebble.Container('db', can_connect=True, layers={'db': DB_LAYER})
    web = scenario_pebble.Container('web', can_connect=True)
    relation = scenario_pebble.Relation('database', remote_units_data={1: {}})
    return {
        **{name: getattr(scenario_pebble, name) for name in scenario_pebble.__all__},
        'Context': functools.partial(scenario_pebble.Context, meta=META, actions=ACTIONS),
        'MyCharm': MyCharm,
        'DatabaseRequirer': DatabaseRequirer,
        'ctx': scenario_pebble.Context(MyCharm, meta=META, actions=ACTIONS),
        'state': scenario_pebble.State(containers={db, web}, relations={relation}),
        'db': db,
        'relation': relation,
        'clock': Clock(0),
        'frozen': frozen,
        'pytest': pytest,
        'time': time,
    }


@pytest.mark.parametrize('example', examples())
def test_an_example_runs(example: str):
    exec(compile(code_of(example), 'docstring', 'exec'), names())


WITHOUT_EXAMPLE = {
    # Types, which stand in annotations, and what others are made from.
    *('AnyJson', 'CharmType', 'FaultKind', 'RawDataBagContents', 'RawSecretRevisionContents'),
    *('UnitID', 'RelationBase', 'FaultOutcome', 'ActionOutput'),
    # As those that have one.
    *('BlockedStatus', 'ErrorStatus', 'MaintenanceStatus', 'UnknownStatus'),
    *('ActionMissingFromContextError', 'AlreadyEmittedError', 'BadOwnerPath'),
    *('ContextSetupError', 'InconsistentScenarioError', 'MetadataNotFoundError'),
    *('NoObserverError', 'NotFoundError', 'NotSimulatedError', 'ScenarioError'),
    *('ScenarioRuntimeError', 'StateValidationError'),
    # Its file has to be there.
    'layer_from_rockcraft',
}


def test_each_public_name_has_an_example_or_is_in_one():
    shown: set[str] = set()
    for name, text in docstrings():
        for example in EXAMPLE.finditer(text):
            shown.update((name.rpartition(':')[2], *re.findall(r'\w+', example[1])))

    assert {name for name in scenario_pebble.__all__ if name not in shown} == WITHOUT_EXAMPLE
