"""A value whose fields are of other types than its class names is refused."""

from __future__ import annotations

import dataclasses
import datetime
import ipaddress
import pathlib
import re
from collections.abc import Callable
from typing import Any, Literal
from unittest import mock

import ops
import pytest

import scenario_pebble as scenario
from scenario_pebble import StateValidationError


def any_(value: object) -> Any:
    return value


@pytest.mark.parametrize(
    ('make', 'message'),
    [
        (
            lambda: scenario.Container('web', can_connect=any_('yes')),
            "cannot use 'yes' for Container.can_connect: its type is str, not bool\n"
            '  hint: Container(can_connect=True)',
        ),
        (
            lambda: scenario.State(leader=any_(None)),
            'cannot use None for State.leader: its type is NoneType, not bool\n'
            '  hint: State(leader=True)',
        ),
        (
            lambda: scenario.State(model=any_('prod')),
            "cannot use 'prod' for State.model: its type is str, not Model\n"
            '  hint: State(model=Model(…))',
        ),
        (
            lambda: scenario.Relation('db', id=any_('1')),
            "cannot use '1' for Relation.id: its type is str, not int\n  hint: Relation(id=1)",
        ),
        (
            lambda: scenario.PeerRelation('db', any_(3)),
            'cannot use 3 for PeerRelation.interface: its type is int, not str or None\n'
            "  hint: PeerRelation(interface='…')",
        ),
        (
            lambda: scenario.Relation('db', remote_app_name=any_(None)),
            'cannot use None for Relation.remote_app_name: its type is NoneType, not str\n'
            "  hint: Relation(remote_app_name='…')",
        ),
        (
            lambda: scenario.SubordinateRelation('db', remote_unit_id=any_(1.5)),
            'cannot use 1.5 for SubordinateRelation.remote_unit_id: its type is float, not int\n'
            '  hint: SubordinateRelation(remote_unit_id=1)',
        ),
        (
            lambda: scenario.CheckInfo('up', failures=any_(True)),
            'cannot use True for CheckInfo.failures: its type is bool, not int\n'
            '  hint: CheckInfo(failures=1)',
        ),
        (
            lambda: scenario.Secret({'a': 'b'}, rotate='dayly'),
            "cannot use 'dayly' for Secret.rotate: Juju has no such policy\n"
            "  hint: did you mean 'daily'?",
        ),
        (
            lambda: scenario.Program(ports=any_({'x': 1})),
            "cannot use 'x' for Program.ports (its keys): its type is str, not int\n"
            "  hint: Program(ports={1: {'…': 1}})",
        ),
        (
            lambda: scenario.Program(ports=any_({80: {'/': 'ok'}})),
            "cannot use 'ok' for Program.ports[80]['/']: its type is str, not int\n"
            "  hint: Program(ports={1: {'…': 1}})",
        ),
        (
            lambda: scenario.Program(runs=any_(3)),
            'cannot use 3 for Program.runs: its type is int, not list\n'
            '  hint: Program(runs=[Program(…)])',
        ),
        (
            lambda: scenario.Exec(any_(None)),
            'cannot use None for Exec.command_prefix: its type is NoneType, not list\n'
            "  hint: Exec(command_prefix=['…'])",
        ),
        (
            lambda: scenario.Exec(['app'], handler=any_('x')),
            "cannot use 'x' for Exec.handler: its type is str, not function or None\n"
            '  hint: Exec(handler=lambda …: …)',
        ),
        (
            lambda: scenario.QueuedEvent('start', at=any_(3)),
            'cannot use 3 for QueuedEvent.at: its type is int, not datetime or None\n'
            '  hint: QueuedEvent(at=datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc))',
        ),
        (
            lambda: scenario.LivenessProbe(failure_threshold=any_(1.5)),
            'cannot use 1.5 for LivenessProbe.failure_threshold: its type is float, not int\n'
            '  hint: LivenessProbe(failure_threshold=1)',
        ),
        (
            lambda: scenario.Mount(location='/data', source=any_(None)),
            'cannot use None for Mount.source: its type is NoneType, not str or Path\n'
            "  hint: Mount(source='…')",
        ),
        (
            lambda: scenario.TCPPort(any_('80')),
            "cannot use '80' for TCPPort.port: its type is str, not int\n  hint: TCPPort(port=1)",
        ),
    ],
)
def test_a_field_of_another_type_is_refused(make: Callable[[], Any], message: str):
    with pytest.raises(scenario.StateValidationError) as caught:
        make()

    assert str(caught.value) == message


@pytest.mark.parametrize('endpoint', [None, 3, ['db'], ''])
def test_a_name_is_text(endpoint: Any):
    with pytest.raises(scenario.StateValidationError, match=r'^cannot use relation endpoint name'):
        scenario.Relation(endpoint)


def test_what_stands_for_a_value_of_the_type_is_taken():
    class Name(str):
        pass

    assert scenario.Relation('db', Name('pgsql')).interface == 'pgsql'
    assert scenario.Fault('GET', 'slow', seconds=1).seconds == 1
    assert scenario.Mount(location='/a', source=any_(pathlib.PurePosixPath('/b'))).location == '/a'
    assert scenario.Notice('a.b/c', repeat_after=datetime.timedelta(0)).repeat_after is not None


def test_what_ops_testing_takes_is_taken():
    assert scenario.CheckInfo('up', threshold=any_(None)).threshold is None
    assert scenario.Secret({'a': 'b'}, owner=any_('remote')).owner is None
    assert scenario.Network('db', bind_addresses=any_(['x'])).bind_addresses == ['x']


@pytest.mark.parametrize('level', [3, 'live', []])
def test_a_level_that_pebble_lacks_is_refused_as_by_ops_testing(level: Any):
    with pytest.raises(ValueError) as caught:
        scenario.CheckInfo('up', level=level)

    assert str(caught.value) == (
        f'cannot use {level!r} for CheckInfo.level: Pebble has no such level\n'
        "  hint: 'alive' or 'ready'"
    )


def test_a_subclass_may_have_fields_that_only_type_checkers_understand():
    class Mine(scenario.Relation):
        extra: Unknown  # type: ignore # noqa: F821

    assert Mine('db').endpoint == 'db'


@pytest.mark.parametrize(
    ('make', 'message'),
    [
        (
            lambda: scenario.File(any_(-1)),
            'cannot use -1 for File.data: its type is int, not str or bytes or bytearray\n'
            "  hint: File(data='…')",
        ),
        (
            lambda: scenario.File('x', user=any_(3)),
            "cannot use 3 for File.user: its type is int, not str or None\n  hint: File(user='…')",
        ),
        (
            lambda: scenario.Directory(mode=any_('755')),
            "cannot use '755' for Directory.mode: its type is str, not int\n"
            '  hint: Directory(mode=1)',
        ),
        (
            lambda: scenario.Symlink(any_(None)),
            'cannot use None for Symlink.target: its type is NoneType, not str or PathLike\n'
            "  hint: Symlink(target='…')",
        ),
        (
            lambda: scenario.Container('web', files=any_({3: 'x'})),
            "cannot use 3 as a path in a container: it is no text\n  hint: '/etc/app.conf'",
        ),
        (
            lambda: scenario.Users(any_({'me': 7})),
            "cannot use 7 for Users.users['me']: its type is int, not User\n"
            "  hint: Users(users={'…': User(…)})",
        ),
    ],
)
def test_files_and_users_are_checked_as_well(make: Callable[[], Any], message: str):
    with pytest.raises(scenario.StateValidationError) as caught:
        make()

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ('pattern', 'found'),
    [
        (scenario.ActiveStatus(mock.ANY), scenario.ActiveStatus('ready')),
        (scenario.CheckInfo('up', status=mock.ANY, failures=mock.ANY), scenario.CheckInfo('up')),
        (scenario.CheckInfo('up', level=mock.ANY, startup=mock.ANY), scenario.CheckInfo('up')),
        (scenario.Notice('a.b/c', type=mock.ANY, last_data=mock.ANY), scenario.Notice('a.b/c')),
        (scenario.Relation('db', id=mock.ANY), scenario.Relation('db')),
        (
            scenario.Secret({'key': 'x'}, id=mock.ANY, rotate=mock.ANY, expire=mock.ANY),
            scenario.Secret({'key': 'x'}, rotate=ops.SecretRotate.DAILY),
        ),
        (scenario.StoredState(content=mock.ANY), scenario.StoredState(content={'a': 1})),
        (scenario.Container('db', can_connect=mock.ANY), scenario.Container('db')),
        (scenario.State(leader=mock.ANY), scenario.State()),
        (scenario.TCPPort(mock.ANY), scenario.TCPPort(80)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_to_compare_with_may_leave_fields_open(pattern: Any, found: Any):
    assert found == pattern


def test_what_equals_everything_is_no_collection():
    message = 'cannot use <ANY> for State.containers: it is no collection\n  hint: State('

    with pytest.raises(StateValidationError, match=f'^{re.escape(message)}'):
        scenario.State(containers=mock.ANY)


def test_a_value_that_only_a_test_gives_has_no_open_fields():
    message = 'cannot use <ANY> for Program.exit_code: its type is _ANY, not int'

    with pytest.raises(StateValidationError, match=f'^{re.escape(message)}\n'):
        scenario.Program(exit_code=mock.ANY)


def test_the_fields_that_a_class_of_the_user_adds_are_not_checked():
    @dataclasses.dataclass(frozen=True)
    class Mine(scenario.Storage):
        size: Literal[1, 2] = 1

    assert Mine('data', index=0, size=2).size == 2


def test_addresses_may_be_those_of_ipaddress():
    one, net = ipaddress.ip_address('10.0.0.1'), ipaddress.ip_network('10.0.0.0/24')
    address = scenario.Address(any_(one), cidr=any_(net))
    network = scenario.Network('db', ingress_addresses=[any_(one)], egress_subnets=[any_(net)])

    assert (address.value, address.cidr) == ('10.0.0.1', '10.0.0.0/24')
    assert network.ingress_addresses == ['10.0.0.1']
    assert network.egress_subnets == ['10.0.0.0/24']
