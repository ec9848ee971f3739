"""A daemon that went through a text goes on as if nothing had happened, whatever it was doing."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings, strategies as st

from scenario_pebble.daemon.saved import Saved
from scenario_pebble.state.document.schema import form_of
from tests.unit.daemon.fuzzsteps import options, quiet, steps
from tests.unit.daemon.fuzzworld import history_of, worlds

FORM = form_of(Saved)


def written(saved: Saved) -> Saved:
    """A copy that went through JSON."""
    return FORM.decode(json.loads(json.dumps(FORM.encode(saved))))


@settings(quiet, max_examples=25)
@given(steps, st.lists(st.booleans()), options)
def test_writing_and_reading_a_daemon_is_invisible(
    steps: list[Any], saves: list[bool], options: str
):
    with worlds(options, options, carried=written) as (one, other):
        one.perform_all(steps, saves, 'disconnect')
        other.perform_all(steps, saves, 'reload')

        assert history_of(one) == history_of(other)
