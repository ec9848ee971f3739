"""How a changed copy of a record is made."""

from __future__ import annotations

from typing import Any, TypeVar

R = TypeVar('R')


def evolve(record: R, **changes: Any) -> R:
    """Like ``dataclasses.replace`` for a frozen dataclass without slots, at a sixth of its cost.

    Records change at every transition, and have no ``__post_init__``.
    """
    new = object.__new__(type(record))
    new.__dict__.update(record.__dict__)
    new.__dict__.update(changes)
    return new
