"""Of which class is a container's `runtime`? The State keeps one without looking into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Load = Callable[[], type[Any]]

_loads: list[Load] = []


def runtime(load: Load) -> Load:
    """Say who knows the class of the `runtime` of containers, a dataclass.

    Its annotations decide what of it is written as JSON, and how.  Fields that a container also
    has are written where they differ from the container's.
    """
    _loads.append(load)
    return load


def runtime_class() -> type[Any]:
    """The class; that of None while nobody knows one."""
    return _loads[-1]() if _loads else type(None)
