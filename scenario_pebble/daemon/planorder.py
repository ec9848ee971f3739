"""In which order services start and stop, and which of them wait for one another (lanes)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .gotext import quote
from .plan import FormatError, Service

Services = Mapping[str, Service]


def start_lanes(services: Services, names: Iterable[str]) -> list[list[str]]:
    """What has to start so that *names* run: lanes that run in parallel, each in order.

    Raises:
        FormatError: If a service doesn't exist or is part of a before/after loop.
    """
    return _lanes(services, start_order(services, names))


def stop_lanes(services: Services, names: Iterable[str]) -> list[list[str]]:
    """What has to stop so that *names* can: lanes that run in parallel, each in order.

    Raises:
        FormatError: If a service doesn't exist or is part of a before/after loop.
    """
    return _lanes(services, stop_order(services, names))


def start_order(services: Services, names: Iterable[str]) -> list[str]:
    """The names and all that they require, in the order in which they start."""
    required = {name: service.requires for name, service in services.items()}
    chosen = _reachable(services, names, required)
    return _sorted(services, chosen, stop=False)


def stop_order(services: Services, names: Iterable[str]) -> list[str]:
    """The names and all that require them, in the order in which they stop."""
    dependents: dict[str, list[str]] = {}
    for name, service in services.items():
        for required in service.requires:
            dependents.setdefault(required, []).append(name)
    chosen = _reachable(services, names, dependents)
    return _sorted(services, chosen, stop=True)


def _reachable(
    services: Services, names: Iterable[str], edges: Mapping[str, Sequence[str]]
) -> list[str]:
    """The names and what they lead to, in alphabetical order."""
    found: set[str] = set()
    pending = list(names)
    for name in pending:
        if name in found:
            continue
        if name not in services:
            raise FormatError(f'service {quote(name)} does not exist')
        found.add(name)
        pending += _without_loose_ends(services, name, edges.get(name, ()))
    return sorted(found)


def _without_loose_ends(services: Services, name: str, leads_to: Sequence[str]) -> Sequence[str]:
    """What a State describes may require services that it doesn't describe."""
    if not services[name].is_fact:
        return leads_to
    return [other for other in leads_to if other in services]


def _sorted(services: Services, chosen: list[str], *, stop: bool) -> list[str]:
    # Pebble: plan/plan.go order. Only before and after count, among the chosen services.
    successors: dict[str, list[str]] = {name: [] for name in chosen}
    for name in chosen:
        after, before = services[name].after, services[name].before
        if stop:
            after, before = before, after
        successors[name] += [other for other in after if other in successors]
        for other in before:
            if other in successors:
                successors[other].append(name)
    order: list[str] = []
    for component in _components(successors):
        if len(component) > 1:
            raise FormatError(f'services in before/after loop: {", ".join(sorted(component))}')
        order += component
    return order


def _components(successors: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Tarjan's strongly connected components, successors first."""
    # Pebble: plan/tarjan.go.  Long chains of services don't fit Python's stack.
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    components: list[list[str]] = []
    for root in sorted(successors):
        begun = [root] if root not in index else []
        while begun:
            node = begun[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
            new = next((other for other in successors[node] if other not in index), None)
            if new is not None:
                begun.append(new)
                continue
            begun.pop()
            stacked = set(stack)
            low[node] = min([low[node], *(low[o] for o in successors[node] if o in stacked)])
            if low[node] == index[node]:
                begin = stack.index(node)
                components.append(stack[begin:])
                del stack[begin:]
    return components


def _lanes(services: Services, order: Sequence[str]) -> list[list[str]]:
    # Pebble: plan/plan.go createLanes. After falling back to an earlier lane the next new number
    # may already be taken, so that unrelated services share a lane.
    lane_of: dict[str, int] = {}
    lane = -1
    lanes: dict[int, list[str]] = {}
    for name in order:
        requires = services[name].requires
        known = (lane_of[other] for other in (name, *requires) if other in lane_of)
        lane = next(known, lane + 1)
        for other in (name, *requires):
            lane_of[other] = lane
    for name in order:
        lanes.setdefault(lane_of[name], []).append(name)
    return [lanes[number] for number in sorted(lanes)]
