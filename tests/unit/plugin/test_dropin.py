from __future__ import annotations

import importlib
import sys
import types
from typing import Any

import ops
import ops.testing
import pytest
from pytest_scenario_pebble import dropin

import scenario_pebble
from scenario_pebble import context, errors


@pytest.fixture
def patch() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_ops_testing_means_this_package(patch: pytest.MonkeyPatch):
    testing: Any = ops.testing

    dropin.install(patch)

    assert testing.State is scenario_pebble.State
    assert testing.Context is scenario_pebble.Context
    assert testing.errors is errors
    assert {'State', 'Harness', 'errors'} <= set(testing.__all__)


def test_scenario_and_its_modules_mean_this_package(patch: pytest.MonkeyPatch):
    dropin.install(patch)

    scenario = importlib.import_module('scenario')
    assert scenario.State is scenario_pebble.State
    assert scenario.CharmType is context.CharmType
    for name in ('state', 'context'):
        module = importlib.import_module(f'scenario.{name}')
        assert getattr(scenario, name) is module
        assert module.Container is scenario_pebble.Container
    raised = importlib.import_module('scenario.errors').UncaughtCharmError
    assert raised is scenario_pebble.UncaughtCharmError


def test_a_module_that_was_imported_before_is_the_one_that_is_filled(patch: pytest.MonkeyPatch):
    before: Any = types.ModuleType('scenario')
    before.State = 'that of ops.testing'
    patch.setitem(sys.modules, 'scenario', before)

    dropin.install(patch)

    assert importlib.import_module('scenario') is before
    assert before.State is before.state.State is scenario_pebble.State


def test_scenario_need_not_be_installed(patch: pytest.MonkeyPatch):
    patch.setitem(sys.modules, 'scenario', None)

    dropin.install(patch)

    assert importlib.import_module('scenario.state').State is scenario_pebble.State


def test_a_name_that_is_missing_is_looked_for_in_this_module(patch: pytest.MonkeyPatch):
    patch.setitem(sys.modules, 'scenario', None)
    dropin.install(patch)

    with pytest.raises(ImportError) as caught:
        exec('from scenario.state import _Event')

    missing = "cannot import name '_Event' from 'scenario.state'"
    assert str(caught.value) == f'{missing} ({dropin.__file__})'


def test_harness_and_its_friends_stay(patch: pytest.MonkeyPatch):
    names = ('Harness', 'ActionOutput', 'ExecArgs', 'ExecResult', 'CharmBase')
    before = [getattr(ops.testing, name) for name in names]

    dropin.install(patch)

    assert [getattr(ops.testing, name) for name in names] == before


def test_a_method_of_the_mocks_can_be_patched(patch: pytest.MonkeyPatch):
    dropin.install(patch)
    mocking = importlib.import_module('scenario.mocking')
    ctx = scenario_pebble.Context(ops.CharmBase, meta={'name': 'web', 'containers': {'web': {}}})
    web = scenario_pebble.Container('web', can_connect=True)

    def seven(_: Any) -> Any:
        return 7

    patch.setattr(mocking._MockModelBackend, 'planned_units', seven)
    patch.setattr(mocking._MockPebbleClient, 'get_plan', seven)

    with ctx(ctx.on.start(), scenario_pebble.State(containers={web})) as mgr:
        assert mgr.charm.app.planned_units() == 7
        assert mgr.charm.unit.get_container('web').get_plan() == 7


class Failing(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.backup_action, self._on_backup)

    def _on_backup(self, event: ops.ActionEvent):
        event.fail('no disk')


@pytest.mark.filterwarnings('ignore:Harness is deprecated')
def test_an_action_fails_with_the_same_exception_in_tests_of_both_kinds(
    patch: pytest.MonkeyPatch,
):
    dropin.install(patch)
    testing: Any = ops.testing
    ctx = testing.Context(Failing, meta={'name': 'db'}, actions={'backup': {}})
    harness = testing.Harness(Failing, meta='name: db', actions='backup: {}')
    harness.begin()

    with pytest.raises(testing.ActionFailed, match=r'^no disk$'):
        ctx.run(ctx.on.action('backup'), testing.State())
    with pytest.raises(testing.ActionFailed, match=r'^no disk$'):
        harness.run_action('backup')

    harness.cleanup()


def test_afterwards_all_is_as_before():
    testing = vars(ops.testing).copy()
    modules = {name: module for name, module in sys.modules.items() if 'scenario' in name}

    with pytest.MonkeyPatch.context() as patch:
        dropin.install(patch)

    assert vars(ops.testing) == testing
    assert {name: sys.modules.get(name) for name in modules} == modules
