"""Of which class is a container's `runtime`? The State keeps one without looking into it."""

from __future__ import annotations

from typing import Any, TypeVar

K = TypeVar('K', bound=type[Any])

_classes: list[type[Any]] = []


def runtime(kind: K) -> K:
    """Say that *kind*, a dataclass, is the class of the `runtime` of containers.

    Its annotations decide what of it is written as JSON, and how.  Fields that a container also
    has are written where they differ from the container's.
    """
    _classes.append(kind)
    return kind


def runtime_class() -> type[Any]:
    """The class; that of None while there is none."""
    return _classes[-1] if _classes else type(None)
