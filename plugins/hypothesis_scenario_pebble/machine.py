"""Does a charm keep its promises, whatever happens to it, in whatever order?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize
from ops import pebble

import scenario_pebble as scenario

from .config import config
from .relationrules import RelationRules
from .texts import Strategy
from .unitrules import UnitRules

_PATIENCE = 600
"""How long a unit has to settle once all is well again, in seconds: more than any backoff that
Pebble has by default, and a round of checks with it."""

_ROUNDS = 2
"""How often Juju asks for the status meanwhile."""


class CharmMachine(RelationRules, UnitRules):
    """Drives a charm through random but legal sequences of what Juju, Pebble, users and time do.

    A run begins with the unit's first hooks.  Then come steps in any order, after each of which
    the invariants must hold.  At the end all is made well again, and the unit must settle.

    Example::

        class WebMachine(CharmMachine):
            charm = WebCharm
            containers = [scenario.Container('web', execs=[scenario.Exec(['migrate'])])]

            @invariant()
            def says_why_it_does_not_serve(self):
                assert self.state.unit_status.name != 'unknown'

        TestWeb = WebMachine.TestCase

    A failure comes with a test of its own that fails in the same way.

    What a charm promises unless its machine says otherwise: it never raises (`may_raise`); it
    doesn't stay in maintenance, or waiting for nobody (`may_stay`); and in the end the services
    that its layers enable run (`may_rest`).

    What can happen is a rule, that is, a method.  A machine may go `without` some, and have rules
    of its own, which use `run`, `call`, `change` and `replace`.
    """

    def first_states(self) -> Strategy[scenario.State]:
        """What the unit is like before its first hook: override it for a model of your own."""
        spec = self.spec
        given = {container.name: container for container in self.containers}
        workloads = [given.get(name) or scenario.Container(name) for name in spec.containers]
        peers = [
            scenario.PeerRelation(endpoint.name, endpoint.interface, id=id_)
            for id_, endpoint in enumerate(spec.endpoints.values(), 1)
            if endpoint.role == 'peers'
        ]
        storages = [scenario.Storage(name, index=i) for i, name in enumerate(spec.storages)]
        return st.builds(
            scenario.State,
            leader=st.booleans().map(lambda follows: not follows),
            config=config(self.ctx, self.options),
            containers=st.just(workloads),
            relations=st.just(peers),
            storages=st.just(storages),
        )

    @initialize(
        state=st.runner().flatmap(lambda self: self.first_states()),
        late=st.runner().flatmap(lambda self: subsets(self.spec.containers)),
    )
    def set_up(self, state: scenario.State, late: set[str]) -> None:
        """Juju's first hooks, in its order; the Pebbles that aren't late answer at the end."""
        self.begin(state)
        on = self.ctx.on
        for storage in sorted(state.storages, key=lambda s: s.index):
            self.run(on.storage_attached(storage))
        self.run(on.install())
        for relation in self.related:
            self.run(on.relation_created(relation))
        if state.leader:
            self.run(on.leader_elected())
        self.run(on.config_changed())
        self.run(on.start())
        for container in self.unreachable:
            if container not in late:
                self.reach(container)

    def may_stay(self, status: Any) -> bool:
        """Whether the unit may keep this status for ever once nothing happens any more.

        By default it may, unless that is ``maintenance``, or ``waiting`` although the unit leads
        and there are no other applications to wait for.
        """
        if status.name == 'waiting':
            return bool(self.breakable) or not self.state.leader
        return status.name != 'maintenance'

    def may_rest(self, container: str, service: str) -> bool:
        """Whether an enabled service may be stopped in the end.

        By default it may if the unit's status says that something is missing.
        """
        return self.state.unit_status.name in ('blocked', 'waiting')

    def finish(self) -> None:
        """Make all well again, and see what the unit makes of it."""
        self.heal()
        self.settle()
        for container in self.workloads:
            for service, info in sorted(container.services.items()):
                enabled = info.startup is pebble.ServiceStartup.ENABLED
                if enabled and not self.may_rest(container.name, service):
                    self.serve(container.name, info)

    def settle(self) -> None:
        """The unit has a status that it may keep."""
        status = self.state.unit_status
        self.expect(
            self.may_stay(status),
            f'the unit settles in {status!r}, though all is well',
            f'assert state.unit_status.name != {status.name!r}',
        )

    def serve(self, container: str, service: pebble.ServiceInfo) -> None:
        """A service runs."""
        shown = getattr(service.current, 'value', service.current)
        found = f'state.get_container({container!r}).services[{service.name!r}]'
        self.expect(
            service.is_running(),
            f'service {service.name!r} of container {container!r} is enabled, but {shown}, '
            'though all is well',
            f'assert {found}.is_running()',
        )

    def heal(self) -> None:
        """Programs work, checks pass, all Pebbles answer, and time passes."""
        for service in self.broken:
            self.restore_program(*service)
        for check in self.failing:
            self.call('pass_check', *check)
        for container in self.unreachable:
            self.reach(container)
        for _ in range(_ROUNDS):
            self.call('advance', _PATIENCE / _ROUNDS)
            self.run(self.ctx.on.update_status())


def subsets(names: Iterable[str]) -> Strategy[set[str]]:
    """Some of the names."""
    known = sorted(names)
    return st.sets(st.sampled_from(known)) if known else st.just(set[str]())
