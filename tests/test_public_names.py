"""What a package exports is what its ``__all__`` says."""

from __future__ import annotations

import importlib
import types

import pytest

PACKAGES = [
    'scenario_pebble',
    'scenario_pebble.daemon',
    'pytest_scenario_pebble',
    'hypothesis_scenario_pebble',
]


@pytest.mark.parametrize('name', PACKAGES)
def test_all_names_the_public_names(name: str):
    package = importlib.import_module(name)
    exported = set(getattr(package, '__all__', []))

    public = {
        key
        for key, value in vars(package).items()
        if not key.startswith('_') and not isinstance(value, types.ModuleType)
    }

    assert public - {'annotations', 'TYPE_CHECKING'} <= exported
    assert {key for key in exported if not hasattr(package, key)} == set()


@pytest.mark.parametrize('name', PACKAGES)
def test_all_is_sorted_and_has_no_duplicates(name: str):
    names = list(getattr(importlib.import_module(name), '__all__', []))

    assert names == sorted(set(names))
