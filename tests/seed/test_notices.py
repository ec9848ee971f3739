"""The snippets of the section "Use custom notices"."""

from __future__ import annotations

import datetime

import pytest
from ops import pebble

import scenario_pebble as scenario

from .src import notices
from .src.notices import AskingCharm, PostgresCharm

DONE = 'canonical.com/postgresql/backup-done'
OTHER = 'canonical.com/postgresql/other-thing'


@pytest.fixture(autouse=True)
def _empty_bucket():
    notices.s3_bucket.uploads.clear()


def test_backup_done():
    ctx = scenario.Context(PostgresCharm)
    notice = scenario.Notice(DONE, last_data={'path': '/tmp/mydb.sql'})
    db = scenario.Container(
        'db', can_connect=True, files={'/tmp/mydb.sql': 'BACKUP'}, notices=[notice]
    )

    ctx.run(ctx.on.pebble_custom_notice(db, notice), scenario.State(containers={db}))

    assert notices.s3_bucket.uploads == {'db-backup.sql': b'BACKUP'}


def test_the_key_decides_what_is_done():
    ctx = scenario.Context(PostgresCharm)
    notice = scenario.Notice(OTHER)
    db = scenario.Container('db', can_connect=True, notices=[notice])

    ctx.run(ctx.on.pebble_custom_notice(db, notice), scenario.State(containers={db}))

    assert notices.s3_bucket.uploads == {}
    assert scenario.JujuLogLine('INFO', 'Handling other thing') in ctx.juju_log


def test_the_workload_records_a_notice_when_its_backup_is_done():
    ctx = scenario.Context(PostgresCharm)
    script = scenario.Program(
        files={'/tmp/mydb.sql': 'BACKUP'}, notices={DONE: {'path': '/tmp/mydb.sql'}}
    )
    layer = pebble.Layer({'services': {'backup': {'override': 'replace', 'command': 'backup.sh'}}})
    db = scenario.Container(
        'db', can_connect=True, layers={'backup': layer}, programs={'backup': script}
    )
    with ctx(ctx.on.update_status(), scenario.State(containers={db})) as mgr:
        mgr.charm.unit.get_container('db').start('backup')
        state = mgr.run()

    ctx.advance(state, 0)

    assert notices.s3_bucket.uploads == {'db-backup.sql': b'BACKUP'}


def test_a_notice_does_not_repeat_within_its_time():
    ctx = scenario.Context(PostgresCharm)
    state = scenario.State(containers={scenario.Container('db', can_connect=True)})
    hour = datetime.timedelta(hours=1)

    for minutes in (30, 29, 2):
        state = ctx.advance(ctx.notify(state, 'db', OTHER, repeat_after=hour), 60 * minutes)

    handled = [line for line in ctx.juju_log if line.message == 'Handling other thing']
    assert len(handled) == 1
    ctx.notify(state, 'db', OTHER, repeat_after=hour)
    handled = [line for line in ctx.juju_log if line.message == 'Handling other thing']
    assert len(handled) == 2


def test_notices_can_be_fetched_by_id_and_by_key():
    ctx = scenario.Context(AskingCharm)
    recorded = [scenario.Notice(DONE, id='1'), scenario.Notice(OTHER, id='2', occurrences=3)]
    db = scenario.Container('db', can_connect=True, notices=recorded)

    with ctx(ctx.on.update_status(), scenario.State(containers={db})) as mgr:
        one = mgr.charm.one('2')
        found = mgr.charm.with_key(DONE)

    assert (one.key, one.occurrences) == (OTHER, 3)
    assert [notice.id for notice in found] == ['1']
