"""How are layers written: as the dicts that ``pebble.Layer`` takes, in a list, as order counts?"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any, cast

from ops import pebble

from ...errors import StateValidationError, closest
from ..layer import FrozenLayer, freeze_layer
from .collection import step
from .form import Form, Misfit, shown_data, under
from .plain import PLAIN
from .scalar import TEXT

_SECTIONS: dict[str, Any] = {
    'services': pebble.ServiceDict,
    'checks': pebble.CheckDict,
    'log-targets': pebble.LogTargetDict,
}


class OneLayer(Form):
    """A layer and its label: the layer's dict with the key ``label``."""

    wanted = 'a layer'
    example = '{"label": "base", "services": {"web": {"command": "serve"}}}'

    def takes(self, value: Any) -> bool:
        return isinstance(value, tuple)

    def reads(self, data: Any) -> bool:
        return isinstance(data, dict)

    def _encode(self, value: tuple[str, pebble.Layer]) -> dict[str, Any]:
        label, layer = value
        content = {key: entry for key, entry in layer.to_dict().items() if entry}
        return {'label': TEXT.encode(label), **PLAIN.encode(content)}

    def _decode(self, data: dict[str, Any]) -> tuple[str, FrozenLayer]:
        if 'label' not in data:
            raise Misfit("a layer needs the key 'label'", 'write for example "label": "base"')
        _check_keys('layer', data, {'label', *typing.get_type_hints(pebble.LayerDict)})
        for section, kind in _SECTIONS.items():
            under(step(section), _section_checker(section, kind), data.get(section) or {})
        content = {key: PLAIN.decode(data[key]) for key in data if key != 'label'}
        try:
            return under('.label', TEXT.decode, data['label']), freeze_layer(content)
        except StateValidationError as error:
            raise Misfit.of(error, 'see pebble.Layer') from error


class Layers(Form):
    """The layers of a container, lowest first."""

    wanted = 'a list of layers'
    example = '[]'

    def takes(self, value: Any) -> bool:
        return isinstance(value, Mapping)

    def reads(self, data: Any) -> bool:
        return isinstance(data, list)

    def _encode(self, value: Mapping[str, pebble.Layer]) -> list[Any]:
        return [under(f'[{item[0]!r}]', _LAYER.encode, item) for item in value.items()]

    def _decode(self, data: list[Any]) -> dict[str, FrozenLayer]:
        layers: dict[str, FrozenLayer] = {}
        for i, item in enumerate(data):
            label, layer = under(f'[{i}]', _LAYER.decode, item)
            if label in layers:
                raise Misfit(
                    f'there are two layers {label!r}', 'give each layer a label of its own'
                )
            layers[label] = layer
        return layers


def _section_checker(section: str, kind: Any) -> Any:
    known = set(typing.get_type_hints(kind))

    def check(entries: Any) -> None:
        if not isinstance(entries, dict):
            raise Misfit(f'{shown_data(entries)} is not an object', f'write {section} by name')
        for name, entry in cast('dict[str, Any]', entries).items():
            under(step(name), lambda data: _check_keys(section, data, known), entry)

    return check


def _check_keys(what: str, data: Any, known: set[str]) -> None:
    if not isinstance(data, dict):
        raise Misfit(f'{shown_data(data)} is not an object', f'write one with keys of {what}')
    for key in cast('dict[str, Any]', data):
        if key not in known:
            hint = closest(key, known) or f'there are {", ".join(sorted(known))}'
            raise Misfit(f'{what} have no key {key!r}', hint)


_LAYER = OneLayer()
