from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from ops import pebble

from scenario_pebble.state.check import CheckInfo
from scenario_pebble.state.container import Container, Mount
from scenario_pebble.state.event import Event
from scenario_pebble.state.events import CharmEvents
from scenario_pebble.state.program import Exec
from scenario_pebble.state.relation import Relation
from scenario_pebble.state.spec import CharmSpec
from scenario_pebble.state.state import State

Problems = Callable[..., list[str]]

on = CharmEvents()


def test_an_event_of_a_container_without_pebble_is_doubtful(
    problems: Problems, caplog: pytest.LogCaptureFixture
):
    container = Container('web')

    assert problems(on.pebble_ready(container), State(containers=[container])) == []

    assert caplog.record_tuples == [
        (
            'scenario_pebble',
            logging.WARNING,
            ".containers['web'].can_connect is False, but Juju sends 'web_pebble_ready' "
            'only while Pebble answers',
        )
    ]


def test_an_event_that_leaves_its_unit_open_is_doubtful(
    problems: Problems, caplog: pytest.LogCaptureFixture
):
    relation = Relation('db', remote_units_data={3: {}, 1: {}})

    assert problems(on.relation_joined(relation), State(relations=[relation])) == []

    assert caplog.messages == [
        "'db_relation_joined' is about remote unit 3: remote unit ID unset, and multiple remote "
        'unit IDs are present: [1, 3]; pass remote_unit=…'
    ]


@pytest.mark.parametrize(
    ('container', 'event', 'doubt'),
    [
        (
            Container('web', can_connect=True, check_infos=[CheckInfo('up')]),
            on.pebble_check_failed,
            ".containers['web'].check_infos['up'].status is 'up' by the time that "
            "'web_pebble_check_failed' comes",
        ),
        (
            Container(
                'web',
                can_connect=True,
                check_infos=[CheckInfo('up', status=pebble.CheckStatus.DOWN)],
            ),
            on.pebble_check_recovered,
            ".containers['web'].check_infos['up'].status is 'down' by the time that "
            "'web_pebble_check_recovered' comes",
        ),
    ],
)
def test_a_check_that_has_changed_again_is_doubtful(
    container: Container,
    event: Callable[..., Event],
    doubt: str,
    problems: Problems,
    caplog: pytest.LogCaptureFixture,
):
    state = State(containers=[container])

    assert problems(event(container, container.get_check_info('up')), state) == []

    assert caplog.messages == [doubt]


def test_a_status_without_a_service_is_doubtful(
    problems: Problems, caplog: pytest.LogCaptureFixture
):
    layer = pebble.Layer({'services': {'nginx': {'override': 'replace', 'command': 'nginx'}}})
    active = pebble.ServiceStatus.ACTIVE
    state = State(
        containers=[
            Container('web', layers={'base': layer}, service_statuses={'ngnix': active}),
            Container('worker', service_statuses={'queue': active}),
        ]
    )

    assert problems(on.start(), state) == []
    assert problems(on.start(), state) == []

    assert caplog.messages == [
        ".containers['web'].service_statuses['ngnix'] is of a service that no layer has; "
        "did you mean 'nginx'?",
        ".containers['worker'].service_statuses['queue'] is of a service that no layer has; "
        'Pebble shows it once a layer defines it',
    ]


def test_mounts_that_overlap_are_doubtful(problems: Problems, caplog: pytest.LogCaptureFixture):
    mounts = {
        'logs': Mount(location='/data/logs', source='/b'),
        'data': Mount(location='/data', source='/a'),
        'other': Mount(location='/database', source='/c'),
    }

    assert problems(on.start(), State(containers=[Container('web', mounts=mounts)])) == []

    assert caplog.messages == [
        ".containers['web'].mounts['logs'] at /data/logs lies over mounts['data'] at /data"
    ]


def test_execs_with_one_prefix_are_doubtful(problems: Problems, caplog: pytest.LogCaptureFixture):
    execs = [Exec(['ls'], stdout='a'), Exec(['ls'], stdout='b'), Exec(['ls', '-l'])]

    assert problems(on.start(), State(containers=[Container('web', execs=execs)])) == []

    assert caplog.messages == [
        ".containers['web'].execs has 2 with the command prefix ['ls']; "
        'only one of them answers, keep that'
    ]


def test_what_is_meant_is_not_doubtful(problems: Problems, caplog: pytest.LogCaptureFixture):
    down = CheckInfo('up', status=pebble.CheckStatus.DOWN)
    layer = pebble.Layer({'services': {'nginx': {'override': 'replace', 'command': 'nginx'}}})
    container = Container(
        'web',
        can_connect=True,
        layers={'base': layer},
        service_statuses={'nginx': pebble.ServiceStatus.ACTIVE},
        mounts={'a': Mount(location='/a', source='/x'), 'b': Mount(location='/b', source='/y')},
        check_infos=[down],
    )

    assert problems(on.pebble_check_failed(container, down), State(containers=[container])) == []

    assert caplog.messages == []


def test_a_parameter_of_a_type_that_is_none_is_doubtful(
    problems: Problems, spec: CharmSpec, caplog: pytest.LogCaptureFixture
):
    params = {'when': {'type': 'date'}, 'to': {'type': 'string'}}
    spec = CharmSpec(spec.charm_type, spec.meta, {'backup': {'params': params}})
    event = on.action('backup', {'when': '2026-01-01', 'to': 's3'})

    assert problems(event, State(), of=spec) == []

    assert caplog.messages == [
        "metadata's parameter 'when' of action 'backup' has the type 'date', which JSON schema "
        'lacks: its value is not checked'
    ]
