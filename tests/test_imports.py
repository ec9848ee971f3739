"""Importing the package costs little more than importing ops."""

from __future__ import annotations

import subprocess
import sys

IMPORTED = """
import ops
before = set(sys.modules)
import scenario_pebble
"""

RUN_WITHOUT_CONTAINERS = """
before = set()
import ops
import scenario_pebble as scenario

ctx = scenario.Context(ops.CharmBase, meta={'name': 'app'})
ctx.run(ctx.on.start(), scenario.State())
"""

CHEAP = {'_heapq', 'heapq', 'numbers', 'textwrap'}

LOADED_WHEN_NEEDED = (
    'scenario_pebble.daemon.daemon',
    'scenario_pebble.host',
    'scenario_pebble.schedule',
    'scenario_pebble.state.document',
    'scenario_pebble.trial',
)


def loaded_by(code: str) -> set[str]:
    """The modules that are new in another Python after some code."""
    report = 'print(*(set(sys.modules) - before), sep=chr(10))'
    run = subprocess.run(
        [sys.executable, '-c', f'import sys\n{code}\n{report}'],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(run.stdout.split())


def test_hardly_any_libraries_are_loaded_but_those_of_ops():
    loaded = loaded_by(IMPORTED) - CHEAP

    assert 'scenario_pebble.context' in loaded
    assert {name for name in loaded if name.partition('.')[0] != 'scenario_pebble'} == set()


def test_what_few_tests_need_is_loaded_when_one_needs_it():
    assert loaded_by(IMPORTED).isdisjoint(LOADED_WHEN_NEEDED)


def test_a_charm_without_containers_loads_no_daemon():
    assert loaded_by(RUN_WITHOUT_CONTAINERS).isdisjoint(LOADED_WHEN_NEEDED)
