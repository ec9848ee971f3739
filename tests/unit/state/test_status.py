from __future__ import annotations

import ops
import pytest

from scenario_pebble.state.status import (
    ActiveStatus,
    BlockedStatus,
    EntityStatus,
    UnknownStatus,
    to_entity_status,
)


def test_a_status_equals_that_of_ops_in_both_directions():
    assert ActiveStatus('x') == ops.ActiveStatus('x')
    assert ops.ActiveStatus('x') == ActiveStatus('x')


def test_another_name_or_message_is_another_status():
    assert ActiveStatus('x') != ops.ActiveStatus('y')
    assert ops.BlockedStatus('x') != ActiveStatus('x')
    assert ActiveStatus('x') != BlockedStatus('x')
    assert ActiveStatus('x') != 'active'


def test_a_status_is_one_of_ops():
    assert isinstance(BlockedStatus('x'), ops.BlockedStatus)
    assert not isinstance(BlockedStatus('x'), ops.ActiveStatus)


def test_ops_goes_on_handing_out_its_own_statuses():
    # Others, ops.testing for one, make ops hand out theirs.
    assert not isinstance(ops.StatusBase.from_name('active', 'x'), EntityStatus)


def test_equal_statuses_have_equal_hashes():
    assert len({ActiveStatus('x'), ActiveStatus('x'), ActiveStatus('y')}) == 2


def test_a_status_of_ops_becomes_ours():
    status = to_entity_status(ops.WaitingStatus('x'), 'unit_status')

    assert isinstance(status, EntityStatus)
    assert repr(status) == "WaitingStatus('x')"


def test_no_status_means_unknown():
    assert to_entity_status(None, 'unit_status') == UnknownStatus()


def test_an_unknown_status_has_no_message():
    assert EntityStatus.from_status_name('unknown', 'ignored') == ops.UnknownStatus()


def test_what_is_no_status_is_refused():
    with pytest.raises(TypeError) as caught:
        to_entity_status('active', 'app_status')

    assert str(caught.value) == (
        "cannot use 'active' for State.app_status: it is no status\n"
        '  hint: for example ActiveStatus() or BlockedStatus("message")'
    )
