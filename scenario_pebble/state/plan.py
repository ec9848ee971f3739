"""The plan of a container in a State, as Pebble would combine and show it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any, cast

from ops import pebble

from ..daemon import plan, plancombine, plandump, planfacts
from ..errors import StateValidationError
from .layer import FrozenLayer, freeze_layer

# A label that no charm can use: '/' separates a sub-directory from its layers.
BASE_LABEL = '/base'


def layer_facts(container: str, label: str, layer: FrozenLayer) -> plan.Layer:
    """A layer of a State in the daemon's terms.

    Raises:
        StateValidationError: If Pebble could not read it.
    """
    # Remembered on the layer, which never changes: most States of a suite share a few layers.
    known: plan.Layer | None = layer.__dict__.get('_facts')
    if known is None or known.label != label:
        known = _facts(f".containers['{container}'].layers['{label}']", label, layer.to_dict())
        layer.__dict__['_facts'] = known
    return known


def base_facts(container: str, base_plan: Mapping[str, Any]) -> plan.Layer | None:
    """The plan that lies under all layers, if there is one, as a layer."""
    if not base_plan:
        return None
    layer = freeze_layer(base_plan, f'_base_plan of container {container!r}')
    return layer_facts(container, BASE_LABEL, layer)


def _facts(path: str, label: str, content: Mapping[str, Any]) -> plan.Layer:
    try:
        return planfacts.facts_from_dict(label, content)
    except ValueError as e:
        raise StateValidationError(
            f'cannot read layer {label!r}: {e}\n'
            f'  in: State{path}\n'
            '  hint: Pebble refuses this layer too; see its layer specification'
        ) from e


def combined_plan(container: str, layers: Iterable[plan.Layer]) -> pebble.Plan:
    """What ``get_plan()`` gives for these layers.

    Raises:
        StateValidationError: If they don't combine.
    """
    try:
        combined = plancombine.plan_of(tuple(layers))
    except plan.FormatError as e:
        raise StateValidationError(
            f'cannot combine the layers of container {container!r}: {e}\n'
            f"  in: State.containers['{container}'].layers\n"
            '  hint: Pebble refuses this plan too; change one of its layers'
        ) from e
    return pebble.Plan(_dumped(combined))


@functools.lru_cache(maxsize=256)
def _dumped(combined: plan.Plan) -> pebble.PlanDict:
    # Pebble writes the plan sorted by name. pebble.Plan copies what it takes from it.
    sections = plandump.dump(combined).items()
    return cast('pebble.PlanDict', {name: dict(sorted(part.items())) for name, part in sections})


def service_infos(
    services: Mapping[str, pebble.Service], statuses: Mapping[str, pebble.ServiceStatus | str]
) -> dict[str, pebble.ServiceInfo]:
    """What ``get_services()`` gives for the services of a plan, sorted by name."""
    return {
        name: pebble.ServiceInfo(
            name,
            # Pebble: anything but 'enabled' is disabled.
            startup=pebble.ServiceStartup(
                'enabled' if services[name].startup == 'enabled' else 'disabled'
            ),
            current=statuses.get(name, pebble.ServiceStatus.INACTIVE),
        )
        for name in sorted(services)
    }
