#!/usr/bin/env python3
"""Run a small web application."""

import dataclasses
import hashlib
import logging

import ops
from ops import pebble

logger = logging.getLogger(__name__)

CONFIG_PATH = '/etc/webapp/config.ini'
LOG_LEVELS = ('debug', 'info', 'warning', 'error')


@dataclasses.dataclass(frozen=True)
class WebappConfig:
    """The charm's options, validated."""

    port: int
    log_level: str
    greeting: str

    def __post_init__(self) -> None:
        if not 0 < self.port < 65536:
            raise ValueError(f'port {self.port} is not between 1 and 65535')
        if self.log_level not in LOG_LEVELS:
            raise ValueError(f'log-level {self.log_level!r} is not one of {", ".join(LOG_LEVELS)}')

    @property
    def file(self) -> str:
        """The application's configuration file."""
        return f'[webapp]\nlog-level = {self.log_level}\ngreeting = {self.greeting}\n'


class WebappCharm(ops.CharmBase):
    """Every event has one aim: that Pebble runs what the options say."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container('app')
        framework.observe(self.on['app'].pebble_ready, self._on_update)
        framework.observe(self.on.config_changed, self._on_update)
        framework.observe(self.on['app'].pebble_check_failed, self._on_check_failed)
        framework.observe(self.on['app'].pebble_check_recovered, self._on_check_recovered)
        framework.observe(self.on.collect_unit_status, self._on_collect_status)

    def _on_update(self, _: ops.EventBase) -> None:
        try:
            self._apply(self.load_config(WebappConfig))
        except ValueError as e:
            # What runs goes on as it was; collect-status tells the user.
            logger.warning('Ignoring invalid configuration: %s', e)
        except pebble.ConnectionError:
            logger.info('Pebble is not ready yet; its pebble-ready event comes later')
        except pebble.ChangeError as e:
            logger.error('Cannot start the application: %s', e)

    def _on_check_failed(self, event: ops.PebbleCheckFailedEvent) -> None:
        logger.warning('The application has not answered %d times', event.info.failures)

    def _on_check_recovered(self, _: ops.PebbleCheckRecoveredEvent) -> None:
        logger.info('The application answers again')

    def _on_collect_status(self, event: ops.CollectStatusEvent) -> None:
        try:
            self.load_config(WebappConfig)
            event.add_status(self._workload_status())
        except ValueError as e:
            event.add_status(ops.BlockedStatus(str(e)))
        except pebble.ConnectionError:
            event.add_status(ops.WaitingStatus('waiting for Pebble'))

    def _workload_status(self) -> ops.StatusBase:
        services = self.container.get_services('webapp')
        if not services:
            return ops.WaitingStatus('waiting for Pebble')
        if self.container.get_check('answers').status is pebble.CheckStatus.DOWN:
            return ops.MaintenanceStatus('restarting the application, which does not answer')
        if not services['webapp'].is_running():
            return ops.BlockedStatus('the application does not run, see its log')
        return ops.ActiveStatus()

    def _apply(self, config: WebappConfig) -> None:
        self.container.push(CONFIG_PATH, config.file, make_dirs=True)
        self.container.add_layer('webapp', self._layer(config), combine=True)
        self.unit.set_ports(config.port)
        self.container.replan()

    def _layer(self, config: WebappConfig) -> pebble.Layer:
        # Replan restarts what its layer changes. The hash makes a new file such a change.
        digest = hashlib.sha256(config.file.encode()).hexdigest()
        return pebble.Layer(
            {
                'services': {
                    'webapp': {
                        'override': 'replace',
                        'summary': 'the web application',
                        'command': f'webapp --port {config.port} --config {CONFIG_PATH}',
                        'environment': {'CONFIG_SHA256': digest},
                        'startup': 'enabled',
                        'on-check-failure': {'answers': 'restart'},
                    }
                },
                'checks': {
                    'answers': {
                        'override': 'replace',
                        'level': 'ready',
                        'period': '10s',
                        'threshold': 3,
                        'http': {'url': f'http://localhost:{config.port}/health'},
                    }
                },
            }
        )


if __name__ == '__main__':
    ops.main(WebappCharm)
