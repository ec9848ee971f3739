"""In which states can the unit of a charm be?"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

import scenario_pebble as scenario
from scenario_pebble.arguments import checked

from .config import config
from .containers import containers
from .holdings import secret_lists, storage_lists
from .relations import relation_lists
from .texts import Strategy, texts


@checked
def states(ctx: scenario.Context[Any], **fields: Strategy[Any]) -> Strategy[scenario.State]:
    """States that are consistent with the charm's metadata.

    They have all containers that the charm declares, and any of the rest.

    Example::

        @given(state=states(ctx, leader=st.just(True)))
        def test_survives_update_status(state: scenario.State):
            ctx.run(ctx.on.update_status(), state)

    Args:
        ctx: Whose charm.
        fields: What fields of the State are drawn from instead.
    """
    defaults: dict[str, Strategy[Any]] = {
        'leader': st.booleans(),
        'config': config(ctx),
        'containers': st.tuples(*map(containers, sorted(ctx.prepared.spec.containers))),
        'relations': relation_lists(ctx),
        'secrets': secret_lists(),
        'storages': storage_lists(ctx),
        'planned_units': st.integers(1, 3),
        'unit_status': statuses(),
        'app_status': statuses(),
        'workload_version': texts(),
    }
    return st.builds(scenario.State, **{**defaults, **fields})


def statuses() -> Strategy[Any]:
    """What a charm may have set a status to; shrinks to `UnknownStatus`."""
    kinds = [
        scenario.ActiveStatus,
        scenario.MaintenanceStatus,
        scenario.WaitingStatus,
        scenario.BlockedStatus,
    ]
    return st.one_of(
        st.builds(scenario.UnknownStatus), *(st.builds(kind, texts()) for kind in kinds)
    )
