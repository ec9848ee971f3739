"""The measured events, written once for ops.testing and this package."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ops

Run = Callable[[], object]
Workload = Callable[[Any], Run]
"""Takes a module (``ops.testing`` or this package), and prepares one event."""

META: dict[str, Any] = {
    'name': 'bench',
    'containers': {'web': {}},
    'requires': {'db': {'interface': 'sql'}},
}
LAYER: ops.pebble.LayerDict = {
    'services': {'web': {'override': 'replace', 'command': 'serve', 'startup': 'enabled'}},
    'checks': {'up': {'override': 'replace', 'tcp': {'port': 80}}},
}


class BenchCharm(ops.CharmBase):
    """Does in each event what its name says."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container('web')
        framework.observe(self.on.update_status, self._on_update_status)
        framework.observe(self.on['web'].pebble_ready, self._on_pebble_ready)
        framework.observe(self.on.config_changed, self._on_config_changed)
        framework.observe(self.on['db'].relation_changed, self._on_relation_changed)
        framework.observe(self.on.stop, self._on_stop)

    def _on_update_status(self, _: ops.EventBase) -> None:
        self.unit.status = ops.ActiveStatus('well')

    def _on_pebble_ready(self, _: ops.EventBase) -> None:
        self.container.add_layer('web', LAYER, combine=True)
        self.container.replan()
        self.unit.status = ops.ActiveStatus()

    def _on_config_changed(self, _: ops.EventBase) -> None:
        for number in range(20):
            path = f'/etc/web/{number}.conf'
            self.container.push(path, 'key = value\n' * 20, make_dirs=True)
            assert self.container.pull(path).read()

    def _on_relation_changed(self, event: ops.RelationChangedEvent) -> None:
        event.relation.data[self.unit]['url'] = event.relation.data[event.app]['url']

    def _on_stop(self, _: ops.EventBase) -> None:
        for _number in range(10):
            self.container.exec(['web', 'status']).wait_output()


def _container(module: Any) -> Any:
    execs = {module.Exec(['web', 'status'], stdout='fine\n')}
    return module.Container('web', can_connect=True, execs=execs)


def _prepared(module: Any, event: str, *arguments: Any, **state: Any) -> Run:
    context = module.Context(BenchCharm, meta=META)
    made = getattr(context.on, event)(*arguments)
    before = module.State(**state)
    return lambda: context.run(made, before)


def set_a_status(module: Any) -> Run:
    return _prepared(module, 'update_status')


def add_a_layer_and_replan(module: Any) -> Run:
    web = _container(module)
    return _prepared(module, 'pebble_ready', web, containers={web})


def write_and_read_20_files(module: Any) -> Run:
    return _prepared(module, 'config_changed', containers={_container(module)})


def copy_a_relation_setting(module: Any) -> Run:
    relation = module.Relation('db', remote_app_data={'url': 'sql://db'})
    return _prepared(module, 'relation_changed', relation, relations={relation})


def run_10_commands(module: Any) -> Run:
    return _prepared(module, 'stop', containers={_container(module)})


WORKLOADS: list[Workload] = [
    set_a_status,
    add_a_layer_and_replan,
    write_and_read_20_files,
    copy_a_relation_setting,
    run_10_commands,
]
