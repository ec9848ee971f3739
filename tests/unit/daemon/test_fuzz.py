"""Whatever is sent to the daemon, in whatever order and at whatever pace, it behaves."""

from __future__ import annotations

import itertools
import json
import pathlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from scenario_pebble.daemon.message import Request

from .fuzzrequests import commands, one_of_each, posts, requests, texts
from .fuzzworld import OPTIONS, Host, Socket, Unanswered, World


def signal(name: str) -> str:
    """What a client sends to have a signal sent."""
    return json.dumps({'command': 'signal', 'signal': {'name': name}})


PEBBLES_OWN_500 = (
    r"cannot insert sub-directory layer without 'inner' attribute set",
    r'cannot send signal to ".*": .*',
    r'cannot call exec: .*',
    r'not simulated: POST /v1/exec \(interactive\)',
    r'(control|stdio|stderr) websocket already connected',
    r'cannot perform the following tasks:\n.*',  # of the command to whose websocket it is too late
    r'request cancelled',  # the client hung up
)
READS = [
    Request('GET', '/v1/services'),
    Request('GET', '/v1/changes', {'select': ['all']}),
    Request('GET', '/v1/notices', {'users': ['all']}),
    Request('GET', '/v1/logs', {'n': ['-1']}),
    Request('GET', '/v1/checks'),
    Request('GET', '/v1/plan', {'format': ['yaml']}),
    Request('GET', '/v1/metrics'),
    Request('GET', '/v1/identities'),
    *(Request('GET', '/v1/files', {'action': ['list'], 'path': [path]}) for path in ('/', '/a')),
]

uses = st.builds(
    Socket,
    st.integers(0, 2),
    st.sampled_from(['receive', 'send', 'command', 'close', 'drop']),
    st.sampled_from(['{"command":"end"}', *map(signal, ['SIGTERM', 'SIGKILL', 'SIGNOPE'])])
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


@pytest.fixture(scope='module')
def folder() -> Iterator[pathlib.Path]:
    with tempfile.TemporaryDirectory() as name:
        yield pathlib.Path(name)


def new_host(folder: pathlib.Path) -> Host:
    return Host(pathlib.Path(tempfile.mkdtemp(dir=folder)))


def without_host_times(seen: Sequence[Any]) -> list[Any]:
    """What was seen, except when files on the host were written."""
    return [re.sub(r'"last-modified":"[^"]*"', '', str(row)) for row in seen]


def check_answers(seen: Sequence[Any]) -> None:
    """Look for errors that Pebble wouldn't answer with, and for what it must not know."""
    for row in seen:
        if isinstance(row[0], int) and row[0] == 500:
            text = json.loads(row[2])['result']['message']
            assert any(re.fullmatch(own, text, re.DOTALL) for own in PEBBLES_OWN_500), text
        assert 'SECRET' not in str(row)


@settings(quiet, max_examples=100)
@given(impatient_steps, options)
def test_any_requests_are_answered_and_touch_nothing_of_the_host(
    folder: pathlib.Path, steps: list[Any], options: str
):
    host = new_host(folder)
    before = host.around()
    world = World(host, options)

    for step in steps:
        world.perform(step)

    check_answers(world.seen)
    assert host.around() == before


@settings(quiet, max_examples=40)
@given(impatient_steps, options)
def test_equal_requests_have_equal_answers(folder: pathlib.Path, steps: list[Any], options: str):
    worlds = [World(new_host(folder), options) for _ in range(2)]

    for step in [*steps, *READS]:
        for world in worlds:
            world.perform(step)

    first, second = (without_host_times(world.seen) for world in worlds)
    assert first == second


@settings(quiet, max_examples=70)
@given(steps, st.lists(st.booleans()), options)
def test_saving_and_restoring_is_invisible(
    folder: pathlib.Path, steps: list[Any], saves: list[bool], options: str
):
    worlds = [World(new_host(folder), options) for _ in range(2)]

    for index, world in enumerate(worlds):
        for step, saved in zip(steps, [*saves, *[True] * len(steps)], strict=False):
            if saved:
                world.perform('reload' if index else 'disconnect')
            world.perform(step)
        for step in [*READS, 3.3, *READS]:
            world.perform(step)

    first, second = (without_host_times(world.seen) for world in worlds)
    assert first == second


@settings(quiet, max_examples=100)
@given(st.lists(posts(), max_size=5), options)
def test_python_values_and_their_json_are_the_same(
    folder: pathlib.Path, posts: list[Request], options: str
):
    worlds = [World(new_host(folder), options) for _ in range(2)]

    for post in posts:
        body = json.dumps(post.body).encode()
        worlds[0].perform(post)
        worlds[1].perform(Request('POST', post.path, {}, body, post.headers, user_id=post.user_id))

    first, second = (without_host_times(world.seen) for world in worlds)
    assert first == second
