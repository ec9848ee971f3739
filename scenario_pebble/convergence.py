"""Has a unit come to where it would be if nothing had failed?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import mountcopies
from .daemon import plancombine
from .daemon.servrecord import ServiceData
from .dataclass import dataclass
from .filetree import FileTree
from .frozen import EMPTY
from .state.container import Container
from .state.diff import differing
from .state.port import Port
from .state.relation import RelationBase
from .state.state import State
from .state.status import EntityStatus


@dataclass(frozen=True)
class Workload:
    """What counts of a container."""

    plan: Mapping[str, Any]
    service_statuses: Mapping[str, Any]
    outdated_services: frozenset[str]
    """Those that run as an earlier plan said: they were not replanned."""
    files: FileTree
    mounted: Mapping[str, bytes]
    """What the files on mounts hold."""


@dataclass(frozen=True)
class Databags:
    """What counts of a relation: what others read."""

    local_app_data: Mapping[str, str]
    local_unit_data: Mapping[str, str]


@dataclass(frozen=True)
class Footing:
    """What counts of a State: what Pebble runs, and what users and related applications see.

    How it came about doesn't count: change ids, notices, times, how often a check has passed, what
    the charm has stored or deferred.
    """

    containers: Mapping[str, Workload]
    relations: Mapping[int, Databags]
    opened_ports: frozenset[Port]
    unit_status: EntityStatus
    app_status: EntityStatus


def footing(state: State) -> Footing:
    """What counts of a State."""
    return Footing(
        containers={container.name: _workload(container) for container in state.containers},
        relations={relation.id: _databags(relation) for relation in state.relations},
        opened_ports=state.opened_ports,
        unit_status=state.unit_status,
        app_status=state.app_status,
    )


def _workload(container: Container) -> Workload:
    files: Any = container.files
    return Workload(
        plan=container.plan.to_dict(),
        service_statuses=container.service_statuses,
        outdated_services=_outdated_services(container),
        files=files,
        mounted=mountcopies.contents(container) if container.mounts else EMPTY,
    )


def _outdated_services(container: Container) -> frozenset[str]:
    if container.runtime is None:
        return frozenset()  # nothing was started yet
    planned = plancombine.plan_of(tuple(container.layer_facts)).services
    started: Mapping[str, ServiceData] = container.runtime.saved.services.services
    return frozenset(
        name
        for name, service in started.items()
        if service.status == 'active' and service.config != planned.get(name)
    )


def _databags(relation: RelationBase) -> Databags:
    return Databags(relation.local_app_data, relation.local_unit_data)


def differences(expected: tuple[Footing, Footing], actual: Footing) -> tuple[str, ...]:
    """The paths at which a unit isn't as it would be if nothing had failed.

    Args:
        expected: What two runs without failure led to; where they differ from each other (a random
            password, say) nothing is expected.
        actual: What a run with a failure led to.
    """
    random = set(differing(*expected))
    return tuple(path for path in differing(expected[0], actual) if path not in random)
