"""How the runs of a check whose outcome is steady are counted without being made."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from . import gotext
from .changes import LOG_LINES
from .checkrecord import Attempt, CheckStore, Run

if TYPE_CHECKING:
    from .daemon import Daemon


class Coasting:
    """Lets checks coast while nothing can change: all runs succeed, or fail while it is down.

    No timer fires then.  What was missed is counted in closed form by `settle`, or shown by
    `CheckStore.view`; `end` makes a check run tick by tick again.
    """

    def __init__(self, daemon: Daemon, store: CheckStore):
        self._daemon = daemon
        self._store = store

    def wait_for_tick(self, run: Run) -> None:
        """Make the next tick fire."""
        self._daemon.timers.add(run.next_ns, 'check-tick', run.change, run.next_ns)

    def begin(self, run: Run, attempt: Attempt) -> None:
        """Let the runs to come go as this one went."""
        wake_ns = None
        if attempt.until_ns is not None:
            period_ns = run.period_ns
            late_ns = max(0, attempt.until_ns - run.next_ns)
            wake_ns = run.next_ns + -(-late_ns // period_ns) * period_ns
            self._daemon.timers.add(wake_ns, 'check-tick', run.change, wake_ns)
        self._store.update_run(run.change, coast=attempt, wake_ns=wake_ns)

    def settle(self, run: Run, before_ns: int | None = None) -> Run:
        """Count the runs that a coasting check has completed.

        Args:
            run: Of the check.
            before_ns: Count only those that began earlier than this.
        """
        completed = run.coasted(self._daemon.clock.now_ns)
        if before_ns is not None:
            completed = min(completed, (before_ns - run.next_ns) // run.period_ns)
        if run.coast is None or not completed:
            return run
        name, numbers = run.config.name, self._store.numbers
        if run.config.exec is not None:
            numbers[name] = numbers.get(name, 0) + completed
        if run.recovering:
            self._log_failures(run, run.coast, completed)
        successes, failures = (0, completed) if run.recovering else (completed, 0)
        self._store.count(name, successes=successes, failures=failures)
        run = self._store.update_run(
            run.change,
            successes=run.successes + successes,
            failures=run.failures + failures,
            next_ns=run.next_ns + completed * run.period_ns,
        )
        self._store.show_run(run)
        return run

    def _log_failures(self, run: Run, attempt: Attempt, completed: int) -> None:
        """Write the latest lines that the failures have left in the task's log."""
        changes = self._daemon.changes
        first_ns = run.next_ns + attempt.duration_ns
        lines = tuple(
            f'{gotext.format_seconds(first_ns + n * run.period_ns)} ERROR {attempt.text}'
            for n in range(max(0, completed - LOG_LINES), completed)
        )
        log = changes.task(run.task).log
        changes.update_task(run.task, log=(*log, *lines)[-LOG_LINES:])

    def settle_all(self) -> None:
        """Count what all coasting checks have completed."""
        if self._store.runs:
            for run in list(self._store.runs.values()):
                self.settle(run)

    def end_all(self) -> None:
        """The workload changed: run every check until its outcome is steady again."""
        if self._store.runs:
            for run in list(self._store.runs.values()):
                self.end(run)

    def end(self, run: Run) -> Run:
        """Run a check tick by tick again."""
        attempt, now_ns = run.coast, self._daemon.clock.now_ns
        if attempt is None:
            if run.attempt is None or not run.attempt.steady:
                return run
            attempt = dataclasses.replace(run.attempt, steady=False)
            return self._store.update_run(run.change, attempt=attempt)
        run = self.settle(run)
        if run.next_ns > now_ns:
            run = self._store.update_run(run.change, coast=None, wake_ns=None)
            self.wait_for_tick(run)
            return run
        # In the midst of a run, whose end is decided.
        attempt = dataclasses.replace(attempt, started_ns=run.next_ns, steady=False)
        self._daemon.timers.add(attempt.ends_ns, 'check-done', run.change, attempt.ends_ns)
        next_ns = run.next_ns + run.period_ns
        return self._store.update_run(
            run.change, coast=None, wake_ns=None, attempt=attempt, next_ns=next_ns
        )
