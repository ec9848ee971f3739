from __future__ import annotations

import pytest

from scenario_pebble.errors import StateValidationError
from scenario_pebble.state.check import CheckInfo
from scenario_pebble.state.container import Container
from scenario_pebble.state.event import Event
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.notice import Notice
from scenario_pebble.state.queue import QueuedEvent
from scenario_pebble.state.relation import PeerRelation, Relation
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.state import State
from scenario_pebble.state.storage import Storage

on = CharmEvents()

NOTICE = Notice('a.b/c', id='3')
WEB = Container(
    'web', notices=[NOTICE], check_infos={CheckInfo('up')}, layers={'l': {'checks': {'up': {}}}}
)
DB = Relation('db', id=5, remote_units_data={1: {}, 4: {}})
PEERS = PeerRelation('peers', id=6)
DISK = Storage('disk', index=2)
MINE = Secret({'a': 'b'}, owner='app')
THEIRS = Secret({'a': 'b'})
STATE = State(
    containers={WEB}, relations={DB, PEERS}, storages={DISK}, secrets={MINE, THEIRS}, leader=True
)

EVENTS = [
    on.start(),
    on.leader_elected(),
    on.relation_created(DB),
    on.relation_joined(DB, remote_unit=4),
    on.relation_changed(PEERS),
    on.relation_departed(DB, remote_unit=1, departing_unit=4),
    on.relation_broken(DB),
    on.storage_attached(DISK),
    on.secret_changed(THEIRS),
    on.secret_rotate(MINE),
    on.secret_expired(MINE, revision=2),
    on.secret_remove(MINE, revision=1),
    on.pebble_ready(WEB),
    on.pebble_custom_notice(WEB, NOTICE),
    on.pebble_check_failed(WEB, WEB.get_check_info('up')),
]


@pytest.mark.parametrize('event', EVENTS, ids=lambda event: event.suffix)
def test_an_event_that_was_queued_comes_back_as_it_was(event: Event):
    queued = QueuedEvent.of(event)

    assert queued is not None
    assert queued.on(STATE) == event


@pytest.mark.parametrize('event', EVENTS, ids=lambda event: event.suffix)
def test_a_queued_event_can_be_shown_and_written(event: Event):
    queued = QueuedEvent.of(event)
    assert queued is not None
    state = State(queue=[queued])

    assert eval(repr(queued)) == queued
    assert State.from_json(state.to_json()) == state


def test_the_first_unit_of_a_relation_is_remembered_if_the_test_names_none():
    assert QueuedEvent.of(on.relation_changed(DB)) == QueuedEvent(
        'relation_changed', relation=5, remote_unit=1
    )


def test_an_event_comes_on_what_its_container_has_become():
    queued = QueuedEvent.of(on.pebble_ready(Container('web')))

    event = queued and queued.on(STATE)

    assert event is not None
    assert event.container is WEB


def test_a_check_that_pebble_has_forgotten_still_has_its_event():
    queued = QueuedEvent('pebble_check_failed', container='web', check='gone')

    assert queued.on(STATE) == on.pebble_check_failed(WEB, CheckInfo('gone'))


@pytest.mark.parametrize(
    'queued',
    [
        QueuedEvent('relation_broken', relation=9),
        QueuedEvent('storage_detaching', storage='disk/3'),
        QueuedEvent('secret_changed', secret='secret:gone'),
        QueuedEvent('pebble_ready', container='gone'),
        QueuedEvent('pebble_custom_notice', container='web', notice='9'),
    ],
    ids=lambda queued: queued.kind,
)
def test_what_is_gone_has_no_events(queued: QueuedEvent):
    assert queued.on(STATE) is None


@pytest.mark.parametrize(
    'queued',
    [
        QueuedEvent('leader_elected'),
        QueuedEvent('secret_rotate', secret=MINE.id),
        QueuedEvent('secret_remove', secret=MINE.id, revision=1),
    ],
    ids=lambda queued: queued.kind,
)
def test_what_is_for_leaders_is_skipped_once_the_unit_is_none(queued: QueuedEvent):
    assert queued.on(State(secrets={MINE})) is None


@pytest.mark.parametrize(
    'event', [on.action('backup'), on.collect_unit_status()], ids=lambda event: event.suffix
)
def test_actions_and_what_ops_emits_are_not_queued(event: Event):
    assert QueuedEvent.of(event) is None


def test_an_event_that_juju_does_not_know_is_refused():
    with pytest.raises(
        StateValidationError,
        match=r"^cannot queue 'pebble_redy': it is no event that Juju sends by itself\n"
        r"  hint: did you mean 'pebble_ready'\?$",
    ):
        QueuedEvent('pebble_redy', container='web')


def test_an_event_that_does_not_say_what_it_is_about_is_refused():
    with pytest.raises(
        StateValidationError,
        match=r"^cannot queue 'secret_remove': it says nothing of its revision\n"
        r"  hint: QueuedEvent\('secret_remove', revision=…\)$",
    ):
        QueuedEvent('secret_remove', secret='secret:a')
