"""What can happen to the containers between Juju's events?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

import scenario_pebble as scenario

from .driver import Driver
from .notices import notice_keys
from .programs import failing_programs
from .texts import Strategy, databags

Of = tuple[str, str]
"""A container, and something in it."""


def one_of(options: Callable[[Any], Iterable[Any]]) -> Strategy[Any]:
    """One of what the machine has at the moment."""
    return st.runner().flatmap(lambda machine: st.sampled_from(list(options(machine))))


class WorkloadRules(Driver):
    """Pebble comes and goes, services crash, checks fail, the workload records notices."""

    def begin(self, state: scenario.State) -> None:
        """From here on, with nothing done yet."""
        super().begin(state)
        self.known = set(self.reachable)
        """The containers whose Pebble Juju has seen."""

    @property
    def unreachable(self) -> list[str]:
        """The containers whose Pebble doesn't answer."""
        return [container.name for container in self.workloads if not container.can_connect]

    # What undoes another rule is possible at any time: so that hypothesis can leave out either.

    @precondition(lambda self: bool(self.workloads))
    @rule(container=one_of(lambda self: [container.name for container in self.workloads]))
    def connect(self, container: str) -> None:
        """Pebble can be reached, for the first time or again."""
        if container in self.unreachable:
            self.reach(container)

    def reach(self, container: str) -> None:
        """Pebble answers; Juju says so if it never did before."""
        self.call('connect', container)
        if container not in self.known:
            self.known.add(container)
            self.run(self.ctx.on.pebble_ready(self.state.get_container(container)))

    @precondition(lambda self: bool(self.reachable))
    @rule(container=one_of(lambda self: self.reachable))
    def disconnect(self, container: str) -> None:
        """Pebble can't be reached any more."""
        self.call('disconnect', container)

    @precondition(lambda self: bool(self.known))
    @rule(container=one_of(lambda self: sorted(self.known)))
    def restart_container(self, container: str) -> None:
        """Kubernetes restarts a container."""
        self.call('restart_container', container)

    @precondition(lambda self: bool(self.running))
    @rule(
        service=one_of(lambda self: self.running),
        exit_code=st.sampled_from([137, 1, 0]),
    )
    def crash_service(self, service: Of, exit_code: int) -> None:
        """The process of a service ends by itself."""
        self.call('crash_service', *service, exit_code=exit_code)

    @precondition(lambda self: bool(self.services))
    @rule(service=one_of(lambda self: self.services), program=failing_programs())
    def break_program(self, service: Of, program: scenario.Program) -> None:
        """From its next start on, the program of a service fails."""
        container, name = service
        programs = {**self.state.get_container(container).programs, name: program}
        self.change('with_container', container, programs=programs)

    @precondition(lambda self: bool(self.services))
    @rule(service=one_of(lambda self: self.services))
    def repair_program(self, service: Of) -> None:
        """From its next start on, the program of a service does what it did at first."""
        if service in self.broken:
            self.restore_program(*service)

    def restore_program(self, container: str, name: str) -> None:
        """The program of a service is what it was at first."""
        at_first = self.start.get_container(container).programs
        programs = {**self.state.get_container(container).programs}
        programs.pop(name)
        if name in at_first:
            programs[name] = at_first[name]
        self.change('with_container', container, programs=programs)

    @property
    def broken(self) -> list[Of]:
        """The services whose programs aren't what they were at first."""
        return [
            (container.name, service)
            for container in self.workloads
            for service, program in sorted(container.programs.items())
            if program != self.start.get_container(container.name).programs.get(service)
        ]

    @precondition(lambda self: bool(self.checks))
    @rule(check=one_of(lambda self: self.checks))
    def fail_check(self, check: Of) -> None:
        """From now on a check fails."""
        self.call('fail_check', *check)

    @precondition(lambda self: bool(self.checks))
    @rule(check=one_of(lambda self: self.checks))
    def pass_check(self, check: Of) -> None:
        """From now on a check passes."""
        if check in self.failing:
            self.call('pass_check', *check)

    @property
    def failing(self) -> list[Of]:
        """The checks that were told to fail."""
        return [
            (container.name, check)
            for container in self.workloads
            for check, outcome in sorted(container.outcomes.items())
            if isinstance(outcome, scenario.Fail)
        ]

    @precondition(lambda self: bool(self.known))
    @rule(
        container=one_of(lambda self: sorted(self.known)),
        key=st.runner().flatmap(lambda self: self.keys()),
        data=databags(),
    )
    def notify(self, container: str, key: str, data: dict[str, str]) -> None:
        """The workload records a custom notice."""
        keywords = {'data': data} if data else {}
        self.call('notify', container, key, **keywords)

    def keys(self) -> Strategy[str]:
        """The keys that the workload uses."""
        given = sorted(self.notice_keys)
        return st.sampled_from(given) if given else notice_keys()
