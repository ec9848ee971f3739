"""Importing the package costs little more than importing ops."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import ops
import pytest

import scenario_pebble as scenario

PACKAGE = pathlib.Path(__file__).resolve().parents[1] / 'scenario_pebble'

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

FIRST_RUN_IN_FROZEN_TIME = """
import datetime

import freezegun
import ops
import scenario_pebble as scenario

class Charm(ops.CharmBase):
    def __init__(self, framework):
        super().__init__(framework)
        framework.observe(self.on.db_pebble_ready, self.on_ready)

    def on_ready(self, event):
        event.workload.push('/file', '')
        times.extend(info.last_modified for info in event.workload.list_files('/file'))

times = []
ctx = scenario.Context(Charm, meta={'name': 'app', 'containers': {'db': {}}})
db = scenario.Container('db', can_connect=True)
with freezegun.freeze_time('2026-01-01'):
    ctx.run(ctx.on.pebble_ready(db), scenario.State(containers={db}))
print(*{type(time) is datetime.datetime for time in times})
"""

FIRST_RUN_IN_FAKED_FILES = """
from pyfakefs.fake_filesystem_unittest import Patcher
import ops
import scenario_pebble as scenario

class Charm(ops.CharmBase):
    def __init__(self, framework):
        super().__init__(framework)
        framework.observe(self.on.db_pebble_ready, self.on_ready)

    def on_ready(self, event):
        event.workload.exec(['ls']).wait()

ctx = scenario.Context(Charm, meta={'name': 'app', 'containers': {'db': {}}})
db = scenario.Container('db', can_connect=True, execs=[scenario.Exec(['ls'])])
with Patcher():
    out = ctx.run(ctx.on.pebble_ready(db), scenario.State(containers={db}))
out = ctx.run(ctx.on.pebble_ready(out.get_container('db')), out)
print(len(ctx.exec_history['db']))
"""

MODULES_IN_TESTS = """
import pkgutil, sys
import {runner}
import scenario_pebble

found = pkgutil.walk_packages(scenario_pebble.__path__, 'scenario_pebble.')
print(*(module.name for module in found if module.name not in sys.modules))
"""

NEED_PYFAKEFS = {'fakefs', 'fakepath'}

FIRST_RUN_WITH_PATCHED_MODULES = FIRST_RUN_IN_FAKED_FILES.replace(
    'from pyfakefs.fake_filesystem_unittest import Patcher', 'import sys, unittest.mock'
).replace('Patcher()', "unittest.mock.patch.dict(sys.modules, {'library': None})")

READ = """
import scenario_pebble as scenario

def read(text):
    return scenario.State.from_json(text).to_json()
"""

LOADED_WHEN_NEEDED = (
    'scenario_pebble.daemon.daemon',
    'scenario_pebble.host',
    'scenario_pebble.schedule',
    'scenario_pebble.state.document',
    'scenario_pebble.trial',
)


def loaded_by(code: str) -> set[str]:
    """The modules that are new in another Python after some code."""
    report = 'print(*(set(sys.modules) - before))'
    return printed_by(f'import sys\n{code}\n{report}')


def printed_by(code: str) -> set[str]:
    """The words that another Python prints."""
    command = [sys.executable, '-c', code]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(run.stdout.split())


def test_hardly_any_libraries_are_loaded_but_those_of_ops():
    loaded = loaded_by(IMPORTED) - CHEAP

    assert 'scenario_pebble.context' in loaded
    assert {name for name in loaded if name.partition('.')[0] != 'scenario_pebble'} == set()


def test_what_few_tests_need_is_loaded_when_one_needs_it():
    assert loaded_by(IMPORTED).isdisjoint(LOADED_WHEN_NEEDED)


def test_a_charm_without_containers_loads_no_daemon():
    assert loaded_by(RUN_WITHOUT_CONTAINERS).isdisjoint(LOADED_WHEN_NEEDED)


def test_frozen_classes_are_made_by_the_decorator_that_compiles_little():
    others = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob('*.py')
        if '@dataclasses.dataclass(frozen' in path.read_text(encoding='utf-8')
    ]

    assert others == []


def test_what_is_loaded_while_a_test_has_frozen_time_makes_real_times():
    assert printed_by(FIRST_RUN_IN_FROZEN_TIME) == {'True'}


def test_the_first_run_may_be_in_a_test_that_fakes_its_file_system():
    assert printed_by(FIRST_RUN_IN_FAKED_FILES) == {'2'}


def test_the_first_run_may_be_in_a_test_that_patches_the_modules():
    assert printed_by(FIRST_RUN_WITH_PATCHED_MODULES) == {'2'}


@pytest.mark.parametrize('runner', ['pytest', 'unittest'])
def test_where_tests_are_run_all_is_loaded_that_needs_no_other_library(runner: str):
    late = printed_by(MODULES_IN_TESTS.format(runner=runner))

    assert {name.removeprefix('scenario_pebble.') for name in late} <= NEED_PYFAKEFS


def test_a_state_with_a_runtime_can_be_read_before_there_was_a_run():
    state = scenario.State(containers={scenario.Container('db', can_connect=True)})
    ctx = scenario.Context(ops.CharmBase, meta={'name': 'app', 'containers': {'db': {}}})
    text = ctx.notify(state, 'db', 'example.com/a').to_json()

    assert printed_by(f'{READ}\nprint(read({text!r}) == {text!r})') == {'True'}
