"""Layers as facts: what a State says of a container's layers, and what it is told about them.

A State describes what is, not what somebody sends.  A missing ``override`` therefore means
replace, and a missing command or check type is unspecified; such entries are exempt from
validation until the charm redefines them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any, cast

import yaml

from ..frozen import FrozenDict, freeze, thaw
from . import plandump, planschema, planvalidate
from .plan import Layer
from .plandecode import DecodeError, Decoder
from .plannodes import Node

_LOADER: Any = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)


def facts_from_dict(label: str, given: Mapping[str, Any]) -> Layer:
    """A layer that a State describes.

    Raises:
        ValueError: With each value that can't be understood, and its path, for example
            ``services.web.user-id: cannot unmarshal !!str `root` into int``.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, section in given.items():
        if name not in planschema.SECTIONS:
            problems.append(f'{name}: no such section in a layer')
        elif section:
            attribute, field = planschema.SECTIONS[name]
            decoder = Decoder(name, is_fact=True)
            try:
                values[attribute] = field(decoder, _node(section, name))
            except DecodeError as e:
                problems.append(f'{e.path}: {e.text}')
            problems += [f'{problem.path}: {problem.text}' for problem in decoder.problems]
    if problems:
        raise ValueError('\n'.join(problems))
    layer = Layer(label=label, source=cast('FrozenDict[str, Any]', freeze(given)), **values)
    if problems := list(planvalidate.layer_problems(layer)) + list(_wrong_overrides(layer)):
        raise ValueError('\n'.join(problems))
    return layer


def _node(value: Any, path: str) -> Node:
    """The YAML node that a Python value would be read from."""
    if value is None:
        return Node('scalar', '!!null', 'null')
    if isinstance(value, bool):
        return Node('scalar', '!!bool', str(value).lower())
    if isinstance(value, int):
        return Node('scalar', '!!int', str(value))
    if isinstance(value, float):
        return Node('scalar', '!!float', repr(value))
    if isinstance(value, str):
        return Node('scalar', '!!str', value, style='"')
    if isinstance(value, Mapping):
        return _mapping_node(cast('Mapping[Any, Any]', value), path)
    if isinstance(value, (Sequence, Set)) and not isinstance(value, bytes):
        items = cast('Sequence[Any]', value)
        return Node('sequence', '!!seq', content=[_node(item, path) for item in items])
    raise DecodeError(f'cannot take a value of type {type(value).__name__}', path)


def _mapping_node(value: Mapping[Any, Any], path: str) -> Node:
    node = Node('mapping', '!!map')
    for key, item in value.items():
        # An empty entry such as ``services: {web: null}`` says that there is such a service.
        if item is None and path in planschema.SECTIONS:
            item = {}
        node.content += (_node(key, path), _node(item, f'{path}.{key}'))
    return node


def _wrong_overrides(layer: Layer) -> list[str]:
    return [
        f'{section}.{name}.override: must be "replace" or "merge", not "{record.override}"'
        for section, records in (
            ('services', layer.services),
            ('checks', layer.checks),
            ('log-targets', layer.log_targets),
        )
        for name, record in records.items()
        if record.override not in ('', 'replace', 'merge')
    ]


def layer_to_dict(layer: Layer) -> dict[str, Any]:
    """What ``ops.pebble.Layer`` takes.

    It's what was given; of layers that were combined, it's what Pebble made of them.
    """
    if isinstance(layer.source, str):
        return yaml.load(layer.source, Loader=_LOADER) or {}
    if layer.source is not None:
        return thaw(layer.source)
    return {
        **({'summary': layer.summary} if layer.summary else {}),
        **({'description': layer.description} if layer.description else {}),
        **thaw(freeze(plandump.dump(layer))),
    }
