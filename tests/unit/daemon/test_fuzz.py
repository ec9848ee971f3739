"""Whatever is sent to the daemon, in whatever order and at whatever pace, it behaves."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings, strategies as st

from scenario_pebble.daemon.message import Request

from .fuzzrequests import posts
from .fuzzsteps import impatient_steps, options, quiet, steps
from .fuzzworld import READS, history_of, worlds

PEBBLES_OWN_500 = (
    r"cannot insert sub-directory layer without 'inner' attribute set",
    r'cannot send signal to ".*": .*',
    r'cannot call exec: .*',
    r'not simulated: POST /v1/exec \(interactive\)',
    r'(control|stdio|stderr) websocket already connected',
    r'cannot perform the following tasks:\n.*',  # of the command to whose websocket it is too late
    r'request cancelled',  # the client hung up
)


def unexpected(seen: Sequence[Any]) -> list[str]:
    """Errors that Pebble wouldn't answer with."""
    answers = [json.loads(row[2]) for row in seen if row[0] == 500]
    texts = [answer['result']['message'] for answer in answers]
    return [
        text
        for text in texts
        if not any(re.fullmatch(own, text, re.DOTALL) for own in PEBBLES_OWN_500)
    ]


@settings(quiet, max_examples=100)
@given(impatient_steps, options)
def test_any_requests_are_answered_and_touch_nothing_of_the_host(steps: list[Any], options: str):
    with worlds(options) as (world,):
        before = world.host.around()

        for step in steps:
            world.perform(step)

        assert unexpected(world.seen) == []
        assert 'SECRET' not in str(world.seen)
        assert world.host.around() == before


@settings(quiet, max_examples=40)
@given(impatient_steps, options)
def test_equal_requests_have_equal_answers(steps: list[Any], options: str):
    with worlds(options, options) as (one, other):
        for step in [*steps, *READS]:
            one.perform(step)
            other.perform(step)

        assert history_of(one) == history_of(other)


@settings(quiet, max_examples=70)
@given(steps, st.lists(st.booleans()), options)
def test_saving_and_restoring_is_invisible(steps: list[Any], saves: list[bool], options: str):
    with worlds(options, options) as (one, other):
        one.perform_all(steps, saves, 'disconnect')
        other.perform_all(steps, saves, 'reload')

        assert history_of(one) == history_of(other)


@settings(quiet, max_examples=100)
@given(st.lists(posts(), max_size=5), options)
def test_python_values_and_their_json_are_the_same(posts: list[Request], options: str):
    with worlds(options, options) as (one, other):
        for post in posts:
            body = json.dumps(post.body).encode()
            one.perform(post)
            other.perform(Request('POST', post.path, {}, body, post.headers, post.user_id))

        assert history_of(one) == history_of(other)
