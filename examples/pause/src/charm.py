#!/usr/bin/env python3
"""Run a process that does nothing."""

import logging

import ops
from ops import pebble

logger = logging.getLogger(__name__)


class PauseCharm(ops.CharmBase):
    """Keeps ``/pause`` running, and restarts it when its timeout changes."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container('pause')
        framework.observe(self.on['pause'].pebble_ready, self._on_update)
        framework.observe(self.on.config_changed, self._on_update)

    def _on_update(self, _: ops.EventBase) -> None:
        try:
            self.container.add_layer('pause', self._pause_layer(), combine=True)
            # Starts the service, or restarts it if the layer changed it.
            self.container.replan()
        except pebble.ConnectionError:
            # Juju sends pebble-ready once Pebble is there.
            logger.info('Pebble is not ready yet')
            self.unit.status = ops.WaitingStatus('waiting for Pebble')
        except pebble.ChangeError as e:
            logger.error('%s', e)
            self.unit.status = ops.BlockedStatus('pause does not start')
        else:
            self.unit.status = ops.ActiveStatus()

    def _pause_layer(self) -> pebble.Layer:
        return pebble.Layer(
            {
                'summary': 'pause layer',
                'services': {
                    'pause': {
                        'override': 'replace',
                        'summary': 'pause',
                        'command': '/pause',
                        'startup': 'enabled',
                        'environment': {'TIMEOUT': str(self.config['timeout'])},
                    }
                },
            }
        )


if __name__ == '__main__':
    ops.main(PauseCharm)
