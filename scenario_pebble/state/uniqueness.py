"""Which parts of a State have a name or an id that no other may have? One function per rule."""

from __future__ import annotations

import collections
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from .container import Container
from .network import Network
from .problem import Problem
from .relation import RelationBase
from .resource import Resource
from .secret import Secret, bare_id
from .stored import StoredState


def containers(parts: frozenset[Container], _: Any) -> Iterator[Problem]:
    """A pod has one container of a name."""
    for name, count in _repeated(parts, lambda container: container.name):
        yield _shared(
            f'.containers[{name!r}]',
            f'{count} containers have this name',
            'keep one; state.with_container() puts one in the place of another',
        )


def relations(parts: frozenset[RelationBase], _: Any) -> Iterator[Problem]:
    """Juju tells relations apart by their ids."""
    for relation_id, count in _repeated(parts, lambda relation: relation.id):
        yield _shared(
            f'.relations[{relation_id}]',
            f'{count} relations have this id',
            'leave id out: each relation gets one of its own',
        )


def secrets(parts: frozenset[Secret], _: Any) -> Iterator[Problem]:
    """Juju tells secrets apart by their ids."""
    for secret_id, count in _repeated(parts, lambda secret: bare_id(secret.id)):
        yield _shared(
            f".secrets['secret:{secret_id}']",
            f'{count} secrets have this id',
            'leave id out: each secret gets one of its own',
        )


def networks(parts: frozenset[Network], _: Any) -> Iterator[Problem]:
    """``network-get`` gives one answer for a binding."""
    for name, count in _repeated(parts, lambda network: network.binding_name):
        yield _shared(
            f'.networks[{name!r}]',
            f'{count} networks are for this binding',
            'keep one; it may have several addresses',
        )


def resources(parts: frozenset[Resource], _: Any) -> Iterator[Problem]:
    """``resource-get`` gives one file for a name."""
    for name, count in _repeated(parts, lambda resource: resource.name):
        yield _shared(f'.resources[{name!r}]', f'{count} resources have this name', 'keep one')


def stored_states(parts: frozenset[StoredState], _: Any) -> Iterator[Problem]:
    """Ops keeps one for each owner and name."""
    for (owner, name), count in _repeated(parts, lambda stored: (stored.owner_path, stored.name)):
        yield _shared(
            f'.stored_states[{name!r}]',
            f'{owner or "the framework"} has {count} stored states of this name',
        )


def _repeated(parts: Collection[Any], key: Callable[[Any], Any]) -> Iterable[tuple[Any, int]]:
    if len(parts) < 2:
        return ()
    counts = collections.Counter(map(key, parts))
    return ((name, count) for name, count in counts.items() if count > 1)


def _shared(path: str, cause: str, hint: str = '') -> Problem:
    return Problem(path, cause, hint=hint)
