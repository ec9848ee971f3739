"""The pytest plugin of scenario_pebble."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .golden import Golden

__all__ = ['Golden']


def __getattr__(name: str) -> object:
    # pytest imports this package in every suite; only the annotations of some ask for the class.
    if name == 'Golden':
        from .golden import Golden

        return Golden
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
