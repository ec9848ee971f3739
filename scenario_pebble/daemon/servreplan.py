"""Which services a request to /v1/services stops and starts, in which lanes."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from . import planorder
from .changes import Task
from .gotext import quote
from .plan import Plan

if TYPE_CHECKING:
    from .daemon import Daemon
    from .servrecord import ServiceStore

Lanes = Sequence[Sequence[str]]


def tasks(daemon: Daemon, kind: str, lanes: Lanes, after: Iterable[Task] = ()) -> list[Task]:
    """Tasks of a kind: a lane's in sequence, lanes in parallel, all of them after others."""
    # Pebble: servstate/request.go Start, Stop
    awaited = tuple(task.id for task in after)
    made: list[Task] = []
    for services in lanes:
        lane = daemon.changes.new_lane()
        former: tuple[str, ...] = ()
        for name in services:
            summary = f'{kind.title()} service {quote(name)}'
            waits = (*former, *awaited)
            task = daemon.changes.new_task(kind, summary, lane=lane, waits=waits, service=name)
            made.append(task)
            former = (task.id,)
    return made


@functools.lru_cache(maxsize=512)
def start_lanes(plan: Plan, names: tuple[str, ...]) -> Lanes:
    """What has to start so that services run, see `planorder.start_lanes`."""
    return planorder.start_lanes(plan.services, names)


@functools.lru_cache(maxsize=512)
def stop_lanes(plan: Plan, names: tuple[str, ...]) -> Lanes:
    """What has to stop so that services can, see `planorder.stop_lanes`."""
    return planorder.stop_lanes(plan.services, names)


def replan(daemon: Daemon, store: ServiceStore) -> tuple[Lanes, Lanes]:
    """What a replan stops and what it starts.

    Services whose configuration has changed take over the new one.

    Raises:
        plan.FormatError: If the services can't be ordered.
    """
    # Pebble: servstate/manager.go Replan
    plan = daemon.plan.plan
    changed: list[str] = []
    for data in store:
        config = plan.services.get(data.name)
        if config is not None:
            if config == data.config:
                continue
            workload = plan.workloads.get(config.workload, data.workload)
            store.update(data.name, config=config, workload=workload)
        changed.append(data.name)
    enabled = [name for name, config in plan.services.items() if config.enabled]
    return stop_lanes(plan, tuple(changed)), start_lanes(plan, (*changed, *enabled))


def only(names: Collection[str], lanes: Lanes) -> Lanes:
    """The lanes with nothing but these names in them."""
    kept = [[name for name in lane if name in names] for lane in lanes]
    return [lane for lane in kept if lane]


def lanes_to_shut_down(daemon: Daemon, store: ServiceStore) -> Lanes:
    """What has to be stopped before the daemon ends."""
    # Pebble: servstate/manager.go servicesToStop
    plan = daemon.plan.plan
    alive = {d.name for d in store if d.state in ('starting', 'running', 'backoff')}
    return only(alive, stop_lanes(plan, tuple(plan.services))) if alive else []
