from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis_scenario_pebble import (
    config,
    events,
    execs,
    relations,
    schedules,
    secrets,
    states,
)
from ops import pebble

import scenario_pebble as scenario
from scenario_pebble.state import consistency
from scenario_pebble.state.event import Event

from .charms import META, Quiet, context
from .shrinking import least, quickly

CTX = context()


def check(event: Event, state: scenario.State) -> None:
    consistency.check(event, state, CTX.prepared.spec, juju_version=CTX.juju_version)


@quickly
@given(st.data())
def test_states_and_events_contradict_nothing(data: st.DataObject):
    state = data.draw(states(CTX))
    event = data.draw(events(CTX, state))

    check(event, state)


@quickly
@given(st.data())
def test_events_can_be_run_on_states(data: st.DataObject):
    state = data.draw(states(CTX))
    event = data.draw(events(CTX, state))

    ctx = context()
    ctx.run(event, state)

    assert event.name in [row.subject for row in ctx.timeline.filter(kind='event')]


def test_a_state_shrinks_to_its_containers():
    assert least(states(CTX)) == scenario.State(
        containers={scenario.Container('app'), scenario.Container('side-car')}
    )


def test_a_state_shrinks_to_the_one_relation_that_is_asked_for():
    state = least(
        states(CTX, containers=st.just([])), lambda state: bool(state.get_relations('database'))
    )

    assert state.relations == {scenario.Relation('database', 'postgresql', id=1)}


def test_a_state_takes_its_fields_from_where_it_is_told():
    state = least(states(CTX, leader=st.just(True), containers=st.just([])))

    assert state == scenario.State(leader=True)


def test_a_state_has_as_many_relations_of_an_endpoint_as_it_may():
    assert least(
        states(CTX, containers=st.just([])), lambda state: len(state.get_relations('website')) == 2
    )

    @quickly
    @given(states(CTX, containers=st.just([])))
    def there_is_one_database(state: scenario.State):
        assert len(state.get_relations('database')) <= 1

    there_is_one_database()


@quickly
@given(config(CTX, {'name': st.just('x')}))
def test_options_have_their_types(options: dict[str, object]):
    types = {'port': int, 'name': str, 'ratio': float, 'debug': bool}

    assert {name: type(value) for name, value in options.items()} == {
        name: types[name] for name in options
    }
    assert options.get('name', 'x') == 'x'


def test_no_option_is_set_at_the_least():
    assert least(config(CTX)) == {}


@pytest.mark.parametrize(
    ('endpoint', 'kind'),
    [
        ('database', scenario.Relation),
        ('logging', scenario.SubordinateRelation),
        ('cluster', scenario.PeerRelation),
    ],
)
def test_a_relation_is_of_the_kind_of_its_endpoint(
    endpoint: str, kind: type[scenario.RelationBase]
):
    relation = least(relations(CTX, endpoint, local_unit_data=st.just({'a': 'b'})))

    assert type(relation) is kind
    assert relation.endpoint == endpoint


def test_an_unknown_endpoint_has_no_relations():
    with pytest.raises(scenario.NotFoundError) as error:
        relations(CTX, 'data')

    assert str(error.value) == (
        "cannot make relations of 'data': the metadata has no such endpoint\n"
        "  it has endpoints: 'database', 'logging', 'website', 'cluster'\n"
        "  hint: did you mean 'database'?"
    )


def test_secrets_are_somebody_elses_or_ours():
    assert least(secrets()).owner is None
    assert least(secrets(owner=st.just('app')), lambda secret: secret.owner is not None)


@quickly
@given(st.data())
def test_what_is_scheduled_happens(data: st.DataObject):
    state = data.draw(states(CTX))
    schedule = data.draw(schedules(state))

    out = context().advance(dataclasses.replace(state, schedule=schedule), 600)

    assert out.schedule == []


def test_all_that_a_container_has_may_be_scheduled():
    layer: Any = {
        'services': {'server': {'command': 'serve'}},
        'checks': {'up': {'tcp': {'port': 80}}},
    }
    state = scenario.State(containers={scenario.Container('app', layers={'app': layer})})
    found: set[type[scenario.Stimulus]] = set()

    @settings(quickly, max_examples=100)
    @given(schedules(state))
    def collect(schedule: list[scenario.Stimulus]):
        found.update(map(type, schedule))

    collect()

    assert found == set(scenario.Stimulus.__subclasses__())


@pytest.mark.parametrize('containers', [[], [scenario.Container('app')]])
def test_nothing_is_scheduled_at_the_least(containers: list[scenario.Container]):
    assert least(schedules(scenario.State(containers=containers))) == []


# -- events


def names_of(state: scenario.State) -> set[str]:
    """The names of all events that can be drawn, actions excepted."""
    found: set[str] = set()

    @settings(quickly, max_examples=300, derandomize=True)
    @given(events(CTX, state))
    def collect(event: Event):
        found.add(event.name)

    collect()
    return found - CTX.prepared.spec.action_names


LIFECYCLE = {
    *('update_status', 'config_changed', 'start', 'install', 'upgrade_charm', 'stop', 'remove'),
    *('backup_action', 'ping_action'),
}
DOWN = scenario.CheckInfo('up', status=pebble.CheckStatus.DOWN, failures=3)


def test_a_pebble_that_does_not_answer_has_no_events():
    app = scenario.Container('app', check_infos=[DOWN], notices=[scenario.Notice('a.io/b')])

    assert names_of(scenario.State(containers={app})) == LIFECYCLE


def test_a_pebble_that_answers_has_the_events_of_its_notices_and_checks():
    app = scenario.Container(
        'app', can_connect=True, check_infos=[DOWN], notices=[scenario.Notice('a.io/b')]
    )

    assert names_of(scenario.State(containers={app})) == LIFECYCLE | {
        'app_pebble_ready',
        'app_pebble_custom_notice',
        'app_pebble_check_failed',
    }


def test_only_units_that_are_there_join_and_go():
    relation = scenario.Relation('website', remote_units_data={})

    assert names_of(scenario.State(relations={relation})) == LIFECYCLE | {
        'website_relation_created',
        'website_relation_broken',
    }


def test_only_the_leader_is_elected_and_rotates_the_applications_secrets():
    secret = scenario.Secret({'key': 'x'}, owner='app', rotate='daily')

    never = scenario.Secret({'key': 'x'}, owner='unit', rotate='never')

    assert names_of(scenario.State(secrets={secret, never})) == LIFECYCLE
    assert names_of(scenario.State(secrets={secret}, leader=True)) == LIFECYCLE | {
        'leader_elected',
        'secret_rotate',
    }


def test_an_action_has_the_parameters_that_it_requires():
    def is_backup(event: Event) -> bool:
        return event.action is not None and event.action.name == 'backup'

    def is_full(event: Event) -> bool:
        return event.action is not None and len(event.action.params) == 4

    smallest = least(events(CTX, scenario.State()), is_backup).action
    fullest = least(events(CTX, scenario.State()), is_full).action

    assert smallest is not None
    assert smallest.params == {'to': ''}
    assert fullest is not None
    assert fullest.params == {'to': '', 'level': 3, 'kind': 'full', 'paths': []}


SCALE: dict[str, Any] = {
    'params': {
        'units': {'type': 'integer', 'minimum': 2, 'maximum': 3},
        'load': {'type': 'number', 'minimum': 2e7},
        'ports': {'type': 'array', 'items': {'type': 'integer', 'maximum': -5}},
        'at': {
            'type': 'object',
            'properties': {'hour': {'type': 'integer'}, 'day': {'type': 'string'}},
            'required': ['hour'],
        },
    },
    'required': ['units', 'load', 'ports', 'at'],
}


@quickly
@given(st.data())
def test_a_parameter_is_what_its_schema_asks_for(data: st.DataObject):
    ctx = scenario.Context(Quiet, META, actions={'scale': SCALE})
    event = data.draw(events(ctx, scenario.State()).filter(lambda event: event.action is not None))
    params: Any = event.action and event.action.params

    assert params['units'] in (2, 3)
    assert params['load'] >= 2e7
    assert all(port <= -5 for port in params['ports'])
    assert isinstance(params['at']['hour'], int)
    assert params['at'].keys() <= {'hour', 'day'}


NOTHING: Any = None
A_CLASS: Any = Quiet
A_TEXT: Any = 'ls'


@pytest.mark.parametrize(
    ('make', 'message'),
    [
        (
            lambda: states(A_CLASS),
            f'cannot use {Quiet!r} for ctx of states(): its type is type, not Context\n'
            '  hint: ctx=Context(…)',
        ),
        (
            lambda: events(CTX, NOTHING),
            'cannot use None for state of events(): its type is NoneType, not State\n'
            '  hint: state=State(…)',
        ),
        (
            lambda: schedules(NOTHING),
            'cannot use None for state of schedules(): its type is NoneType, not State\n'
            '  hint: state=State(…)',
        ),
        (
            lambda: execs(A_TEXT),
            "cannot use 'ls' for command_prefix of execs(): its type is str, not list or None\n"
            "  hint: command_prefix=['…']",
        ),
    ],
)
def test_what_nothing_can_be_drawn_from_is_refused(make: Callable[[], Any], message: str):
    with pytest.raises(TypeError) as error:
        make()

    assert str(error.value) == message
