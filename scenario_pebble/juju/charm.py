"""Where a charm's metadata comes from: its YAML files, or what a test gives instead."""

from __future__ import annotations

import inspect
import pathlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import ops
import yaml

from ..errors import ContextSetupError, MetadataNotFoundError
from ..frozen import FrozenDict, freeze
from ..state.spec import CharmSpec
from . import extensions

_Loader: Any = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)

# Charmcraft wants these in the charmcraft.yaml of a charm; one without them belongs to an older
# charm, whose metadata is in metadata.yaml.
_MANDATORY = ('name', 'summary', 'description')


def charm_spec(
    charm_type: type[ops.CharmBase],
    meta: Mapping[str, Any] | None = None,
    *,
    actions: Mapping[str, Any] | None = None,
    config: Mapping[str, Any] | None = None,
) -> CharmSpec:
    """What the charm declares: as given, or, if nothing is given, from the charm's files.

    Args:
        charm_type: The charm's class.
        meta: The content of ``metadata.yaml``, or of a whole ``charmcraft.yaml``.
        actions: The content of ``actions.yaml``.
        config: The content of ``config.yaml``.

    Raises:
        ContextSetupError: If nothing is given and no file is found.
        ValueError: If *meta* holds actions or config which are also given on their own.
    """
    if not (meta or actions or config):
        return _from_files(charm_type)
    whole = dict(meta) if meta else {'name': charm_type.__name__}
    return CharmSpec(
        charm_type,
        actions=_one_of(whole, 'actions', actions),
        config=_one_of(whole, 'config', config),
        meta=freeze(whole),
    )


def _one_of(
    whole: dict[str, Any], key: str, given: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """What was given on its own, or else is taken out of the whole charmcraft.yaml."""
    if not given:
        return freeze(whole.pop(key, None))
    if key in whole:
        raise ValueError(
            f'cannot use both {key} and the {key} in meta\n  hint: give them in one place'
        )
    return freeze(given)


def _from_files(charm_type: type[ops.CharmBase]) -> CharmSpec:
    try:
        root = pathlib.Path(inspect.getfile(charm_type)).parent.parent
        meta, actions, config = _unified(root) or _separate(root)
    except (OSError, TypeError, MetadataNotFoundError) as error:
        raise ContextSetupError(
            f'cannot find the metadata of {charm_type.__name__}: {error}\n'
            "  hint: Context(..., meta={'name': ...})"
        ) from error
    return CharmSpec(charm_type, meta, actions, config, root)


_Parts = tuple[Mapping[str, Any], 'Mapping[str, Any] | None', 'Mapping[str, Any] | None']


def _unified(root: pathlib.Path) -> _Parts | None:
    """The metadata, actions and config of a charmcraft.yaml, unless it's only about packing."""
    content = _read(root / 'charmcraft.yaml')
    if content.get('type') != 'charm' or not all(key in content for key in _MANDATORY):
        return None
    whole = dict(content)
    extensions.expand(whole, whole.pop('extensions', None) or [])
    actions, config = whole.pop('actions', None), whole.pop('config', None)
    return freeze(whole), freeze(actions), freeze(config)


def _separate(root: pathlib.Path) -> _Parts:
    meta = _read(root / 'metadata.yaml')
    if not meta:
        raise MetadataNotFoundError(_what_lacks(root))
    return meta, _read(root / 'actions.yaml') or None, _read(root / 'config.yaml') or None


def _what_lacks(root: pathlib.Path) -> str:
    content = _read(root / 'charmcraft.yaml')
    if not content:
        return f'{root} has neither charmcraft.yaml nor metadata.yaml'
    if content.get('type') != 'charm':
        return f"{root} has a charmcraft.yaml without 'type: charm', and no metadata.yaml"
    missing = ', '.join(repr(key) for key in _MANDATORY if key not in content)
    return f'{root} has a charmcraft.yaml without {missing}, and no metadata.yaml'


def _read(path: pathlib.Path) -> Mapping[str, Any]:
    """The content of a YAML file; empty if there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return FrozenDict()
    return _parsed(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _parsed(path: pathlib.Path, mtime_ns: int, size: int) -> Mapping[str, Any]:
    """Parse a file once per version of it: most tests make a Context each."""
    hint = '  hint: correct the file, or give its content: Context(..., meta={...})'
    try:
        content: Any = yaml.load(path.read_text(), Loader=_Loader) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as e:
        raise ContextSetupError(f'cannot read {path}: {e}\n{hint}') from e
    if not isinstance(content, Mapping):
        kind = type(content).__name__
        raise ContextSetupError(f'cannot read {path}: it holds a {kind}, not a mapping\n{hint}')
    return freeze(content)
