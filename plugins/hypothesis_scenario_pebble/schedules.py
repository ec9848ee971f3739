"""What may happen to the containers of a unit while time passes?"""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

import scenario_pebble as scenario
from scenario_pebble.arguments import checked

from .notices import notice_keys
from .texts import Strategy, databags

_MOST = 3
"""How many things happen at most."""

_LATEST = 600
"""When the last one happens at the latest, in seconds."""


@checked
def schedules(state: scenario.State) -> Strategy[list[scenario.Stimulus]]:
    """What may happen to the containers of a State within ten minutes, for its `schedule`.

    Checks and services are those of the containers' plans.  Shrinks to nothing.

    Example::

        @given(st.data())
        def test_survives(data: st.DataObject):
            state = data.draw(states(ctx))
            state = dataclasses.replace(state, schedule=data.draw(schedules(state)))
            ctx.advance(state, 600)

    Args:
        state: What the unit is like at first.
    """
    containers = sorted(state.containers, key=lambda container: container.name)
    stimuli = [stimulus for container in containers for stimulus in _of(container)]
    return st.lists(st.one_of(stimuli), max_size=_MOST) if stimuli else st.just([])


def _of(container: scenario.Container) -> Iterator[Strategy[scenario.Stimulus]]:
    name, at, plan = st.just(container.name), st.integers(0, _LATEST), container.plan
    for check in sorted({*plan.checks, *(info.name for info in container.check_infos)}):
        yield st.builds(scenario.FailCheck, name, st.just(check), at=at)
        yield st.builds(scenario.PassCheck, name, st.just(check), at=at)
    for service in plan.services:
        codes = st.sampled_from([137, 1, 0])
        yield st.builds(scenario.CrashService, name, st.just(service), exit_code=codes, at=at)
    yield st.builds(scenario.Notify, name, notice_keys(), data=databags(), at=at)
    for kind in (scenario.Connect, scenario.Disconnect, scenario.ReplaceContainer):
        yield st.builds(kind, name, at=at)
    yield st.builds(scenario.RestartContainer, name, graceful=st.booleans(), at=at)
