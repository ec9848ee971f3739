"""How layers and plans turn back into plain mappings with Pebble's keys and spellings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..frozen import FrozenDict
from . import gotext, planschema
from .plan import Layer, Plan
from .plandecode import Schema

_ALWAYS = frozenset({('LogTarget', 'type'), ('LogTarget', 'location'), ('LogTarget', 'services')})
_NESTED = {'http': planschema.HTTP, 'tcp': planschema.TCP, 'exec': planschema.EXEC}


def dump(layer: Layer | Plan) -> dict[str, Any]:
    """The sections of a layer or a plan, without what is empty, in Pebble's order of fields.

    What is a map in Go is a FrozenDict, what is a structure is a dict.
    """
    sections: dict[str, Any] = {
        'services': _records(layer.services, planschema.SERVICE),
        'checks': _records(layer.checks, planschema.CHECK),
        'log-targets': _records(layer.log_targets, planschema.LOG_TARGET),
        'workloads': _records(layer.workloads, planschema.WORKLOAD),
        'pairing': {'mode': layer.pairing} if layer.pairing else {},
    }
    return {name: section for name, section in sections.items() if section}


def _records(records: Mapping[str, Any], schema: Schema) -> FrozenDict[str, dict[str, Any]]:
    return FrozenDict({name: _record(record, schema) for name, record in records.items()})


def _record(record: Any, schema: Schema) -> dict[str, Any]:
    kind = type(record).__name__
    fields: dict[str, Any] = {}
    for key, (attribute, _) in schema.items():
        value = getattr(record, attribute)
        if key in _NESTED:
            if value is not None:
                fields[key] = _record(value, _NESTED[key])
        elif (kind, key) in _ALWAYS or not _is_empty(attribute, value):
            fields[key] = _plain(attribute, value)
    return fields


def _is_empty(attribute: str, value: Any) -> bool:
    if attribute in ('threshold', 'port'):
        return value == 0
    return value is None or value == '' or value == () or value == {}


def _plain(attribute: str, value: Any) -> Any:
    if attribute.endswith('_ns'):
        return gotext.format_duration(value)
    return list(cast('tuple[str, ...]', value)) if isinstance(value, tuple) else value
