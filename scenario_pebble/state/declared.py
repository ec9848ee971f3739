"""What a State holds that has one of everything that a charm declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from .container import Container
from .relation import PeerRelation, Relation, RelationBase, SubordinateRelation
from .spec import CharmSpec, Endpoint
from .storage import Storage
from .stored import StoredState

V = TypeVar('V')


def fields(
    spec: CharmSpec,
    *,
    config: Mapping[str, Any] | None,
    relations: Iterable[RelationBase] | None,
    containers: Iterable[Container] | None,
    storages: Iterable[Storage] | None,
    stored_states: Iterable[StoredState] | None,
) -> dict[str, Any]:
    """The fields of a State; what is given takes the place of what would be made for it."""
    return {
        'config': {**spec.config_defaults, **(config or {})},
        'relations': _completed(
            relations,
            lambda relation: relation.endpoint,
            {name: partial(_relation, endpoint) for name, endpoint in spec.endpoints.items()},
        ),
        'containers': _completed(
            containers,
            lambda container: container.name,
            {name: partial(Container, name, can_connect=True) for name in spec.containers},
        ),
        'storages': _completed(
            storages,
            lambda storage: storage.name,
            {name: partial(Storage, name) for name in spec.storages},
        ),
        'stored_states': _completed(
            stored_states,
            lambda stored: (stored.name, stored.owner_path),
            {
                (name, owner): partial(StoredState, name, owner_path=owner)
                for name, owner in spec.stored_states()
            },
        ),
    }


def _completed(
    given: Iterable[V] | None, key: Callable[[V], Any], makers: Mapping[Any, Callable[[], V]]
) -> list[V]:
    """What was given, and a new one for each key that was not."""
    values = list(given or ())
    known = set(map(key, values))
    return values + [make() for name, make in makers.items() if name not in known]


def _relation(endpoint: Endpoint) -> RelationBase:
    if endpoint.role == 'peers':
        return PeerRelation(endpoint.name, endpoint.interface)
    kind = SubordinateRelation if endpoint.subordinate else Relation
    return kind(endpoint.name, endpoint.interface)
