"""The check manager: which checks go on, are started, stopped and refreshed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..frozen import FrozenDict
from . import plan
from .checkrecord import CheckData, CheckStore, SavedChecks, Status
from .checkruns import PERFORM, RECOVER, CheckRuns, Refresh

if TYPE_CHECKING:
    from .daemon import Daemon


class ChecksNotFound(Exception):
    """Checks aren't in the plan; the argument is Pebble's text."""


class Checks:
    """The checks of the plan."""

    # Pebble: checkstate/manager.go

    def __init__(self, daemon: Daemon, saved: SavedChecks):
        self._daemon = daemon
        self._store = CheckStore(saved)
        self._runs = CheckRuns(daemon, self._store)
        self.workload_changed = self._runs.workload_changed
        self.settle = self._runs.settle

    def save(self) -> SavedChecks:
        """The checks as a value; the one they were made from if nothing was touched."""
        self._runs.settle()
        return self._store.save()

    # -- looking

    def all(self) -> list[CheckData]:
        """The checks as they are now, by name."""
        now_ns = self._daemon.clock.now_ns
        return [self._store.view(name, now_ns) for name in sorted(self._store.checks)]

    def get(self, name: str) -> CheckData | None:
        """A check as it is now."""
        if name not in self._store.checks:
            return None
        return self._store.view(name, self._daemon.clock.now_ns)

    def infos(self) -> list[dict[str, Any]]:
        """The checks as the API shows them, by name."""
        return [data.info() for data in self.all()]

    @property
    def moves(self) -> bool:
        """Whether some check goes on, so that time changes something."""
        return bool(self._store.runs)

    # -- starting and stopping

    def restart(self) -> None:
        """The daemon starts: end what an earlier one has left, and start the plan's checks."""
        self._store.clear()
        for change in self._daemon.changes.all():
            if change.kind in (PERFORM, RECOVER) and not change.ready:
                self._daemon.runner.abort(change.id)
        self.plan_changed(self._daemon.plan.plan)

    def plan_changed(self, new: plan.Plan) -> None:
        """Start, stop and restart what a new plan says."""
        # Pebble: checkstate/manager.go PlanChanged
        self._runs.settle()  # before any check begins anew
        going_on: set[str] = set()
        to_start: set[str] = set()
        for run in sorted(self._store.runs.values(), key=lambda run: int(run.change)):
            name = run.config.name
            going_on.add(name)
            config = new.checks.get(name)
            if config is None and run.config.is_fact:
                continue  # Only a State speaks of it.
            if config is not None:
                if with_context(new, config) == run.config or (
                    config.startup == 'disabled' and run.config.startup != 'disabled'
                ):
                    continue
                to_start.add(name)
            self._daemon.runner.abort(run.change)
            self._store.checks.pop(name, None)
        for name, config in sorted(new.checks.items()):
            if name in going_on and name not in to_start:
                continue
            if name in to_start or config.startup != 'disabled':
                change = self._runs.create(with_context(new, config))
                self._store.show(config, change, '', 0, 0)
            else:
                self._store.show(config, '', '', 0, 0)

    def start(self, names: Iterable[str]) -> list[str]:
        """Start checks that are inactive.

        Returns:
            The names of those that were.

        Raises:
            ChecksNotFound: If some aren't in the plan; nothing is done then.
        """
        started = [name for name in self._known(names) if self._start_inactive(name)]
        return sorted(started)

    def replan(self) -> None:
        """Start all inactive checks whose startup isn't disabled."""
        for name, config in sorted(self._daemon.plan.plan.checks.items()):
            if config.startup != 'disabled':
                self._start_inactive(name)

    def _start_inactive(self, name: str) -> bool:
        data = self._store.checks.get(name)
        if data is not None and data.change:
            return False
        # Pebble doesn't merge the service context in here.
        config = self._daemon.plan.plan.checks[name]
        self._store.show(config, self._runs.create(config), '', 0, 0)
        return True

    def stop(self, names: Iterable[str]) -> list[str]:
        """Stop checks that go on; their counters stay.

        Returns:
            The names of those that went on.

        Raises:
            ChecksNotFound: If some aren't in the plan; nothing is done then.
        """
        self._runs.settle()
        stopped: list[str] = []
        for name in self._known(names):
            data = self._store.checks[name]
            if not data.change:
                continue
            if self._daemon.changes.get(data.change) is not None:
                self._daemon.runner.abort(data.change)
                stopped.append(name)
            config = self._daemon.plan.plan.checks[name]
            self._store.show(config, '', data.previous, data.successes, data.failures)
        return sorted(stopped)

    def _known(self, names: Iterable[str]) -> list[str]:
        names = list(names)
        checks = self._daemon.plan.plan.checks
        if missing := sorted(name for name in names if name not in checks):
            raise ChecksNotFound(f'cannot find checks in plan: {", ".join(missing)}')
        return names

    # -- refreshing

    def refresh(self, name: str) -> Refresh:
        """Run a check of the plan at once.

        One that is inactive is run without counting.
        """
        # Pebble: checkstate/manager.go RefreshCheck
        change = self._store.checks[name].change
        if change:
            return self._runs.refresh(name, change)
        refresh = Refresh()
        attempt = self._runs.perform(self._daemon.plan.plan.checks[name])
        if attempt.duration_ns:
            refresh.ends_ns = attempt.ends_ns
            refresh.error = attempt.text
        else:
            refresh.finish(attempt.text)
        return refresh

    # -- what a State says

    def assume(
        self,
        name: str,
        *,
        level: str = '',
        startup: str = 'enabled',
        status: Status = 'up',
        successes: int = 0,
        failures: int = 0,
        threshold: int = plan.DEFAULT_CHECK_THRESHOLD,
    ) -> None:
        """Take a check to be in a state, whatever it was in before.

        A check that isn't in the plan has no type, and passes.  What the plan says of the level,
        the startup and the threshold wins when the check is run next.
        """
        data = self._store.checks.get(name)
        if data is not None and data.change in self._store.runs:
            self._runs.drop(data.change)
        new = self._daemon.plan.plan
        config = new.checks.get(name) or plan.Check(
            name=name, level=level, startup=startup, threshold=threshold, is_fact=True
        )
        change = ''
        if status != 'inactive':
            down = status == 'down'
            change = self._runs.create(
                with_context(new, config),
                recovering=down,
                successes=successes,
                failures=max(failures, config.threshold) if down else failures,
            )
        self._store.checks[name] = CheckData(
            name=name,
            level=level,
            startup=startup,
            status=status,
            successes=successes,
            failures=failures,
            threshold=threshold,
            change=change,
        )
        self._daemon.runner.ensure()


def with_context(new: plan.Plan, config: plan.Check) -> plan.Check:
    """A check's configuration with that of its context service merged in."""
    # Pebble: checkstate/manager.go mergeServiceContext
    check = config.exec
    service = new.services.get(check.service_context) if check is not None else None
    if check is None or service is None:
        return config
    user_id, group_id = check.user_id, check.group_id
    merged = dataclasses.replace(
        check,
        environment=FrozenDict({**(service.environment or {}), **(check.environment or {})}),
        user_id=service.user_id if user_id is None else user_id,
        user=check.user or service.user,
        group_id=service.group_id if group_id is None else group_id,
        group=check.group or service.group,
        working_dir=check.working_dir or service.working_dir,
    )
    return dataclasses.replace(config, exec=merged)
