from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable

import pytest

import scenario_pebble
from scenario_pebble.daemon.daemon import PEBBLE_VERSION

pytest_plugins = ['pytester']

VERSION = f'scenario-pebble {importlib.metadata.version("scenario-pebble")} '
HEADER = f'{VERSION}(Pebble {PEBBLE_VERSION}), seed '

Run = Callable[..., pytest.RunResult]

SHOWING = """
import ops
import scenario_pebble as scenario

def context(**arguments):
    return scenario.Context(ops.CharmBase, meta={'name': 'web'}, **arguments)

def test_seed():
    print(f'seeds {context().seed} {context(seed=3).seed}')
    assert False

def test_another():
    test_seed()
"""


@pytest.mark.parametrize('processes', [0, 2])
def test_the_option_gives_the_seed_of_contexts_without_one(
    pytester: pytest.Pytester, run: Run, processes: int
):
    pytester.makepyfile(SHOWING)

    result = run('--scenario-pebble-seed', '17', '-n', str(processes))

    result.stdout.fnmatch_lines([f'{HEADER}17', 'seeds 17 3', 'seeds 17 3'])


@pytest.mark.parametrize('processes', [0, 2])
def test_a_random_seed_is_drawn_once_for_all_processes(
    pytester: pytest.Pytester, run: Run, processes: int
):
    pytester.makepyfile(SHOWING)
    pytester.makeini('[pytest]\nscenario_pebble_seed = random')

    result = run('-n', str(processes))

    header = next(line for line in result.outlines if line.startswith(HEADER))
    seeds = re.findall(r'^seeds (\d+) 3$', str(result.stdout), re.MULTILINE)
    assert seeds == 2 * [header.removeprefix(HEADER)]


def test_the_option_is_stronger_than_the_configuration(pytester: pytest.Pytester, run: Run):
    pytester.makepyfile(SHOWING)
    pytester.makeini('[pytest]\nscenario_pebble_seed = 5')

    result = run('--scenario-pebble-seed=6')

    result.stdout.fnmatch_lines([f'{HEADER}6', 'seeds 6 3'])
    assert scenario_pebble.Context.default_seed == 0


def test_other_seeds_are_refused(pytester: pytest.Pytester, run: Run):
    text = "cannot use seed 'often': it is neither a whole number nor random"

    result = run('--scenario-pebble-seed', 'often')
    result.stderr.fnmatch_lines([f'*argument --scenario-pebble-seed: {text}'])

    ini = pytester.makeini('[pytest]\nscenario_pebble_seed = often')
    result = run()
    result.stderr.fnmatch_lines([f'ERROR: {text}', f'  in: scenario_pebble_seed of {ini}'])
