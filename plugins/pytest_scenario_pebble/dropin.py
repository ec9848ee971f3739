"""Which names mean scenario_pebble while drop-in mode is on: those of ``ops.testing`` and
``scenario``.

`Harness` and what belongs to it stay the real ones.
"""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Mapping
from typing import Any

import pytest

import scenario_pebble
from scenario_pebble import backend, errors
from scenario_pebble.wire import client

# Tests of real charms patch methods of these two.
_MOCKING = {'_MockModelBackend': backend.Backend, '_MockPebbleClient': client.Client}

# What ops.testing exports under the same name for the use of Harness.
_OF_HARNESS = frozenset({'ActionOutput', 'CharmType', 'ExecArgs', 'ExecResult'})


def install(patch: pytest.MonkeyPatch) -> None:
    """Make ``ops.testing`` and ``scenario`` mean this package, until *patch* is undone.

    Both modules keep their identity, so that it doesn't matter who has imported them before.
    """
    patch.setattr(scenario_pebble.Context, 'unanswered', _not_found)
    testing = importlib.import_module('ops.testing')
    _fill(testing, _public(without=_OF_HARNESS), patch)
    _fill(_scenario(patch), _public(), patch)
    # A suite may hold tests of both kinds, and expects the same exception from an action that
    # fails.
    harness = sys.modules[testing.Harness.__module__]
    patch.setattr(harness, 'ActionFailed', errors.ActionFailed)


def _not_found(_: Any, container: str, command: tuple[str, ...]) -> scenario_pebble.Exec:
    """What ops.testing does with a command that no Exec answers; Pebble refuses to start it."""
    return scenario_pebble.Exec(command, return_code=127, stderr=f'{command[0]}: not found\n')


def _public(without: frozenset[str] = frozenset()) -> dict[str, Any]:
    names = {name: getattr(scenario_pebble, name) for name in scenario_pebble.__all__}
    names['errors'] = errors
    return {name: value for name, value in names.items() if name not in without}


def _fill(module: types.ModuleType, names: dict[str, Any], patch: pytest.MonkeyPatch) -> None:
    for name, value in names.items():
        patch.setattr(module, name, value, raising=False)
    exported = {*getattr(module, '__all__', ()), *names}
    patch.setattr(module, '__all__', sorted(exported), raising=False)


def _scenario(patch: pytest.MonkeyPatch) -> types.ModuleType:
    """The package ``scenario``, made if it isn't installed, with submodules of our own."""
    try:
        package = importlib.import_module('scenario')
    except ModuleNotFoundError:
        package = _module('scenario', {})
        package.__path__ = []
        patch.setitem(sys.modules, 'scenario', package)
    public = _public()
    contents = {'state': public, 'context': public, 'errors': vars(errors), 'mocking': _MOCKING}
    for name, content in contents.items():
        module = _module(f'scenario.{name}', content)
        patch.setitem(sys.modules, f'scenario.{name}', module)
        patch.setattr(package, name, module, raising=False)
    return package


def _module(name: str, content: Mapping[str, Any]) -> types.ModuleType:
    module = types.ModuleType(name, 'Stands for the module of this name in drop-in mode.')
    vars(module).update({key: value for key, value in content.items() if key[:2] != '__'})
    # Shown where somebody imports a name that isn't there.
    module.__file__ = __file__
    return module
