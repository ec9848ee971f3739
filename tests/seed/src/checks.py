"""Section "Perform health checks": respond to a check, and fetch its status."""

from __future__ import annotations

import logging

import ops

logger = logging.getLogger(__name__)


class PostgresCharm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on['db'].pebble_check_failed, self._on_pebble_check_failed)
        framework.observe(self.on['db'].pebble_check_recovered, self._on_pebble_check_recovered)

    def _on_pebble_check_failed(self, event: ops.PebbleCheckFailedEvent) -> None:
        if event.info.name == 'http-test':
            logger.warning('The http-test has started failing!')
            self.unit.status = ops.ActiveStatus('Degraded functionality ...')

        # Repaired: the document compares the info itself with the name, which is never true.
        elif event.info.name == 'online':
            logger.error('The service is no longer online!')

    def _on_pebble_check_recovered(self, event: ops.PebbleCheckRecoveredEvent) -> None:
        if event.info.name == 'http-test':
            logger.warning('The http-test has stopped failing!')
            self.unit.status = ops.ActiveStatus()

        # Repaired: as above.
        elif event.info.name == 'online':
            logger.error('The service is online again!')


class SwitchingCharm(ops.CharmBase):
    """Looks at the check as it is when the event arrives."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on['db'].pebble_check_failed, self._on_pebble_check_failed)
        # Repaired: the document observes recovery with a handler that it doesn't define, and
        # speaks of a common one.
        framework.observe(self.on['db'].pebble_check_recovered, self._on_pebble_check_failed)

    def _on_pebble_check_failed(
        self, event: ops.PebbleCheckFailedEvent | ops.PebbleCheckRecoveredEvent
    ) -> None:
        if event.info.name != 'up':
            return
        if event.info.status == ops.pebble.CheckStatus.DOWN:
            self.activate_alternative_configuration()
        else:
            self.activate_main_configuration()

    # Filled in: the document names these two only.

    def activate_alternative_configuration(self) -> None:
        self.unit.status = ops.ActiveStatus('alternative')

    def activate_main_configuration(self) -> None:
        self.unit.status = ops.ActiveStatus('main')


class UptimeCharm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.update_status, self._on_update_status)

    def _on_update_status(self, event: ops.UpdateStatusEvent) -> None:
        container = self.unit.get_container('main')
        check = container.get_check('uptime')
        if check.status != ops.pebble.CheckStatus.UP:
            logger.error('Uh oh, uptime check unhealthy: %s', check)
