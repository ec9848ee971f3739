"""Can a program or a command be what a test says of it?"""

from __future__ import annotations

import signal
from collections.abc import Mapping
from typing import Any

from ..errors import StateValidationError, closest

_LONGEST = 1e10  # seconds; a State's time ends with the year 9999


def check_exec(fields: Mapping[str, Any]) -> None:
    """Refuse an Exec that no command can be.

    Raises:
        StateValidationError: If a field has another type or can't be.
    """
    _check(fields, 'return_code', 'Exec', isinstance(fields['return_code'], int), 'whole number')
    for field in ('stdout', 'stderr'):
        _check(fields, field, 'Exec', isinstance(fields[field], (str, bytes)), 'text or bytes')
    _check_seconds(fields, 'duration', 'Exec')
    handler = fields['handler']
    _check(fields, 'handler', 'Exec', handler is None or callable(handler), 'function')


def check_program(fields: Mapping[str, Any]) -> None:
    """Refuse a Program that no program can be.

    Raises:
        StateValidationError: If a field has another type or can't be.
    """
    if fields['exit_after'] is not None:
        _check_seconds(fields, 'exit_after', 'Program')
    code = fields['exit_code']
    is_code = isinstance(code, int) and 0 <= code <= 255
    _check(fields, 'exit_code', 'Program', is_code, 'whole number from 0 to 255')
    for field in ('stdout', 'stderr'):
        _check(fields, field, 'Program', isinstance(fields[field], str), 'text')
    for field in ('signals', 'ports', 'files', 'notices'):
        _check(fields, field, 'Program', isinstance(fields[field], Mapping), 'mapping')
    for name in fields['signals']:
        _check_signal(name)


def _check_signal(name: Any) -> None:
    if name not in signal.Signals.__members__:
        known = signal.Signals.__members__
        hint = closest(f'SIG{str(name).upper().removeprefix("SIG")}', known)
        raise StateValidationError(
            f'cannot use {name!r} for signals of a Program: there is no such signal\n'
            f'  hint: {hint or "its whole name, as in SIGHUP"}'
        )


def _check_seconds(fields: Mapping[str, Any], field: str, kind: str) -> None:
    value = fields[field]
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits = is_number and 0 <= value < _LONGEST
    _check(fields, field, kind, fits, 'number of seconds that is 0 or more')


def _check(fields: Mapping[str, Any], field: str, kind: str, fits: bool, wanted: str) -> None:
    if not fits:
        raise StateValidationError(
            f'cannot use {fields[field]!r} for {field} of {"an" if kind == "Exec" else "a"} '
            f'{kind}: it is no {wanted}'
        )
