"""Sections "Start and stop" and "Fetch service status": stop a database during its backup."""

from __future__ import annotations

import ops

backups: list[str] = []


def do_mysql_backup() -> None:
    """Filled in: the document doesn't define it."""
    backups.append('mysql')


class MyCharm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on['main'].pebble_ready, self._on_pebble_ready)
        framework.observe(self.on.backup_action, self._on_backup_action)

    def _on_pebble_ready(self, event: ops.PebbleReadyEvent) -> None:
        container = event.workload
        container.start('mysql')

    def _on_backup_action(self, event: ops.ActionEvent) -> None:
        container = self.unit.get_container('main')
        try:
            container.stop('mysql')
            do_mysql_backup()
            container.start('mysql')
        # Repaired: the document lists the exceptions without parentheses, and handles none.
        except (ops.pebble.ProtocolError, ops.pebble.PathError, ops.pebble.ConnectionError):
            event.fail('cannot reach Pebble')


class CarefulCharm(ops.CharmBase):
    """Restarts the database only if it ran before."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.backup_action, self._on_backup_action)

    def _on_backup_action(self, event: ops.ActionEvent) -> None:
        container = self.unit.get_container('main')
        is_running = container.get_service('mysql').is_running()
        if is_running:
            container.stop('mysql')
        do_mysql_backup()
        if is_running:
            container.start('mysql')
