"""Section "Replan": add a layer and let Pebble start what it enables."""

from __future__ import annotations

import ops


class SnappassTestCharm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on['snappass'].pebble_ready, self._on_pebble_ready)

    def _on_pebble_ready(self, event: ops.PebbleReadyEvent) -> None:
        self._start_snappass()

    def _start_snappass(self) -> None:
        container = self.unit.containers['snappass']
        snappass_layer: ops.pebble.LayerDict = {
            'services': {
                'snappass': {
                    'override': 'replace',
                    'summary': 'snappass service',
                    'command': 'snappass',
                    'startup': 'enabled',
                }
            },
        }
        container.add_layer('snappass', snappass_layer, combine=True)
        container.replan()
        self.unit.status = ops.ActiveStatus()
