"""Layers in a State: ops' own Layer objects whose contents can't be changed."""

from __future__ import annotations

import logging
import pathlib
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar, cast

import yaml
from ops import pebble

from .. import typehints
from ..arguments import checked
from ..errors import StateValidationError, closest
from ..frozen import EMPTY, FrozenDict, freeze, thaw

logger = logging.getLogger('scenario_pebble')

_MAPPING = typehints.wanted(Mapping[str, Any])

_Part = TypeVar('_Part', pebble.Service, pebble.Check, pebble.LogTarget)


class _ReadOnly:
    """Refuses to have its attributes set; a deep copy is changeable again."""

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise TypeError(
            f'cannot set {name!r} of this {type(self).__name__}: it belongs to an immutable State'
            '\n  hint: build a changed Layer from its to_dict(), and a new State with '
            'dataclasses.replace()'
        )

    __delattr__ = __setattr__  # type: ignore[assignment]

    def __copy__(self) -> Any:
        return self

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return _restore, (type(self), dict(self.__dict__))


class FrozenLayer(_ReadOnly, pebble.Layer):
    """A ``pebble.Layer`` that refuses to be changed."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash((frozenset(self.services), frozenset(self.checks)))

    def __deepcopy__(self, memo: Any) -> pebble.Layer:
        return pebble.Layer(thaw(freeze(self.to_dict())))


class FrozenService(_ReadOnly, pebble.Service):
    """A ``pebble.Service`` that refuses to be changed."""

    def __deepcopy__(self, memo: Any) -> pebble.Service:
        return pebble.Service(self.name, thaw(freeze(self.to_dict())))


class FrozenCheck(_ReadOnly, pebble.Check):
    """A ``pebble.Check`` that refuses to be changed."""

    def __deepcopy__(self, memo: Any) -> pebble.Check:
        return pebble.Check(self.name, thaw(freeze(self.to_dict())))


class FrozenLogTarget(_ReadOnly, pebble.LogTarget):
    """A ``pebble.LogTarget`` that refuses to be changed."""

    def __deepcopy__(self, memo: Any) -> pebble.LogTarget:
        return pebble.LogTarget(self.name, thaw(freeze(self.to_dict())))


def _restore(kind: type[Any], attributes: dict[str, Any]) -> Any:
    part = object.__new__(kind)
    part.__dict__.update(attributes)
    return part


def freeze_layer(
    layer: pebble.Layer | Mapping[str, Any] | str, what: str = 'a layer'
) -> FrozenLayer:
    """A layer that can't be changed and shares nothing with the given one.

    Args:
        layer: What the test gives.
        what: How errors call it.

    Raises:
        StateValidationError: If it can't be read.
    """
    if isinstance(layer, FrozenLayer):
        return layer
    if not isinstance(layer, pebble.Layer):
        layer = _parse(layer, what)
    return _restore(
        FrozenLayer,
        {
            'summary': layer.summary,
            'description': layer.description,
            'services': _freeze_parts(FrozenService, layer.services),
            'checks': _freeze_parts(FrozenCheck, layer.checks),
            'log_targets': _freeze_parts(FrozenLogTarget, layer.log_targets),
        },
    )


def _freeze_parts(kind: type[Any], parts: Mapping[str, _Part]) -> FrozenDict[str, Any]:
    return FrozenDict(
        {
            name: _restore(kind, {k: freeze(v) for k, v in part.__dict__.items()})
            for name, part in parts.items()
        }
    )


def _parse(layer: Mapping[str, Any] | str, what: str = 'a layer') -> pebble.Layer:
    content: Any = None
    try:
        content = yaml.safe_load(layer) if isinstance(layer, str) else layer
        _check_keys(content, what)
        return pebble.Layer(content)
    except yaml.YAMLError as e:
        raise StateValidationError(f'cannot read {what}: {e}\n  hint: {_HINT}') from e
    except (AttributeError, TypeError, ValueError) as e:
        message = next(_misfits(content, what), f'cannot read {what}: {e}\n  hint: {_HINT}')
        raise StateValidationError(message) from e


_HINT = "a layer is a mapping with 'services', 'checks' and 'log-targets', or that as YAML text"

_PARTS: Mapping[str, type[Any]] = {
    'services': pebble.ServiceDict,
    'checks': pebble.CheckDict,
    'log-targets': pebble.LogTargetDict,
}


def _check_keys(layer: Any, what: str) -> None:
    """Refuse misspelt keys, and warn of others that ops leaves out without a word."""
    _check_known(layer, pebble.LayerDict, what)
    for section, kind in _PARTS.items():
        for name, part in _mapping(_mapping(layer).get(section)).items():
            _check_known(part, kind, f'{section}[{name!r}] of {what}')


def _check_known(given: Any, kind: type[Any], what: str) -> None:
    known = kind.__annotations__
    for key in _mapping(given):
        if key not in known:
            meant = closest(str(key), known)
            if meant:
                raise StateValidationError(
                    f'cannot use {key!r} in {what}: ops knows no such key\n  hint: {meant}'
                )
            logger.warning('%r in %s is left out: ops knows no such key', key, what)


def _mapping(given: Any) -> Mapping[Any, Any]:
    """What is none is refused by ops."""
    return cast('Mapping[Any, Any]', given) if isinstance(given, Mapping) else EMPTY


def _misfits(layer: Any, what: str) -> Iterator[str]:
    """What is wrong with those parts of a layer that ops can't read."""
    if unwanted := _MAPPING.unwanted(layer):
        yield unwanted.message(what, _HINT)
    for section, kind in _PARTS.items():
        parts = _mapping(layer).get(section, EMPTY)
        if unwanted := _MAPPING.unwanted(parts):
            yield unwanted.message(f'{section} of {what}', _HINT)
        for name, part in _mapping(parts).items():
            yield from _part_misfits(part, kind, section, name, what)


def _part_misfits(part: Any, kind: type[Any], section: str, name: str, what: str) -> Iterator[str]:
    if part and (unwanted := _MAPPING.unwanted(part)):
        example = f"{section}: {{{name!r}: {{'override': 'replace'}}}}"
        yield unwanted.message(f'{section}[{name!r}] of {what}', example)
    known = typing.get_type_hints(kind)
    for key, value in _mapping(part).items():
        wanted = typehints.wanted(known.get(key, Any))
        unwanted = wanted.unwanted(value)
        if unwanted and not _reads(section, name, {key: value}):
            place = f'{section}[{name!r}][{key!r}] of {what}'
            yield unwanted.message(place, f'{key!r}: {wanted.example}')


def _reads(section: str, name: str, part: Mapping[str, Any]) -> bool:
    content: Any = {section: {name: part}}
    try:
        pebble.Layer(content)
    except (AttributeError, TypeError, ValueError):
        return False
    return True


def layer_with_service(
    layer: pebble.Layer | None, name: str, service: pebble.ServiceDict
) -> pebble.Layer:
    """A layer with a service that replaces others of its name and starts by itself, unless
    *service* says otherwise.
    """
    content = pebble.Layer().to_dict() if layer is None else layer.to_dict()
    entry: pebble.ServiceDict = {'override': 'replace', 'startup': 'enabled', **service}
    return _parse({**content, 'services': {**content.get('services', {}), name: entry}})


@checked
def layer_from_rockcraft(path: pathlib.Path | str) -> pebble.Layer:
    """The layer that a rock made from a ``rockcraft.yaml`` brings along: its services and checks.

    Args:
        path: The ``rockcraft.yaml`` file.

    Raises:
        ValueError: If there's no such file.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise ValueError(
            f'cannot read layer from {str(path)!r}: no such rockcraft.yaml file\n'
            "  hint: layer_from_rockcraft('rock/rockcraft.yaml'), seen from the working directory"
        )
    rock = yaml.safe_load(path.read_text())
    return pebble.Layer(
        {
            'summary': rock.get('summary', ''),
            'description': f'{rock.get("description", "")} (from {path})'.strip(),
            'services': rock.get('services', {}),
            'checks': rock.get('checks', {}),
        }
    )
