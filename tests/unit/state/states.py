"""States to try things on: of every component a few, with every field now set, now left out."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Callable
from typing import Any, TypeVar

import ops
from hypothesis import strategies as st
from ops import pebble

from scenario_pebble.daemon.users import User, Users
from scenario_pebble.filetree import Directory, File, FileTree, Node, Special, Symlink
from scenario_pebble.state.check import CheckInfo, Fail, Pass
from scenario_pebble.state.container import Container, Mount
from scenario_pebble.state.deferred import DeferredEvent
from scenario_pebble.state.fault import Fault
from scenario_pebble.state.liveness import LivenessProbe
from scenario_pebble.state.model import CloudCredential, CloudSpec, Model
from scenario_pebble.state.network import Address, BindAddress, Network
from scenario_pebble.state.notice import Notice
from scenario_pebble.state.port import ICMPPort, TCPPort, UDPPort
from scenario_pebble.state.program import Exec, OnSignal, Program
from scenario_pebble.state.queue import QueuedEvent
from scenario_pebble.state.relation import PeerRelation, Relation, SubordinateRelation
from scenario_pebble.state.resource import Resource
from scenario_pebble.state.secret import Secret
from scenario_pebble.state.state import State
from scenario_pebble.state.status import BY_NAME, EntityStatus
from scenario_pebble.state.stimulus import (
    Connect,
    CrashService,
    Disconnect,
    FailCheck,
    Notify,
    PassCheck,
    ReplaceContainer,
    RestartContainer,
)
from scenario_pebble.state.storage import Storage
from scenario_pebble.state.stored import StoredState

V = TypeVar('V')
Any_ = st.SearchStrategy[Any]


def answer(call: Any) -> str:
    """A handler that can be found by its name."""
    return 'answer'


def some(kind: Callable[..., V], *given: Any_, **optional: Any_) -> st.SearchStrategy[V]:
    """Values of a class: with these arguments, and some of those keyword arguments."""

    def made(arguments: tuple[Any, ...], keywords: dict[str, Any]) -> V:
        return kind(*arguments, **keywords)

    return st.builds(made, st.tuples(*given), st.fixed_dictionaries({}, optional=optional))


def few(items: st.SearchStrategy[V]) -> st.SearchStrategy[list[V]]:
    return st.lists(items, max_size=2)


def by(keys: Any_, values: Any_) -> Any_:
    return st.dictionaries(keys, values, max_size=2)


texts = st.text(max_size=6) | st.sampled_from(['', 'a\nb\n', ' | \n', '2026-01-01', 'yes', '0x1'])
names = st.sampled_from(['a', 'db', 'web', 'x2y'])
numbers = st.integers(0, 12)
seconds = st.floats(0, 1e6)
octets = st.binary(max_size=4)
zones = st.sampled_from([datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=-3.5))])
aware = st.datetimes(timezones=zones)
spans = st.timedeltas(datetime.timedelta(-3), datetime.timedelta(30000))
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | seconds | texts | octets,
    lambda inner: (
        few(inner)
        | by(texts | st.just('$set'), inner)
        | by(numbers | texts, inner)
        | few(inner).map(tuple)
        | st.frozensets(texts | numbers, max_size=2)
    ),
    max_leaves=4,
)
bags = by(texts, texts)

statuses = st.builds(EntityStatus.from_status_name, st.sampled_from(['unknown', *BY_NAME]), texts)

relation: dict[str, Any_] = {'local_app_data': bags, 'local_unit_data': bags}
relations = st.one_of(
    some(
        *(Relation, names, st.none() | texts),
        **{**relation, 'id': numbers, 'remote_app_name': names, 'limit': numbers},
        remote_app_data=bags,
        remote_units_data=by(numbers, bags),
        remote_model_uuid=st.none() | texts,
    ),
    some(PeerRelation, names, **{**relation, 'id': numbers, 'peers_data': by(numbers, bags)}),
    some(SubordinateRelation, names, **relation, remote_unit_id=numbers, remote_unit_data=bags),
)

contents = st.dictionaries(texts, texts, min_size=1, max_size=2)
secrets = some(
    *(Secret, contents),
    latest_content=contents,
    owner=st.sampled_from(['unit', 'app', None]),
    label=texts,
    expire=aware | st.datetimes(),
    tracked_revision=numbers,
    rotate=st.sampled_from(list(ops.SecretRotate)),
    remote_grants=by(numbers, few(names)),
)

addresses = some(Address, texts, hostname=texts, cidr=texts)
networks = some(
    Network,
    names,
    few(some(BindAddress, few(addresses), interface_name=texts, mac_address=st.none() | texts)),
    ingress_addresses=few(texts),
)

credentials = st.builds(CloudCredential, auth_type=texts, attributes=bags, redacted=few(texts))
clouds = some(
    CloudSpec, texts, region=texts, credential=credentials, skip_tls_verify=st.booleans()
)
models = some(Model, texts, uuid=texts, type=st.sampled_from(['lxd']), cloud_spec=clouds)

ports = st.one_of(
    st.builds(TCPPort, st.integers(1, 65535)),
    st.builds(UDPPort, st.integers(1, 65535)),
    st.builds(ICMPPort),
)

owned: dict[str, Any_] = {
    'user': st.sampled_from(['root', 'postgres', '']),
    'user_id': st.sampled_from([0, 33, 70, 65534]),
    'group': st.sampled_from(['root', 'postgres', '']),
    'group_id': st.sampled_from([0, 33, 70]),
    'mtime_ns': st.integers(0, 2**61) | st.just(10**18),
}
modes = st.sampled_from([0o600, 0o4755, 0])
nodes = st.one_of(
    some(File, texts | octets, mode=modes, **owned),
    some(Directory, mode=modes, **owned),
    some(Symlink, texts, **owned),
    some(Special, st.sampled_from(['socket', 'device']), mode=modes, **owned),
)
places = st.sampled_from(['/a', '/a/b', '/a/b/c', '/d/e', '/d/é "f'])


@st.composite
def trees(draw: st.DrawFn, of: FileTree = FileTree()) -> FileTree:  # noqa: B008 (immutable)
    """Trees that were made step by step from another one."""
    tree = of
    for path in draw(st.lists(places, max_size=5)):
        node: Node | None = draw(st.none() | nodes)
        if path in tree:
            tree = tree.remove(path, draw(st.none() | st.integers(0, 2**60)))
        above = next((p for p in ('/a/b', '/a') if path.startswith(f'{p}/') and p in tree), '')
        if node is not None and (not above or isinstance(tree[above], Directory)):
            tree = tree.write(path, node)
    return tree


services = some(
    dict[str, Any],
    **{'command': texts, 'environment': bags, 'user-id': numbers, 'after': few(names)},
    override=st.sampled_from(['replace', 'merge']),
)
checks = some(
    dict[str, Any], http=st.just({'url': 'http://x'}), threshold=numbers, exec=by(names, texts)
)
layers = some(
    dict[str, Any], summary=texts, services=by(names, services), checks=by(names, checks)
)

outputs = texts | octets
execs = some(
    *(Exec, few(texts)),
    return_code=numbers,
    stdout=outputs,
    stderr=outputs,
    duration=seconds,
    handler=st.sampled_from([None, answer]),
)
simple_programs = some(
    Program,
    exit_after=st.none() | seconds,
    stdout=texts,
    files=by(texts, outputs),
    ports=by(numbers, st.none() | by(texts, numbers)),
    notices=by(texts, bags),
    signals=by(
        st.sampled_from(['SIGHUP', 'SIGTERM', 'SIGUSR1']),
        some(OnSignal, st.none() | numbers, seconds),
    ),
)
programs = simple_programs | st.builds(Program, runs=few(simple_programs))
check_infos = some(
    *(CheckInfo, names),
    level=st.sampled_from([None, *pebble.CheckLevel]),
    failures=numbers,
    status=st.sampled_from(list(pebble.CheckStatus)),
    successes=st.none() | numbers,
    change_id=st.none() | st.builds(pebble.ChangeID, texts),
)
notices = some(
    *(Notice, texts),
    id=texts,
    user_id=st.none() | numbers,
    last_data=bags,
    occurrences=numbers,
    type=st.sampled_from(['custom', 'warning', 'new']),
    first_occurred=aware,
    last_occurred=aware,
    repeat_after=spans,
    expire_after=spans,
)
faults = st.builds(
    Fault,
    st.sampled_from(['', 'GET /v1/changes/*/wait', 'POST /v1/services']),
    st.sampled_from(['connection-refused', 'timeout', 'slow']),
    number=st.none() | st.integers(1, 3),
)
mounts = st.builds(
    Mount,
    location=st.sampled_from(['/m', pathlib.PurePosixPath('/m')]),
    source=st.sampled_from(['/s', pathlib.Path('/s')]),
)
users = st.builds(Users, by(texts, st.builds(User, numbers, numbers, texts)), by(texts, numbers))


@st.composite
def containers(draw: st.DrawFn) -> Container:
    image = draw(trees())
    return draw(
        some(
            *(Container, names),
            can_connect=st.booleans(),
            _base_plan=by(texts, plain),
            execs=few(execs),
            layers=by(texts, layers),
            mounts=by(texts, mounts),
            users=users,
            service_statuses=by(names, st.sampled_from(['active', 'error', 'backoff'])),
            notices=few(notices),
            check_infos=few(check_infos),
            image=st.just(image),
            files=trees(image),
            programs=by(names, programs),
            outcomes=by(names, st.just(Pass()) | st.builds(Fail, texts)),
            faults=few(faults),
            liveness_probe=st.builds(LivenessProbe, period=st.integers(1, 60)),
        )
    )


queued = st.one_of(
    st.builds(QueuedEvent, st.sampled_from(['start', 'leader_elected']), at=st.none() | aware),
    st.builds(
        QueuedEvent,
        st.just('relation_departed'),
        relation=numbers,
        remote_unit=st.none() | numbers,
        departing_unit=st.none() | numbers,
    ),
    st.builds(QueuedEvent, st.just('storage_attached'), storage=st.just('db/0')),
    st.builds(QueuedEvent, st.just('secret_remove'), secret=st.just('secret:a'), revision=numbers),
    st.builds(QueuedEvent, st.just('pebble_check_failed'), container=names, check=names, at=aware),
    st.builds(QueuedEvent, st.just('pebble_custom_notice'), container=names, notice=names),
)

moments: dict[str, Any_] = {'at': aware | seconds, 'every': st.none() | st.integers(1, 99)}
stimuli = st.one_of(
    some(*(Notify, names, texts), data=bags, repeat_after=seconds, user_id=numbers, **moments),
    some(*(FailCheck, names, names, texts), **moments),
    some(*(PassCheck, names, names), **moments),
    some(*(CrashService, names, names, numbers), **moments),
    some(*(Disconnect, names), **moments),
    some(*(Connect, names), **moments),
    some(*(RestartContainer, names), graceful=st.booleans(), **moments),
    some(*(ReplaceContainer, names), **moments),
)


states = some(
    State,
    config=by(texts, texts | st.integers() | seconds | st.booleans()),
    relations=few(relations),
    networks=few(networks),
    secrets=few(secrets),
    containers=few(containers()),
    storages=few(st.builds(Storage, names)),
    opened_ports=few(ports),
    leader=st.booleans(),
    model=models,
    resources=few(st.builds(Resource, name=names, path=texts | st.just(pathlib.Path('/r')))),
    planned_units=numbers,
    deferred=few(st.builds(DeferredEvent, texts, texts, texts, by(texts | numbers, plain))),
    stored_states=few(some(StoredState, names, owner_path=texts, content=by(texts, plain))),
    app_status=statuses,
    unit_status=statuses,
    workload_version=texts,
    server_state=bags,
    time=aware,
    queue=few(queued),
    schedule=few(stimuli),
)
