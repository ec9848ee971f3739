"""Looking up users and groups."""

from __future__ import annotations

import pickle

import pytest

from scenario_pebble.daemon.users import (
    DEBIAN,
    Owner,
    OwnerError,
    Presupposed,
    User,
    Users,
    known,
    resolve,
)


def test_nothing_said_is_nobody_in_particular():
    assert resolve(DEBIAN) is None
    assert resolve(DEBIAN, user='', group='') is None


def test_a_name_brings_the_primary_group():
    assert resolve(DEBIAN, user='games') == Owner(5, 'games', 60, 'games')
    assert resolve(DEBIAN, user='nobody') == Owner(65534, 'nobody', 65534, 'nogroup')
    assert resolve(DEBIAN, user_id=1) == Owner(1, 'daemon', 1, 'daemon')


def test_numbers_need_not_exist_if_both_are_given():
    assert resolve(DEBIAN, user_id=12345, group_id=54321) == Owner(12345, '', 54321, '')


@pytest.mark.parametrize(
    ('said', 'message'),
    [
        ({'user': 'nope'}, 'user: unknown user nope'),
        ({'user': 'root', 'group': 'nope'}, 'group: unknown group nope'),
        ({'group': 'root'}, 'must specify user, not just group'),
        ({'group_id': 0}, 'must specify user, not just group'),
        ({'user_id': 12345}, 'user: unknown userid 12345'),
        ({'user': 'root', 'user_id': 1}, 'user "root" UID (0) does not match user-id (1)'),
        (
            {'user': 'root', 'group': 'root', 'group_id': 1},
            'group "root" GID (0) does not match group-id (1)',
        ),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_go_and_pebble(said: dict[str, int], message: str):
    with pytest.raises(OwnerError) as raised:
        resolve(DEBIAN, **said)  # type: ignore[arg-type]

    assert str(raised.value) == message


def test_without_declared_users_every_name_has_a_stable_number():
    first = resolve(Presupposed(), user='postgres')
    second = resolve(known(None), user='postgres')

    assert first == second
    assert first is not None
    assert (first.user, first.group) == ('postgres', 'postgres')
    assert first.user_id == first.group_id


def test_without_declared_users_a_number_that_comes_with_a_name_is_believed():
    owner = resolve(Presupposed(), user='postgres', user_id=999, group='adm', group_id=4)

    assert owner == Owner(999, 'postgres', 4, 'adm')


def test_root_is_root_whether_declared_or_not():
    assert resolve(Presupposed(), user='root') == resolve(DEBIAN, user='root')


def test_a_primary_group_without_a_name_gets_that_of_the_user():
    users = Users({'app': User(1000, 1000)}, {'app': 7})

    assert Users({'app': User(1000, 1000)}).groups == {'app': 1000}
    assert users.groups == {'app': 7}
    assert resolve(users, user='app') == Owner(1000, 'app', 1000, 'app')


def test_users_are_values():
    assert pickle.loads(pickle.dumps(DEBIAN)) == DEBIAN
    assert eval(repr(DEBIAN)) == DEBIAN
    assert hash(DEBIAN) == hash(Users(DEBIAN.users, DEBIAN.groups))
