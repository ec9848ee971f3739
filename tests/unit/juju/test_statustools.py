"""The hook tools about the statuses and the workload's version."""

from __future__ import annotations

import json

from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.state import State
from scenario_pebble.state.status import ActiveStatus, BlockedStatus, UnknownStatus, WaitingStatus
from tests.unit.juju.unit import Unit

on = CharmEvents()


def test_each_status_that_is_replaced_is_recorded():
    unit = Unit(State(leader=True))

    unit.run('status-set waiting', 'for db')
    unit.run('status-set active')
    unit.run('status-set --application=True blocked', '--', '-off-')

    state = unit.ledger.result()
    assert state.unit_status == ActiveStatus()
    assert state.app_status == BlockedStatus('-off-')
    assert unit.records.unit_status_history == [UnknownStatus(), WaitingStatus('for db')]
    assert unit.records.app_status_history == [UnknownStatus()]


def test_the_status_is_told_as_it_is_now():
    unit = Unit(State(leader=True, app_status=BlockedStatus('off')))
    unit.run('status-set active', 'on')

    assert unit.run('status-get') == 'active\n'
    assert unit.run('status-get --format=json') == '{"status":"active"}\n'
    assert json.loads(unit.run('status-get --include-data --format=json')) == {
        'message': 'on',
        'status': 'active',
        'status-data': {},
    }
    assert json.loads(unit.run('status-get --include-data --application --format=json')) == {
        'application-status': {
            'message': 'off',
            'status': 'blocked',
            'status-data': {},
            'units': {'web/0': {'message': 'on', 'status': 'active', 'status-data': {}}},
        }
    }


def test_setting_the_status_that_is_there_changes_nothing():
    state = State(unit_status=ActiveStatus('on'))
    unit = Unit(state)

    unit.run('status-set active on')

    assert unit.ledger.result() is state


def test_each_version_that_is_replaced_is_recorded():
    unit = Unit(State())

    unit.run('application-version-set 1.0')
    unit.run('application-version-set 1.1')

    assert unit.ledger.result().workload_version == '1.1'
    assert unit.records.workload_version_history == ['1.0']
