"""What can Juju and its users do to a unit?"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from scenario_pebble.state.event import Event

from .config import Config, config
from .events import actions, secret_events
from .texts import Strategy
from .workloadrules import WorkloadRules, one_of


def any_config() -> Strategy[Config]:
    """Options that the machine's users set."""
    return st.runner().flatmap(lambda machine: config(machine.ctx, machine.options))


class UnitRules(WorkloadRules):
    """Users configure, refresh and act; leaders change; time passes."""

    @rule(seconds=st.sampled_from([1, 10, 60, 600]))
    def advance(self, seconds: int) -> None:
        """Time passes."""
        self.call('advance', seconds)

    @rule()
    def update_status(self) -> None:
        """Juju asks every few minutes."""
        self.run(self.ctx.on.update_status())

    @rule(config=any_config())
    def configure(self, config: Config) -> None:
        """A user sets options; without any it is as after the agent has started again."""
        if config != self.state.config:
            self.replace(config=config)
        self.run(self.ctx.on.config_changed())

    @rule()
    def upgrade_charm(self) -> None:
        """A user refreshes the charm."""
        self.run(self.ctx.on.upgrade_charm())
        self.run(self.ctx.on.config_changed())

    @rule(leader=st.booleans())
    def change_leader(self, leader: bool) -> None:
        """This unit becomes the leader, or another one does."""
        if leader == self.state.leader:
            return
        self.replace(leader=leader)
        if leader:
            self.run(self.ctx.on.leader_elected())

    @precondition(lambda self: bool(self.spec.action_names))
    @rule(
        action=one_of(lambda self: sorted(self.spec.action_names)).flatmap(
            lambda name: st.runner().flatmap(lambda self: actions(self.ctx, name))
        )
    )
    def act(self, action: Event) -> None:
        """A user runs an action."""
        self.run(action)

    @precondition(lambda self: any(secret_events(self.ctx, self.state)))
    @rule(event=one_of(lambda self: secret_events(self.ctx, self.state)))
    def happen_to_secret(self, event: Event) -> None:
        """A secret changed, or is to be rotated or removed."""
        self.run(event)
