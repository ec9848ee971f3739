"""How a check that goes on is run tick by tick, goes down and comes up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..frozen import evolve
from . import checkers, plan
from .changes import Task
from .checkcoasting import Coasting
from .checkrecord import Attempt, CheckStore, Run
from .gotext import quote

if TYPE_CHECKING:
    from .daemon import Daemon

PERFORM = 'perform-check'
RECOVER = 'recover-check'


_RUN = Run(change='', task='', config=plan.Check(name=''))


class Refresh:
    """Somebody waits for a run to be over."""

    def __init__(self) -> None:
        self.done = False
        self.error: str | None = None
        self.ends_ns: int | None = None
        """When the run of an inactive check is over; None: nobody knows yet."""

    def finish(self, error: str | None) -> None:
        self.done, self.error = True, error


class CheckRuns:
    """The runs of all checks that aren't inactive.

    A check whose outcome is steady coasts, see `checkcoasting`: no timer fires for it.
    """

    # Pebble: checkstate/handlers.go

    def __init__(self, daemon: Daemon, store: CheckStore):
        self._daemon = daemon
        self._store = store
        self._coasting = Coasting(daemon, store)
        self.settle = self._coasting.settle_all
        self.workload_changed = self._coasting.end_all
        self._waiting: dict[str, list[Refresh]] = {}
        """Who waits until a check can be refreshed, by its name."""
        self._refreshing: dict[str, Refresh] = {}
        """Whom the present run of a change is for."""
        for kind in (PERFORM, RECOVER):
            daemon.runner.on(kind, self._begin, self._abort)
        daemon.timers.on('check-tick', self._tick)
        daemon.timers.on('check-done', self._done)

    # -- beginning and ending

    def create(
        self,
        config: plan.Check,
        *,
        recovering: bool = False,
        successes: int = 0,
        failures: int = 0,
    ) -> str:
        """Make the change of a run; it begins when the task runner comes to it.

        Returns:
            The change's id.
        """
        # Pebble: checkstate/request.go
        kind = RECOVER if recovering else PERFORM
        summary = summary_of(config, recovering=recovering)
        changes = self._daemon.changes
        task = changes.new_task(kind, summary)
        change = changes.new_change(
            kind, summary, [task], notice_data={'check-name': config.name}, endless=True
        )
        self._store.runs[change.id] = evolve(
            _RUN,
            change=change.id,
            task=task.id,
            config=config,
            recovering=recovering,
            successes=successes,
            failures=failures,
        )
        self._daemon.runner.wake()
        return change.id

    def _begin(self, task: Task) -> None:
        run = self._store.runs.get(task.change)
        if run is None:
            self._daemon.runner.finish(task.id)
            return
        next_ns = self._daemon.clock.now_ns + run.period_ns
        run = self._store.update_run(run.change, next_ns=next_ns)
        if not self._refresh_if_wanted(run):
            self._coasting.wait_for_tick(run)

    def _abort(self, task: Task) -> None:
        self._forget(task.change)
        self._daemon.runner.finish(task.id)

    def _forget(self, change: str) -> None:
        if change in self._store.runs:
            self._coasting.settle(self._store.runs[change])
            del self._store.runs[change]
        if change in self._refreshing:
            self._refreshing.pop(change).finish(None)

    def drop(self, change: str) -> None:
        """Forget a run and its change, as if there had never been any."""
        run = self._store.runs[change]
        self._forget(change)
        self._daemon.runner.forget(run.task)
        self._daemon.changes.remove(change)

    # -- running

    def _tick(self, change: str, due_ns: int) -> None:
        run = self._store.runs.get(change)
        if run is None or run.attempt is not None:
            return
        if run.coast is not None:
            if run.wake_ns != due_ns:
                return
            run = self._coasting.settle(run, before_ns=due_ns)
            run = self._store.update_run(change, coast=None, wake_ns=None)
        if run.next_ns == due_ns:
            self._start(run, run.next_ns + run.period_ns)

    def _start(self, run: Run, next_ns: int) -> None:
        """Run the check now."""
        attempt = self.perform(run.config)
        if attempt.duration_ns:
            self._store.update_run(run.change, next_ns=next_ns, attempt=attempt)
            self._daemon.timers.add(attempt.ends_ns, 'check-done', run.change, attempt.ends_ns)
        else:
            self._finish(self._store.update_run(run.change, next_ns=next_ns), attempt)

    def perform(self, config: plan.Check) -> Attempt:
        """Ask what comes of a run that starts now."""
        number = 1
        if config.exec is not None:
            number = self._store.numbers.get(config.name, 0) + 1
            self._store.numbers[config.name] = number
        return checkers.perform(self._daemon, config, number)

    def _done(self, change: str, ends_ns: int) -> None:
        run = self._store.runs.get(change)
        if run is not None and run.attempt is not None and run.attempt.ends_ns == ends_ns:
            self._finish(self._store.update_run(change, attempt=None), run.attempt)

    def _finish(self, run: Run, attempt: Attempt) -> None:
        refresh = self._refreshing.pop(run.change, None)
        if attempt.error is None:
            self._passed(run)
        else:
            self._failed(run, attempt)
        if refresh is not None:
            refresh.finish(attempt.text)
        self._go_on(run.change, attempt)

    def _go_on(self, change: str, attempt: Attempt) -> None:
        """Wait for the next tick, unless the change has ended."""
        run = self._store.runs.get(change)
        now_ns = self._daemon.clock.now_ns
        if run is None or self._refresh_if_wanted(run):
            return
        if run.next_ns <= now_ns:
            # A slow run delays the next one, which is due at once.
            self._start(run, run.next_ns + run.period_ns)
        elif attempt.steady and run.recovering == (attempt.error is not None):
            self._coasting.begin(run, attempt)
        else:
            self._coasting.wait_for_tick(run)

    # -- results

    def _passed(self, run: Run) -> None:
        config, name = run.config, run.config.name
        self._store.count(name, successes=1)
        if run.recovering:
            del self._store.runs[run.change]
            self._daemon.runner.finish(run.task)
            change = self.create(config, successes=1)
            self._store.show(config, change, run.change, 1, 0)
            self._log(name, 'up')
            return
        failures = run.failures
        self._store.show_run(
            self._store.update_run(run.change, successes=run.successes + 1, failures=0)
        )
        if failures:
            failed = '1 failure' if failures == 1 else f'{failures} failures'
            self._daemon.changes.log(run.task, f'succeeded after {failed}')
            self._log(name, f'succeeded after {failed}')

    def _failed(self, run: Run, attempt: Attempt) -> None:
        config, name = run.config, run.config.name
        self._store.count(name, failures=1)
        run = self._store.update_run(run.change, failures=run.failures + 1)
        text = attempt.text or ''
        if run.recovering or run.failures < config.threshold:
            self._store.show_run(run)
            self._daemon.changes.log(run.task, text, error=True)
            if not run.recovering:
                self._log(name, f'failure {run.failures}/{config.threshold}: {attempt.error}')
            return
        self._log(name, f'failure {run.failures}/{config.threshold} → down: {attempt.error}')
        self._daemon.services.check_failed(name)
        del self._store.runs[run.change]
        self._daemon.runner.finish(run.task, text)
        change = self.create(
            config, recovering=True, successes=run.successes, failures=run.failures
        )
        self._store.show(config, change, run.change, run.successes, run.failures)

    def _log(self, name: str, text: str) -> None:
        if self._daemon.log is not None:
            self._daemon.log('check', name, text)

    # -- refreshing

    def refresh(self, name: str, change: str) -> Refresh:
        """Run a check at once, or as soon as its present run is over.

        Args:
            name: Of the check.
            change: That of the check. If it was aborted, nobody refreshes until the next one.
        """
        refresh = Refresh()
        self._waiting.setdefault(name, []).append(refresh)
        run = self._store.runs.get(change)
        if run is not None:
            run = self._coasting.end(run)
            if run.attempt is None:
                self._refresh_if_wanted(run)
        return refresh

    def _refresh_if_wanted(self, run: Run) -> bool:
        """Run a check for somebody who waits for it, and start its ticker anew."""
        waiting = self._waiting.get(run.config.name, [])
        while waiting and waiting[0].done:
            waiting.pop(0)  # whoever asked has hung up
        if not waiting:
            return False
        self._refreshing[run.change] = waiting.pop(0)
        self._start(run, self._daemon.clock.now_ns + run.period_ns)
        return True


def summary_of(config: plan.Check, *, recovering: bool) -> str:
    """The summary of a check's change and task."""
    # Pebble: checkstate/manager.go checkType
    kind = '<unknown>'
    if config.http is not None:
        kind = 'HTTP'
    elif config.tcp is not None:
        kind = 'TCP'
    elif config.exec is not None:
        kind = 'exec'
    return f'{"Recover" if recovering else "Perform"} {kind} check {quote(config.name)}'
