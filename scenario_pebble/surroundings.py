"""What a run changes in the process around it, and puts back: environment, logging, warnings,
hooks.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import ops.log

from .wire import processenv

# ops ≥ 3.5 remembers the backend of the first security event.
_forget_backend: Callable[[], None] | None = getattr(
    getattr(ops.log, '_get_juju_log_and_app_id', None), 'cache_clear', None
)


class Surroundings:
    """While it is entered, the given variables are in the environment; then all is as before."""

    def __init__(self, variables: Mapping[str, str]):
        self._variables = variables
        self._warnings = warnings.catch_warnings()

    def __enter__(self) -> Surroundings:
        root = logging.getLogger()
        self._handlers, self._level = list(root.handlers), root.level
        self._excepthook, self._breakpointhook = sys.excepthook, sys.breakpointhook
        self._warnings.__enter__()
        self._environment = processenv.changed(self._variables)
        return self

    def __exit__(self, *exc: Any) -> None:
        self._environment.restore()
        self._warnings.__exit__(*exc)
        root = logging.getLogger()
        root.handlers[:] = self._handlers
        if root.level != self._level:
            root.setLevel(self._level)
        sys.excepthook, sys.breakpointhook = self._excepthook, self._breakpointhook
        if _forget_backend is not None:
            _forget_backend()
