#!/usr/bin/env python3
"""Pass requests on."""

import logging

import ops
from ops import pebble

logger = logging.getLogger(__name__)


class ProxyCharm(ops.CharmBase):
    """Runs a proxy, whatever becomes of Pebble meanwhile."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container('proxy')
        framework.observe(self.on['proxy'].pebble_ready, self._on_update)
        framework.observe(self.on.config_changed, self._on_update)

    def _on_update(self, _: ops.EventBase) -> None:
        try:
            self._apply()
        except pebble.ConnectionError:
            # Juju sends pebble-ready once Pebble is there (again).
            self.unit.status = ops.WaitingStatus('waiting for Pebble')
        except pebble.ChangeError as e:
            logger.error('%s', e)
            self.unit.status = ops.BlockedStatus('the proxy does not start')
        else:
            self.unit.status = ops.ActiveStatus()

    def _apply(self) -> None:
        self.container.add_layer('proxy', self._layer(), combine=True)
        self.container.replan()

    def _layer(self) -> pebble.Layer:
        return pebble.Layer(
            {
                'services': {
                    'proxy': {
                        'override': 'replace',
                        'command': f'proxy --upstream {self.config["upstream"]}',
                        'startup': 'enabled',
                    }
                }
            }
        )


if __name__ == '__main__':
    ops.main(ProxyCharm)
