"""What is possible in a State or with an event, and yet most likely not meant?"""

from __future__ import annotations

import collections
import itertools
import pathlib
from collections.abc import Iterable, Iterator

from ops import pebble

from ..errors import closest
from .container import Container
from .event import Event
from .eventrules import PARAM_TYPES
from .spec import CharmSpec
from .state import State

_MEANT: dict[str, pebble.CheckStatus] = {
    'pebble_check_failed': pebble.CheckStatus.DOWN,
    'pebble_check_recovered': pebble.CheckStatus.UP,
}


def of_event(event: Event, state: State, spec: CharmSpec) -> Iterator[str]:
    """The doubts about running an event on a State."""
    if event.action is not None:
        yield from _of_params(event.action.name, spec)
    if event.container is not None:
        found = next((c for c in state.containers if c.name == event.container.name), None)
        if found is not None:
            yield from _of_workload(event, found)
    if event.relation is not None:
        yield from _of_remote_unit(event)


def _of_workload(event: Event, container: Container) -> Iterator[str]:
    path = f'.containers[{container.name!r}]'
    if not container.can_connect:
        yield (
            f'{path}.can_connect is False, but Juju sends {event.name!r} only while Pebble answers'
        )
    meant, given = _MEANT.get(event.suffix), event.check_info
    if meant is None or given is None:
        return
    for info in container.check_infos:
        if info.name == given.name and info.status is not meant:
            status = getattr(info.status, 'value', info.status)
            yield (
                f'{path}.check_infos[{info.name!r}].status is {status!r} by the time that '
                f'{event.name!r} comes'
            )


def _of_remote_unit(event: Event) -> Iterator[str]:
    if event.relation is None or event.remote_unit is not None or event.unit_number is None:
        return
    units = sorted(event.relation.remote_units)
    if len(units) > 1:
        yield (
            f'{event.name!r} is about remote unit {event.unit_number}: remote unit ID unset, '
            f'and multiple remote unit IDs are present: {units}; pass remote_unit=…'
        )


def _of_params(action: str, spec: CharmSpec) -> Iterator[str]:
    for name, schema in spec.action_params(action).items():
        kind = schema.get('type')
        if kind and kind not in PARAM_TYPES:
            yield (
                f"metadata's parameter {name!r} of action {action!r} has the type {kind!r}, "
                'which JSON schema lacks: its value is not checked'
            )


def of_containers(containers: Iterable[Container]) -> Iterator[str]:
    """The doubts about containers, whatever happens to them."""
    for container in sorted(containers, key=lambda c: c.name):
        if not container.service_statuses and len(container.mounts) < 2 > len(container.execs):
            continue
        path = f'.containers[{container.name!r}]'
        yield from _of_services(path, container)
        yield from _of_mounts(path, container)
        yield from _of_execs(path, container)


def _of_services(path: str, container: Container) -> Iterator[str]:
    if not container.service_statuses:
        return
    known = {name for layer in container.layers.values() for name in layer.services}
    known.update(container._base_plan.get('services') or ())  # pyright: ignore[reportPrivateUsage]
    for name in sorted(container.service_statuses.keys() - known):
        hint = closest(name, known) or 'Pebble shows it once a layer defines it'
        yield f'{path}.service_statuses[{name!r}] is of a service that no layer has; {hint}'


def _of_mounts(path: str, container: Container) -> Iterator[str]:
    places = sorted((pathlib.PurePosixPath(m.location), n) for n, m in container.mounts.items())
    for (upper, first), (lower, second) in itertools.combinations(places, 2):
        if lower.is_relative_to(upper):
            yield f'{path}.mounts[{second!r}] at {lower} lies over mounts[{first!r}] at {upper}'


def _of_execs(path: str, container: Container) -> Iterator[str]:
    counts = collections.Counter(tuple(each.command_prefix) for each in container.execs)
    for prefix in sorted(prefix for prefix, count in counts.items() if count > 1):
        yield (
            f'{path}.execs has {counts[prefix]} with the command prefix {list(prefix)!r}; '
            'only one of them answers, keep that'
        )
