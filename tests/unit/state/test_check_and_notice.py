from __future__ import annotations

import datetime

import pytest
from ops import pebble

from scenario_pebble.state.check import CheckInfo, Fail, Pass
from scenario_pebble.state.notice import Notice


def test_equal_checks_are_equal_whatever_change_performs_them():
    assert CheckInfo('up') == CheckInfo('up', change_id=pebble.ChangeID('7'))
    assert CheckInfo('up') != CheckInfo('up', failures=1)


def test_a_check_takes_texts_for_its_enums():
    info = CheckInfo('up', level='alive', startup='disabled', status='down')  # type: ignore[arg-type]

    assert info.level is pebble.CheckLevel.ALIVE
    assert info.startup is pebble.CheckStartup.DISABLED
    assert info.status is pebble.CheckStatus.DOWN


def test_a_state_that_pebble_lacks_stays_a_text():
    info = CheckInfo('up', startup='maybe', status='broken')  # type: ignore[arg-type]

    assert (info.startup, info.status) == ('maybe', 'broken')


def test_an_inactive_check_has_no_change():
    assert CheckInfo('up', status=pebble.CheckStatus.INACTIVE).change_id == ''


def test_an_outcome_shows_what_it_is():
    assert repr(Fail('no route to host')) == "Fail(error='no route to host')"
    assert (Pass().error, Fail().error) == (None, 'connection refused')


def test_user_type_and_key_identify_a_notice():
    assert hash(Notice('a.b/c', occurrences=2)) == hash(Notice('a.b/c'))
    assert Notice('a.b/c') == Notice('a.b/c')
    assert Notice('a.b/c', last_data={'a': 'b'}) != Notice('a.b/c')
    assert Notice('a.b/c', user_id=1000) != Notice('a.b/c')


def test_ids_and_times_of_notices_are_not_compared():
    then = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)

    assert Notice('a.b/c', id='7', last_occurred=then) == Notice('a.b/c')


@pytest.mark.parametrize(
    ('given', 'kept'),
    [('custom', pebble.NoticeType.CUSTOM), ('future-type', 'future-type')],
)
def test_a_notice_takes_any_type(given: str, kept: pebble.NoticeType | str):
    assert Notice('a.b/c', type=given).type == kept
