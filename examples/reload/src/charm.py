#!/usr/bin/env python3
"""Run a proxy that reads its configuration again on SIGHUP."""

import logging

import ops
from ops import pebble

logger = logging.getLogger(__name__)

CONFIG_PATH = '/etc/proxy.conf'


class ProxyCharm(ops.CharmBase):
    """Every event has one aim: a proxy that runs with the present configuration."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container('proxy')
        framework.observe(self.on['proxy'].pebble_ready, self._on_update)
        framework.observe(self.on.config_changed, self._on_config_changed)
        framework.observe(self.on.update_status, self._on_update)
        framework.observe(self.on.collect_unit_status, self._on_collect_status)

    def _on_config_changed(self, event: ops.ConfigChangedEvent) -> None:
        self._on_update(event)

    def _on_update(self, _: ops.EventBase) -> None:
        try:
            self.push_configuration()
            if self._is_running():
                self.container.send_signal('SIGHUP', 'proxy')
            else:
                self._start()
        except pebble.ConnectionError:
            logger.info('Pebble is not ready yet; its pebble-ready event comes later')
        except pebble.ChangeError as e:
            logger.error('Cannot start the proxy: %s', e)

    def _on_collect_status(self, event: ops.CollectStatusEvent) -> None:
        try:
            running = self._is_running()
        except pebble.ConnectionError:
            event.add_status(ops.WaitingStatus('waiting for Pebble'))
        else:
            blocked = ops.BlockedStatus('the proxy does not run, see its log')
            event.add_status(ops.ActiveStatus() if running else blocked)

    def _is_running(self) -> bool:
        return any(proxy.is_running() for proxy in self.container.get_services('proxy').values())

    def push_configuration(self) -> None:
        """Write the options to where the proxy reads them."""
        text = f'backend = {self.config["backend"]}\n'
        self.container.push(CONFIG_PATH, text, make_dirs=True)

    def _start(self) -> None:
        proxy: pebble.ServiceDict = {
            'override': 'replace',
            'command': f'proxy {CONFIG_PATH}',
            'startup': 'enabled',
        }
        self.container.add_layer('proxy', {'services': {'proxy': proxy}}, combine=True)
        self.container.restart('proxy')


if __name__ == '__main__':
    ops.main(ProxyCharm)
