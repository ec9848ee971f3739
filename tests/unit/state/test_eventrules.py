from __future__ import annotations

from collections.abc import Callable

import pytest
from ops import pebble

from scenario_pebble.state.check import CheckInfo
from scenario_pebble.state.container import Container
from scenario_pebble.state.event import Event
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.notice import Notice
from scenario_pebble.state.program import Exec
from scenario_pebble.state.relation import PeerRelation, Relation
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.state import State
from scenario_pebble.state.storage import Storage

Problems = Callable[..., list[str]]

on = CharmEvents()


CHECKS = Container(
    'web',
    can_connect=True,
    layers={'a': pebble.Layer({'checks': {'on-line': {'override': 'replace'}}})},
)
NOTICE = Notice('a.b/c', id='77')
DB = Relation('db', id=7)
DISK = Storage('data', index=0)
SECRET = Secret({'key': 'value'}, id='secret:a', owner='unit')


@pytest.mark.parametrize(
    ('event', 'state', 'expected'),
    [
        (
            on.relation_created(DB),
            State(relations=[Relation('db', id=8)]),
            [
                '  event.relation: the State has no relation 7 (db)',
                '    it has relations: 8 (db)',
                '    hint: State(relations={relation})',
            ],
        ),
        (
            on.relation_created(PeerRelation('cluster', id=7)),
            State(relations=[DB]),
            [
                '  event.relation: PeerRelation 7 (cluster) is another one in the State',
                '    .relations[7] is Relation (db)',
            ],
        ),
        (
            on.relation_joined(DB),
            State(relations=[Relation('db', id=7, remote_units_data={})]),
            [
                '  event.remote_unit: no unit is meant: relation 7 (db) has none',
                '    hint: ctx.on.relation_joined(relation, remote_unit=0)',
            ],
        ),
        (
            on.pebble_ready(Container('web')),
            State(containers=[Container('worker')]),
            [
                "  event.container: the State has no container 'web'",
                "    it has containers: 'worker'",
                '    hint: State(containers={container})',
            ],
        ),
        (
            on.pebble_ready(Container('webb')),
            State(containers=[CHECKS]),
            [
                "  event.container: the charm's metadata has no container 'webb'",
                "    it has containers: 'web', 'worker'",
                "    hint: did you mean 'web'?",
                "  event.container: the State has no container 'webb'",
                "    it has containers: 'web'",
                "    hint: did you mean 'web'?",
            ],
        ),
        (
            on.pebble_ready(Container('web', execs=[Exec(['ls']), Exec(['ls'], return_code=1)])),
            State(containers=[CHECKS]),
            [
                "  .containers['web'].execs: 2 of them have the command prefix ['ls']",
                '    hint: keep one; a longer prefix wins over a shorter one',
            ],
        ),
        (
            on.pebble_custom_notice(CHECKS, NOTICE),
            State(containers=[Container('web', can_connect=True, notices=[Notice('a.b/d')])]),
            [
                "  event.notice: no container has a notice with key 'a.b/c'",
                "    there are: 'a.b/d'",
                "    hint: did you mean 'a.b/d'?",
            ],
        ),
        (
            on.pebble_check_failed(CHECKS, CheckInfo('online')),
            State(containers=[CHECKS]),
            [
                "  event.check_info: container 'web' has no check 'online'",
                "    it has checks: 'on-line'",
                "    hint: did you mean 'on-line'?",
            ],
        ),
        (
            on.storage_attached(Storage('disk', index=0)),
            State(),
            [
                "  event.storage: the charm's metadata has no storage 'disk'",
                "    it has storages: 'data'",
                "    hint: declare it in the charm's metadata",
            ],
        ),
        (
            on.storage_attached(DISK),
            State(storages=[Storage('data', index=4)]),
            [
                "  event.storage: the State has no storage 'data/0'",
                "    it has storages: 'data/4'",
                '    hint: State(storages={storage})',
            ],
        ),
        (
            on.secret_rotate(SECRET),
            State(),
            [
                "  event.secret: the State has no secret 'secret:a'",
                '    it has secrets: none',
                '    hint: State(secrets={secret})',
            ],
        ),
        (
            on.action('back-up'),
            State(),
            [
                "  event.action: the charm's metadata has no action 'back-up'",
                "    it has actions: 'backup', 'vague'",
                "    hint: did you mean 'backup'?",
            ],
        ),
        (
            on.action('backup', {'too': 'x', 'count': 'y'}),
            State(),
            [
                "  event.action.params['too']: the charm's metadata has no parameter 'too'",
                "    it has parameters: 'count', 'to'",
                "    hint: did you mean 'to'?",
                "  event.action.params['count']: 'y' is no integer, which the metadata wants",
            ],
        ),
        (
            on.action('vague'),
            State(),
            [
                "  metadata's parameter 'x' of action 'vague': it has no type",
                '    hint: for example type: string',
            ],
        ),
    ],
)
def test_an_event_must_fit_state_and_charm(
    event: Event, state: State, expected: list[str], problems: Problems
):
    assert problems(event, state) == expected


def test_secret_events_need_juju_3(problems: Problems):
    lines = problems(on.secret_rotate(SECRET), State(secrets=[SECRET]), '2.9.49')

    assert lines == [
        '  event.secret: Juju 2.9.49 has no secrets',
        "    hint: Context(juju_version='3.0.2') or later",
    ]


@pytest.mark.parametrize(
    ('event', 'state'),
    [
        (
            on.relation_changed(DB),
            State(relations=[Relation('db', id=7, local_app_data={'a': 'b'})]),
        ),
        (on.pebble_ready(Container('web')), State(containers=[CHECKS])),
        (
            on.pebble_custom_notice(CHECKS, NOTICE),
            State(containers=[Container('web', can_connect=True, notices=[Notice('a.b/c')])]),
        ),
        (on.secret_rotate(SECRET), State(secrets=[Secret({'a': 'b'}, id='secret:a')])),
    ],
    ids=['relation', 'container', 'notice', 'secret'],
)
def test_an_event_may_hold_an_older_version_of_its_part(
    event: Event, state: State, problems: Problems
):
    assert problems(event, state) == []


@pytest.mark.parametrize(
    'container',
    [CHECKS, Container('web', can_connect=True, check_infos=[CheckInfo('on-line', threshold=9)])],
    ids=['in a layer only', 'in a CheckInfo only'],
)
def test_a_check_need_not_be_said_twice(container: Container, problems: Problems):
    event = on.pebble_check_failed(container, CheckInfo('on-line'))

    assert problems(event, State(containers=[container])) == []
