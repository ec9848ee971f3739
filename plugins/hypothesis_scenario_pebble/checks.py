"""In which states can a check be, and what can it meet?"""

from __future__ import annotations

import functools

from hypothesis import strategies as st
from ops import pebble

import scenario_pebble as scenario

from .texts import Strategy, texts

_DEFAULT_THRESHOLD = 3
_MOST_RUNS = 9


def check_infos(
    name: str | None = None, check: pebble.Check | None = None
) -> Strategy[scenario.CheckInfo]:
    """The states that a check can be in.

    A check is down exactly if its failures have reached its threshold, and one that is stopped
    has counted nothing.

    Args:
        name: The check's name; by default any of a few.
        check: What the plan says of it; by default what Pebble takes for what isn't said.
    """
    if check is None:
        return _check_infos(name, None, pebble.CheckStartup.ENABLED, _DEFAULT_THRESHOLD)
    level = None if check.level is pebble.CheckLevel.UNSET else check.level
    startup = check.startup
    if startup is pebble.CheckStartup.UNSET:
        startup = pebble.CheckStartup.ENABLED
    return _check_infos(name, level, startup, check.threshold or _DEFAULT_THRESHOLD)


@functools.lru_cache
def _check_infos(
    name: str | None,
    level: pebble.CheckLevel | str | None,
    startup: pebble.CheckStartup,
    threshold: int,
) -> Strategy[scenario.CheckInfo]:
    runs, most = st.integers(0, _MOST_RUNS), threshold + _MOST_RUNS
    counts = {
        pebble.CheckStatus.UP: (runs, st.integers(0, threshold - 1)),
        pebble.CheckStatus.DOWN: (runs, st.integers(threshold, most)),
        pebble.CheckStatus.INACTIVE: (st.just(0), st.just(0)),
    }
    return st.one_of(
        [
            st.builds(
                scenario.CheckInfo,
                st.sampled_from(['up', 'ready']) if name is None else st.just(name),
                level=st.just(level),
                startup=st.just(startup),
                threshold=st.just(threshold),
                status=st.just(status),
                successes=successes,
                failures=failures,
            )
            for status, (successes, failures) in counts.items()
        ]
    )


@functools.cache
def outcomes() -> Strategy[scenario.Pass | scenario.Fail]:
    """What a check meets, whatever the workload does."""
    errors = st.sampled_from(['connection refused', 'non-2xx status code 500']) | texts()
    return st.builds(scenario.Pass) | st.builds(scenario.Fail, errors)
