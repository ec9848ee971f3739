"""Which part of a charm's metadata can't be read, and why?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from .. import typehints
from ..errors import ContextSetupError
from ..frozen import EMPTY
from ..state.spec import CharmSpec

Read = Callable[[Any, Any, Any], object]
"""Reads metadata, actions and config, and raises if it can't."""

_MAPPING = typehints.wanted(Mapping[str, Any])
_LIST = typehints.wanted(Sequence[Any])
_NAME = typehints.wanted(str)

_EXAMPLES: Mapping[str, str] = {
    'requires': "{'db': {'interface': 'mysql_client'}}",
    'provides': "{'website': {'interface': 'http'}}",
    'peers': "{'members': {'interface': 'web_members'}}",
    'containers': "{'web': {'resource': 'image', 'mounts': [{'storage': 'data'}]}}",
    'storage': "{'data': {'type': 'filesystem'}}",
    'resources': "{'image': {'type': 'oci-image'}}",
    'payloads': "{'monitoring': {'type': 'docker'}}",
    'options': "{'port': {'type': 'int', 'default': 80}}",
    'actions': "{'backup': {'params': {'target': {'type': 'string'}}}}",
}
"""By section: one that can be read."""


def check_shape(spec: CharmSpec) -> None:
    """Refuse what is no mapping where only mappings make sense; None is an empty one.

    Raises:
        ContextSetupError: If there is something.
    """
    for section in ('requires', 'provides', 'peers', 'containers', 'storage', 'resources'):
        _check_entries(f'meta[{section!r}]', section, spec.meta.get(section))
    for name, container in _mapping(spec.meta.get('containers')).items():
        _check_mounts(f"meta['containers'][{name!r}]['mounts']", _mapping(container).get('mounts'))
    _check_entries('actions', 'actions', spec.actions)
    for name, action in _mapping(spec.actions).items():
        _check_entries(f"actions[{name!r}]['params']", 'actions', _mapping(action).get('params'))
    _check(_MAPPING, spec.config, 'config', 'options')
    _check_entries("config['options']", 'options', _mapping(spec.config).get('options'))


def _check_entries(place: str, section: str, entries: Any) -> None:
    _check(_MAPPING, entries, place, section)
    for name, entry in _mapping(entries).items():
        _check(_NAME, name, f'{place} (its keys)', section)
        _check(_MAPPING, entry, f'{place}[{name!r}]', section)


def _check_mounts(place: str, mounts: Any) -> None:
    _check(_LIST, mounts, place, 'containers')
    for number, mount in enumerate(mounts or ()):
        _check(_MAPPING, mount, f'{place}[{number}]', 'containers')


def _check(wanted: typehints.Wanted, given: Any, place: str, section: str) -> None:
    if given and (unwanted := wanted.unwanted(given)):
        raise ContextSetupError(unwanted.message(place, _hint(section)))


def refusal(spec: CharmSpec, read: Read, error: Exception) -> ContextSetupError:
    """The error for metadata that ops can't read; it names the first part that is to blame.

    Args:
        spec: What the charm declares.
        read: How ops reads it.
        error: What ops has raised.
    """
    for section, place, part, parts in _parts(spec):
        try:
            read(*parts)
        except Exception as e:  # noqa: BLE001  # whatever ops happens to meet
            found = f'cannot use {part!r} for {place}: {_cause(e, part, section)}'
            return ContextSetupError(f'{found}\n  hint: {_hint(section)}')
    return ContextSetupError(
        f'cannot read the metadata of {spec.charm_type.__name__}: {error}\n  hint: {_hint("")}'
    )


def _parts(spec: CharmSpec) -> Iterator[tuple[str, str, Any, tuple[Any, Any, Any]]]:
    """Each part alone: its section, its place, itself, and metadata of which it is all."""
    for section, entries in spec.meta.items():
        place = f'meta[{section!r}]'
        if not _mapping(entries):
            yield section, place, entries, ({section: entries}, None, None)
        for name, entry in _mapping(entries).items():
            yield section, f'{place}[{name!r}]', entry, ({section: {name: entry}}, None, None)
    for name, action in _mapping(spec.actions).items():
        yield 'actions', f'actions[{name!r}]', action, (None, {name: action}, None)
    for name, option in _mapping(_mapping(spec.config).get('options')).items():
        parts = (None, None, {'options': {name: option}})
        yield 'options', f"config['options'][{name!r}]", option, parts


def _cause(error: Exception, part: Any, section: str) -> str:
    if isinstance(error, KeyError):
        return f'it has no {error}'
    unwanted = _MAPPING.unwanted(part) if section in _EXAMPLES else None
    return unwanted.cause if unwanted else f'{error}'


def _hint(section: str) -> str:
    if section not in _EXAMPLES:
        return 'ops refuses it too; see the specification of charmcraft.yaml'
    if section == 'actions':
        return f'actions={_EXAMPLES[section]}'
    argument = 'config' if section == 'options' else 'meta'
    return f"{argument}={{'{section}': {_EXAMPLES[section]}}}"


def _mapping(given: Any) -> Mapping[Any, Any]:
    return cast('Mapping[Any, Any]', given) if isinstance(given, Mapping) else EMPTY
