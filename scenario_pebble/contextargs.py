"""Are the arguments of a Context what they have to be?"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from typing import Any

import ops

from .errors import ContextSetupError


def check_charm_type(charm_type: Any) -> None:
    """Refuse what is no class of a charm.

    Raises:
        ContextSetupError: If it is something else.
    """
    if not (isinstance(charm_type, type) and issubclass(charm_type, ops.CharmBase)):
        raise ContextSetupError(
            f'cannot test {charm_type!r}: it is no subclass of ops.CharmBase\n'
            '  hint: pass the class, not an instance: Context(MyCharm)'
        )


def check_declared(**declared: Any) -> None:
    """Refuse metadata, actions and options that are no mappings.

    Raises:
        ContextSetupError: If one is neither a mapping nor None.
    """
    for field, given in declared.items():
        if given is not None and not isinstance(given, Mapping):
            raise ContextSetupError(
                f'cannot use {given!r} for {field}: it is no mapping\n'
                "  hint: meta={'name': 'web', 'containers': {'web': {}}}, "
                "config={'options': {}}, actions={'backup': {}}"
            )


def check_surroundings(juju_version: Any, charm_root: Any, seed: Any) -> None:
    """Refuse a Juju, a directory or a seed that can't be.

    Raises:
        ContextSetupError: If there can't be one of them.
    """
    if not _is_version(juju_version):
        raise ContextSetupError(
            f'cannot use {juju_version!r} for juju_version: it is no version\n'
            "  hint: juju_version='3.6.14'"
        )
    if charm_root is not None and not isinstance(charm_root, (str, os.PathLike)):
        raise ContextSetupError(f'cannot use {charm_root!r} for charm_root: it is no path')
    if seed is not None and not isinstance(seed, int):
        raise ContextSetupError(f'cannot use {seed!r} for seed: it is no whole number')


def _is_version(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(ops.JujuVersion(value))
    except RuntimeError:
        return False


def interval(value: Any) -> datetime.timedelta | None:
    """The interval of update-status.

    Raises:
        ValueError: If it is neither a timedelta nor a number, or less than a second.
    """
    if value is None:
        return None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    given = datetime.timedelta(seconds=value) if is_number and 1 <= value < 1e10 else value
    if not isinstance(given, datetime.timedelta) or given < datetime.timedelta(seconds=1):
        raise ValueError(
            f'cannot use {value!r} for update_status_hook_interval: '
            'not a timedelta or number of seconds, of a second at least'
        )
    return given
