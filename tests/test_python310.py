"""What Python 3.10 would refuse, found on newer ones too."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import scenario_pebble


def modules() -> list[str]:
    found = pkgutil.walk_packages(scenario_pebble.__path__, 'scenario_pebble.')
    return [module.name for module in found if not module.name.endswith('__main__')]


def dataclasses_of(module: str) -> Iterator[Any]:
    for value in vars(importlib.import_module(module)).values():
        if isinstance(value, type) and dataclasses.is_dataclass(value):
            yield value


@pytest.mark.parametrize('module', modules())
def test_no_field_has_a_dict_or_list_as_its_default(module: str):
    refused = [
        f'{kind.__qualname__}.{field.name}'
        for kind in dataclasses_of(module)
        for field in dataclasses.fields(kind)
        if isinstance(field.default, (dict, list, set))
    ]

    assert refused == []
