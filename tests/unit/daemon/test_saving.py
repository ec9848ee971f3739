"""Saving a daemon and going on with another one can't be noticed, whatever happens in between."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from scenario_pebble.clock import Clock, seconds_to_ns
from scenario_pebble.daemon.daemon import Daemon, DaemonGone
from scenario_pebble.daemon.message import Request, Response
from scenario_pebble.daemon.workload import Behaviour, Output, RecordNotice, WriteFile

from .simulated import BEGIN_NS, Pebble, Programs, exits, on_term

PROGRAMS: Mapping[str, Behaviour | Sequence[Behaviour]] = {
    'steady': Behaviour(
        output=(Output(b'one\ntw'), Output(b'o\n', after_ns=seconds_to_ns(1.7))),
        effects=(RecordNotice('example.com/late', after_ns=seconds_to_ns(2.5)),),
    ),
    'crashes': [exits(0.4, 1), exits(1.5, 2), exits(3, 0), exits(0.2, 1)],
    'stubborn': Behaviour(reactions=on_term(after=0.7, code=None, stdout='no\n')),
    'slow': Behaviour(
        reactions=on_term(after=1.3), effects=(WriteFile('/f', b'x', after_ns=10**9),)
    ),
}
SERVICES = tuple(PROGRAMS)

BASE = """
services:
  steady: {override: replace, command: steady, startup: enabled}
  crashes: {override: replace, command: crashes, backoff-limit: 2s, requires: [steady]}
  stubborn:
    {override: replace, command: stubborn, kill-delay: 900ms, on-check-failure: {up: restart}}
  slow: {override: replace, command: slow, after: [steady], on-success: shutdown}
checks:
  up: {override: replace, period: 1s, threshold: 2, exec: {command: check}}
"""
CHANGED = """
services:
  steady: {override: merge, environment: {A: b}}
  crashes: {override: merge, on-failure: shutdown}
checks:
  up: {override: merge, period: 2s}
"""

names = st.lists(st.sampled_from([*SERVICES, 'nope']), max_size=3)
actions = st.sampled_from(['start', 'start', 'stop', 'restart', 'replan', 'autostart'])
ids = st.integers(1, 9).map(str)


def request(method: str, path: str, body: Any = None, **query: str) -> Request:
    return Request(method, path, {name: [value] for name, value in query.items()}, body)


def layer(text: str) -> Request:
    body = {'action': 'add', 'combine': True, 'label': 'x', 'format': 'yaml', 'layer': text}
    return request('POST', '/v1/layers', body)


def notice(key: str, repeat_after: str) -> Request:
    body = {'action': 'add', 'type': 'custom', 'key': key, 'repeat-after': repeat_after}
    return request('POST', '/v1/notices', body)


def act(action: str, names: Sequence[str]) -> Request:
    return request('POST', '/v1/services', {'action': action, 'services': names})


def wait(change: str, timeout: str) -> Request:
    return request('GET', f'/v1/changes/{change}/wait', timeout=timeout)


def abort(change: str) -> Request:
    return request('POST', f'/v1/changes/{change}', {'action': 'abort'})


def send(names: Sequence[str], signal: str) -> Request:
    return request('POST', '/v1/signals', {'signal': signal, 'services': names})


def check(action: str) -> Request:
    return request('POST', '/v1/checks', {'action': action, 'checks': ['up']})


START = act('start', SERVICES)
READS = [
    request('GET', '/v1/services'),
    request('GET', '/v1/changes', select='all'),
    request('GET', '/v1/notices', users='all'),
    request('GET', '/v1/logs', n='-1'),
    request('GET', '/v1/checks'),
    request('GET', '/v1/plan', format='yaml'),
    request('GET', '/v1/metrics'),
]

requests = st.one_of(
    st.sampled_from([layer(BASE), layer(CHANGED), *READS]),
    st.builds(act, actions, names),
    st.builds(wait, ids, st.sampled_from(['300ms', '1s', '20s'])),
    st.builds(abort, ids),
    st.builds(send, names, st.sampled_from(['SIGHUP', 'SIGTERM', 'SIGKILL', 'SIGNOPE'])),
    st.builds(notice, st.sampled_from(['a.b/c', 'a.b/d']), st.sampled_from(['', '2s'])),
    st.builds(check, st.sampled_from(['start', 'stop'])),
    st.just(request('POST', '/v1/checks/refresh', {'name': 'up'})),
    st.just(request('POST', '/v1/exec', {'command': ['tool']})),
)
times = st.integers(0, 400).map(lambda hundredths: hundredths / 100)
steps = st.lists(
    st.one_of(
        requests,
        times,
        st.sampled_from(['restart', 'terminate', 'workload']),
    ),
    max_size=14,
)


class Runs(Programs):
    """The programs, and a check that fails while a test wants it to."""

    failing = False

    def run(self, call: Any) -> Behaviour:
        if call.kind == 'check':
            return Behaviour(exit_after_ns=0, exit_code=int(self.failing))
        return super().run(call)


def perform(step: Any, daemon: Daemon, clock: Clock, programs: Runs) -> Any:
    """Do a step; what is seen of it."""
    if isinstance(step, Request):
        try:
            return daemon.request(step)
        except DaemonGone as e:
            return str(e)
    if step == 'restart':
        return daemon.restart()
    if step == 'terminate':
        return daemon.terminate()
    if step == 'workload':
        programs.failing = not programs.failing
        return daemon.workload_changed()
    return clock.advance(seconds_to_ns(step))


def history(steps: Sequence[Any], *, reload: bool, seed: int) -> list[Any]:
    """What is seen of some steps, and of a daemon after them."""
    programs, clock = Runs(PROGRAMS), Clock(BEGIN_NS)
    rows: list[Any] = []

    def log(*row: str) -> None:
        rows.append((clock.now_ns, *row))

    options: dict[str, Any] = {'seed': seed, 'log': log}
    daemon = Daemon(clock, programs, **options)
    seen: list[Any] = []
    for step in [*steps, 1.0, *READS]:
        if reload:
            saved = pickle.loads(pickle.dumps(daemon.save()))
            clock = Clock(clock.now_ns)
            daemon = Daemon(clock, programs, files=daemon.files.tree, saved=saved, **options)
        seen.append(perform(step, daemon, clock, programs))
    return [*seen, clock.now_ns, programs.calls, rows]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps, st.integers(0, 3))
def test_saving_and_restoring_between_any_two_steps_is_invisible(steps: list[Any], seed: int):
    steps = [layer(BASE), START, 2.0, *steps]

    assert history(steps, reload=True, seed=seed) == history(steps, reload=False, seed=seed)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps, st.integers(0, 3))
def test_equal_steps_and_seeds_give_equal_histories(steps: list[Any], seed: int):
    first, second = (history(steps, reload=False, seed=seed) for _ in range(2))

    assert first == second


PATHS = st.sampled_from(
    [
        '/v1/services',
        '/v1/changes/1',
        '/v1/signals',
        '/v1/notices',
        '/v1/layers',
        '/v1/checks',
        '/v1/checks/refresh',
        '/v1/identities',
        '/v1/exec',
        '/v1/files',
        '/v1/nope',
        '//v1/logs',
    ]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(['add', 'start', 'custom', 'a.b/c', 'web', '1s']),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    'action',
                    'services',
                    'type',
                    'key',
                    'data',
                    'label',
                    'format',
                    'layer',
                    'checks',
                    'name',
                    'command',
                    'identities',
                    'environment',
                    'timeout',
                    'paths',
                    'path',
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(['GET', 'POST', 'PUT']), PATHS, JSON | st.binary(max_size=20))
def test_any_request_is_answered_and_the_daemon_can_be_saved(method: str, path: str, body: Any):
    pebble = Pebble()

    answer = pebble.daemon.request(Request(method, path, {}, body))

    if isinstance(answer, Response):
        assert answer.status < 500, answer
    assert pickle.loads(pickle.dumps(pebble.daemon.save())) == pebble.daemon.save()
