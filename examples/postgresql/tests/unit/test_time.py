"""What the charm does while time passes."""

import datetime

import ops
import pytest

import scenario_pebble as scenario
from charm import BACKUP_DONE, PostgresqlCharm

Context = scenario.Context[PostgresqlCharm]
VERSION = scenario.Exec(['postgres', '--version'], stdout='postgres (PostgreSQL) 16.4\n')


@pytest.fixture
def ctx() -> Context:
    return scenario.Context(PostgresqlCharm)


def answers_at_last(call: scenario.ExecCall) -> int:
    """What ``pg_isready`` exits with: the database answers when it is asked for the 20th time."""
    return 0 if call.number >= 20 else 2


def starts_at_last(call: scenario.ExecCall) -> str | int:
    """What ``postgres --version`` prints, if it can be run."""
    return 'postgres (PostgreSQL) 16.4\n' if call.number >= 4 else 127


def ready(ctx: Context, *execs: scenario.Exec) -> scenario.State:
    """What pebble-ready leads to: a database that runs, with some commands."""
    db = scenario.Container('db', can_connect=True, execs={VERSION, *execs})
    return ctx.run(ctx.on.pebble_ready(db), scenario.State(containers={db}))


def test_restarting_waits_until_the_database_answers(ctx: Context):
    state = ready(ctx, scenario.Exec(['pg_isready'], handler=answers_at_last))

    ctx.run(ctx.on.action('restart'), state)

    assert ctx.action_results == {'seconds': 20}


def test_restarting_gives_up_after_a_minute(ctx: Context):
    state = ready(ctx, scenario.Exec(['pg_isready'], return_code=2))

    with pytest.raises(scenario.ActionFailed, match=r'^the database does not answer after 60 s$'):
        ctx.run(ctx.on.action('restart'), state)

    # The restart takes a second, and so does each question after the one for the version.
    assert len(ctx.exec_history['db']) == 1 + 59


def test_a_connection_that_is_lost_between_two_requests_is_waited_for(ctx: Context):
    state = ready(ctx, scenario.Exec(['pg_isready'], handler=answers_at_last))
    # The charm asks once a second, and sleeps in between.
    state = ctx.connect(ctx.disconnect(state, 'db', at=10.5), 'db', at=15.5)

    ctx.run(ctx.on.action('restart'), state)

    assert ctx.action_results == {'seconds': 25}


def test_a_failure_that_is_over_before_the_charm_hears_of_it_is_none(ctx: Context):
    pg_isready = scenario.Exec(['pg_isready'], handler=answers_at_last)
    state = ready(ctx, pg_isready, scenario.Exec(['pg_dump'], duration=120))

    # The check goes down and up again while the action waits. Juju sends both events afterwards.
    state = ctx.run(ctx.on.action('backup'), state)
    state = ctx.advance(state, 0)

    assert ctx.timeline.events()[2:] == ['db_pebble_check_failed', 'db_pebble_check_recovered']
    assert ops.MaintenanceStatus('the database does not answer') not in ctx.unit_status_history


def test_within_an_hour_a_backup_is_noticed_once(ctx: Context):
    file = {'/tmp/shop.sql': 'CREATE TABLE orders;\n'}
    state = scenario.State(containers={scenario.Container('db', can_connect=True, files=file)})

    for _ in range(4):
        state = ctx.notify(
            state,
            'db',
            BACKUP_DONE,
            data={'path': '/tmp/shop.sql'},
            repeat_after=datetime.timedelta(hours=1),
        )
        state = ctx.advance(state, datetime.timedelta(minutes=25))

    # At 0, and at 75 minutes.
    noted = [line for line in ctx.juju_log if line.message == 'Backup /tmp/shop.sql has 21 bytes']
    assert len(noted) == len(ctx.timeline.events()) == 2
    [notice] = state.get_container('db').notices
    assert notice.occurrences == 4


def test_a_hook_that_failed_is_run_again_until_the_database_has_a_version():
    ctx = scenario.Context(PostgresqlCharm, automatically_retry_hooks=True)
    postgres = scenario.Exec(['postgres'], handler=starts_at_last)
    db = scenario.Container('db', can_connect=True, execs={postgres})
    waiting = scenario.QueuedEvent('pebble_ready', container='db')

    state = ctx.advance(scenario.State(containers={db}, queue=[waiting]), 60)

    # Juju waits for 5, 10 and 20 seconds.
    assert ctx.timeline.events() == ['db_pebble_ready'] * 4
    assert state.workload_version == '16.4'
    assert state.unit_status == ops.ActiveStatus()
