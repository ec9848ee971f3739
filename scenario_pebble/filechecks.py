"""Can a file be what a test says of it?"""

from __future__ import annotations

import pathlib
from typing import Any

from . import typehints
from .errors import StateValidationError

CONTENT = frozenset({str, bytes})
NUMBER = frozenset({int, type(None)})
NAME = frozenset({str, type(None)})
"""Types that need no second look."""


def check_node(cls: type[Any], **given: Any) -> None:
    """Refuse arguments of a node that are of other types.

    Raises:
        StateValidationError: If there is one.
    """
    for name, value in given.items():
        wanted = typehints.wanted(_TYPES[name])
        if value.__class__ not in wanted.fast and (misfit := wanted.misfit(value)):
            raise StateValidationError(
                f'cannot use {value!r} for {cls.__name__}.{name}: {misfit.cause}\n'
                f'  hint: {cls.__name__}({name}={wanted.example})'
            )


_TYPES: dict[str, Any] = {
    'data': str | bytes | bytearray,
    'target': str | pathlib.PurePath,
    **dict.fromkeys(('mode', 'mtime_ns'), int),
    **dict.fromkeys(('user_id', 'group_id'), int | None),
    **dict.fromkeys(('user', 'group'), str | None),
}
