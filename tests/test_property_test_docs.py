"""docs/property-tests.md names what there is."""

from __future__ import annotations

import pathlib
import re
import sys
from typing import Any

import hypothesis_scenario_pebble
import pytest

import scenario_pebble as scenario

ROOT = pathlib.Path(__file__).resolve().parents[1]
TEXT = (ROOT / 'docs/property-tests.md').read_text(encoding='utf-8')


def test_each_strategy_is_named():
    named = set(re.findall(r'`(\w+)\(', TEXT)) | {'CharmMachine'}

    assert set(hypothesis_scenario_pebble.__all__) <= named


def test_the_failure_that_is_shown_is_that_of_the_example(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, 'path', [str(ROOT / 'examples/reload/src'), *sys.path])
    for name in ('charm', 'hasty'):
        monkeypatch.setitem(sys.modules, name, sys)  # so that it is as before in the end
        monkeypatch.delitem(sys.modules, name)
    shown = TEXT.partition('This test fails in the same way:\n\n')[2].partition('```')[0]
    module: dict[str, Any] = {}
    exec(shown, module)

    with pytest.raises(scenario.UncaughtCharmError, match=r'service is not running'):
        module['test_reproduces_the_failure']()


def test_all_that_a_machine_says_of_its_charm_is_there():
    table = TEXT.partition('| attribute | is |')[2].partition('\n\n')[0]
    names = re.findall(r'^\| (`\w+`(?:, `\w+`)*)', table, flags=re.MULTILINE)
    attributes = {name for row in names for name in re.findall(r'\w+', row)}

    machine = hypothesis_scenario_pebble.CharmMachine
    declared = {name for base in machine.__mro__ for name in getattr(base, '__annotations__', {})}
    assert {name for name in attributes if not hasattr(machine, name)} <= declared
    assert 'containers' in attributes
