from __future__ import annotations

from scenario_pebble.state.relation import Relation
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.state import State
from scenario_pebble.state.status import ActiveStatus
from tests.unit.juju.unit import Unit

STATE = State(
    relations=[Relation('db', id=7), Relation('db', id=8)],
    secrets=[Secret({'a': 'b'}, id='secret:x')],
    unit_status=ActiveStatus(),
)


def test_an_untouched_state_comes_out_as_the_same_object():
    ledger = Unit(STATE).ledger

    assert ledger.result() is STATE
    assert ledger.relations
    assert ledger.secrets
    assert ledger.result() is STATE


def test_only_what_was_written_is_new():
    ledger = Unit(STATE).ledger

    ledger.put_relation(ledger.relations[7], local_app_data={'a': 'b'})

    result = ledger.result()
    assert result.get_relation(7).local_app_data == {'a': 'b'}
    assert result.get_relation(8) is STATE.get_relation(8)
    assert result.secrets is STATE.secrets
    assert result.unit_status is STATE.unit_status


def test_the_state_never_changes():
    ledger = Unit(STATE).ledger

    ledger.put('workload_version', '1')
    ledger.remove_secret(ledger.secrets['x'])

    assert STATE.workload_version == ''
    assert len(STATE.secrets) == 1
    assert ledger.get('workload_version') == '1'
    assert ledger.result().secrets == frozenset()
