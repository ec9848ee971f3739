"""What the daemon knows of its checks: what it shows of each, and the runs that go on."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from ..clock import MILLISECOND_NS
from ..dataclass import dataclass
from ..frozen import EMPTY, Draft, FrozenDict, empty, evolve
from . import plan

Status = Literal['up', 'down', 'inactive']

_LEAST_PERIOD_NS = MILLISECOND_NS
"""With less, time would hardly move; Pebble crashes if a period is negative."""


@dataclass(frozen=True, kw_only=True)
class CheckData:
    """One check as the API shows it."""

    name: str
    level: str = ''
    startup: str = 'enabled'
    status: Status = 'inactive'
    successes: int = 0
    """Since the check was started."""
    failures: int = 0
    """In a row."""
    threshold: int = 0
    change: str = ''
    """The change that performs or recovers the check; empty while it is inactive."""
    previous: str = ''
    """The change before the latest going up or down."""
    success_count: int = 0
    """For the metrics: never reset while the check is in the plan as it is."""
    failure_count: int = 0

    def info(self) -> dict[str, Any]:
        """The check as JSON."""
        shown = {
            'name': self.name,
            'level': self.level,
            'startup': self.startup,
            'status': self.status,
            'successes': self.successes,
            'failures': self.failures,
            'threshold': self.threshold,
            'change-id': self.change,
            'prev-change-id': self.previous,
        }
        return {key: value for key, value in shown.items() if value or key not in _OMITTED}


_OMITTED = frozenset({'level', 'failures', 'change-id', 'prev-change-id'})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One run of a check: what comes of it."""

    started_ns: int
    duration_ns: int = 0
    error: str | None = None
    """None: it succeeds."""
    details: str = ''
    """What the command printed, or the server answered."""
    steady: bool = False
    """Whether every later run goes the same way, until the workload changes."""
    until_ns: int | None = None
    """Up to when a steady one does; None: for ever."""

    @property
    def ends_ns(self) -> int:
        return self.started_ns + self.duration_ns

    @property
    def text(self) -> str | None:
        """The error with its details, as logs and answers show it."""
        return f'{self.error}; {self.details}' if self.error and self.details else self.error


@dataclass(frozen=True, kw_only=True)
class Run:
    """A check that goes on: the task of a perform-check or recover-check change."""

    change: str
    task: str
    config: plan.Check
    """As of the start, with the service context merged in."""
    recovering: bool = False
    successes: int = 0
    failures: int = 0
    next_ns: int = 0
    """The next tick; while coasting, the first one that isn't counted yet."""
    attempt: Attempt | None = None
    """What is being done right now, if it takes time."""
    coast: Attempt | None = None
    """What each further run does: no timer fires, and runs are counted when somebody looks."""
    wake_ns: int | None = None
    """The tick at which coasting ends by itself."""

    @property
    def period_ns(self) -> int:
        """Between two ticks."""
        return max(self.config.period_ns, _LEAST_PERIOD_NS)

    def coasted(self, now_ns: int) -> int:
        """How many runs were completed since the last one that is counted."""
        if self.coast is None:
            return 0
        first_ns = self.next_ns + self.coast.duration_ns
        return max(0, (now_ns - first_ns) // self.period_ns + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedChecks:
    """All checks at one moment."""

    checks: FrozenDict[str, CheckData] = dataclasses.field(default_factory=empty)
    runs: FrozenDict[str, Run] = dataclasses.field(default_factory=empty)
    """By change."""
    numbers: FrozenDict[str, int] = dataclasses.field(default_factory=empty)
    """How often each check's command was started in this container; outlives the daemon."""


_CHECK = CheckData(name='')


class CheckStore:
    """The records of all checks."""

    def __init__(self, saved: SavedChecks):
        self._saved = saved
        self.checks: Draft[str, CheckData] = Draft(saved.checks)
        self.runs: Draft[str, Run] = Draft(saved.runs)
        self.numbers: Draft[str, int] = Draft(saved.numbers)

    def save(self) -> SavedChecks:
        """The checks as a value; the one they were made from if nothing was touched."""
        if self.checks.touched or self.runs.touched or self.numbers.touched:
            self._saved = SavedChecks(
                checks=self.checks.done(), runs=self.runs.done(), numbers=self.numbers.done()
            )
        return self._saved

    def clear(self) -> None:
        """The daemon was restarted: it knows of no check."""
        self.checks = Draft(EMPTY)
        self.runs = Draft(EMPTY)
        self._saved = SavedChecks(numbers=self.numbers.done())

    def update_run(self, change: str, **fields: Any) -> Run:
        run = self.runs[change] = evolve(self.runs[change], **fields)
        return run

    def show(
        self, config: plan.Check, change: str, previous: str, successes: int, failures: int
    ) -> CheckData:
        """Bring what the API shows of a check up to date."""
        # Pebble: checkstate/manager.go updateCheckData
        status: Status = 'up'
        if not change:
            status = 'inactive'
        elif failures >= config.threshold:
            status = 'down'
        old = self.checks.get(config.name) or _CHECK
        data = self.checks[config.name] = evolve(
            old,
            name=config.name,
            level=config.level,
            startup=config.startup or 'enabled',
            status=status,
            successes=successes,
            failures=failures,
            threshold=config.threshold,
            change=change,
            previous=previous,
        )
        return data

    def show_run(self, run: Run) -> None:
        """Bring what the API shows of a check up to date with its run, unless it has another."""
        data = self.checks.get(run.config.name)
        if data is not None and data.change == run.change:
            self.show(run.config, run.change, data.previous, run.successes, run.failures)

    def count(self, name: str, *, successes: int = 0, failures: int = 0) -> None:
        """Count for the metrics."""
        data = self.checks.get(name)
        if data is not None:
            self.checks[name] = evolve(
                data,
                success_count=data.success_count + successes,
                failure_count=data.failure_count + failures,
            )

    def view(self, name: str, now_ns: int) -> CheckData:
        """A check as it is now, with the runs that nobody has counted yet."""
        data = self.checks[name]
        run = self.runs.get(data.change)
        coasted = run.coasted(now_ns) if run is not None else 0
        if run is None or not coasted:
            return data
        if run.recovering:
            return evolve(
                data,
                failures=data.failures + coasted,
                failure_count=data.failure_count + coasted,
            )
        return evolve(
            data,
            successes=data.successes + coasted,
            success_count=data.success_count + coasted,
        )
