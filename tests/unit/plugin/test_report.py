from __future__ import annotations

import importlib.metadata
from collections.abc import Callable

import pytest

from scenario_pebble.daemon.daemon import PEBBLE_VERSION

pytest_plugins = ['pytester']

VERSION = f'scenario-pebble {importlib.metadata.version("scenario-pebble")} '
TITLE = f'{VERSION}(Pebble {PEBBLE_VERSION})'

Run = Callable[..., pytest.RunResult]

CHARM = """
import ops
import pytest
import scenario_pebble as scenario


class Charm(ops.CharmBase):
    def __init__(self, framework):
        super().__init__(framework)
        framework.observe(self.on['web'].pebble_ready, self._on_pebble_ready)
        framework.observe(self.on.update_status, self._on_update_status)

    def _on_pebble_ready(self, event):
        event.workload.exec(['app', 'migrate']).wait_output()

    def _on_update_status(self, event):
        self.unit.get_container('web').get_services()


def make():
    return scenario.Context(Charm, meta={'name': 'web', 'containers': {'web': {}}})


WEB = scenario.Container('web', can_connect=True)
STATE = scenario.State(containers={WEB})


def update(ctx, times):
    for _ in range(times):
        ctx.run(ctx.on.update_status(), STATE)
"""


@pytest.mark.parametrize('processes', [0, 2])
def test_a_failed_test_shows_its_timeline_and_the_exec_that_it_lacks(
    pytester: pytest.Pytester, run: Run, processes: int
):
    pytester.makepyfile(
        f"""{CHARM}

def test_ready():
    ctx = make()
    ctx.run(ctx.on.pebble_ready(WEB), STATE)
"""
    )

    result = run('-n', str(processes))

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f'*- {TITLE}, seed 0: what happened last -*',
            '+0.000s  -    event    web_pebble_ready',
            '+0.000s  web  request  POST /v1/exec     400 cannot find executable "app"',
            '+0.000s  web  hint     app               '
            "Container('web', execs={Exec([[]'app', 'migrate'])})",
            '+0.000s  -    error    web_pebble_ready  '
            'ops.pebble.APIError: cannot find executable "app"',
            '*- commands that no Exec answers -*',
            "Container('web', execs={Exec([[]'app', 'migrate'])})",
        ],
        consecutive=True,
    )


def test_only_the_last_rows_of_what_the_test_itself_did_are_shown(
    pytester: pytest.Pytester, run: Run
):
    pytester.makepyfile(
        f"""{CHARM}

SHARED = make()
update(SHARED, 3)

def test_shared():
    update(SHARED, 15)
    assert False
"""
    )

    result = run()

    result.assert_outcomes(failed=1)
    rows = [line for line in result.outlines if line.startswith(('+', '('))]
    assert rows[0] == '(10 earlier rows: see ctx.timeline)'
    assert rows[1:] == 10 * [
        '+0.000s  -    event    update_status',
        '+0.000s  web  request  GET /v1/services  200',
    ]


def test_each_context_is_shown_even_if_it_is_gone(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(
        f"""{CHARM}

@pytest.fixture
def ctx():
    return scenario.Context(Charm, meta={{'name': 'web', 'containers': {{'web': {{}}}}}}, seed=5)

def test_two(ctx):
    update(ctx, 1)
    update(make(), 1)
    make()
    assert False
"""
    )

    result = run()

    result.stdout.fnmatch_lines(
        [
            f'*- {TITLE}, seed 5, Context 1 of 2: what happened last -*',
            '+0.000s  -    event    update_status',
            '+0.000s  web  request  GET /v1/services  200',
            f'*- {TITLE}, seed 0, Context 2 of 2: what happened last -*',
            '+0.000s  -    event    update_status',
            '+0.000s  web  request  GET /v1/services  200',
        ],
        consecutive=True,
    )


def test_nothing_is_shown_of_tests_that_pass_or_use_no_context(
    pytester: pytest.Pytester, run: Run
):
    pytester.makepyfile(
        f"""{CHARM}

def test_passes():
    update(make(), 1)

def test_is_of_another_kind():
    assert False
"""
    )

    result = run('-rA')

    result.assert_outcomes(passed=1, failed=1)
    assert 'what happened last' not in str(result.stdout)
    assert 'scenario-pebble' not in str(result.stdout)


def test_of_many_contexts_the_last_three_are_shown(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(
        f"""{CHARM}

def test_many():
    for _ in range(5):
        update(make(), 1)
    assert False
"""
    )

    result = run()

    titles = [line.strip('- ') for line in result.outlines if 'what happened last' in line]
    assert titles == [
        f'{TITLE}, seed 0, Context {number} of 5: what happened last' for number in (3, 4, 5)
    ]
