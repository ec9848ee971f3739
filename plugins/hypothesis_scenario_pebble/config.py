"""What can a user set a charm's options to?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

import scenario_pebble as scenario
from scenario_pebble.arguments import checked
from scenario_pebble.state.spec import Option

from .texts import Strategy, texts

Config = dict[str, str | int | float | bool]


@checked
def config(
    ctx: scenario.Context[Any], options: Mapping[str, Strategy[Any]] | None = None
) -> Strategy[Config]:
    """Values of the types that the charm declares, for some of its options.

    Shrinks to no option set.  An option of type ``secret`` is set only if *options* says to what.

    Example::

        config(ctx, {'log-level': st.sampled_from(['info', 'debug', 'loud'])})

    Args:
        ctx: Whose charm.
        options: What to draw some options from instead.
    """
    declared = {
        name: _values(option)
        for name, option in ctx.prepared.spec.options.items()
        if option.kind in _BY_KIND
    }
    return st.fixed_dictionaries({}, optional={**declared, **(options or {})})


_BY_KIND: Mapping[str | None, Strategy[Any]] = {
    'string': texts(),
    'int': st.integers(-(2**31), 2**31 - 1),
    'float': st.floats(-1e6, 1e6),
    'boolean': st.booleans(),
}


def _values(option: Option) -> Strategy[Any]:
    values = _BY_KIND[option.kind]
    return values if option.default is None else st.just(option.default) | values
