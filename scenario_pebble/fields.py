"""Are the fields of a value of the types that its class names?"""

from __future__ import annotations

import functools
from typing import Any

from . import typehints
from .errors import StateValidationError
from .typehints import Wanted


def check_fields(value: Any) -> None:
    """Refuse a value that has a field of another type.

    Constructors that tests call most often ask by themselves whether there may be one, which takes
    a tenth of the time.

    Args:
        value: An instance of a dataclass without slots; fields that it has yet to get are left
            out.  Its class says in ``TAKEN`` and ``COMPARED`` what else is taken.

    Raises:
        StateValidationError: If it has one.
    """
    fields = value.__dict__
    for name, fast, wanted in _fields_of(value.__class__):
        if name in fields and fields[name].__class__ not in fast:
            _check(value, name, fields[name], wanted)


@functools.cache
def _fields_of(kind: type[Any]) -> tuple[tuple[str, frozenset[type[Any]], Wanted], ...]:
    found = typehints.of_class(kind)
    found |= {name: typehints.wanted(hint) for name, hint in getattr(kind, 'TAKEN', {}).items()}
    return tuple((name, wanted.fast, wanted) for name, wanted in found.items())


def _check(value: Any, name: str, part: Any, wanted: Wanted) -> None:
    unwanted = wanted.unwanted(part)
    if unwanted is None or (getattr(value, 'COMPARED', False) and equals_all(unwanted.value)):
        return
    kind = type(value).__name__
    place, hint = f'{kind}.{name}{unwanted.path}', f'{kind}({name}={wanted.example})'
    raise StateValidationError(unwanted.message(place, hint))


def equals_all(value: Any) -> bool:
    """Whether it is ``mock.ANY`` or its like."""
    return (value == _UNKNOWN) is True


_UNKNOWN = object()
"""Equal only to what equals everything."""
