from __future__ import annotations

from collections.abc import Callable

import pytest

pytest_plugins = ['pytester']

Run = Callable[..., pytest.RunResult]

CHARM = """
import ops
import pytest
import scenario_pebble as scenario
from ops import pebble


class Charm(ops.CharmBase):
    def __init__(self, framework):
        super().__init__(framework)
        framework.observe(self.on['web'].pebble_ready, self._on_pebble_ready)

    def _on_pebble_ready(self, event):
        try:
            event.workload.push('/config', '')
        except pebble.ConnectionError:
            self.unit.status = ops.WaitingStatus('waiting for Pebble')
            return
        event.workload.pull('/config')
        self.unit.status = ops.ActiveStatus()


WEB = scenario.Container('web', can_connect=True)


def ready():
    ctx = scenario.Context(Charm, meta={'name': 'web', 'containers': {'web': {}}})
    return ctx, ctx.on.pebble_ready(WEB), scenario.State(containers={WEB})
"""
SWEEP = f"""{CHARM}

@pytest.mark.scenario_pebble_sweep(setup=ready)
def test_ready(fault_outcome):
    assert fault_outcome.ok
"""


@pytest.mark.parametrize('processes', [0, 2])
def test_each_fault_is_a_test(pytester: pytest.Pytester, run: Run, processes: int):
    pytester.makepyfile(SWEEP)

    result = run('-v', '-n', str(processes))

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines_random(
        [
            '*test_ready[[]web-post-files-connection-refused-before[]]*',
            '*test_ready[[]web-get-files-connection-refused-before[]]*',
            "*<connection-refused before GET /v1/files in 'web' at "
            'test_each_fault_is_a_test.py:18: error-recovers by retry: '
            'ConnectionError: [[]Errno 111[]] Connection refused>.ok',
        ]
    )


@pytest.mark.parametrize('processes', [0, 2])
def test_a_sweep_that_fails_shows_all_failures(
    pytester: pytest.Pytester, run: Run, processes: int
):
    pytester.makepyfile(
        f"""{CHARM}

def test_ready():
    ctx, event, state = ready()
    assert not ctx.sweep(event, state, ['connection-refused', 'socket-gone']).failures
"""
    )

    result = run('-n', str(processes))

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            'E  *assert not [[]2 faults: 2 error-recovers; <connection-refused before GET*',
            '*faults that the charm does not stand*',
            'web  GET /v1/files  connection-refused before  *.py:18  error-recovers by retry: *',
            'web  GET /v1/files  socket-gone before         *.py:18  error-recovers by retry: *',
            '2 faults: 2 error-recovers',
        ]
    )
    result.stdout.no_fnmatch_line('web  POST*')


def test_faults_and_limit_are_those_of_the_sweep(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(
        f"""{CHARM}

@pytest.mark.scenario_pebble_sweep(setup=ready, faults=[scenario.Fault('GET', 'timeout')], limit=1)
def test_ready(fault_outcome):
    assert fault_outcome.error == 'TimeoutError: timed out'
"""
    )

    run().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ('marker', 'message'),
    [
        ('', 'cannot use @pytest.mark.scenario_pebble_sweep: it needs setup=, a function'),
        ('3', 'cannot use @pytest.mark.scenario_pebble_sweep: it needs setup=, a function'),
        (
            'setup=ready, kinds=()',
            'cannot use @pytest.mark.scenario_pebble_sweep: it has no kinds=',
        ),
        ('setup=lambda: 3', 'cannot use what <lambda>() returns: 3 are not three'),
    ],
)
def test_a_marker_that_says_too_little_is_refused(
    pytester: pytest.Pytester, run: Run, marker: str, message: str
):
    pytester.makepyfile(
        f"""{CHARM}

@pytest.mark.scenario_pebble_sweep({marker})
def test_ready(fault_outcome):
    pass
"""
    )

    result = run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            message,
            '  hint: a function that ends in: return ctx, ctx.on.config_changed(), state',
        ]
    )


def test_an_outcome_without_a_marker_is_refused(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile('def test_ready(fault_outcome): pass')

    result = run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            'cannot give fault_outcome: the test has no marker that says which event to run',
            '  hint: @pytest.mark.scenario_pebble_sweep(setup=…)',
        ]
    )


@pytest.mark.parametrize(
    'test',
    [
        '@MARKER\ndef test_ready(): pass',
        '@MARKER\nclass TestReady:\n    def test_ready(self): pass',
    ],
)
def test_a_marker_without_an_outcome_is_refused(pytester: pytest.Pytester, run: Run, test: str):
    marker = 'pytest.mark.scenario_pebble_sweep(setup=ready)'
    pytester.makepyfile(f'{CHARM}\n\n{test.replace("MARKER", marker)}\n')

    result = run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            'cannot use @pytest.mark.scenario_pebble_sweep: '
            'test_ready() does not ask for fault_outcome',
            '  hint: def test_ready(fault_outcome): assert fault_outcome.ok',
        ],
        consecutive=True,
    )


def test_the_marker_and_the_fixture_are_documented(run: Run):
    run('--markers').stdout.fnmatch_lines(['@pytest.mark.scenario_pebble_sweep(setup=…, *'])
    run('--fixtures').stdout.fnmatch_lines(['fault_outcome *'])
