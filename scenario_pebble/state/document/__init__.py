"""A State as JSON or YAML text, and such text as a State."""

from __future__ import annotations

from .text import from_json, from_yaml, to_json, to_yaml

__all__ = ['from_json', 'from_yaml', 'to_json', 'to_yaml']
