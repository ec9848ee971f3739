from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from ops import pebble

from scenario_pebble.errors import StateValidationError
from scenario_pebble.filetree import FileTree
from scenario_pebble.state.check import CheckInfo
from scenario_pebble.state.container import Container, Mount
from scenario_pebble.state.notice import Notice
from scenario_pebble.state.program import Exec

WRONG: Any = 'x'
READY = pebble.CheckLevel.READY
WEB: Any = {'services': {'web': {'override': 'replace', 'command': 'serve', 'startup': 'enabled'}}}


@pytest.mark.parametrize('name', ['', 'Db', 'a_b', '-a', 'a-', 'x' * 64, 7])
def test_a_name_that_kubernetes_refuses_is_refused(name: Any):
    with pytest.raises(StateValidationError) as caught:
        Container(name)

    assert str(caught.value) == (
        f'cannot name a container {name!r}: not an RFC 1123 label\n'
        '  hint: use at most 63 lower-case letters, digits and inner hyphens'
    )


def test_collections_become_immutable_ones_that_equal_what_was_given():
    container = Container(
        'db',
        layers={'base': pebble.Layer()},
        service_statuses={'web': pebble.ServiceStatus.ACTIVE},
        mounts={'cfg': Mount(location='/etc', source='/somewhere')},
        execs=[Exec(['ls'])],
        notices=(Notice('a.b/c'),),
        check_infos=[CheckInfo('up')],
    )

    assert container.service_statuses == {'web': pebble.ServiceStatus.ACTIVE}
    assert container.notices == [Notice('a.b/c')]
    assert container.execs == {Exec(['ls'])}
    assert container.check_infos == {CheckInfo('up')}
    with pytest.raises(TypeError, match=r'^cannot change this mapping'):
        container.layers['other'] = pebble.Layer()  # type: ignore[index]


def test_a_layer_is_not_the_object_that_the_test_goes_on_changing():
    layer = pebble.Layer(WEB)
    container = Container('db', layers={'base': layer})

    layer.services['web'].command = 'other'

    assert container.layers['base'].services['web'].command == 'serve'


def test_a_layer_refuses_to_be_changed():
    container = Container('db', layers={'base': pebble.Layer(WEB)})

    with pytest.raises(TypeError, match=r"^cannot set 'command' of this FrozenService"):
        container.layers['base'].services['web'].command = 'other'

    assert container.layers['base'] == pebble.Layer(WEB)


@pytest.mark.parametrize('layer', [WEB, pebble.Layer(WEB), pebble.Layer(WEB).to_yaml()])
def test_a_layer_may_be_given_in_any_form(layer: Any):
    assert Container('db', layers={'base': layer}).layers['base'] == pebble.Layer(WEB)


LAYER_HINT = (
    "a layer is a mapping with 'services', 'checks' and 'log-targets', or that as YAML text"
)


@pytest.mark.parametrize(
    ('layer', 'part', 'cause', 'hint'),
    [
        ('- a', "['a'] for ", 'its type is list, not mapping', LAYER_HINT),
        ('services: 3', '3 for services of ', 'its type is int, not mapping', LAYER_HINT),
        ({'checks': [1]}, '[1] for checks of ', 'its type is list, not mapping', LAYER_HINT),
        (
            {'services': {'x': 3}},
            "3 for services['x'] of ",
            'its type is int, not mapping',
            "services: {'x': {'override': 'replace'}}",
        ),
        (
            {'services': {'x': {'command': 'a', 'after': 3}}},
            "3 for services['x']['after'] of ",
            'its type is int, not list',
            "'after': ['…']",
        ),
        (
            {'checks': {'up': {'startup': 'enable'}}},
            "'enable' for checks['up']['startup'] of ",
            "it is not '' or 'enabled' or 'disabled'",
            "did you mean 'enabled'?",
        ),
    ],
)
def test_what_makes_a_layer_unreadable_is_named(layer: Any, part: str, cause: str, hint: str):
    with pytest.raises(StateValidationError) as caught:
        Container('db', layers={'base': layer})

    assert str(caught.value) == (
        f"cannot use {part}layer 'base' of container 'db': {cause}\n  hint: {hint}"
    )


def test_a_layer_that_is_no_yaml_is_named():
    layers: Any = {'base': '{'}

    with pytest.raises(StateValidationError) as caught:
        Container('db', layers=layers)

    first, *_, last = str(caught.value).splitlines()
    assert first == "cannot read layer 'base' of container 'db': while parsing a flow node"
    assert last == f'  hint: {LAYER_HINT}'


def test_a_base_plan_that_cannot_be_read_is_named():
    with pytest.raises(
        StateValidationError,
        match=r"^cannot use 3 for services of _base_plan of container 'db': "
        rf'its type is int, not mapping\n  hint: {LAYER_HINT}$',
    ):
        Container('db', _base_plan={'services': 3}).plan  # noqa: B018


def test_a_layer_with_a_misspelt_key_is_refused():
    layer: Any = {'servces': {}}

    with pytest.raises(
        StateValidationError,
        match=r"^cannot use 'servces' in layer 'base' of container 'db': ops knows no such key\n"
        r"  hint: did you mean 'services'\?$",
    ):
        Container('db', layers={'base': layer})


@pytest.mark.parametrize('runtime', ['x', {}, 0, False])
def test_a_runtime_is_what_a_run_has_left(runtime: Any):
    with pytest.raises(
        StateValidationError,
        match=rf'^cannot use {runtime!r} for Container.runtime: '
        r'it is not what a run has left there\n'
        r'  hint: leave it out, or change a container with dataclasses.replace\(\)$',
    ):
        Container('db', runtime=runtime)


def test_a_key_that_ops_leaves_out_is_warned_of(caplog: pytest.LogCaptureFixture):
    layer: Any = 'checks: {up: {override: replace, url: http://localhost/}}'

    Container('db', layers={'base': layer})

    assert caplog.messages == [
        "'url' in checks['up'] of layer 'base' of container 'db' is left out: "
        'ops knows no such key'
    ]


def test_a_service_with_a_misspelt_key_is_refused():
    service: Any = {'comand': 'serve'}

    with pytest.raises(
        StateValidationError,
        match=r"^cannot use 'comand' in services\['web'\] of a layer: ops knows no such key\n"
        r"  hint: did you mean 'command'\?$",
    ):
        Container('db').with_service('web', service)


@pytest.mark.parametrize(
    ('status', 'hint'),
    [
        ('activ', "did you mean 'active'?"),
        ('runing', "it has 'active', 'backoff', 'error', 'inactive'"),
    ],
)
def test_a_service_in_a_status_that_pebble_lacks_is_refused(status: str, hint: str):
    message = f"cannot give service 'web' the status {status!r}: Pebble has no such status"

    with pytest.raises(StateValidationError) as caught:
        Container('db').with_service('web', {'command': 'serve'}, status=status)

    assert str(caught.value) == f'{message}\n  hint: {hint}'


def test_files_lie_over_the_image():
    container = Container(
        'db', image={'/etc/a': 'image', '/etc/b': 'image'}, files={'/etc/b': 'mine', '/c': 'mine'}
    )

    found = {path: node.text for path, node in container.files.items()}  # type: ignore[union-attr]
    assert found == {'/etc/a': 'image', '/etc/b': 'mine', '/c': 'mine'}
    assert container.image == FileTree.from_mapping({'/etc/a': 'image', '/etc/b': 'image'})


def test_replacing_another_field_keeps_the_files():
    container = Container('db', image={'/a': '1'}, files={'/b': '2'})

    replaced = dataclasses.replace(container, can_connect=True)

    assert replaced.files is container.files
    assert replaced != container


def test_the_plan_is_what_pebble_would_answer():
    container = Container(
        'db',
        layers={
            'base': pebble.Layer(WEB),
            'more': pebble.Layer(
                {
                    'services': {'web': {'override': 'merge', 'environment': {'A': '1'}}},
                    'checks': {
                        'up': {'override': 'replace', 'period': '90s', 'tcp': {'port': 80}}
                    },
                }
            ),
        },
    )

    assert container.plan.to_dict() == {
        'services': {'web': {**WEB['services']['web'], 'environment': {'A': '1'}}},
        'checks': {
            'up': {'override': 'replace', 'period': '1m30s', 'threshold': 3, 'tcp': {'port': 80}}
        },
    }


def test_layers_are_facts_so_an_override_and_a_command_may_be_missing():
    layer = pebble.Layer({'services': {'web': {'startup': 'enabled'}}})

    assert list(Container('db', layers={'base': layer}).plan.services) == ['web']


def test_a_plan_that_pebble_refuses_names_the_layer():
    layer = pebble.Layer({'services': {'web': {'command': 'a', 'on-failure': 'explode'}}})

    with pytest.raises(StateValidationError) as caught:
        Container('db', layers={'base': layer}).plan  # noqa: B018

    assert "in: State.containers['db'].layers['base']" in str(caught.value)
    assert 'on-failure' in str(caught.value)


def test_services_show_the_statuses_and_default_to_inactive():
    container = Container(
        'db',
        layers={'base': pebble.Layer({'services': {'a': {'startup': 'enabled'}, 'b': {}}})},
        service_statuses={'a': 'backoff'},
    )

    services = container.services
    assert list(services) == ['a', 'b']
    assert services['a'].startup == pebble.ServiceStartup.ENABLED
    assert services['a'].current == 'backoff'
    assert services['b'].startup == pebble.ServiceStartup.DISABLED
    assert services['b'].current == pebble.ServiceStatus.INACTIVE


def test_a_status_that_pebble_lacks_stays_a_text():
    container = Container('db', service_statuses={'web': 'running'})

    assert container.service_statuses == {'web': 'running'}


@pytest.mark.parametrize(
    ('check', 'info'),
    [
        ({'threshold': 5, 'level': 'ready'}, CheckInfo('up', level=READY, threshold=5)),
        (
            {'startup': 'disabled'},
            CheckInfo(
                'up',
                startup=pebble.CheckStartup.DISABLED,
                status=pebble.CheckStatus.INACTIVE,
            ),
        ),
    ],
)
def test_a_check_that_only_a_layer_has_is_as_it_starts(check: Any, info: CheckInfo):
    layer: Any = {'checks': {'up': {'tcp': {'port': 80}, **check}}}
    container = Container('db', can_connect=True, layers={'base': layer})

    assert container.get_check_info('up') == info


def test_a_missing_check_info_is_named_with_those_that_exist():
    layer: Any = {'checks': {'ready': {'tcp': {'port': 80}}}}
    container = Container('db', check_infos={CheckInfo('up')}, layers={'base': layer})

    assert container.get_check_info('up') == CheckInfo('up')
    with pytest.raises(KeyError) as caught:
        container.get_check_info('read')
    assert str(caught.value) == (
        "cannot find check 'read' in container 'db': it has 'ready', 'up'\n"
        "  hint: did you mean 'ready'?"
    )


def test_the_plan_is_sorted_by_name():
    services = {name: {'command': name} for name in ('b', 'a')}
    checks = {name: {'tcp': {'port': 1}} for name in ('d', 'c')}

    plan = Container('web', layers={'l': {'services': services, 'checks': checks}}).plan

    assert list(plan.services) == ['a', 'b']
    assert list(plan.checks) == ['c', 'd']


@pytest.mark.parametrize(
    ('make', 'message'),
    [
        (
            lambda: Container('web', users=WRONG),
            "cannot use 'x' for Container.users: its type is str, not Users or None\n"
            '  hint: Container(users=Users(…))',
        ),
        (
            lambda: Container('web', liveness_probe=WRONG),
            "cannot use 'x' for Container.liveness_probe: "
            'its type is str, not LivenessProbe or None\n'
            '  hint: Container(liveness_probe=LivenessProbe(…))',
        ),
        (
            lambda: Container('web', image=WRONG),
            "cannot make files of 'x': it is no mapping\n  hint: {'/etc/app.conf': 'port = 80'}",
        ),
    ],
)
def test_parts_of_other_types_are_refused(make: Callable[[], Container], message: str):
    with pytest.raises(StateValidationError) as caught:
        make()

    assert str(caught.value) == message
