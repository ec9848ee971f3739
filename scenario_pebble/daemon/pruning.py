"""Which old changes, notices and services the daemon forgets, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..clock import SECOND_NS

if TYPE_CHECKING:
    from .daemon import Daemon

# Pebble: overlord/overlord.go
INTERVAL_NS = 10 * 60 * SECOND_NS
PRUNE_AFTER_NS = 7 * 24 * 3600 * SECOND_NS
ABORT_AFTER_NS = 14 * 24 * 3600 * SECOND_NS
MOST_CHANGES = 1000
MOST_NOTICES = 1000
MOST_SERVICES = 100


def catch_up(daemon: Daemon) -> None:
    """Do what the pruning that was due last would have done.

    Pebble prunes every ten minutes; here that is made up for before something else happens.
    """
    now_ns, begun_ns = daemon.clock.now_ns, daemon.life.begun_ns
    at_ns = now_ns - (now_ns - begun_ns) % INTERVAL_NS
    if at_ns > max(daemon.pruned_ns, begun_ns):
        _prune_changes(daemon, at_ns)
        _prune_notices(daemon, at_ns)
        daemon.services.prune(at_ns - PRUNE_AFTER_NS, MOST_SERVICES)
        daemon.pruned_ns = at_ns
        daemon.idle_until_ns = _next_ns(daemon, now_ns)


def _prune_changes(daemon: Daemon, at_ns: int) -> None:
    # Pebble: overlord/state/state.go Prune
    ready = [c for c in daemon.changes.all() if c.ready_ns is not None and c.ready_ns <= at_ns]
    ready.sort(key=lambda change: change.ready_ns or 0)
    excess = len(ready) - MOST_CHANGES
    for index, change in enumerate(ready):
        if index < excess or (change.ready_ns or 0) < at_ns - PRUNE_AFTER_NS:
            daemon.changes.remove(change.id)
    for change in daemon.changes.all():
        old = change.spawn_ns < at_ns - ABORT_AFTER_NS
        if change.ready_ns is None and old and not change.endless:
            daemon.runner.abort_unready_lanes(change.id)


def _prune_notices(daemon: Daemon, at_ns: int) -> None:
    for notice in daemon.notices.all():
        of_change = notice.type == 'change-update'
        if notice.expired(at_ns) or (of_change and daemon.changes.get(notice.key) is None):
            daemon.notices.remove(notice)
    left = sorted(daemon.notices.all(), key=lambda notice: notice.last_occurred_ns)
    for notice in left[: max(len(left) - MOST_NOTICES, 0)]:
        daemon.notices.remove(notice)


def _next_ns(daemon: Daemon, now_ns: int) -> int:
    """Before when nothing of what there is now can be too old."""
    aging = (c for c in daemon.changes.all() if c.ready or not c.endless)
    ages = [change.ready_ns or change.spawn_ns for change in aging]
    ages += [notice.last_occurred_ns for notice in daemon.notices.all()]
    ages += [data.current_since_ns or 0 for data in daemon.services.all() if not data.process]
    return max(min([now_ns, *ages]) + PRUNE_AFTER_NS, now_ns + 1)
