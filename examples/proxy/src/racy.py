"""The charm with a race: what ``can_connect()`` says may be over by the next line."""

import ops

from charm import ProxyCharm


class RacyProxyCharm(ProxyCharm):
    """Asks first, and then believes that Pebble stays."""

    def _on_update(self, _: ops.EventBase) -> None:
        if not self.container.can_connect():
            self.unit.status = ops.WaitingStatus('waiting for Pebble')
            return
        self._apply()
        self.unit.status = ops.ActiveStatus()
