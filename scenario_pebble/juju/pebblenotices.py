"""Which events Juju sends for the notices that Pebble records in a container."""

# Juju: internal/worker/uniter/pebblenotices.go

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ops.jujuversion import JujuVersion

from ..daemon.changes import Change
from ..daemon.notices import Notice
from ..state.queue import QueuedEvent
from ..times import from_ns

_FAILED = ('perform-check', 'Error')
_RECOVERED = ('recover-check', 'Done')
_CHECK_EVENTS: Mapping[tuple[str, str], str] = {
    _FAILED: 'pebble_check_failed',
    _RECOVERED: 'pebble_check_recovered',
}


class PebbleNoticer:
    """Takes note of the notices of one container, and says which events they make.

    Args:
        container: Its name.
        change_of: Gives a change by its id, as it is when asked.
        juju_version: Check events came with Juju 3.6, custom notices with 3.4.
    """

    def __init__(
        self, container: str, change_of: Callable[[str], Change | None], juju_version: str
    ):
        self._container = container
        self._change_of = change_of
        self._knows_notices, self._knows_checks = _known_by(juju_version)
        self.unseen: tuple[Notice, ...] = ()
        """What has occurred since `events` was last asked for."""

    def occurred(self, notice: Notice) -> None:
        """A notice was recorded, or repeated."""
        if notice.type == 'custom' or 'check-name' in notice.last_data:
            self.unseen = (*self.unseen, notice)

    def events(self) -> list[QueuedEvent]:
        """The events of all that has occurred since they were last asked for, in order of time."""
        seen, self.unseen = self.unseen, ()
        # A change's notice says nothing of its status: Juju asks for the change, and so sees the
        # status that it has by then.
        latest = {notice.id: number for number, notice in enumerate(seen)}
        events = (
            self._event(notice, is_latest=latest[notice.id] == number)
            for number, notice in enumerate(seen)
        )
        return [event for event in events if event is not None]

    def _event(self, notice: Notice, *, is_latest: bool) -> QueuedEvent | None:
        if notice.type == 'custom':
            if not self._knows_notices:
                return None
            return self._queued('pebble_custom_notice', notice, notice=notice.id)
        change = self._change_of(notice.key)
        if change is None or not is_latest or not self._knows_checks:
            return None
        kind = _CHECK_EVENTS.get((change.kind, change.status))
        return self._queued(kind, notice, check=notice.last_data['check-name']) if kind else None

    def _queued(self, kind: str, of: Notice, **subject: Any) -> QueuedEvent:
        at = from_ns(of.last_repeated_ns)
        return QueuedEvent(kind, container=self._container, at=at, **subject)


@functools.lru_cache(maxsize=64)
def _known_by(juju_version: str) -> tuple[bool, bool]:
    """Whether a Juju knows custom notices, and failing checks."""
    version = JujuVersion(juju_version)
    return version >= '3.4.0', version >= '3.6.0'
