"""The charm as it was first written: its author tried what usually happens."""

import ops

from charm import ProxyCharm


class HastyProxyCharm(ProxyCharm):
    """Takes it for granted that the proxy runs wherever Pebble does."""

    def _on_config_changed(self, event: ops.ConfigChangedEvent) -> None:
        if self.container.can_connect():
            self.push_configuration()
            self.container.send_signal('SIGHUP', 'proxy')
