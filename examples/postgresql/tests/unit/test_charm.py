import ops
import pytest

import scenario_pebble as scenario
from charm import BACKUP_DONE, PostgresqlCharm

VERSION = scenario.Exec(['postgres', '--version'], stdout='postgres (PostgreSQL) 16.4\n')


@pytest.fixture
def ctx():
    return scenario.Context(PostgresqlCharm)


def ready(ctx: scenario.Context[PostgresqlCharm], *execs: scenario.Exec) -> scenario.State:
    """What pebble-ready leads to: a database that runs, with some commands."""
    db = scenario.Container('db', can_connect=True, execs={VERSION, *execs})
    return ctx.run(ctx.on.pebble_ready(db), scenario.State(containers={db}))


def test_the_database_is_started(ctx: scenario.Context[PostgresqlCharm]):
    state = ready(ctx)

    assert state.get_container('db').services['postgresql'].is_running()
    assert state.workload_version == '16.4'
    assert state.unit_status == ops.ActiveStatus()


def test_only_postgres_may_read_its_configuration(ctx: scenario.Context[PostgresqlCharm]):
    file = ready(ctx).get_container('db').files['/etc/postgresql/postgresql.conf']

    assert file.text == 'max_connections = 100\n'
    assert (file.mode, file.user, file.group) == (0o640, 'postgres', 'postgres')


def test_backup_dumps_the_database_into_a_file(ctx: scenario.Context[PostgresqlCharm]):
    state = ready(ctx, scenario.Exec(['pg_dump', 'shop'], stdout='CREATE TABLE orders;\n'))

    state = ctx.run(ctx.on.action('backup', params={'database': 'shop'}), state)

    assert ctx.action_results == {'path': '/var/backups/postgresql/shop.sql'}
    file = state.get_container('db').files['/var/backups/postgresql/shop.sql']
    assert file.text == 'CREATE TABLE orders;\n'
    assert file.mode == 0o600


def test_a_failing_dump_fails_the_action(ctx: scenario.Context[PostgresqlCharm]):
    state = ready(ctx, scenario.Exec(['pg_dump'], return_code=1, stderr='no such database\n'))

    with pytest.raises(scenario.ActionFailed) as failure:
        ctx.run(ctx.on.action('backup', params={'database': 'shop'}), state)

    assert failure.value.message == "cannot back up 'shop': no such database"


def test_the_latest_backup_is_remembered(ctx: scenario.Context[PostgresqlCharm]):
    notice = scenario.Notice(BACKUP_DONE, last_data={'path': '/tmp/shop.sql'})
    db = scenario.Container(
        'db', can_connect=True, notices=[notice], files={'/tmp/shop.sql': 'CREATE TABLE orders;\n'}
    )

    state = ctx.run(ctx.on.pebble_custom_notice(db, notice), scenario.State(containers={db}))

    stored = state.get_stored_state('_stored', owner_path='PostgresqlCharm')
    assert stored.content['last_backup'] == '/tmp/shop.sql'
