"""Are the arguments of a Context what they have to be?"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import ops

from . import typehints
from .errors import ContextSetupError
from .state.moment import LONGEST


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


def check_types(constructor: Callable[..., Any], /, **arguments: Any) -> None:
    """Refuse arguments of other types than the constructor names.

    Raises:
        ContextSetupError: If there is one.
    """
    for name, given in arguments.items():
        wanted = typehints.of_function(constructor)[name]
        if unwanted := wanted.unwanted(given):
            raise ContextSetupError(unwanted.message(name, f'{name}={wanted.example}'))


def check_surroundings(juju_version: Any, unit_id: int | None) -> None:
    """Refuse a Juju or a number of the unit that can't be.

    Raises:
        ContextSetupError: If there can't be one of them.
    """
    if not _is_version(juju_version):
        raise ContextSetupError(
            f'cannot use {juju_version!r} for juju_version: it is no version\n'
            "  hint: juju_version='3.6.14'"
        )
    if unit_id is not None and unit_id < 0:
        raise ContextSetupError(
            f'cannot use {unit_id!r} for unit_id: it is less than 0\n  hint: unit_id=0'
        )


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
    given = datetime.timedelta(seconds=value) if is_number and 1 <= value < LONGEST else value
    if not isinstance(given, datetime.timedelta) or given < datetime.timedelta(seconds=1):
        raise ValueError(
            f'cannot use {value!r} for update_status_hook_interval: '
            'not a timedelta or number of seconds, of a second at least\n'
            '  hint: update_status_hook_interval=300'
        )
    return given
