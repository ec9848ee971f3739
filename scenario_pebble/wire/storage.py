"""Where ops keeps deferred events and stored state: in the State, instead of an SQLite file.

Implements the storage interface of ``ops.storage``.  Data is kept marshalled, so that charm and
State never share a changeable value, and what ops could not store in a file is refused here too.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterator
from typing import Any

import ops.storage

from ..frozen import FrozenList, evolve, thaw
from ..state.deferred import DeferredEvent
from ..state.event import LOCAL_APP
from ..state.relation import PeerRelation
from ..state.state import State
from ..state.stored import StoredState

# Of any object, not of ``on`` alone. The key of a stored state is the name of an attribute.
_EVENT = re.compile(r'(?:.*/)?\w+\[(\d+)\]')
_STORED = re.compile(r'(?:(?P<owner>.*)/)?(?P<kind>[^/\[]+)\[(?P<name>[^\]]*)\]')
# The framework's own counter of events, from which the paths of deferred events are made.
_FRAMEWORK = 'StoredStateData[_stored]'


class StateStorage:
    """Reads from a State, and writes beside it.

    Args:
        state: Where deferred events and stored states come from.
        app_name: The application's name.
    """

    def __init__(self, state: State, app_name: str):
        self._state = state
        self._app_name = app_name
        self._snapshots: dict[str, bytes] = {}
        self._notices: list[tuple[str, str, str]] = []
        self._stored = {_handle_path(stored): stored for stored in state.stored_states}
        self._dropped: set[str] = set()
        latest = 0
        for event in state.deferred:
            self._notices.append((event.handle_path, event.owner, event.observer))
            self.save_snapshot(event.handle_path, self._named(thaw(event.snapshot_data)))
            if match := _EVENT.fullmatch(event.handle_path):
                latest = max(latest, int(match[1]))
        self.save_snapshot(_FRAMEWORK, {'event_count': latest})

    def _named(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data of an event, with this application's name if a test could not know it."""
        if data.get('app_name') != LOCAL_APP or not self._is_peer(data.get('relation_id')):
            return data
        own = {'app_name': self._app_name}
        for key in ('unit_name', 'departing_unit'):
            if data.get(key):
                own[key] = f'{self._app_name}/{data[key].rpartition("/")[2]}'
        return {**data, **own}

    def _is_peer(self, relation_id: Any) -> bool:
        relations = self._state.relations
        return any(isinstance(r, PeerRelation) and r.id == relation_id for r in relations)

    def close(self) -> None:
        """Part of the interface."""

    def commit(self) -> None:
        """Part of the interface."""

    def save_snapshot(self, handle_path: str, snapshot_data: Any) -> None:
        """Keep a snapshot; it must consist of simple types."""
        self._snapshots[handle_path] = marshal.dumps(snapshot_data)

    def load_snapshot(self, handle_path: str) -> Any:
        """A snapshot, as a fresh value."""
        data = self._snapshots.get(handle_path)
        if data is not None:
            return marshal.loads(data)
        stored = self._stored.get(handle_path)
        if stored is None or handle_path in self._dropped:
            raise ops.storage.NoSnapshotError(handle_path)
        return thaw(stored.content)

    def drop_snapshot(self, handle_path: str) -> None:
        """Forget a snapshot, if there is one."""
        self._snapshots.pop(handle_path, None)
        self._dropped.add(handle_path)

    def list_snapshots(self) -> Iterator[str]:
        """The paths of all snapshots."""
        kept = (path for path in self._stored if path not in self._dropped)
        return iter(list(dict.fromkeys([*kept, *self._snapshots])))

    def save_notice(self, event_path: str, observer_path: str, method_name: str) -> None:
        """Remember that an observer has yet to handle an event."""
        self._notices.append((event_path, observer_path, method_name))

    def drop_notice(self, event_path: str, observer_path: str, method_name: str) -> None:
        """Forget that an observer has yet to handle an event."""
        dropped = (event_path, observer_path, method_name)
        self._notices = [notice for notice in self._notices if notice != dropped]

    def notices(self, event_path: str | None = None) -> Iterator[tuple[str, str, str]]:
        """The events that are yet to be handled, in order."""
        return iter([n for n in self._notices if not event_path or n[0] == event_path])

    def result(self, state: State) -> State:
        """*state* with the deferred events and stored states as they are now."""
        deferred = [self._deferred(*notice) for notice in self._notices]
        if deferred != state.deferred:
            state = evolve(state, deferred=FrozenList(deferred))
        if not self._has_stored():
            return state
        stored = frozenset(self._stored_states())
        return state if stored == state.stored_states else evolve(state, stored_states=stored)

    def _has_stored(self) -> bool:
        """Whether a stored state was written or dropped."""
        written = any(
            path != _FRAMEWORK and not _EVENT.fullmatch(path) for path in self._snapshots
        )
        return written or not self._dropped.isdisjoint(self._stored)

    def _deferred(self, handle_path: str, owner: str, observer: str) -> DeferredEvent:
        try:
            data = self.load_snapshot(handle_path)
        except ops.storage.NoSnapshotError:
            data: Any = {}
        return DeferredEvent(handle_path, owner, observer, data)

    def _stored_states(self) -> Iterator[StoredState]:
        for path in self.list_snapshots():
            match = None if _EVENT.fullmatch(path) else _STORED.fullmatch(path)
            old = self._stored.get(path)
            if match is None:
                continue
            content = self.load_snapshot(path)
            if old is not None and (path == _FRAMEWORK or old.content == content):
                yield old
            elif path != _FRAMEWORK:
                yield StoredState(
                    match['name'],
                    owner_path=match['owner'],
                    content=content,
                    _data_type_name=match['kind'],
                )


def _handle_path(stored: StoredState) -> str:
    own = f'{stored._data_type_name}[{stored.name}]'  # pyright: ignore[reportPrivateUsage]
    return f'{stored.owner_path}/{own}' if stored.owner_path else own
