"""What answers ops for Juju and Pebble: its own backend, led to the wires of a run.

This is one of the modules that know names which ops keeps private.  It relies on:

- ``ops.model._ModelBackend``: ``get_pebble(socket_path)``, ``is_leader()``,
  ``juju_log(level, message)``, ``log_split`` and
  ``status_set(status, message, is_app=…)``.
"""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import contextlib
import functools
import types
from collections.abc import Callable
from typing import Any

import ops.model
from ops import pebble

from .juju.ledger import Ledger
from .juju.statustools import SETTABLE, put_status
from .wire.tracing import untraced

Connect = Callable[[str], pebble.Client]
Wires = Callable[[], contextlib.AbstractContextManager[None]]


class Backend(ops.model._ModelBackend):
    """Ops' own backend: it runs hook tools.  The ways to Pebble and to the log are others."""

    def __init__(self, context: Any, connect: Connect, ledger: Ledger):
        super().__init__(juju_context=context)
        self._connect = connect
        self._ledger = ledger
        self._write_log = ledger.write_log
        self._leader = ledger.leader
        self.untraced = untraced()

    def get_pebble(self, socket_path: str) -> pebble.Client:
        return self._connect(socket_path)

    # Without their hook tools: ops asks for leadership in each run and before each access to a
    # databag, logs two lines at least, and most charms set a status.  That would be a tenth of
    # each run.

    def is_leader(self) -> bool:
        return self._leader

    def juju_log(self, level: str, message: str) -> None:
        for line in self.log_split(message):
            self._write_log(level, line)

    def status_set(self, status: Any, message: str = '', *, is_app: bool = False) -> None:
        plain = type(message) is str and status in SETTABLE and (is_app is False or self._leader)
        if plain and type(is_app) is bool and self.untraced:
            put_status(self._ledger, status, message, is_app=is_app)
        else:
            super().status_set(status, message, is_app=is_app)


class LateBackend(Backend):
    """The backend of a charm whose run is over."""

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if not isinstance(found, types.MethodType):
            return found
        wires: Wires = self.__dict__['wires']

        @functools.wraps(found)
        def call(*args: Any, **kwargs: Any) -> Any:
            with wires():
                return found(*args, **kwargs)

        return call
