"""What a Context remembers of all its runs: the history of what the charm told Juju."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..dataclass import dataclass
from ..state.status import EntityStatus


@dataclass(frozen=True)
class JujuLogLine:
    """A line that the charm logged.

    Example::

        assert JujuLogLine('INFO', 'started') not in ctx.juju_log
    """

    level: str
    """``DEBUG``, ``INFO``, ``WARNING`` …"""

    message: str
    """The line."""


@dataclasses.dataclass(eq=False, repr=False)
class Records:
    """Lists that only ever grow; but what belongs to an action starts anew with each action."""

    juju_log: list[JujuLogLine] = dataclasses.field(default_factory=list[JujuLogLine])
    """Every line that was logged."""

    app_status_history: list[EntityStatus] = dataclasses.field(default_factory=list[EntityStatus])
    """The application's statuses before the current one, oldest first."""

    unit_status_history: list[EntityStatus] = dataclasses.field(default_factory=list[EntityStatus])
    """The unit's statuses before the current one, oldest first."""

    workload_version_history: list[str] = dataclasses.field(default_factory=list[str])
    """The workload's versions before the current one, oldest first."""

    removed_secret_revisions: list[int] = dataclasses.field(default_factory=list[int])
    """The revisions that the charm removed from its secrets."""

    requested_storages: dict[str, int] = dataclasses.field(default_factory=dict[str, int])
    """How many instances of each storage the charm asked for last."""

    reboots: list[str] = dataclasses.field(default_factory=list[str])
    """``later`` (when the hook is over) or ``now``, for each time the charm asked for a reboot."""

    trace_data: list[Any] = dataclasses.field(default_factory=list[Any])
    """The spans of ops and the charm (``ReadableSpan``), if ops-tracing is installed."""

    action_logs: list[str] = dataclasses.field(default_factory=list[str])
    """What the latest action logged."""

    action_results: dict[str, Any] | None = None
    """What the latest action gave; None: nothing."""

    action_failure: str | None = None
    """Why the latest action failed; None: it didn't."""

    def start_action(self) -> None:
        """Forget the previous action."""
        self.action_logs.clear()
        self.action_results = None
        self.action_failure = None
