"""One event, as a test asks for it: the opaque value that ``ctx.on.…()`` gives."""

from __future__ import annotations

import dataclasses
import enum
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import ops

from .. import typehints
from ..dataclass import dataclass
from ..frozen import empty
from .action import Action
from .check import CheckInfo
from .container import Container
from .deferred import DeferredEvent
from .notice import Notice
from .relation import PeerRelation, Relation, RelationBase, SubordinateRelation
from .secret import Secret
from .storage import Storage
from .value import Value


class EventKind(enum.Enum):
    """What an event is about."""

    LIFECYCLE = 'lifecycle'
    RELATION = 'relation'
    STORAGE = 'storage'
    SECRET = 'secret'
    WORKLOAD = 'workload'
    ACTION = 'action'
    FRAMEWORK = 'framework'
    """Emitted by ops itself, not by Juju."""
    CUSTOM = 'custom'
    """Emitted by an object of the charm, for example a library."""


_KINDS = {
    'secret': EventKind.SECRET,
    'relation': EventKind.RELATION,
    'storage': EventKind.STORAGE,
    'pebble': EventKind.WORKLOAD,
    'collect': EventKind.FRAMEWORK,
}


@dataclass(frozen=True, repr=False)
class Event(Value):
    """One event.  Made by ``ctx.on``, run by ``ctx.run``."""

    suffix: str
    """What happens: ``start``, ``relation_changed``, ``pebble_ready``, ``action`` …"""

    _: dataclasses.KW_ONLY

    relation: RelationBase | None = None
    """Of a relation event."""

    remote_unit: int | None = None
    """The number of the remote unit that joined, changed or departed, if the test names it."""

    departing_unit: int | None = None
    """The number of the unit that leaves; by default *remote_unit*."""

    storage: Storage | None = None
    """Of a storage event."""

    secret: Secret | None = None
    """Of a secret event."""

    secret_revision: int | None = None
    """The revision that expired or may be removed."""

    container: Container | None = None
    """Of a workload event."""

    notice: Notice | None = None
    """Of a custom notice event."""

    check_info: CheckInfo | None = None
    """Of a check event."""

    action: Action | None = None
    """Of an action event."""

    custom_event: ops.BoundEvent | None = None
    """Of a custom event: as the class of the emitter shows it, for example ``Lib.on.ready``."""

    custom_args: tuple[Any, ...] = ()
    """Positional arguments of the custom event."""

    custom_kwargs: Mapping[str, Any] = dataclasses.field(default_factory=empty)
    """Keyword arguments of the custom event."""

    def __post_init__(self) -> None:
        for field, kind in _ABOUT.get(self.suffix, ()):
            part = getattr(self, field)
            if not isinstance(part, kind):
                raise TypeError(
                    f'cannot make {self.suffix!r} about {part!r}: it is no {kind.__name__}\n'
                    '  hint: pass the component that the State has'
                )
        for field in _NUMBERS.get(self.suffix, ()):
            number = getattr(self, field)
            if number is not None and (not isinstance(number, int) or number < 0):
                raise TypeError(
                    f'cannot make {self.suffix!r} with {field}={number!r}: '
                    'it is no whole number that is 0 or more\n'
                    f'  hint: {field}=1'
                )

    @property
    def kind(self) -> EventKind:
        """What the event is about."""
        if self.custom_event is not None:
            return EventKind.CUSTOM
        if self.action is not None:
            return EventKind.ACTION
        return _KINDS.get(self.suffix.partition('_')[0], EventKind.LIFECYCLE)

    @property
    def entity(self) -> str:
        """The endpoint, storage, container or action, verbatim; empty for other events."""
        if self.relation is not None:
            return self.relation.endpoint
        for part in (self.storage, self.container, self.action):
            if part is not None:
                return part.name
        return ''

    @property
    def name(self) -> str:
        """The event's name in ops, for example ``foo_bar_relation_changed``."""
        if self.custom_event is not None:
            return self.custom_event.event_kind
        entity = self.entity
        return f'{entity.replace("-", "_")}_{self.suffix}' if entity else self.suffix

    @property
    def hook_name(self) -> str:
        """The event's name in Juju, such as ``foo-bar-relation-changed``; empty for actions."""
        if self.action is not None:
            return ''
        suffix = self.suffix.replace('_', '-')
        return f'{self.entity}-{suffix}' if self.entity else suffix

    @property
    def unit_number(self) -> int | None:
        """The remote unit that the test names, else the first that the relation has."""
        if self.remote_unit is not None or self.relation is None:
            return self.remote_unit
        if self.suffix in ('relation_created', 'relation_broken'):
            return None
        return next(iter(self.relation.remote_units), None)

    def deferred(self, handler: Callable[..., Any], event_id: int = 1) -> DeferredEvent:
        """This event as the charm would have deferred it.

        Example::

            deferred = ctx.on.update_status().deferred(MyCharm._on_update_status)
            ctx.run(ctx.on.start(), State(deferred=[deferred]))

        Args:
            handler: The observing method, as an attribute of its class.
            event_id: The number that ops gave the event.

        Raises:
            ValueError: If *handler* is not a plain method of a class.
            TypeError: If *event_id* is no int.
        """
        names = handler.__qualname__.split('.') if inspect.isfunction(handler) else []
        if len(names) < 2 or names[-2] == '<locals>':
            raise ValueError(
                f'cannot defer {self.name!r} to {handler!r}: it is no method of a class\n'
                '  hint: pass for example MyCharm._on_start, or make a DeferredEvent yourself'
            )
        if unwanted := typehints.wanted(int).unwanted(event_id):
            raise TypeError(unwanted.message('event_id', 'event_id=1'))
        owner, observer = names[-2:]
        return DeferredEvent(
            f'{owner}/on/{self.name}[{event_id}]', owner, observer, self._snapshot()
        )

    def _snapshot(self) -> dict[str, Any]:
        """What the event's own ``snapshot()`` would give in ops."""
        if self.relation is not None:
            return self._relation_snapshot(self.relation)
        if self.container is not None:
            return self._workload_snapshot(self.container)
        if self.storage is not None:
            return {'storage_name': self.storage.name, 'storage_index': self.storage.index}
        if self.secret is not None:
            snapshot: dict[str, Any] = {
                'secret_id': self.secret.id,
                'secret_label': self.secret.label,
            }
            if self.suffix in ('secret_remove', 'secret_expired'):
                snapshot['secret_revision'] = self.secret_revision
            return snapshot
        return {} if self.action is None else {'id': self.action.id}

    def _relation_snapshot(self, relation: RelationBase) -> dict[str, Any]:
        app = remote_app_name(relation, LOCAL_APP)
        snapshot: dict[str, Any] = {
            'relation_name': relation.endpoint,
            'relation_id': relation.id,
            'app_name': app,
        }
        unit = self.unit_number
        if unit is not None:
            snapshot['unit_name'] = f'{app}/{unit}'
            if self.suffix == 'relation_departed':
                leaving = unit if self.departing_unit is None else self.departing_unit
                snapshot['departing_unit'] = f'{app}/{leaving}'
        return snapshot

    def _workload_snapshot(self, container: Container) -> dict[str, Any]:
        snapshot: dict[str, Any] = {'container_name': container.name}
        if self.notice is not None:
            snapshot['notice_id'] = self.notice.id
            snapshot['notice_key'] = self.notice.key
            snapshot['notice_type'] = getattr(self.notice.type, 'value', self.notice.type)
        elif self.check_info is not None:
            snapshot['check_name'] = self.check_info.name
        return snapshot


_Parts = tuple[tuple[str, type[Value]], ...]
_RELATION: _Parts = (('relation', RelationBase),)
_STORAGE: _Parts = (('storage', Storage),)
_SECRET: _Parts = (('secret', Secret),)
_CONTAINER: _Parts = (('container', Container),)
_CHECK: _Parts = (*_CONTAINER, ('check_info', CheckInfo))
_ABOUT: Mapping[str, _Parts] = {
    **dict.fromkeys(('relation_created', 'relation_joined', 'relation_changed'), _RELATION),
    **dict.fromkeys(('relation_departed', 'relation_broken'), _RELATION),
    **dict.fromkeys(('storage_attached', 'storage_detaching'), _STORAGE),
    **dict.fromkeys(('secret_changed', 'secret_rotate'), _SECRET),
    **dict.fromkeys(('secret_expired', 'secret_remove'), _SECRET),
    'pebble_ready': _CONTAINER,
    'pebble_custom_notice': (*_CONTAINER, ('notice', Notice)),
    **dict.fromkeys(('pebble_check_failed', 'pebble_check_recovered'), _CHECK),
}
"""What an event is about, by its suffix."""

_NUMBERS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(('relation_joined', 'relation_changed'), ('remote_unit',)),
    'relation_departed': ('remote_unit', 'departing_unit'),
    **dict.fromkeys(('secret_expired', 'secret_remove'), ('secret_revision',)),
}

LOCAL_APP = 'local'
"""Stands for this application, whose name isn't known, in a deferred peer relation event."""


def remote_app_name(relation: RelationBase, local_app: str) -> str:
    """The application on the other side: in a peer relation, this one."""
    if isinstance(relation, PeerRelation):
        return local_app
    other: Relation | SubordinateRelation = relation  # type: ignore[assignment]
    return other.remote_app_name
