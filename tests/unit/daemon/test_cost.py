"""Letting time pass costs as much as happens in it, however long it is."""

from __future__ import annotations

import pytest

from scenario_pebble.clock import SECOND_NS, Clock
from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.daemon.message import Request, Response
from scenario_pebble.daemon.planparse import parse_layer
from scenario_pebble.daemon.workload import Answer, Behaviour, Call, HappyWorkload, Outcome, Probe

from .simulated import BEGIN_NS, Programs, exits, service

DAY = 24 * 3600
CHECKS = """
checks:
  command: {override: replace, period: 10s, threshold: 3, exec: {command: check}}
  port: {override: replace, period: 10s, threshold: 3, tcp: {port: 80}}
  page: {override: replace, period: 10s, threshold: 3, http: {url: 'http://localhost/'}}
"""
LIMITED = {'backoff_delay': '30s', 'backoff_limit': '30s'}


class CountingClock(Clock):
    """A clock that counts what it fires."""

    fired = 0

    def step(self, deadline_ns: int | None) -> bool:
        fired = super().step(deadline_ns)
        self.fired += fired
        return fired

    def fired_in(self, seconds: int) -> int:
        """How often something was due in that time."""
        before = self.fired
        self.advance(seconds * SECOND_NS)
        return self.fired - before


class Broken(HappyWorkload):
    """Every check fails."""

    def run(self, call: Call) -> Behaviour:
        return Behaviour(exit_after_ns=0, exit_code=1, steady=True)

    def probe(self, probe: Probe, running: object) -> Answer:
        return Answer(refused=True, steady=True)


class Decided(HappyWorkload):
    """Every check is decided to fail."""

    def outcome(self, check: str, now_ns: int) -> Outcome:
        return Outcome(error='no')


@pytest.mark.parametrize('workload', [HappyWorkload(), Broken(), Decided()])
def test_checks_that_go_on_as_ever_cost_nothing(workload: HappyWorkload):
    clock = CountingClock(BEGIN_NS)
    daemon = Daemon(clock, workload, layers=[parse_layer('base', CHECKS)])
    until_steady = clock.fired_in(60)

    assert until_steady <= 3 * 5
    assert clock.fired_in(30 * DAY) == 0
    assert daemon.next_due_ns() is None
    answer = daemon.request(Request('GET', '/v1/checks'))
    assert isinstance(answer, Response)
    counts = {check.get('failures', 0) + check['successes'] for check in answer.result}
    assert counts == {30 * DAY // 10 + 6}


@pytest.mark.parametrize('days', [1, 2])
def test_a_crash_loop_costs_in_proportion_to_its_restarts(days: int):
    clock = CountingClock(BEGIN_NS)
    programs = Programs({'web': [exits(2, 1), exits(0, 1)]})
    daemon = Daemon(clock, programs, layers=[parse_layer('base', service('web', **LIMITED))])
    daemon.request(Request('POST', '/v1/services', body={'action': 'start', 'services': ['web']}))

    fired = clock.fired_in(days * DAY)

    restarts = len(programs.calls)
    assert 2700 * days < restarts < 2800 * days  # 30 s, and up to a tenth more
    assert fired <= 2 * restarts + 10
