"""The pytest plugin of scenario_pebble."""

from __future__ import annotations

from .golden import Golden

__all__ = ['Golden']
