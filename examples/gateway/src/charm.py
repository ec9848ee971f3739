#!/usr/bin/env python3
"""Run a proxy, and the service that checks who its users are."""

import ops
from ops import pebble

PERIODS = {'proxy': '10s', 'login': '4s'}
"""How often each container's service is checked."""


class GatewayCharm(ops.CharmBase):
    """Keeps two containers running, and tells which of them does not answer."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        for name in PERIODS:
            framework.observe(self.on[name].pebble_ready, self._on_pebble_ready)
        # ops asks for it after each event, those of the checks included.
        framework.observe(self.on.collect_unit_status, self._on_collect_status)

    def _on_pebble_ready(self, event: ops.PebbleReadyEvent) -> None:
        name = event.workload.name
        event.workload.add_layer(name, self._layer(name), combine=True)
        event.workload.replan()

    def _on_collect_status(self, event: ops.CollectStatusEvent) -> None:
        for name in PERIODS:
            event.add_status(self._status(self.unit.get_container(name)))

    def _status(self, container: ops.Container) -> ops.StatusBase:
        try:
            checks = container.get_checks()
        except pebble.ConnectionError:
            return ops.WaitingStatus(f'waiting for {container.name}')
        if any(check.status is pebble.CheckStatus.DOWN for check in checks.values()):
            return ops.BlockedStatus(f'{container.name} does not answer')
        return ops.ActiveStatus()

    def _layer(self, name: str) -> pebble.Layer:
        return pebble.Layer(
            {
                'services': {
                    name: {'override': 'replace', 'command': name, 'startup': 'enabled'},
                },
                'checks': {
                    'up': {
                        'override': 'replace',
                        'period': PERIODS[name],
                        'threshold': 3,
                        'http': {'url': 'http://localhost:8080/health'},
                    },
                },
            }
        )


if __name__ == '__main__':
    ops.main(GatewayCharm)
