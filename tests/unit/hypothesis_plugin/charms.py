"""The charm whose states, events and machines the tests make."""

from __future__ import annotations

from typing import Any

import ops
from ops import pebble

import scenario_pebble as scenario

META: dict[str, Any] = {
    'name': 'web',
    'containers': {'app': {}, 'side-car': {}},
    'requires': {
        'database': {'interface': 'postgresql', 'limit': 1},
        'logging': {'interface': 'log', 'scope': 'container'},
    },
    'provides': {'website': {'interface': 'http'}},
    'peers': {'cluster': {'interface': 'cluster'}},
    'storage': {
        'data': {'type': 'filesystem'},
        'extra': {'type': 'filesystem', 'multiple': {'range': '0-'}},
    },
}
CONFIG: dict[str, Any] = {
    'options': {
        'port': {'type': 'int', 'default': 80},
        'name': {'type': 'string'},
        'ratio': {'type': 'float'},
        'debug': {'type': 'boolean', 'default': False},
        'password': {'type': 'secret'},
    }
}
ACTIONS: dict[str, Any] = {
    'backup': {
        'params': {
            'to': {'type': 'string'},
            'level': {'type': 'integer', 'default': 3},
            'kind': {'type': 'string', 'enum': ['full', 'partial']},
            'paths': {'type': 'array'},
        },
        'required': ['to'],
    },
    'ping': {},
}


class Quiet(ops.CharmBase):
    """Observes nothing."""


class Careful(ops.CharmBase):
    """Keeps a server running in ``app``, and handles what Pebble may answer."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.workload = self.unit.get_container('app')
        observed = [self.on['app'].pebble_ready, self.on.config_changed, self.on.update_status]
        for event in observed:
            framework.observe(event, self.update)

    def update(self, _: ops.EventBase) -> None:
        server: pebble.ServiceDict = {
            'override': 'replace',
            'command': 'serve',
            'startup': 'enabled',
        }
        up: pebble.CheckDict = {'override': 'replace', 'tcp': {'port': 80}}
        try:
            self.workload.add_layer(
                'web', {'services': {'server': server}, 'checks': {'up': up}}, combine=True
            )
            self.workload.replan()
        except (pebble.ConnectionError, pebble.ChangeError) as e:
            self.unit.status = ops.BlockedStatus(type(e).__name__)
        else:
            self.unit.status = ops.ActiveStatus()


def context(charm: type[ops.CharmBase] = Quiet) -> scenario.Context[Any]:
    """A Context for one of the charms."""
    return scenario.Context(charm, meta=META, config=CONFIG, actions=ACTIONS)
