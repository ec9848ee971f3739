"""Section "Fetch the effective plan": add a layer only if the plan has no services yet."""

from __future__ import annotations

import ops

SERVICE: ops.pebble.ServiceDict = {'override': 'replace', 'command': '/bin/svc'}


class MyCharm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.config_changed, self._on_config_changed)

    def _on_config_changed(self, event: ops.ConfigChangedEvent) -> None:
        container = self.unit.get_container('main')
        plan = container.get_plan()
        if not plan.services:
            # Filled in: the document leaves the service out.
            layer: ops.pebble.LayerDict = {'services': {'svc': SERVICE}}
            container.add_layer('layer', layer)
            container.start('svc')
