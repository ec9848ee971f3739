from __future__ import annotations

from typing import Any

import ops
import pytest

from scenario_pebble.state.check import CheckInfo
from scenario_pebble.state.container import Container
from scenario_pebble.state.event import Event, EventKind
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.notice import Notice
from scenario_pebble.state.relation import PeerRelation, Relation
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.storage import Storage

on = CharmEvents()
OWNED = Secret({'key': 'value'}, id='secret:a', owner='unit', label='mine')
GRANTED = Secret({'key': 'value'}, id='secret:b')
FOO = Container('foo-bar')


class Ready(ops.EventBase):
    """What a library emits."""


class LibraryEvents(ops.ObjectEvents):
    ready = ops.EventSource(Ready)
    started = ops.EventSource(ops.StartEvent)


class Library(ops.Object):
    on = LibraryEvents()  # type: ignore[assignment]


class Charm(ops.CharmBase):
    def _on_event(self, event: ops.EventBase) -> None: ...


@pytest.mark.parametrize(
    ('event', 'kind', 'name', 'hook'),
    [
        (on.config_changed(), EventKind.LIFECYCLE, 'config_changed', 'config-changed'),
        (
            on.relation_changed(Relation('my-db')),
            EventKind.RELATION,
            'my_db_relation_changed',
            'my-db-relation-changed',
        ),
        (
            on.storage_detaching(Storage('my-disk')),
            EventKind.STORAGE,
            'my_disk_storage_detaching',
            'my-disk-storage-detaching',
        ),
        (
            on.pebble_custom_notice(FOO, Notice('a.b/c')),
            EventKind.WORKLOAD,
            'foo_bar_pebble_custom_notice',
            'foo-bar-pebble-custom-notice',
        ),
        (on.secret_changed(GRANTED), EventKind.SECRET, 'secret_changed', 'secret-changed'),
        (on.action('do-it'), EventKind.ACTION, 'do_it_action', ''),
        (
            on.collect_unit_status(),
            EventKind.FRAMEWORK,
            'collect_unit_status',
            'collect-unit-status',
        ),
        (on.custom(Library.on.ready), EventKind.CUSTOM, 'ready', 'ready'),
    ],
)
def test_an_event_has_a_name_in_ops_and_one_in_juju(
    event: Event, kind: EventKind, name: str, hook: str
):
    assert (event.kind, event.name, event.hook_name) == (kind, name, hook)


@pytest.mark.parametrize(
    ('name', 'hint'),
    [
        ('web_pebble_ready', 'ctx.on.pebble_ready(…)'),
        ('confg_changed', "did you mean 'config_changed'?"),
        ('x', 'events are named as in ops, without the name of what they are about'),
    ],
)
def test_an_event_that_there_is_not_gets_a_hint(name: str, hint: str):
    with pytest.raises(AttributeError) as caught:
        getattr(on, name)

    assert str(caught.value) == (
        f'cannot make event {name!r}: there is no such method\n  hint: {hint}'
    )


def test_without_a_remote_unit_the_first_one_is_meant():
    relation = Relation('db', remote_units_data={4: {}, 2: {}})

    assert on.relation_joined(relation).unit_number == 4
    assert on.relation_joined(relation, remote_unit=2).unit_number == 2
    assert on.relation_broken(relation).unit_number is None


def test_actions_are_numbered():
    first, second = on.action('do').action, on.action('do').action

    assert first is not None
    assert second is not None
    assert int(second.id) == int(first.id) + 1


@pytest.mark.parametrize(
    ('event', 'snapshot'),
    [
        (on.start(), {}),
        (
            on.relation_changed(Relation('db', id=7, remote_app_name='pg')),
            {'relation_name': 'db', 'relation_id': 7, 'app_name': 'pg', 'unit_name': 'pg/0'},
        ),
        (
            on.relation_created(Relation('db', id=7)),
            {'relation_name': 'db', 'relation_id': 7, 'app_name': 'remote'},
        ),
        (
            on.relation_departed(PeerRelation('db', id=7), remote_unit=2, departing_unit=3),
            {
                'relation_name': 'db',
                'relation_id': 7,
                'app_name': 'local',
                'unit_name': 'local/2',
                'departing_unit': 'local/3',
            },
        ),
        (on.storage_attached(Storage('d', index=4)), {'storage_name': 'd', 'storage_index': 4}),
        (on.secret_changed(GRANTED), {'secret_id': 'secret:b', 'secret_label': None}),
        (
            on.secret_expired(OWNED, revision=2),
            {'secret_id': 'secret:a', 'secret_label': 'mine', 'secret_revision': 2},
        ),
        (on.pebble_ready(FOO), {'container_name': 'foo-bar'}),
        (
            on.pebble_custom_notice(FOO, Notice('a.b/c', id='9')),
            {
                'container_name': 'foo-bar',
                'notice_id': '9',
                'notice_key': 'a.b/c',
                'notice_type': 'custom',
            },
        ),
        (
            on.pebble_check_failed(FOO, CheckInfo('up')),
            {'container_name': 'foo-bar', 'check_name': 'up'},
        ),
        (on.action('do', id='5'), {'id': '5'}),
    ],
)
def test_a_deferred_event_has_the_snapshot_of_ops(event: Event, snapshot: dict[str, Any]):
    deferred = event.deferred(Charm._on_event, event_id=3)  # type: ignore[reportPrivateUsage]

    assert deferred.handle_path == f'Charm/on/{event.name}[3]'
    assert (deferred.owner, deferred.observer) == ('Charm', '_on_event')
    assert deferred.name == event.name
    assert deferred.snapshot_data == snapshot


def test_only_methods_of_classes_can_be_deferred_to():
    with pytest.raises(
        ValueError, match=r"^cannot defer 'start' to <function .*: it is no method"
    ):
        on.start().deferred(test_actions_are_numbered)


def test_the_number_of_a_deferred_event_is_an_int():
    wrong: Any = '1'
    with pytest.raises(TypeError) as error:
        on.start().deferred(Charm._on_event, wrong)  # type: ignore[reportPrivateUsage]

    assert str(error.value) == (
        "cannot use '1' for event_id: its type is str, not int\n  hint: event_id=1"
    )


def test_an_owner_never_hears_of_changes():
    with pytest.raises(ValueError) as caught:
        on.secret_changed(OWNED)

    assert str(caught.value) == (
        "cannot run secret_changed for secret 'secret:a': its owner, this unit, "
        'never gets this event\n'
        '  hint: a Secret(…) without owner= belongs to another application'
    )


@pytest.mark.parametrize(
    ('suffix', 'make'),
    [
        ('secret_rotate', lambda: on.secret_rotate(GRANTED)),
        ('secret_expired', lambda: on.secret_expired(GRANTED, revision=1)),
        ('secret_remove', lambda: on.secret_remove(GRANTED, revision=1)),
    ],
)
def test_only_an_owner_is_asked_to_care_for_a_secret(suffix: str, make: Any):
    with pytest.raises(ValueError) as caught:
        make()

    assert str(caught.value) == (
        f"cannot run {suffix} for secret 'secret:b': only its owner gets this event\n"
        "  hint: Secret(..., owner='unit') or owner='app'"
    )


def test_a_kind_of_juju_event_is_no_custom_event():
    with pytest.raises(ValueError) as caught:
        on.custom(Library.on.started)

    assert str(caught.value) == (
        "cannot run 'started' as a custom event: StartEvent is a kind of Juju event\n"
        '  hint: run the Juju event, for example ctx.on.relation_changed(relation)'
    )


def test_a_custom_event_keeps_its_arguments():
    event = on.custom(Library.on.ready, 1, two=2)

    assert (event.custom_args, event.custom_kwargs) == ((1,), {'two': 2})
