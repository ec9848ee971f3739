"""What stands for the peer's private names, so that test modules which import some can be loaded.

Drop-in mode has put this package's names into the public modules before.
"""

from __future__ import annotations

import inspect
import pathlib
import sys
import types
from collections.abc import Iterator
from typing import Any

import scenario_pebble

from .private import PUBLIC_MODULES

# The tests' own helpers, which run the event of every third test, use two private names.
_OF_HELPERS: dict[str, Any] = {
    '_DEFAULT_JUJU_VERSION': (
        inspect.signature(scenario_pebble.Context).parameters['juju_version'].default
    ),
    '_Event': type(scenario_pebble.Context.on.start()),
}


class _StandIn:
    """Can be named, called and iterated over, as test modules do while they are loaded."""

    def __getattr__(self, name: str) -> _StandIn:
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> _StandIn:
        return self

    def __iter__(self) -> Iterator[_StandIn]:
        yield self


def install(source: pathlib.Path) -> None:
    """Let the peer's private names be imported.

    Args:
        source: The directory of the peer's own package.
    """
    for path in source.glob('*.py'):
        name = f'scenario.{path.stem}' if path.stem != '__init__' else 'scenario'
        if name in PUBLIC_MODULES:
            vars(sys.modules[name])['__getattr__'] = _private_name
        else:
            module = sys.modules[name] = types.ModuleType(name)
            vars(module)['__getattr__'] = _any_name


def _private_name(name: str) -> Any:
    if not name.startswith('_') or name.startswith('__'):
        raise AttributeError(f'scenario_pebble has no {name!r}')
    return _OF_HELPERS.get(name) or _StandIn()


def _any_name(name: str) -> _StandIn:
    if name.startswith('__'):
        raise AttributeError(name)
    return _StandIn()
