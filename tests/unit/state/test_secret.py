from __future__ import annotations

import re
from typing import Any

import ops
import pytest

from scenario_pebble.errors import StateValidationError
from scenario_pebble.state.secret import Secret, new_secret_id


def test_ids_have_the_form_of_juju_and_count_up():
    first, second = new_secret_id(), new_secret_id()

    assert re.fullmatch(r'secret:[0-9a-v]{20}', first)
    assert int(second[8:], 32) == int(first[8:], 32) + 1


def test_the_latest_content_is_the_tracked_one_unless_given():
    secret = Secret({'key': 'value'})

    assert secret.latest_content == {'key': 'value'}
    assert (secret.tracked_revision, secret.latest_revision) == (1, 1)


def test_other_latest_content_is_a_later_revision():
    secret = Secret({'key': 'old'}, latest_content={'key': 'new'})

    assert (secret.tracked_revision, secret.latest_revision) == (1, 2)


def test_revisions_are_not_compared():
    secret = Secret({'key': 'value'}, id='a')

    assert secret == Secret({'key': 'value'}, id='a', tracked_revision=4)


def test_an_owner_that_juju_does_not_know_is_refused():
    owner: Any = 'me'
    message = (
        "cannot use 'me' for Secret.owner: it is not 'unit' or 'app' or None\n"
        "  hint: Secret(owner='unit')"
    )

    with pytest.raises(StateValidationError, match=f'^{re.escape(message)}$'):
        Secret({'key': 'value'}, owner=owner)


@pytest.mark.parametrize(('owner', 'meant'), [('application', 'app'), ('remote', None)])
def test_owners_that_suites_of_ops_testing_name_are_understood(owner: Any, meant: str | None):
    assert Secret({'key': 'value'}, owner=owner).owner == meant


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (
            {},
            'cannot use an empty tracked_content for a secret: Juju wants at least one key\n'
            "  hint: {'password': '…'}",
        ),
        (
            'x',
            "cannot use 'x' for tracked_content of a secret: it is no dict of strings\n"
            "  hint: {'password': '…'}",
        ),
        (
            {'key': 1},
            "cannot use 'key': 1 in tracked_content of a secret: Juju keeps strings only\n"
            '  hint: str(…) or json.dumps(…), as the charm would',
        ),
    ],
)
def test_content_that_juju_could_not_hold_is_refused(content: Any, message: str):
    with pytest.raises(StateValidationError) as caught:
        Secret(content)

    assert str(caught.value) == message


def test_a_grant_to_a_bare_string_is_a_slip():
    with pytest.raises(StateValidationError) as caught:
        Secret({'key': 'value'}, remote_grants={1: 'db'})

    assert str(caught.value) == (
        "cannot use 'db' for Secret.remote_grants[1]: it is one string, not a list of strings\n"
        "  hint: remote_grants[1]=['db']"
    )


def test_the_rotation_policy_can_be_given_by_name():
    assert Secret({'key': 'value'}, rotate='daily').rotate is ops.SecretRotate.DAILY
