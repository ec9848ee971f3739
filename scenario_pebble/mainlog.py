"""The lines that ops itself logs in each run.

This is one of the modules that know names which ops keeps private.  It relies on:

- ``ops._main.logger`` being the root logger, looked up as a global of that module.
"""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import ops._main
import ops.log

_main: Any = ops._main
_root = logging.getLogger()

WriteLog = Callable[[str, str], None]


class MainLog:
    """The root logger as ops' main module uses it, while it is entered.

    What nobody but Juju would hear goes to Juju right away: making a log record of it costs more
    than emitting an event does.

    Args:
        write: Takes the level and the text of a line for the Juju log.
    """

    __slots__ = ('_outer', '_write')

    def __init__(self, write: WriteLog):
        self._write = write

    def __enter__(self) -> None:
        self._outer = _main.logger
        _main.logger = self

    def __exit__(self, *exc: Any) -> None:
        _main.logger = self._outer

    def __getattr__(self, name: str) -> Any:
        return getattr(_root, name)

    def debug(self, message: str, *args: Any) -> None:
        """Log a line."""
        if _is_for_juju_alone():
            self._write('DEBUG', message % args if args else message)
        else:
            _root.debug(message, *args, stacklevel=2)


def _is_for_juju_alone() -> bool:
    """Whether a line of level DEBUG goes to the Juju log as it is, and nowhere else."""
    handlers = _root.handlers
    if len(handlers) != 1 or type(handlers[0]) is not ops.log.JujuLogHandler:
        return False
    handler = handlers[0]
    return (
        handler.level <= logging.DEBUG
        and handler.formatter is None
        and not handler.filters
        and not _root.filters
        and not _root.disabled
        and _root.level <= logging.DEBUG
        and _root.manager.disable < logging.DEBUG
        and logging.getLogRecordFactory() is logging.LogRecord
    )
