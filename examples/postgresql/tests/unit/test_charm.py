import dataclasses

import ops
import pytest

import scenario_pebble as scenario
from charm import BACKUP_DONE, PostgresqlCharm

Context = scenario.Context[PostgresqlCharm]
VERSION = scenario.Exec(['postgres', '--version'], stdout='postgres (PostgreSQL) 16.4\n')
DUMP = scenario.Exec(['pg_dump', 'shop'], stdout='CREATE TABLE orders;\n')


@pytest.fixture
def ctx() -> Context:
    return scenario.Context(PostgresqlCharm)


def ready(ctx: Context, *execs: scenario.Exec) -> scenario.State:
    """What pebble-ready leads to: a database that runs, with some commands."""
    db = scenario.Container('db', can_connect=True, execs={VERSION, *execs})
    return ctx.run(ctx.on.pebble_ready(db), scenario.State(containers={db}))


def test_the_database_is_started(ctx: Context):
    state = ready(ctx)

    assert state.get_container('db').services['postgresql'].is_running()
    assert state.workload_version == '16.4'
    assert state.unit_status == ops.ActiveStatus()


def test_only_postgres_may_read_its_configuration(ctx: Context):
    file = ready(ctx).get_container('db').files['/etc/postgresql/postgresql.conf']

    assert file.text == 'max_connections = 100\n'
    assert (file.mode, file.user, file.group) == (0o640, 'postgres', 'postgres')


def test_backup_dumps_the_database_into_a_file(ctx: Context):
    state = ready(ctx, DUMP)

    state = ctx.run(ctx.on.action('backup', params={'database': 'shop'}), state)

    assert ctx.action_results == {'path': '/var/backups/postgresql/shop.sql'}
    file = state.get_container('db').files['/var/backups/postgresql/shop.sql']
    assert (file.text, file.mode) == ('CREATE TABLE orders;\n', 0o600)
    assert ctx.exec_history['db'][-1].timeout == 600


@pytest.mark.parametrize(
    ('pg_dump', 'message'),
    [
        (
            scenario.Exec(['pg_dump'], return_code=1, stderr='no such database\n'),
            "cannot back up 'shop': no such database",
        ),
        (
            scenario.Exec(['pg_dump'], duration=3600),
            "cannot back up 'shop': not done within 600 s",
        ),
    ],
    ids=['fails', 'takes too long'],
)
def test_a_dump_that_goes_wrong_fails_the_action(
    ctx: Context, pg_dump: scenario.Exec, message: str
):
    state = ready(ctx, pg_dump)

    with pytest.raises(scenario.ActionFailed) as failure:
        ctx.run(ctx.on.action('backup', params={'database': 'shop'}), state)

    assert failure.value.message == message


def test_a_backup_of_the_workload_is_noticed(ctx: Context):
    db = scenario.Container(
        'db', can_connect=True, files={'/tmp/shop.sql': 'CREATE TABLE orders;\n'}
    )

    state = ctx.notify(
        scenario.State(containers={db}), 'db', BACKUP_DONE, data={'path': '/tmp/shop.sql'}
    )

    stored = state.get_stored_state('_stored', owner_path='PostgresqlCharm')
    assert stored.content['last_backup'] == '/tmp/shop.sql'


def test_a_database_that_does_not_answer_degrades_the_unit_until_it_does(ctx: Context):
    pg_isready = scenario.Exec(['pg_isready'], return_code=2, stdout='no response\n')
    state = ready(ctx, pg_isready)

    state = ctx.advance(state, 15)
    assert state.unit_status == ops.MaintenanceStatus('the database does not answer')
    assert state.get_container('db').get_check_info('alive').failures == 3

    state = ctx.advance(ctx.pass_check(state, 'db', 'alive'), 5)
    assert state.unit_status == ops.ActiveStatus()


def test_it_does_no_harm_that_a_request_to_pebble_fails(ctx: Context):
    state = dataclasses.replace(ready(ctx, DUMP), config={'max-connections': 7})
    backup = ctx.on.action('backup', params={'database': 'shop'})

    assert not ctx.sweep(ctx.on.config_changed(), state).failures
    assert not ctx.sweep(backup, state).failures


def test_a_backup_is_noticed_even_if_pebble_is_away_just_then(ctx: Context):
    db = scenario.Container(
        'db',
        can_connect=True,
        files={'/tmp/shop.sql': ''},
        faults=[scenario.Fault('GET /v1/files', 'connection-refused')],
    )

    state = ctx.notify(
        scenario.State(containers={db}), 'db', BACKUP_DONE, data={'path': '/tmp/shop.sql'}
    )
    state = ctx.run(ctx.on.update_status(), state)

    stored = state.get_stored_state('_stored', owner_path='PostgresqlCharm')
    assert stored.content['last_backup'] == '/tmp/shop.sql'
