from __future__ import annotations

import dataclasses
import datetime
import json
import pathlib

import ops
import pytest

from scenario_pebble.state.relation import Relation
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.state import State
from tests.unit.juju.unit import Unit

UTC = datetime.timezone.utc
MINE = Secret(
    {'key': 'old'}, latest_content={'key': 'new'}, id='secret:mine', owner='unit', label='m'
)
OURS = Secret({'key': 'app'}, id='secret:ours', owner='app', label='o')
THEIRS = Secret({'key': 'old'}, latest_content={'key': 'new'}, id='secret:theirs')
DB = Relation('db', id=7, remote_app_name='pg')
STATE = State(secrets=[MINE, OURS, THEIRS], relations=[DB])
LEADER = dataclasses.replace(STATE, leader=True)


def content(unit: Unit, line: str) -> str:
    return json.loads(unit.run(line, '--format=json'))['key']


def test_a_secret_is_read_at_the_revision_that_is_tracked():
    unit = Unit(STATE)

    assert content(unit, 'secret-get secret:theirs') == 'old'
    assert content(unit, 'secret-get secret:theirs --peek') == 'new'
    assert content(unit, 'secret-get theirs') == 'old'
    assert unit.ledger.result() is STATE


def test_refreshing_tracks_the_latest_revision():
    unit = Unit(STATE)

    assert content(unit, 'secret-get secret:theirs --refresh') == 'new'

    secret = unit.ledger.result().get_secret(id='secret:theirs')
    assert secret.tracked_content == {'key': 'new'}
    assert secret.tracked_revision == 2


@pytest.mark.parametrize(
    ('juju_version', 'seen'),
    [('3.1.6', 'new'), ('3.1.7', 'old'), ('3.3.0', 'new'), ('3.3.1', 'old'), ('3.6.14', 'old')],
)
def test_owners_saw_the_latest_revision_in_older_versions_of_juju(juju_version: str, seen: str):
    assert content(Unit(STATE, juju_version=juju_version), 'secret-get secret:mine') == seen


def test_a_label_given_with_the_id_becomes_the_label():
    unit = Unit(STATE)

    content(unit, 'secret-get secret:theirs --label t')

    assert content(unit, 'secret-get --label t') == 'old'
    assert unit.ledger.result().get_secret(id='secret:theirs').label == 't'


def test_one_value_can_be_asked_for():
    unit = Unit(STATE)

    assert unit.run('secret-get secret:theirs key') == 'old\n'
    assert unit.run('secret-get secret:theirs key#base64') == 'b2xk\n'
    assert unit.fail('secret-get secret:theirs no') == (
        1,
        'ERROR secret key value "no" not found\n',
    )


def test_a_secret_is_added(tmp_path: pathlib.Path):
    (tmp_path / 'file').write_text('from file', encoding='utf-8')
    unit = Unit(STATE)

    secret_id = unit.run(
        f'secret-add a=b c#base64=ZA== e#file={tmp_path}/file --owner unit --label l '
        '--rotate daily --expire 2026-01-02T03:04:05Z --description',
        'for people',
    ).strip()

    assert unit.ledger.result().get_secret(id=secret_id) == Secret(
        {'a': 'b', 'c': 'd', 'e': 'from file'},
        id=secret_id,
        owner='unit',
        label='l',
        description='for people',
        expire=datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        rotate=ops.SecretRotate.DAILY,
    )


def test_the_application_owns_a_secret_unless_told_otherwise():
    unit = Unit(LEADER)

    secret_id = unit.run('secret-add a=b').strip()

    assert unit.ledger.result().get_secret(id=secret_id).owner == 'app'


@pytest.mark.parametrize(
    ('expire', 'expected'),
    [
        ('1h30m', datetime.datetime(1970, 1, 1, 1, 30, tzinfo=UTC)),
        ('2026-01-02T03:04:05', datetime.datetime(2026, 1, 2, 3, 4, 5)),
    ],
)
def test_an_expiry_is_a_time_or_a_duration(expire: str, expected: datetime.datetime):
    unit = Unit(STATE)

    secret_id = unit.run(f'secret-add a=b --owner unit --expire {expire}').strip()

    assert unit.ledger.result().get_secret(id=secret_id).expire == expected


@pytest.mark.parametrize(
    ('line', 'code', 'message'),
    [
        ('secret-add a=b', 1, 'this unit is not the leader'),
        ('secret-add', 2, 'missing secret value or filename'),
        ('secret-add a', 2, 'key value "a" not valid'),
        ('secret-add a=b --owner me', 2, 'secret owner "me" not valid'),
        ('secret-add a=b --rotate often', 2, 'rotate policy "often" not valid'),
        ('secret-add a=b --expire soon', 2, 'expire time or duration "soon" not valid'),
        ('secret-add a=b --expire -1h', 2, 'negative expire duration "-1h" not valid'),
        ('secret-add a#base64=! --owner unit', 2, 'base64 value "!" not valid'),
        ('secret-add a=b --owner unit --label m', 1, 'secret with label "m" already exists'),
        ('secret-get', 2, 'require either a secret URI or label'),
        (
            'secret-get secret:mine --peek --refresh',
            2,
            'specify one of --peek or --refresh but not both',
        ),
        ('secret-get secret:none', 1, 'secret "none" not found'),
        ('secret-get --label none', 1, 'secret "none" not found'),
        ('secret-info-get secret:theirs', 1, 'secret "theirs" not found'),
        ('secret-info-get secret:ours', 1, 'permission denied'),
        (
            'secret-info-get secret:mine --label m',
            2,
            'specify either a secret URI or label but not both',
        ),
        ('secret-set secret:theirs a=b', 1, 'secret "theirs" not found'),
        ('secret-set secret:ours a=b', 1, 'permission denied'),
        ('secret-remove', 2, 'missing secret URI'),
        ('secret-remove secret:theirs', 1, 'secret "theirs" not found'),
        ('secret-grant secret:mine', 2, 'no relation id specified'),
        (
            'secret-grant secret:mine -r 7 --unit other/0',
            2,
            'cannot specify unit "other/0" in relation to application "pg"',
        ),
        ('secret-revoke secret:mine', 2, 'must specify application, unit or relation'),
    ],
)
def test_what_juju_refuses_is_refused_in_its_words(line: str, code: int, message: str):
    assert Unit(STATE).fail(line) == (code, f'ERROR {message}\n')


def test_new_content_is_the_next_revision_however_often_it_is_set():
    unit = Unit(STATE)

    unit.run('secret-set secret:mine key=newer')
    unit.run('secret-set secret:mine key=newest')

    assert content(unit, 'secret-get secret:mine') == 'old'
    assert content(unit, 'secret-get secret:mine --peek') == 'newest'
    secret = unit.ledger.result().get_secret(id='secret:mine')
    assert (secret.tracked_revision, secret.latest_revision) == (1, 3)


def test_content_that_is_the_same_makes_no_revision():
    unit = Unit(STATE)

    unit.run('secret-set secret:mine key=new')

    assert unit.ledger.result() is STATE


def test_a_secret_made_in_the_same_hook_is_changed_in_place():
    unit = Unit(STATE)
    secret_id = unit.run('secret-add key=first --owner unit').strip()

    unit.run(f'secret-set {secret_id} key=second')

    assert content(unit, f'secret-get {secret_id}') == 'second'
    assert unit.ledger.result().get_secret(id=secret_id).latest_revision == 1


def test_metadata_changes_without_a_revision():
    unit = Unit(STATE)

    unit.run('secret-set secret:mine --label n --rotate never')

    secret = unit.ledger.result().get_secret(id='secret:mine')
    assert secret == dataclasses.replace(MINE, label='n', rotate=ops.SecretRotate.NEVER)
    assert secret.latest_revision == 2


def test_who_manages_a_secret_learns_of_it():
    secret = dataclasses.replace(
        MINE,
        description='for people',
        expire=datetime.datetime(2026, 1, 1),
        rotate=ops.SecretRotate.DAILY,
        remote_grants={7: {'pg', 'pg/1'}},
    )

    info = Unit(State(secrets=[secret])).run('secret-info-get --label m --format=json')

    assert json.loads(info) == {
        'secret:mine': {
            'revision': 2,
            'label': 'm',
            'owner': 'unit',
            'description': 'for people',
            'rotation': 'daily',
            'expiry': '2026-01-01T00:00:00Z',
            'access': [
                {'target': 'application-pg', 'scope': 'relation-7', 'role': 'view'},
                {'target': 'unit-pg-1', 'scope': 'relation-7', 'role': 'view'},
            ],
        }
    }


def test_the_secrets_that_can_be_managed_are_listed():
    assert Unit(STATE).run('secret-ids --format=json') == '["mine"]\n'
    assert Unit(LEADER).run('secret-ids --format=json') == '["mine","ours"]\n'


def test_a_secret_is_granted_and_revoked():
    unit = Unit(STATE)

    unit.run('secret-grant secret:mine -r db:7 --unit pg/0')
    assert unit.ledger.result().get_secret(label='m').remote_grants == {7: {'pg/0'}}

    unit.run('secret-grant secret:mine -r 7')
    assert unit.ledger.result().get_secret(label='m').remote_grants == {7: {'pg/0', 'pg'}}

    unit.run('secret-revoke secret:mine --relation 7')
    assert unit.ledger.result().get_secret(label='m').remote_grants == {7: {'pg/0'}}

    unit.run('secret-revoke secret:mine --unit pg/0')
    assert unit.ledger.result() == STATE


def test_a_secret_is_removed():
    unit = Unit(STATE)

    unit.run('secret-remove secret:mine')

    assert unit.ledger.result().secrets == {OURS, THEIRS}


def test_a_removed_revision_is_recorded():
    secret = dataclasses.replace(MINE, tracked_revision=5, latest_revision=6)
    unit = Unit(State(secrets=[secret]))

    unit.run('secret-remove secret:mine --revision 4')

    assert unit.records.removed_secret_revisions == [4]


@pytest.mark.parametrize('revision', [1, 2])
def test_a_revision_in_use_cannot_be_removed(revision: int):
    with pytest.raises(ValueError) as caught:
        Unit(STATE).run(f'secret-remove secret:mine --revision {revision}')

    assert str(caught.value) == (
        f"cannot remove revision {revision} of secret 'secret:mine': it is still in use\n"
        '  hint: the charm should set new content and keep the latest revision'
    )


def test_secrets_came_with_juju_3():
    code, message = Unit(STATE, juju_version='2.9.1').fail('secret-get secret:mine')

    assert (code, message) == (1, 'ERROR secrets are only available in juju >= 3.0.2\n')
