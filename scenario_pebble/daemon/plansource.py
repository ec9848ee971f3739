"""What do layers say, word for word, that were combined into one?

Pebble shows layers to nobody; a State does.  What a charm left out or spelt its own way stays so
there, though Pebble writes defaults into a layer that others are combined into.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..frozen import FrozenDict, freeze
from . import planfacts
from .plan import Layer

_TEXTS = ('summary', 'description')
_APPENDED = frozenset({'after', 'before', 'requires', 'services'})
_ZERO_IS_UNSET = frozenset({'port', 'threshold'})

_Entry = dict[str, Any]


def combined(below: Layer, layer: Layer) -> FrozenDict[str, Any]:
    """What takes the place of the source of *below* when *layer* is combined into it."""
    low, high = planfacts.layer_to_dict(below), planfacts.layer_to_dict(layer)
    source = {key: value for key, value in high.items() if key in _TEXTS}
    for section in (*low, *high):
        if section == 'pairing':
            source[section] = _merged(low.get(section) or {}, high.get(section) or {})
        elif section not in _TEXTS:
            source[section] = _section(low.get(section) or {}, high.get(section) or {})
    return cast('FrozenDict[str, Any]', freeze(source))


def _section(low: Mapping[str, _Entry | None], high: Mapping[str, _Entry | None]) -> _Entry:
    entries: _Entry = dict(low)
    for name, entry in high.items():
        new = entry or {}
        if new.get('override') == 'merge' and name in low:
            kept = {key: value for key, value in new.items() if key != 'override'}
            entries[name] = _merged(low[name] or {}, kept)
        else:
            entries[name] = new
    return entries


def _merged(low: _Entry, high: _Entry) -> _Entry:
    # Pebble: plan/plan.go Merge
    merged = dict(low)
    for key, value in high.items():
        was = low.get(key)
        if key in _APPENDED:
            merged[key] = [*(was or ()), *(value or ())]
        elif isinstance(value, dict):
            merged[key] = _merged(was or {}, cast('_Entry', value))
        elif value not in (None, '') and (value or key not in _ZERO_IS_UNSET):
            merged[key] = value
    return merged
