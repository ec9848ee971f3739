from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

pytest_plugins = ['pytester']

Run = Callable[..., pytest.RunResult]

META = """
name: web
type: charm
summary: Serve
description: Serve pages.
containers:
  web: {}
config:
  options:
    level: {type: string, default: info}
"""

CHARM = """
import ops
import servers


class WebCharm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on['web'].pebble_ready, self._on_pebble_ready)

    def _on_pebble_ready(self, event: ops.PebbleReadyEvent):
        event.workload.add_layer('web', servers.LAYER)
        event.workload.replan()
        self.unit.status = ops.ActiveStatus()


if __name__ == '__main__':
    ops.main(WebCharm)
"""

LIBRARY = """
LAYER = {'services': {'s': {'override': 'replace', 'command': 'serve', 'startup': 'enabled'}}}
"""

TESTS = """
import ops
import pytest
import scenario_pebble as scenario


def test_the_class_is_that_of_the_tests(charm_class):
    import charm

    assert charm_class is charm.WebCharm


def test_the_state_is_that_of_the_metadata(charm_state):
    assert charm_state.config == {'level': 'info'}
    assert charm_state.containers == {scenario.Container('web', can_connect=True)}


def test_the_context_runs_the_charm(charm_context, charm_state):
    out = charm_context.run(charm_context.on.start(), charm_state)
    assert out == charm_state


def test_the_workload_runs(ready_state):
    assert ready_state.unit_status == ops.ActiveStatus()


def test_the_container_has_its_layer(ready_container, ready_state):
    assert ready_container is ready_state.get_container('web')
    assert ready_container.services['s'].is_running()


@pytest.mark.scenario_pebble_context(juju_version='3.5.0', unit_id=2)
class TestMarked:
    @pytest.mark.scenario_pebble_context(unit_id=3, seed=4)
    def test_the_nearest_marker_wins(self, charm_context):
        assert (charm_context.juju_version, charm_context.unit_id) == ('3.5.0', 3)
        assert charm_context.seed == 4
"""


@pytest.fixture
def repository(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A charm's repository."""
    # The example charms, whose tests may run in this process too.
    monkeypatch.delitem(sys.modules, 'charm', raising=False)
    files = {
        'charmcraft.yaml': META,
        'src/charm.py': CHARM,
        'lib/servers.py': LIBRARY,
        'tests/unit/test_charm.py': TESTS,
        'tox.ini': '[pytest]\naddopts = --strict-markers\n',
    }
    for name, content in files.items():
        write(pytester, name, content)
    return pytester


def write(pytester: pytest.Pytester, name: str, content: str) -> None:
    path = pytester.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


@pytest.mark.parametrize('processes', [0, 2])
def test_the_fixtures_know_the_charm_of_the_repository(
    repository: pytest.Pytester, run: Run, processes: int
):
    run('-n', str(processes)).assert_outcomes(passed=6)


def test_a_fixture_that_a_suite_defines_changes_those_that_follow(
    repository: pytest.Pytester, run: Run
):
    write(
        repository,
        'tests/unit/test_charm.py',
        """
import pytest
from scenario_pebble import Container, State

@pytest.fixture
def charm_state():
    return State(leader=True, containers={Container('web', can_connect=True)})

def test_leader(ready_state):
    assert ready_state.leader
    assert ready_state.get_container('web').services['s'].is_running()
""",
    )

    run().assert_outcomes(passed=1)


def test_a_container_that_cannot_be_reached_gets_no_pebble_ready(
    repository: pytest.Pytester, run: Run
):
    write(
        repository,
        'tests/unit/test_charm.py',
        """
import pytest
from scenario_pebble import Container, State

@pytest.fixture
def charm_state():
    return State(containers={Container('web')})

def test_waits(charm_state, ready_state):
    assert ready_state == charm_state
""",
    )

    run().assert_outcomes(passed=1)


def test_the_charm_may_have_been_imported_by_another_name(repository: pytest.Pytester, run: Run):
    write(repository, 'src/__init__.py', '')
    write(
        repository,
        'tests/unit/test_charm.py',
        """
from src.charm import WebCharm

def test_class(charm_class):
    assert charm_class is WebCharm
""",
    )
    write(repository, 'tox.ini', '[pytest]\npythonpath = . lib\n')

    run().assert_outcomes(passed=1)


def test_each_test_gets_the_charm_that_is_nearest(repository: pytest.Pytester, run: Run):
    test = 'def test_name(charm_context):\n    assert charm_context.app_name == "inner"\n'
    write(repository, 'charms/inner/metadata.yaml', 'name: inner')
    write(repository, 'charms/inner/src/charm.py', CHARM)
    write(repository, 'charms/inner/src/servers.py', LIBRARY)
    write(repository, 'charms/inner/tests/test_inner.py', test)

    run('charms/inner').assert_outcomes(passed=1)


def test_the_charm_of_another_directory_is_not_taken_for_it(repository: pytest.Pytester, run: Run):
    test = 'def test_name(charm_class):\n    pass\n'
    write(repository, 'charms/inner/metadata.yaml', 'name: inner')
    write(repository, 'charms/inner/src/charm.py', CHARM)
    write(repository, 'charms/inner/tests/test_inner.py', test)

    result = run('tests', 'charms/inner')

    result.assert_outcomes(passed=6, errors=1)
    result.stdout.fnmatch_lines(
        [
            f'cannot import {repository.path}/charms/inner/src/charm.py: '
            f'the module charm is {repository.path}/src/charm.py',
            '  hint: run the tests of each charm in a process of its own',
        ]
    )


@pytest.mark.parametrize('processes', [0, 2])
def test_the_configuration_may_name_the_class(
    repository: pytest.Pytester, run: Run, processes: int
):
    write(repository, 'src/charm.py', CHARM.replace('ops.main(WebCharm)', 'pass'))
    write(repository, 'src/other.py', 'from charm import WebCharm\nclass Other(WebCharm): pass\n')
    write(repository, 'tox.ini', '[pytest]\nscenario_pebble_charm = other:Other\n')
    write(
        repository,
        'tests/unit/test_charm.py',
        """
def test_class(charm_class, ready_state):
    import other

    assert charm_class is other.Other
    assert ready_state.get_container('web').services['s'].is_running()
""",
    )

    run('-n', str(processes)).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ('named', 'lines'),
    [
        ('other:Other', ["cannot import the charm 'other:Other': No module named 'other'"]),
        (
            'charm:Other',
            [
                "cannot import the charm 'charm:Other': module 'charm' has no attribute 'Other'",
                '  in: scenario_pebble_charm of the configuration of pytest',
                '  hint: write module:Class, for example charm:MyCharm',
            ],
        ),
        (
            'servers:LAYER',
            ["cannot test 'servers:LAYER': it is no subclass of ops.CharmBase"],
        ),
    ],
)
def test_a_name_that_leads_to_no_charm_is_refused(
    repository: pytest.Pytester, run: Run, named: str, lines: list[str]
):
    write(repository, 'tox.ini', f'[pytest]\nscenario_pebble_charm = {named}\n')

    result = run('-k', 'test_the_class')

    result.assert_outcomes(errors=1, deselected=5)
    result.stdout.fnmatch_lines(lines, consecutive=True)


def test_without_a_charm_it_says_where_it_looked(repository: pytest.Pytester, run: Run):
    (repository.path / 'charmcraft.yaml').unlink()

    result = run('-k', 'test_the_class')

    result.stdout.fnmatch_lines(
        [
            'cannot find the charm of tests/unit/test_charm.py: no directory above it has '
            'charmcraft.yaml or metadata.yaml beside src/charm.py',
            '  looked in: tests/unit, tests, .',
            '  hint: name the class in pytest.ini or pyproject.toml: '
            'scenario_pebble_charm = module:Class',
        ],
        consecutive=True,
    )


def test_of_several_classes_none_is_taken(repository: pytest.Pytester, run: Run):
    both = CHARM.replace('ops.main(WebCharm)', 'pass') + '\nclass Other(WebCharm): pass\n'
    write(repository, 'src/charm.py', both)

    result = run('-k', 'test_the_class')

    result.stdout.fnmatch_lines(
        [
            f'cannot tell which class in {repository.path}/src/charm.py is the charm: '
            'none is handed to ops.main()',
            '  subclasses of ops.CharmBase: WebCharm, Other',
            '  hint: name the class in pytest.ini or pyproject.toml: '
            'scenario_pebble_charm = charm:Class',
        ],
        consecutive=True,
    )


@pytest.mark.parametrize('wrong', ["'web'", 'leader=True'])
def test_a_marker_with_other_arguments_is_refused(
    repository: pytest.Pytester, run: Run, wrong: str
):
    write(
        repository,
        'tests/unit/test_charm.py',
        f'import pytest\n@pytest.mark.scenario_pebble_context({wrong})\n'
        'def test_marked(charm_context):\n    pass\n',
    )

    result = run()

    shown = wrong.replace('True', '')
    result.stdout.fnmatch_lines(
        [
            f'*cannot use {shown} in @pytest.mark.scenario_pebble_context: '
            'it takes the keyword arguments of Context'
        ]
    )


def test_several_containers_are_none_to_choose_from(repository: pytest.Pytester, run: Run):
    write(repository, 'charmcraft.yaml', META.replace('web: {}', 'web: {}\n  db: {}'))

    result = run('-k', 'has_its_layer')

    result.stdout.fnmatch_lines(
        [
            'cannot choose the container of the fixture ready_container: '
            "the charm has 'db', 'web'",
            "  hint: ready_state.get_container('…')",
        ],
        consecutive=True,
    )


def test_markers_options_and_fixtures_are_documented(pytester: pytest.Pytester, run: Run):
    run('--markers').stdout.fnmatch_lines(
        [
            '@pytest.mark.scenario_pebble_context([*][*]arguments): arguments of the Context that '
            'the fixtures of scenario-pebble make for this test, *',
        ]
    )
    run('--help').stdout.fnmatch_lines(
        [
            '*--scenario-pebble *',
            '*--scenario-pebble-seed=N|random*',
            '*scenario_pebble (bool):*',
            '*scenario_pebble_seed (string):*',
            '*scenario_pebble_charm (string):*',
        ]
    )
    names = ('charm_class', 'charm_context', 'charm_state', 'ready_state', 'ready_container')
    run('--fixtures').stdout.fnmatch_lines([f'{name} *' for name in names])
