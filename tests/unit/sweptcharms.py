"""Charms that stand faults, and some that don't."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import ops
from ops import pebble

import scenario_pebble as scenario
from scenario_pebble.faultcases import DEFAULT_FAULTS

META: dict[str, Any] = {'name': 'web', 'containers': {'web': {}}, 'actions': {'backup': {}}}
LAYER: pebble.LayerDict = {
    'services': {'server': {'override': 'replace', 'command': 'serve', 'startup': 'enabled'}}
}


class Base(ops.CharmBase):
    """Does `apply` at config-changed and pebble-ready."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        self.container = self.unit.get_container('web')
        framework.observe(self.on.config_changed, self._on_update)
        framework.observe(self.on['web'].pebble_ready, self._on_update)

    def _on_update(self, _: ops.EventBase) -> None:
        self.apply()
        self.unit.status = ops.ActiveStatus()

    def apply(self) -> None:
        self.container.add_layer('web', LAYER, combine=True)
        self.container.replan()


class Guarded(Base):
    """Believes that what can_connect() says will hold."""

    def apply(self) -> None:
        if self.container.can_connect():
            super().apply()


class Careful(Base):
    """Waits for Pebble, and says when the server doesn't start."""

    def _on_update(self, _: ops.EventBase) -> None:
        try:
            self.apply()
        except pebble.ConnectionError:
            self.unit.status = ops.WaitingStatus('waiting for Pebble')
        except pebble.ChangeError:
            self.unit.status = ops.BlockedStatus('the server does not start')
        else:
            self.unit.status = ops.ActiveStatus()


class Careless(Base):
    """Takes no notice of errors."""

    def apply(self) -> None:
        with contextlib.suppress(pebble.Error):
            super().apply()


class Stubborn(Base):
    """Can add its layer only once."""

    def apply(self) -> None:
        self.container.add_layer('web', LAYER)
        self.container.replan()


class Forgetful(Base):
    """Thinks its work is done when it has begun."""

    def apply(self) -> None:
        if not self.container.exists('/done'):
            self.container.push('/done', '')
            super().apply()


def swept(
    charm: type[ops.CharmBase],
    *faults: scenario.Fault | scenario.FaultKind,
    **fields: Any,
) -> scenario.FaultReport:
    ctx = scenario.Context(charm, meta=META)
    web = scenario.Container('web', can_connect=True, **fields)
    state = scenario.State(containers={web})
    return ctx.sweep(ctx.on.config_changed(), state, faults or DEFAULT_FAULTS)


def verdicts(report: scenario.FaultReport) -> list[tuple[str, str]]:
    return [(f'{o.request} {o.fault.label}', o.verdict) for o in report]


def line_of(function: Callable[..., Any], number: int) -> str:
    """The place of a line of a function, counted from its ``def``."""
    code = function.__code__
    return f'{code.co_filename}:{code.co_firstlineno + number}'
