"""Section "Set up the workload container": a layer, autostart, and an overlay from the config."""

from __future__ import annotations

import logging

import ops


class PauseCharm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.name = 'pause'
        framework.observe(self.on.pause_pebble_ready, self._on_pause_pebble_ready)
        framework.observe(self.on.config_changed, self._on_config_changed)

    def _on_pause_pebble_ready(self, event: ops.PebbleReadyEvent) -> None:
        container = self.unit.get_container(self.name)
        container.add_layer(self.name, self._pause_layer(), combine=True)
        container.autostart()
        self.unit.status = ops.ActiveStatus()

    def _pause_layer(self) -> ops.pebble.Layer:
        return ops.pebble.Layer(
            {
                'summary': 'pause layer',
                'description': 'pebble config layer for google/pause',
                'services': {
                    self.name: {
                        'override': 'replace',
                        'summary': 'pause service',
                        'command': '/pause',
                        'startup': 'enabled',
                    }
                },
            }
        )

    def _on_config_changed(self, event: ops.ConfigChangedEvent) -> None:
        container = self.unit.get_container(self.name)
        # The option is an int; Pebble takes any YAML scalar as a string.
        timeout: str = self.model.config['timeout']  # type: ignore[assignment]
        layer = ops.pebble.Layer(
            {
                'services': {'pause': {'override': 'merge', 'environment': {'TIMEOUT': timeout}}},
            }
        )
        try:
            container.add_layer(self.name, layer, combine=True)
            logging.debug('Added config layer to Pebble plan')
            container.replan()
            logging.info('Updated pause service')
            self.unit.status = ops.ActiveStatus()
        # Repaired: the document lists the exceptions without parentheses, and handles none.
        except (ops.pebble.PathError, ops.pebble.ProtocolError, ops.pebble.ConnectionError):
            self.unit.status = ops.WaitingStatus('waiting for Pebble')
