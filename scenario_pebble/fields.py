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
            out.  ``TAKEN`` of its class has other types of fields, by name.

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
    misfit = wanted.misfit(part)
    if misfit is not None:
        kind = type(value).__name__
        place, hint = f'{kind}.{name}{misfit.path}', f'{kind}({name}={wanted.example})'
        raise StateValidationError(misfit.message(place, hint))
