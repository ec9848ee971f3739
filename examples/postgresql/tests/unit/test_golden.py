import pytest
from pytest_scenario_pebble import Golden

import scenario_pebble as scenario
from charm import PostgresqlCharm

Context = scenario.Context[PostgresqlCharm]
VERSION = scenario.Exec(['postgres', '--version'], stdout='postgres (PostgreSQL) 16.4\n')
DUMP = scenario.Exec(['pg_dump'], stdout='CREATE TABLE orders;\n')


@pytest.fixture
def charm_state(charm_context: Context) -> scenario.State:
    db = scenario.Container('db', can_connect=True, execs={VERSION})
    return scenario.State.from_context(charm_context, containers={db})


def test_pebble_ready(ready_state: scenario.State, golden: Golden):
    assert ready_state == golden


def test_backup(charm_context: Context, ready_state: scenario.State, golden: Golden):
    backup = charm_context.on.action('backup', params={'database': 'shop'})
    state = ready_state.with_container(ready_state.get_container('db').with_exec(DUMP))

    state = charm_context.run(backup, state)

    assert charm_context.action_results == golden('results')
    assert state == golden.files('/var/backups')
