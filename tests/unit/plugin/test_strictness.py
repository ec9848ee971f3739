from __future__ import annotations

from collections.abc import Callable

import pytest

pytest_plugins = ['pytester']

Run = Callable[..., pytest.RunResult]

TESTS = """
import ops
import pytest
import scenario_pebble as scenario
from ops import pebble


class Charm(ops.CharmBase):
    def __init__(self, framework):
        super().__init__(framework)
        framework.observe(self.on['web'].pebble_ready, self._on_pebble_ready)

    def _on_pebble_ready(self, event):
        event.workload.exec(['app', 'migrate']).wait_output()
        event.workload.add_layer('web', LAYER)
        event.workload.replan()


LAYER = {
    'services': {'server': {'override': 'replace', 'command': 'serve', 'startup': 'enabled'}},
    'checks': {
        'up': {'override': 'replace', 'http': {'url': 'http://localhost:80/'}},
        'live': {'override': 'replace', 'exec': {'command': 'app live'}},
    },
}
USED = {
    'execs': {scenario.Exec(['app', 'migrate']), scenario.Exec(['app', 'live'])},
    'programs': {'server': scenario.Program()},
    'outcomes': {'up': scenario.Pass()},
}
MIGRATE = scenario.Exec(['app', 'migrate'])


def run(**workload):
    ctx = scenario.Context(Charm, meta={'name': 'web', 'containers': {'web': {}}})
    web = scenario.Container('web', can_connect=True, **workload)
    out = ctx.run(ctx.on.pebble_ready(web), scenario.State(containers={web}))
    return ctx.advance(out, 10)
"""

UNUSED = """
def test_uses_all():
    run(**USED)


def test_uses_less():
    execs = USED['execs'] | {scenario.Exec(['app', 'dump']), scenario.Exec(['app', 'drop'])}
    run(execs=execs, programs={'serve': scenario.Program()}, outcomes={'ready': scenario.Fail()})


@pytest.mark.scenario_pebble_strict()
def test_is_not_strict():
    run(execs={MIGRATE, scenario.Exec(['app', 'dump'])})


@pytest.mark.scenario_pebble_strict('uncaught')
class TestStrict:
    @pytest.mark.scenario_pebble_strict('unused')
    def test_is_strict(self):
        run(execs={MIGRATE, scenario.Exec(['app', 'dump'])})


def test_uses_a_program_by_its_port():
    program = scenario.Program(missing=True, ports={80: None})
    with pytest.raises(scenario.UncaughtCharmError):
        run(execs={MIGRATE}, programs={'server': program})


def test_fails_by_itself():
    run(execs={MIGRATE, scenario.Exec(['app', 'dump'])})
    assert False
"""


@pytest.mark.parametrize('processes', [0, 2])
def test_what_is_never_asked_for_fails_the_test(
    pytester: pytest.Pytester, run: Run, processes: int
):
    pytester.makepyfile(TESTS + UNUSED)

    result = run('--scenario-pebble-strict=unused', '-n', str(processes))

    result.assert_outcomes(passed=3, failed=3)
    shown = [
        'cannot pass: no event of this test asks for',
        "  Container('web').execs: Exec(['app', 'drop'])",
        "  Container('web').execs: Exec(['app', 'dump'])",
        "  Container('web').outcomes['ready']",
        "  Container('web').programs['serve']",
        '  hint: leave it out, or mark the test with @pytest.mark.scenario_pebble_strict()',
    ]
    assert '\n'.join(shown) in str(result.stdout)
    result.stdout.fnmatch_lines(['FAILED *::TestStrict::test_is_strict - Failed: cannot pass: *'])


def test_only_marked_tests_are_strict_without_the_option(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(TESTS + UNUSED)

    run().assert_outcomes(passed=4, failed=2)


UNCAUGHT = """
def test_expects_what_no_charm_should_do():
    with pytest.raises(scenario.UncaughtCharmError):
        run()


def test_expects_another_error(monkeypatch):
    def _on_pebble_ready(self, event):
        raise ValueError

    monkeypatch.setattr(Charm, '_on_pebble_ready', _on_pebble_ready)
    with pytest.raises(scenario.UncaughtCharmError):
        run()


@pytest.mark.scenario_pebble_strict('unused')
def test_means_it():
    with pytest.raises(scenario.UncaughtCharmError):
        run()
"""


@pytest.mark.parametrize('processes', [0, 2])
def test_an_error_of_pebble_that_the_charm_lets_through_fails_the_test(
    pytester: pytest.Pytester, run: Run, processes: int
):
    file = pytester.makepyfile(TESTS + UNCAUGHT)
    pytester.makeini('[pytest]\nscenario_pebble_strict = uncaught')

    result = run('-n', str(processes))

    result.assert_outcomes(passed=2, failed=1)
    line = 1 + TESTS.strip().split('\n').index(
        "        event.workload.exec(['app', 'migrate']).wait_output()"
    )
    result.stdout.fnmatch_lines(
        [
            'cannot pass: the charm lets an error of Pebble end an event',
            '  web_pebble_ready: ops.pebble.APIError: cannot find executable "app"',
            f'    at: {file}:{line}',
            '  hint: catch it, as Juju would put the unit into error; '
            'or mark the test with @pytest.mark.scenario_pebble_strict()',
        ],
        consecutive=True,
    )


@pytest.mark.parametrize(
    ('rules', 'failed'), [('all', 5), ('none', 0), ('unused,uncaught', 5), ('unused', 2)]
)
def test_rules_are_chosen_by_name(pytester: pytest.Pytester, run: Run, rules: str, failed: int):
    tests = (UNUSED + UNCAUGHT).replace('test_fails_by_itself', 'fails_by_itself')
    pytester.makepyfile(TESTS + tests.replace("@pytest.mark.scenario_pebble_strict('un", '# '))
    pytester.makeini('[pytest]\nscenario_pebble_strict = uncaught')

    result = run(f'--scenario-pebble-strict={rules}')

    result.assert_outcomes(passed=8 - failed, failed=failed)
    header = [line for line in result.outlines if line.endswith(f', strict: {rules}')]
    assert bool(header) == (rules != 'none' and rules != 'all')


def test_other_rules_are_refused(pytester: pytest.Pytester, run: Run):
    text = "cannot be strict about 'much': the rules are unused, uncaught; or say all or none"

    result = run('--scenario-pebble-strict=much')
    result.stderr.fnmatch_lines([f'*argument --scenario-pebble-strict: {text}'])

    ini = pytester.makeini('[pytest]\nscenario_pebble_strict = much')
    result = run()
    result.stderr.fnmatch_lines([f'ERROR: {text}', f'  in: scenario_pebble_strict of {ini}'])

    pytester.makeini('[pytest]')
    pytester.makepyfile(
        "import pytest, scenario_pebble\n@pytest.mark.scenario_pebble_strict('much')\n"
        'def test_marked(): pass'
    )
    result = run()
    assert text in result.outlines
    result.stdout.no_fnmatch_line('*Error*')  # no traceback of the plugin
