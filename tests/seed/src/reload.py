"""Section "Send signals to services": make two services read their configuration again."""

from __future__ import annotations

import ops


class ReloadCharm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.config_changed, self._on_config_changed)

    def _on_config_changed(self, event: ops.ConfigChangedEvent) -> None:
        container = self.unit.get_container('main')
        container.send_signal('SIGHUP', 'nginx', 'redis')
