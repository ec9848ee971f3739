"""Ops' own framework; it also records which events are emitted.

This is one of the modules that know names which ops keeps private.  It relies on
``ops.framework.Framework``: ``_emit``, ``_reemit``, ``_forget``, ``_storage``, and in ``observe``
the lists ``_observer`` and ``_observers``.
"""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, Protocol

import ops
import ops.framework

_FRAMEWORK_EVENTS = (ops.PreCommitEvent, ops.CommitEvent, ops.CollectStatusEvent)


class Capture(Protocol):
    """Which emitted events a Context records, and where."""

    capture_framework_events: bool
    capture_deferred_events: bool
    emitted_events: list[ops.EventBase]


# Methods whose signature was found to fit an observer; checking it is most of what observe()
# costs.
_fitting: weakref.WeakSet[Callable[..., Any]] = weakref.WeakSet()


class Framework(ops.Framework):
    """Ops' own framework; it also records which events are emitted."""

    capture: Capture

    def observe(self, bound_event: ops.BoundEvent, observer: Callable[[Any], None]) -> None:
        function = getattr(observer, '__func__', None)
        if function not in _fitting or type(bound_event) is not ops.BoundEvent:
            super().observe(bound_event, observer)
            _fitting.add(function)  # type: ignore[arg-type]  # a method, or observe() fails
            return
        emitter, kind = bound_event.emitter, bound_event.event_kind
        self.register_type(bound_event.event_type, emitter, kind)
        observing: ops.Object = observer.__self__  # type: ignore[attr-defined]
        path = observing.handle.path
        self._observer[path] = observing
        self._observers.append((path, observer.__name__, emitter.handle.path, kind))

    def _emit(self, event: ops.EventBase) -> None:
        capture = self.capture
        if capture.capture_framework_events or not isinstance(event, _FRAMEWORK_EVENTS):
            _record(event, capture)
        super()._emit(event)

    def _reemit(self, single_event_path: str | None = None) -> None:
        if self.capture.capture_deferred_events and single_event_path is None:
            for event_path, _, _ in self._storage.notices(None):
                self._record_deferred(event_path)
        super()._reemit(single_event_path)

    def _record_deferred(self, event_path: str) -> None:
        try:
            event: Any = self.load_snapshot(ops.Handle.from_path(event_path))
        except ops.framework.NoTypeError:
            return
        event.deferred = False
        self._forget(event)  # it is about to be loaded once more
        _record(event, self.capture)


def _record(event: ops.EventBase, capture: Capture) -> None:
    # Some events set attributes only when they are restored.
    event.restore(event.snapshot())
    capture.emitted_events.append(event)
