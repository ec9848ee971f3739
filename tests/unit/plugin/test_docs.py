"""What the plugin adds to pytest is in its documentation."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Callable

import pytest
from pytest_scenario_pebble import fixtures, plugin, settings

pytest_plugins = ['pytester']

Run = Callable[..., pytest.RunResult]

TEXT = (pathlib.Path(__file__).parents[3] / 'docs' / 'pytest.md').read_text(encoding='utf-8')


def test_every_fixture_is_documented():
    assert set(plugin.__all__) == {*fixtures.NAMES, 'fault_outcome'}
    assert [name for name in plugin.__all__ if f'| `{name}` |' not in TEXT] == []


def test_every_option_of_both_kinds_is_documented(run: Run):
    shown = str(run('--help').stdout)

    options = re.findall(r'^  (--(?:scenario-pebble|golden)[\w-]*)', shown, re.MULTILINE)
    ini = re.findall(r'^  (scenario_pebble\w*) \(', shown, re.MULTILINE)

    assert (len(options) > 3, len(ini) > 3) == (True, True)
    assert [name for name in [*options, *ini] if f'`{name}' not in TEXT] == []


def test_every_marker_is_documented():
    names = [re.split(r'\W', marker)[0] for marker in settings.MARKERS]

    assert [name for name in names if f'| `{name}(' not in TEXT] == []


def test_every_rule_is_documented():
    assert [rule for rule in settings.RULES if f'| `{rule}` |' not in TEXT] == []
