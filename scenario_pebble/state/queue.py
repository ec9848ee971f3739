"""Events that Juju has yet to send: what became due meanwhile, and a hook that failed."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..dataclass import dataclass
from ..errors import StateValidationError, closest
from ..frozen import FrozenList, evolve
from .check import CheckInfo
from .event import Event, EventKind
from .moment import plain
from .secret import bare_id
from .value import Value

if TYPE_CHECKING:
    from .state import State

# Juju: internal/worker/uniter/hook.Info, and what it must hold for each kind of hook.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(('install', 'start', 'stop', 'remove', 'update_status', 'config_changed'), ()),
    **dict.fromkeys(('upgrade_charm', 'leader_elected'), ()),
    **dict.fromkeys(('pre_series_upgrade', 'post_series_upgrade'), ()),
    **dict.fromkeys(('relation_created', 'relation_joined', 'relation_changed'), ('relation',)),
    **dict.fromkeys(('relation_departed', 'relation_broken'), ('relation',)),
    **dict.fromkeys(('storage_attached', 'storage_detaching'), ('storage',)),
    **dict.fromkeys(('secret_changed', 'secret_rotate'), ('secret',)),
    **dict.fromkeys(('secret_expired', 'secret_remove'), ('secret', 'revision')),
    'pebble_ready': ('container',),
    'pebble_custom_notice': ('container', 'notice'),
    'pebble_check_failed': ('container', 'check'),
    'pebble_check_recovered': ('container', 'check'),
}
_LEADERS = ('secret_rotate', 'secret_expired', 'secret_remove')


@dataclass(frozen=True, repr=False)
class QueuedEvent(Value):
    """One event that waits in `State.queue`; ``ctx.advance`` delivers it.

    It names what it is about, and is delivered on what that has become by then.  If that is gone,
    so is the event.

    Example::

        QueuedEvent('relation_changed', relation=3, remote_unit=0)

    Raises:
        StateValidationError: If Juju queues no such event, or if a name that it needs is missing.
    """

    kind: str
    """The event's name in ops, without that of the container, relation or storage."""

    _: dataclasses.KW_ONLY

    container: str = ''
    """The workload container."""

    notice: str = ''
    """The notice's id."""

    check: str = ''
    """The check's name."""

    relation: int | None = None
    """The relation's id."""

    remote_unit: int | None = None
    """The number of the remote unit that joined, changed or departed."""

    departing_unit: int | None = None
    """The number of the unit that leaves, if it isn't the remote unit."""

    storage: str = ''
    """The storage instance as Juju names it, for example ``pgdata/0``."""

    secret: str = ''
    """The secret's id."""

    revision: int | None = None
    """The secret's revision that expired or may be removed."""

    at: datetime.datetime | None = dataclasses.field(default=None, compare=False)
    """When it became due, its hook failed, or it is going to be due; None: now. In UTC."""

    failures: int = dataclasses.field(default=0, compare=False)
    """How often its hook has failed by now."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.__dict__['at'] = plain(self.at)
        if self.kind not in _NEEDS:
            raise StateValidationError(
                f'cannot queue {self.kind!r}: it is no event that Juju sends by itself\n'
                f'  hint: {closest(str(self.kind), _NEEDS) or "one of " + ", ".join(_NEEDS)}'
            )
        for name in _NEEDS[self.kind]:
            if getattr(self, name) in (None, ''):
                raise StateValidationError(
                    f'cannot queue {self.kind!r}: it says nothing of its {name}\n'
                    f'  hint: QueuedEvent({self.kind!r}, {name}=…)'
                )

    @classmethod
    def of(cls, event: Event) -> QueuedEvent | None:
        """An event as Juju remembers it; None if it doesn't: actions, and what ops emits."""
        if event.kind in (EventKind.ACTION, EventKind.FRAMEWORK, EventKind.CUSTOM):
            return None
        about: dict[str, Any] = {}
        if event.relation is not None:
            about = {'relation': event.relation.id, 'remote_unit': event.unit_number}
            about['departing_unit'] = event.departing_unit
        elif event.container is not None:
            about['container'] = event.container.name
            about['notice'] = event.notice.id if event.notice else ''
            about['check'] = event.check_info.name if event.check_info else ''
        elif event.storage is not None:
            about['storage'] = f'{event.storage.name}/{event.storage.index}'
        elif event.secret is not None:
            about = {'secret': event.secret.id, 'revision': event.secret_revision}
        return cls(event.suffix, **about)

    def on(self, state: State) -> Event | None:
        """The event on what it is about as that is now; None if Juju would drop the event."""
        if self.container:
            return self._on_container(state)
        if self.relation is not None:
            return self._on_relation(state)
        if self.storage:
            return self._on_storage(state)
        if self.secret:
            return self._on_secret(state)
        # Juju: uniter/operation/runhook.go, Prepare.
        return Event(self.kind) if state.leader or self.kind != 'leader_elected' else None

    def _on_container(self, state: State) -> Event | None:
        container = next((c for c in state.containers if c.name == self.container), None)
        if container is None:
            return None
        if self.notice:
            notice = next((n for n in container.notices if n.id == self.notice), None)
            return notice and Event(self.kind, container=container, notice=notice)
        if self.check:
            infos = (i for i in container.check_infos if i.name == self.check)
            info = next(infos, None) or CheckInfo(self.check)
            return Event(self.kind, container=container, check_info=info)
        return Event(self.kind, container=container)

    def _on_relation(self, state: State) -> Event | None:
        relation = next((r for r in state.relations if r.id == self.relation), None)
        return relation and Event(
            self.kind,
            relation=relation,
            remote_unit=self.remote_unit,
            departing_unit=self.departing_unit,
        )

    def _on_storage(self, state: State) -> Event | None:
        found = (s for s in state.storages if f'{s.name}/{s.index}' == self.storage)
        storage = next(found, None)
        return storage and Event(self.kind, storage=storage)

    def _on_secret(self, state: State) -> Event | None:
        wanted = bare_id(self.secret)
        secret = next((s for s in state.secrets if bare_id(s.id) == wanted), None)
        if secret is None:
            return None
        if self.kind in _LEADERS and secret.owner == 'app' and not state.leader:
            return None  # Juju: as with leader_elected
        return Event(self.kind, secret=secret, secret_revision=self.revision)


def without(event: Event, state: State) -> State:
    """The State without an event that a test runs by itself, if that is first in the queue."""
    if state.queue and state.queue[0] == QueuedEvent.of(event):
        return evolve(state, queue=FrozenList(state.queue[1:]))
    return state
