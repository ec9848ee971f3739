"""Can a program or a command be what a test says of it?"""

from __future__ import annotations

import signal
from collections.abc import Iterable
from typing import Any

from ..errors import StateValidationError, closest
from ..filechecks import refused_text
from .moment import LONGEST


def check_seconds(kind: str, field: str, value: float | None) -> None:
    """Refuse a duration that time can't take; None is one that isn't given.

    Raises:
        StateValidationError: If it is negative or too long.
    """
    if value is not None and not 0 <= value < LONGEST:
        raise StateValidationError(
            f'cannot use {value!r} for {kind}.{field}: it is not in 0 to 1e10 seconds\n'
            f'  hint: {kind}({field}=1.5)'
        )


def check_exit_code(kind: str, code: int | None) -> None:
    """Refuse an exit code that no process has; None is one that isn't given.

    Raises:
        StateValidationError: If it isn't in 0 to 255.
    """
    if code is not None and not 0 <= code <= 255:
        raise StateValidationError(
            f'cannot use {code!r} for {kind}.exit_code: it is not in 0 to 255\n'
            '  hint: 128 + N if signal N ends it'
        )


def check_text(place: str, text: str | bytes, *, or_bytes: bool = False) -> None:
    """Refuse text that no program can write, as it has no encoding.

    Raises:
        StateValidationError: If it holds lone surrogates.
    """
    try:
        text if isinstance(text, bytes) else text.encode()
    except UnicodeEncodeError as e:
        raise refused_text(f'cannot use {text!r} for {place}', or_bytes=or_bytes) from e


def check_output(kind: str, stdout: str | bytes, stderr: str | bytes) -> None:
    """Refuse the output of a command which is text that no program can write.

    Raises:
        StateValidationError: If it holds lone surrogates.
    """
    check_text(f'{kind}.stdout', stdout, or_bytes=True)
    check_text(f'{kind}.stderr', stderr, or_bytes=True)


def check_signals(names: Iterable[Any]) -> None:
    """Refuse a signal that doesn't exist.

    Raises:
        StateValidationError: If there is one.
    """
    known = signal.Signals.__members__
    for name in names:
        if name not in known:
            hint = closest(f'SIG{name.upper().removeprefix("SIG")}', known)
            raise StateValidationError(
                f'cannot use {name!r} in Program.signals: there is no such signal\n'
                f'  hint: {hint or "its whole name, as in SIGHUP"}'
            )
