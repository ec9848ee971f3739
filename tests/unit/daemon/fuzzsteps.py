"""What happens to a daemon at random, in sequence: requests, websockets, time, restarts."""

from __future__ import annotations

import itertools
import json
from typing import Any

from hypothesis import HealthCheck, settings, strategies as st

from .fuzzrequests import commands, one_of_each, requests, texts
from .fuzzworld import OPTIONS, Socket, Unanswered


def _signal(name: str) -> str:
    """What a client sends to have a signal sent."""
    return json.dumps({'command': 'signal', 'signal': {'name': name}})


uses = st.builds(
    Socket,
    st.integers(0, 2),
    st.sampled_from(['receive', 'send', 'command', 'close', 'drop']),
    st.sampled_from(['{"command":"end"}', *map(_signal, ['SIGTERM', 'SIGKILL', 'SIGNOPE'])])
    | texts,
)
connections = st.builds(
    Socket,
    st.sampled_from([0, 0, 1]),
    st.just('connect'),
    st.sampled_from(['stdio', 'stdio', 'stderr', 'control', 'nope']),
)
times = st.sampled_from([0, 0.1, 0.5, 1, 2.5, 7, 60])
happenings = st.sampled_from(['workload', 'workload', 'disconnect', 'restart', 'terminate'])
single = one_of_each(*[requests] * 4, uses, *[times] * 2, happenings)
executions = st.tuples(commands(), connections, connections, single, uses, single)


def several(*more: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Some steps one after the other."""
    groups = one_of_each(*[st.tuples(single)] * 8, executions, *more)
    return st.lists(groups, max_size=8).map(lambda found: [*itertools.chain(*found)])


steps = several()
impatient_steps = several(st.tuples(requests.map(Unanswered)))
options = st.sampled_from(sorted(OPTIONS))
quiet = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
