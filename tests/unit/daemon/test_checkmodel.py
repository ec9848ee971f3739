"""Checks against a model: a ticker for each, two counters, and what they mean."""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from scenario_pebble.clock import MILLISECOND_NS
from scenario_pebble.daemon.workload import Behaviour, Call

from .checkworld import Script, World

NAMES = ('alive', 'ready', 'slow')
names = st.sampled_from(NAMES)


@dataclasses.dataclass
class Check:
    """What Pebble's documentation says of a check; times are in milliseconds."""

    period: int
    threshold: int
    takes: int = 0
    disabled: bool = False
    fails: bool = False
    status: str = 'inactive'
    successes: int = 0
    failures: int = 0
    change: int = 0
    """Counts all that were made; 0: there is none."""
    previous: int = 0
    ticks: bool = False
    next: int = 0
    ends: int | None = None
    """When the present run is over."""
    failing: bool = False
    """What comes of it."""


class Model:
    """Some checks, and the time."""

    def __init__(self, checks: dict[str, Check]):
        self.checks = checks
        self.now = self.made = 0
        for check in checks.values():
            self.reconsider(check)

    def make(self, check: Check) -> None:
        """Make a change, which has a ticker of its own."""
        self.made += 1
        check.change, check.ticks, check.ends = self.made, True, None
        check.next = self.now + check.period

    def begin(self, check: Check) -> None:
        check.status, check.successes, check.failures, check.previous = 'up', 0, 0, 0
        self.make(check)

    def end(self, check: Check) -> None:
        check.status, check.change, check.ticks = 'inactive', 0, False

    def reconsider(self, check: Check) -> None:
        """There is a new plan, in which a check that doesn't tick is as it was or not."""
        if not check.ticks and check.disabled:
            self.end(check)
            check.successes = check.failures = check.previous = 0
        elif not check.ticks:
            self.begin(check)

    def start_run(self, check: Check) -> None:
        check.ends, check.failing = self.now + check.takes, check.fails

    def end_run(self, check: Check) -> None:
        check.ends = None
        if check.failing:
            check.failures += 1
        elif check.status == 'up':
            check.successes, check.failures = check.successes + 1, 0
        else:
            check.successes, check.failures = 1, 0
        down = check.failures >= check.threshold
        if down != (check.status == 'down'):
            check.status, check.previous = 'down' if down else 'up', check.change
            self.make(check)

    def due(self, check: Check) -> int:
        return check.next if check.ends is None else check.ends

    def advance(self, milliseconds: int) -> None:
        end = self.now + milliseconds
        while due := [c for c in self.checks.values() if c.ticks and self.due(c) <= end]:
            check = min(due, key=self.due)
            self.now = self.due(check)
            if check.ends is None:
                check.next += check.period
                self.start_run(check)
            if check.ends == self.now:
                self.end_run(check)
        self.now = end


class Workload(Script):
    """The commands of the model's checks."""

    model: Model

    def run(self, call: Call) -> Behaviour:
        check = self.model.checks[call.name]
        return Behaviour(
            exit_after_ns=check.takes * MILLISECOND_NS,
            exit_code=int(check.fails),
            steady=call.name != 'ready',
        )


class CheckMachine(RuleBasedStateMachine):
    """Starts, stops, changes and refreshes checks at random."""

    @initialize(thresholds=st.tuples(*[st.integers(1, 3)] * 3), disabled=st.booleans())
    def begin(self, thresholds: tuple[int, int, int], disabled: bool) -> None:
        alive, ready, slow = thresholds
        self.model = Model(
            {
                'alive': Check(1000, alive),
                'ready': Check(700, ready, disabled=disabled),
                'slow': Check(1300, slow, takes=400),
            }
        )
        script = Workload()
        script.model = self.model
        self.world = World(script)
        self.ids = {0: None}
        self.layer(**{name: self.fields(name) for name in NAMES})

    def fields(self, name: str) -> dict[str, Any]:
        check = self.model.checks[name]
        return {
            'override': 'merge',
            'level': name if name != 'slow' else 'ready',
            'startup': 'disabled' if check.disabled else 'enabled',
            'period': f'{check.period}ms',
            'threshold': check.threshold,
            'exec': {'command': 'probe'},
        }

    def layer(self, **checks: dict[str, Any]) -> None:
        self.world.add(
            f'layer-{self.model.now}-{len(self.world.daemon.plan.layers)}', checks=checks
        )

    @rule(milliseconds=st.sampled_from([1, 99, 300, 400, 700, 1000, 1300, 5000, 3600_000]))
    def advance(self, milliseconds: int) -> None:
        self.world.advance(milliseconds / 1000)
        self.model.advance(milliseconds)

    @rule(name=names)
    def turn_round(self, name: str) -> None:
        self.model.checks[name].fails ^= True
        self.world.daemon.workload_changed()

    @rule(name=names)
    def start(self, name: str) -> None:
        check = self.model.checks[name]
        changed = self.world.post('/v1/checks', {'action': 'start', 'checks': [name]}).result
        assert changed == {'changed': [] if check.change else [name]}
        if not check.change:
            self.model.begin(check)

    @rule(name=names)
    def stop(self, name: str) -> None:
        check = self.model.checks[name]
        changed = self.world.post('/v1/checks', {'action': 'stop', 'checks': [name]}).result
        assert changed == {'changed': [name] if check.change else []}
        self.model.end(check)

    @rule(name=names)
    def abort(self, name: str) -> None:
        check = self.model.checks[name]
        if check.ticks:
            self.world.post(f'/v1/changes/{self.ids[check.change]}', {'action': 'abort'})
            check.ticks = False

    @rule(name=names)
    def refresh(self, name: str) -> None:
        check = self.model.checks[name]
        if check.ticks != bool(check.change) or (check.ticks and check.ends is not None):
            return  # Nobody refreshes it, or not at once.
        result = self.world.post('/v1/checks/refresh', {'name': name}).result
        assert ('error' in result) == check.fails
        if check.ticks:
            self.model.start_run(check)
            check.next = self.model.now + check.period
        self.model.advance(check.takes)

    @rule(name=names, period=st.sampled_from([500, 1000, 1300]))
    def change(self, name: str, period: int) -> None:
        check = self.model.checks[name]
        changes, check.period = period != check.period, period
        self.layer(**{name: self.fields(name)})
        if changes and check.ticks:
            self.model.begin(check)
        for other in self.model.checks.values():
            self.model.reconsider(other)

    @rule()
    def save_and_restore(self) -> None:
        self.world = self.world.restored()

    @invariant()
    def checks_are_those_of_the_model(self) -> None:
        for name, check in self.model.checks.items():
            shown = self.world.check(name)
            assert self.world.counts(name) == (check.status, check.successes, check.failures)
            for change, key in ((check.change, 'change-id'), (check.previous, 'prev-change-id')):
                assert self.ids.setdefault(change, shown.get(key)) == shown.get(key)
        assert len(set(self.ids.values())) == len(self.ids)

    @invariant()
    def the_level_decides_whose_health_counts(self) -> None:
        down = {name for name, check in self.model.checks.items() if check.status == 'down'}
        assert self.world.get('/v1/health', level='alive').result['healthy'] == (
            'alive' not in down
        )
        assert self.world.get('/v1/health').result['healthy'] == (not down)

    @invariant()
    def as_many_changes_go_on_as_checks_tick(self) -> None:
        ticking = [check for check in self.model.checks.values() if check.ticks]
        assert len(self.world.get('/v1/changes').result) == len(ticking)


CheckMachine.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
test_checks_are_always_where_the_model_is = CheckMachine.TestCase
