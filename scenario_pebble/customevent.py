"""Custom events: finding the emitter on the live charm, and turning values of the State into ops'
objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ops
from ops import pebble

from .errors import NoObserverError
from .state.check import CheckInfo
from .state.container import Container
from .state.event import Event
from .state.notice import Notice
from .state.relation import RelationBase
from .state.secret import Secret
from .state.storage import Storage


def bound(charm: ops.CharmBase, event: ops.BoundEvent) -> ops.BoundEvent:
    """The event of the object of the charm that has the emitter of *event*.

    Raises:
        NoObserverError: If the charm has no such object.
    """
    emitter_type = type(event.emitter)
    for owner in _objects(charm):
        for name, events in _class_attributes(type(owner)):
            if isinstance(events, emitter_type):
                return getattr(getattr(owner, name), event.event_kind)
    raise NoObserverError(
        f'cannot emit {event.event_kind!r}: {type(charm).__name__} has no object that emits it\n'
        '  hint: create it in the constructor of the charm'
    )


def arguments(
    charm: ops.CharmBase, event: Event, args: list[Any], kwargs: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """What Juju's event would be emitted with, and behind it what the test gave."""
    given = [_ops_value(charm, value) for value in event.custom_args]
    named = {name: _ops_value(charm, value) for name, value in event.custom_kwargs.items()}
    return [*args, *given], {**kwargs, **named}


def _objects(charm: ops.CharmBase) -> Iterator[ops.Object]:
    """The charm and every object that its framework knows."""
    yield charm
    known = list(charm.framework._objects.values())  # pyright: ignore[reportPrivateUsage]
    yield from (known_object for known_object in known if isinstance(known_object, ops.Object))


def _class_attributes(cls: type[Any]) -> Iterator[tuple[str, Any]]:
    for base in cls.__mro__:
        yield from vars(base).items()


def _ops_value(charm: ops.CharmBase, value: Any) -> Any:
    """What a charm sees of a component of the State; anything else is kept."""
    if isinstance(value, Secret):
        return charm.model.get_secret(id=value.id, label=value.label)
    if isinstance(value, RelationBase):
        return charm.model.get_relation(value.endpoint, value.id)
    if isinstance(value, Container):
        return charm.unit.get_container(value.name)
    if isinstance(value, Storage):
        storages = charm.model.storages[value.name]
        return next((s for s in storages if s.index == value.index), value)
    if isinstance(value, Notice):
        return pebble.Notice(**_fields(value))
    if isinstance(value, CheckInfo):
        return pebble.CheckInfo(**_fields(value))
    return value


def _fields(value: Notice | CheckInfo) -> dict[str, Any]:
    return dict(value.__dict__)
