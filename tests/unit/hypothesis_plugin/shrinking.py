"""How the tests draw values: a few, however slow the machine, and the simplest."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, find, settings, strategies as st

V = TypeVar('V')

quickly = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)

# Explaining takes longer than finding.
_PHASES = settings(
    phases=[Phase.generate, Phase.shrink],
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=1000,
)


def anything(value: object) -> bool:
    """Any value will do."""
    return True


def least(strategy: st.SearchStrategy[V], condition: Callable[[V], bool] = anything) -> V:
    """The simplest value for which a condition holds."""
    return find(strategy, condition, settings=_PHASES)
