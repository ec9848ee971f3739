"""A container of a State as a daemon, and a daemon as a container of a State."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from ops import pebble

from .clock import Clock
from .daemon import notices, planfacts
from .daemon.checkrecord import CheckData
from .daemon.daemon import Daemon
from .daemon.plan import Layer
from .daemon.saved import NOTHING, Saved
from .daemon.servrecord import Status
from .daemon.workload import Workload
from .dataclass import dataclass
from .filetree import FileTree
from .frozen import FrozenDict, FrozenList, evolve
from .kubelet import SavedKubelet
from .state.check import CheckInfo, Fail, Pass
from .state.container import Container
from .state.layer import FrozenLayer, freeze_layer
from .state.notice import Notice
from .state.plan import BASE_LABEL
from .state.program import Exec, Program
from .state.spec import ContainerSpec
from .times import duration_from_ns, duration_to_ns, from_ns, to_ns

Log = Callable[[str, str, str], None]


_WORKLOAD = ('execs', 'programs', 'outcomes')
_workload_of = operator.attrgetter(*_WORKLOAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What only Pebble remembers of a container, and the public values that it was saved with.

    A public value that a test has replaced since takes the place of what was saved.
    """

    saved: Saved
    layers: Mapping[str, pebble.Layer]
    service_statuses: Mapping[str, pebble.ServiceStatus | str]
    check_infos: frozenset[CheckInfo]
    notices: Sequence[Notice]
    execs: frozenset[Exec]
    programs: Mapping[str, Program]
    outcomes: Mapping[str, Pass | Fail]
    moves: bool
    """Whether time alone changes anything."""
    unseen: tuple[notices.Notice, ...]
    """What Juju has yet to see, since it could not connect."""
    kubelet: SavedKubelet = SavedKubelet()
    """What Kubernetes remembers."""


def moves(container: Container) -> bool:
    """Whether time alone may change anything in a container."""
    if container.runtime is not None:
        return container.runtime.moves or container.liveness_probe is not None
    return bool(
        container.check_infos
        or container.liveness_probe
        or (container.programs and container.service_statuses)
        or any(layer.checks for layer in container.layers.values())
    )


def kubelet_of(container: Container) -> SavedKubelet:
    """What Kubernetes remembers of a container."""
    runtime: Runtime | None = container.runtime
    return SavedKubelet() if runtime is None else runtime.kubelet


# -- from State to daemon


def load(
    container: Container,
    clock: Clock,
    workload: Workload,
    *,
    files: FileTree,
    seed: int,
    spec: ContainerSpec | None,
    log: Log,
) -> Daemon:
    """The daemon of a container, as it was saved or as the State describes it.

    Args:
        container: As the State has it.
        clock: Shared by all containers of a run.
        workload: What the programs do.
        files: What the container holds.
        seed: Of the randomness.
        spec: What the charm's metadata says of the container.
        log: Is told of all that happens.
    """
    runtime: Runtime | None = container.runtime
    daemon = Daemon(
        clock,
        workload,
        files=files,
        complete=container.users is not None or bool(container.image),
        mounts=tuple(container.mounts.values()),
        users=container.users,
        layers=() if runtime else container.layer_facts,
        seed=seed,
        name=container.name,
        user_id=(spec and spec.uid) or 0,
        group_id=spec and spec.gid,
        saved=runtime.saved if runtime else None,
        log=log,
    )
    _assume(daemon, container, runtime)
    return daemon


def _assume(daemon: Daemon, container: Container, runtime: Runtime | None) -> None:
    """Let the daemon take over the public values that a test gave or replaced."""
    if runtime is not None and container.layers != runtime.layers:
        daemon.plan.assume(container.layer_facts)
    if runtime is not None and _workload_of(container) != _workload_of(runtime):
        daemon.workload_changed()
    if runtime is None or container.service_statuses != runtime.service_statuses:
        for name, status in container.service_statuses.items():
            if runtime is None or runtime.service_statuses.get(name) != status:
                daemon.services.assume(name, _status_text(status))
    if container.notices != (runtime.notices if runtime else []):
        daemon.notices.assume([_notice_record(n, daemon.clock) for n in container.notices])
    if runtime is None or container.check_infos != runtime.check_infos:
        known = runtime.check_infos if runtime else frozenset[CheckInfo]()
        for info in container.check_infos - known:
            _assume_check(daemon, info)


def _assume_check(daemon: Daemon, info: CheckInfo) -> None:
    daemon.checks.assume(
        info.name,
        level=info.level.value if info.level else '',
        startup=info.startup.value,
        status=info.status.value,
        successes=info.successes or 0,
        failures=info.failures,
        threshold=info.threshold,
    )


def _status_text(status: pebble.ServiceStatus | str) -> Status:
    text = status.value if isinstance(status, pebble.ServiceStatus) else status
    return cast('Status', text)  # a Container checks its statuses


def _notice_record(notice: Notice, clock: Clock) -> notices.Notice:
    def at(time: Any) -> int:
        return clock.now_ns if time is None else to_ns(time)

    expire_after = notice.expire_after
    return notices.Notice(
        id=notice.id,
        user_id=notice.user_id,
        type=notice.type.value if isinstance(notice.type, pebble.NoticeType) else notice.type,
        key=notice.key,
        first_occurred_ns=at(notice.first_occurred),
        last_occurred_ns=at(notice.last_occurred),
        last_repeated_ns=at(notice.last_repeated),
        occurrences=notice.occurrences,
        last_data=FrozenDict(notice.last_data),
        repeat_after_ns=duration_to_ns(notice.repeat_after) if notice.repeat_after else 0,
        expire_after_ns=duration_to_ns(expire_after) if expire_after else notices.EXPIRE_AFTER_NS,
    )


# -- from daemon to State


def dump(
    container: Container,
    daemon: Daemon,
    saved: Saved,
    *,
    can_connect: bool,
    files: FileTree,
    unseen: tuple[notices.Notice, ...],
    kubelet: SavedKubelet,
) -> Container:
    """The container after a run; values that are equal to the old ones are the old ones.

    Args:
        container: As it was before.
        daemon: Where it comes from.
        saved: What the daemon gave to go on from.
        can_connect: Whether the daemon answers.
        files: What the container holds now.
        unseen: What Juju has yet to see.
        kubelet: What Kubernetes remembers.
    """
    public = {name: _shown(name, container, daemon, saved) for name in _SHOWN}
    workload = dict(zip(_WORKLOAD, _workload_of(container), strict=True))
    moves = daemon.moves or daemon.exit_code is not None  # then Kubernetes acts
    runtime = Runtime(
        saved=saved, moves=moves, unseen=unseen, kubelet=kubelet, **workload, **public
    )
    return evolve(container, can_connect=can_connect, files=files, runtime=runtime, **public)


def _shown(name: str, container: Container, daemon: Daemon, saved: Saved) -> Any:
    """A public value; the old one if what the daemon saved of it is."""
    runtime: Runtime | None = container.runtime
    part, show = _SHOWN[name]
    old = getattr(container, name)
    if runtime is None:
        same = not old and part(saved) is part(NOTHING)
    else:
        same = old is getattr(runtime, name) and part(saved) is part(runtime.saved)
    if same:
        return old
    new = show(container, daemon)
    return old if new == old else new


def _layers(container: Container, daemon: Daemon) -> FrozenDict[str, FrozenLayer]:
    shown: dict[str, FrozenLayer] = {}
    for layer in daemon.plan.layers:
        if layer.label != BASE_LABEL:
            old: Any = container.layers.get(layer.label)
            same: bool = getattr(old, '__dict__', {}).get('_facts') is layer
            shown[layer.label] = old if same else _public_layer(layer)
    return FrozenDict(shown)


_public_layers: dict[int, tuple[Layer, FrozenLayer]] = {}


def _public_layer(layer: Layer) -> FrozenLayer:
    # By identity: charms add equal layers again and again, and parsed ones are cached.
    known = _public_layers.get(id(layer))
    if known is not None:
        return known[1]
    if len(_public_layers) > 500:
        _public_layers.clear()
    public = freeze_layer(planfacts.layer_to_dict(layer))
    public.__dict__['_facts'] = layer
    _public_layers[id(layer)] = layer, public
    return public


def _service_statuses(
    container: Container, daemon: Daemon
) -> FrozenDict[str, pebble.ServiceStatus | str]:
    statuses = dict(container.service_statuses)
    for data in daemon.services.all():
        statuses[data.name] = _STATUSES.get(data.status, data.status)
    return FrozenDict(statuses)


_STATUSES: dict[str, pebble.ServiceStatus] = {
    status.value: status for status in pebble.ServiceStatus
}


def _check_infos(container: Container, daemon: Daemon) -> frozenset[CheckInfo]:
    old = {info.name: info for info in container.check_infos}
    infos: set[CheckInfo] = set()
    for data in daemon.checks.all():
        info = _check_info(data)
        known = old.get(info.name, info)
        same = known == info and known.change_id == info.change_id
        infos.add(known if same else info)
    return frozenset(infos)


def _check_info(data: CheckData) -> CheckInfo:
    # The daemon gives what a CheckInfo would check.
    return evolve(
        _CHECK_INFO,
        name=data.name,
        level=pebble.CheckLevel(data.level) if data.level else None,
        startup=_STARTUPS.get(data.startup, data.startup),
        status=_CHECK_STATUSES[data.status],
        successes=data.successes,
        failures=data.failures,
        threshold=data.threshold,
        change_id=pebble.ChangeID(data.change),
    )


_CHECK_INFO = CheckInfo('')
_STARTUPS: dict[str, pebble.CheckStartup | str] = {
    each.value: each for each in pebble.CheckStartup
}
_CHECK_STATUSES = {status.value: status for status in pebble.CheckStatus}


def _notices(container: Container, daemon: Daemon) -> FrozenList[Notice]:
    """The notices that a test can know of: change updates come and go with Pebble's own work."""
    old = {notice.id: notice for notice in container.notices}
    shown: list[Notice] = []
    for record in daemon.notices.all():
        if record.type == 'custom' or record.id in old:
            notice, known = _notice(record), old.get(record.id)
            shown.append(known if known is not None and known == notice else notice)
    return FrozenList(shown)


def _notice(record: notices.Notice) -> Notice:
    repeat_after_ns = record.repeat_after_ns
    return Notice(
        record.key,
        id=record.id,
        user_id=record.user_id,
        type=record.type,
        first_occurred=from_ns(record.first_occurred_ns),
        last_occurred=from_ns(record.last_occurred_ns),
        last_repeated=from_ns(record.last_repeated_ns),
        occurrences=record.occurrences,
        last_data=record.last_data,
        repeat_after=duration_from_ns(repeat_after_ns) if repeat_after_ns else None,
        expire_after=duration_from_ns(record.expire_after_ns),
    )


_SHOWN: dict[str, tuple[Callable[[Saved], Any], Callable[[Container, Daemon], Any]]] = {
    'layers': (operator.attrgetter('layers'), _layers),
    'service_statuses': (operator.attrgetter('services'), _service_statuses),
    'check_infos': (operator.attrgetter('checks'), _check_infos),
    'notices': (operator.attrgetter('notices'), _notices),
}
"""The public values of a container that Pebble changes: where they are saved, and how they are
shown."""
