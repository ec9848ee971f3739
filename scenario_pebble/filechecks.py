"""Can a file be what a test says of it?"""

from __future__ import annotations

from typing import Any

from . import typehints
from .errors import StateValidationError

CONTENT = frozenset({str, bytes})
NUMBER = frozenset({int, type(None)})
NAME = frozenset({str, type(None)})
"""Types that need no second look."""


def refused_text(message: str, *, or_bytes: bool = True) -> StateValidationError:
    """The error for text that has no encoding; *message* says where it was given."""
    repair = 'leave its lone surrogates out' + (', or give bytes' if or_bytes else '')
    return StateValidationError(f'{message}: it is not Unicode text\n  hint: {repair}')


def check_node(cls: type[Any], **given: Any) -> None:
    """Refuse arguments of a node that are of other types.

    Raises:
        StateValidationError: If there is one.
    """
    kind = cls.__name__
    for name, value in given.items():
        wanted = typehints.of_function(cls.__new__)[name]
        if unwanted := wanted.unwanted(value):
            message = unwanted.message(f'{kind}.{name}', f'{kind}({name}={wanted.example})')
            raise StateValidationError(message)
