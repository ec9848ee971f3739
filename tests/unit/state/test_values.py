"""What holds for every component of a container."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import pathlib
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis.vendor.pretty import pretty
from ops import pebble

from scenario_pebble.daemon.users import User, Users
from scenario_pebble.filetree import Directory, File, FileTree, Special, Symlink
from scenario_pebble.frozen import FrozenDict, FrozenList
from scenario_pebble.state.check import CheckInfo, Fail, Pass
from scenario_pebble.state.container import Container, Mount
from scenario_pebble.state.fault import Fault
from scenario_pebble.state.layer import freeze_layer
from scenario_pebble.state.notice import Notice
from scenario_pebble.state.program import Exec, ExecCall, ExecResult, OnSignal, Program
from scenario_pebble.state.value import Value

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)


def handler(call: ExecCall) -> str:
    return call.stdin


LAYER = freeze_layer({'services': {'web': {'command': 'serve', 'environment': {'A': '1'}}}})

VALUES = [
    CheckInfo('up'),
    CheckInfo('up', level='alive', status='down', failures=3, change_id='7'),  # type: ignore[arg-type]
    CheckInfo('up', status=pebble.CheckStatus.INACTIVE),
    Container('db'),
    Container(
        'db',
        can_connect=True,
        _base_plan={'services': {'web': {'command': 'x'}}},
        layers={'base': LAYER},
        service_statuses={'web': 'active', 'api': 'backoff'},
        mounts={'data': Mount(location='/data', source='/tmp')},
        execs=[Exec(['ls'])],
        notices=[Notice('a.b/c', id='1')],
        check_infos=[CheckInfo('up')],
        image={'/bin/ls': ''},
        files={'/etc/app.conf': 'port = 80'},
        users=Users({'me': User(7, 7)}),
        programs={'web': Program()},
        outcomes={'up': Pass()},
        faults=[Fault('POST /v1/services', 'api-error', status=502, after=True)],
    ),
    Exec(['ls', '-l'], stdout='a', duration=1.5),
    ExecResult(stdout=b'\xff', return_code=1),
    Fail('refused'),
    Fault('GET', 'slow', number=None, seconds=2),
    Mount(location=pathlib.PurePosixPath('/data'), source=pathlib.Path('/tmp')),
    Notice('a.b/c', id='1', user_id=7, last_data={'a': 'b'}, first_occurred=NOON),
    Notice('a.b/c', id='2', type='new', repeat_after=datetime.timedelta(hours=1)),
    OnSignal(1, 0.5),
    Pass(),
    Program(signals={'SIGTERM': OnSignal(0)}, ports={80: None, 81: {'/': 404}}, files={'/a': b''}),
    Program(runs=[Program(exit_after=0.5), Program()]),
]

PARTS = [
    Directory({'a': File('x')}, mode=0o700),
    File(b'\xff', user='postgres', mtime_ns=5),
    FileTree.from_mapping({'/a': 'x', '/b/c': Symlink('/a')}),
    Special('socket'),
    Symlink('/a'),
]
"""Values that no class of `state` is the base of."""

NAMES: dict[str, Any] = {
    **{type(value).__name__: value.__class__ for value in [*VALUES, *PARTS]},
    'Layer': pebble.Layer,
    'PosixPath': pathlib.PosixPath,
    'PurePosixPath': pathlib.PurePosixPath,
    'User': User,
    'Users': Users,
    'datetime': datetime,
}

every_value = pytest.mark.parametrize('value', [*VALUES, *PARTS], ids=repr)


def test_no_component_is_left_out():
    tested = {type(value) for value in VALUES}
    modules = {cls.__module__ for cls in tested}

    assert {cls for cls in subclasses(Value) if cls.__module__ in modules} == tested


def subclasses(cls: type[Any]) -> set[type[Any]]:
    return {cls for sub in cls.__subclasses__() for cls in {sub, *subclasses(sub)}}


@every_value
def test_repr_can_be_evaluated(value: Any):
    assert eval(repr(value), NAMES) == value


@pytest.mark.parametrize('value', VALUES, ids=repr)
def test_what_hypothesis_shows_can_be_evaluated(value: Any):
    assert eval(pretty(value), NAMES) == value


def test_hypothesis_shows_what_differs_from_the_default():
    web = Container('web', can_connect=True, layers={'web': {'summary': 'x' * 60}})

    assert pretty(web) == (
        "Container(name='web',\n"
        '    can_connect=True,\n'
        f"    layers={{'web': Layer({{'summary': '{'x' * 60}'}})}})"
    )


@every_value
@pytest.mark.parametrize('copied', [copy.copy, copy.deepcopy], ids=['copy', 'deepcopy'])
def test_a_copy_is_the_object_itself(value: Any, copied: Callable[[Any], Any]):
    assert copied(value) is value


@pytest.mark.parametrize(
    'value',
    [
        *VALUES,
        *PARTS,
        LAYER,
        pytest.param(Exec(['cat'], handler=handler), id='Exec with a handler'),
    ],
    ids=repr,
)
def test_pickling_keeps_the_value(value: Any):
    read = pickle.loads(pickle.dumps(value))

    assert read == value
    assert type(read) is type(value)


@every_value
def test_replacing_nothing_gives_an_equal_value_of_the_same_hash(value: Any):
    replaced = dataclasses.replace(value)

    assert replaced == value
    assert hash(replaced) == hash(value)


@every_value
def test_no_field_can_be_assigned(value: Any):
    for field in dataclasses.fields(value):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, field.name, None)


def test_a_repr_uses_up_no_id():
    repr(Notice('a.b/c'))
    first = Notice('a.b/c')
    repr(first)

    assert int(Notice('a.b/c').id) == int(first.id) + 1


def test_a_layer_hashes_and_keeps_its_value_when_frozen_again():
    assert freeze_layer(LAYER) is LAYER
    assert hash(freeze_layer(LAYER.to_dict())) == hash(LAYER)
    assert copy.copy(LAYER) is LAYER


def test_frozen_collections_pickle_as_themselves():
    value = FrozenDict({'a': FrozenList([FrozenDict({'b': 1})])})

    read = pickle.loads(pickle.dumps(value))

    assert (type(read), type(read['a']), type(read['a'][0])) == (
        FrozenDict,
        FrozenList,
        FrozenDict,
    )
    assert read == value
