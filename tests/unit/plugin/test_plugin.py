from __future__ import annotations

import importlib.metadata
from collections.abc import Callable

import pytest

from scenario_pebble.daemon.daemon import PEBBLE_VERSION

pytest_plugins = ['pytester']

VERSION = importlib.metadata.version('scenario-pebble')
HEADER = f'scenario-pebble {VERSION} (Pebble {PEBBLE_VERSION}), drop-in for ops.testing'

Run = Callable[..., pytest.RunResult]


CHARM_TEST = """
import ops
from ops import testing


class Charm(ops.CharmBase):
    def __init__(self, framework):
        super().__init__(framework)
        framework.observe(self.on['web'].pebble_ready, self._on_pebble_ready)

    def _on_pebble_ready(self, event):
        event.workload.push('/etc/app.conf', 'port: 80', make_dirs=True)


def test_writes_its_configuration():
    ctx = testing.Context(Charm, meta={'name': 'web', 'containers': {'web': {}}})
    web = testing.Container('web', can_connect=True)

    out = ctx.run(ctx.on.pebble_ready(web), testing.State(containers={web}))

    assert out.get_container('web').files['/etc/app.conf'].text == 'port: 80'
"""
"""Passes with this package only."""


def test_the_option_turns_drop_in_mode_on(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(CHARM_TEST)

    result = run('--scenario-pebble')

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([HEADER])


def test_so_does_the_configuration(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(CHARM_TEST)
    pytester.makeini('[pytest]\nscenario_pebble = true')

    result = run()

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([HEADER])


def test_it_works_in_several_processes(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(test_one=CHARM_TEST, test_two=CHARM_TEST)

    result = run('--scenario-pebble', '-n', '2')

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines([HEADER, '2 workers *'])


LACKING_TEST = CHARM_TEST.replace(
    "event.workload.push('/etc/app.conf', 'port: 80', make_dirs=True)",
    "event.workload.exec(['app', 'migrate']).wait_output()",
)


@pytest.mark.parametrize('processes', [0, 2])
def test_commands_that_no_exec_answers_are_not_found(
    pytester: pytest.Pytester, run: Run, processes: int
):
    pytester.makepyfile(test_one=LACKING_TEST, test_two=LACKING_TEST)

    result = run('--scenario-pebble', '-n', str(processes))

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            'E *ExecError: non-zero exit code 127 *',
            '* commands that no Exec answers *',
            "Container('web', execs={Exec([[]'app', 'migrate'])})",
            'scenario-pebble: 2 tests run commands that no Exec answers; '
            'they exit with 127, Pebble would refuse them',
        ]
    )


def test_a_conftest_gets_the_names_too(pytester: pytest.Pytester, run: Run):
    pytester.makeconftest("""
        import pytest
        import scenario
        from ops.testing import State

        @pytest.fixture
        def classes():
            return State, scenario.State
    """)
    pytester.makepyfile("""
        import scenario_pebble

        def test_conftest(classes):
            assert classes == (scenario_pebble.State, scenario_pebble.State)
    """)

    run('--scenario-pebble').assert_outcomes(passed=1)


def test_a_plugin_may_have_imported_the_modules_before(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(
        early='from ops import testing',
        test_early="""
            import early
            import scenario_pebble

            def test_plugin():
                assert early.testing.State is scenario_pebble.State
        """,
    )
    pytester.syspathinsert()

    run('-p', 'early', '--scenario-pebble').assert_outcomes(passed=1)


def test_without_being_asked_it_imports_nothing(pytester: pytest.Pytester):
    pytester.makepyfile("""
        import sys

        def test_modules():
            packages = {name.partition('.')[0] for name in sys.modules}
            assert 'pytest_scenario_pebble' in packages
            assert not packages & {'scenario_pebble', 'ops', 'hypothesis', 'freezegun'}
    """)

    result = pytester.runpytest_subprocess('-p', 'no:hypothesispytest')

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line('scenario-pebble*')
