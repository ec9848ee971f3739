"""A story told at once or step by step ends in the same state, and is the same each time."""

from __future__ import annotations

import datetime
import gc
import os
import pathlib
import subprocess
import sys
import time
from typing import Any

import ops
from hypothesis import example, given, settings, strategies as st

import scenario_pebble as scenario

from .timecharm import KEY, START, container, state, watcher

END = 300


def react(charm: ops.CharmBase, event: ops.EventBase) -> None:
    """Do something that takes time, and that changes what happens next."""
    kind = event.handle.kind
    web = charm.unit.get_container('web')
    if kind.endswith('check_failed'):
        time.sleep(7)
        charm.unit.status = ops.MaintenanceStatus(f'{event.info.failures} failures')  # type: ignore[attr-defined]
    elif kind.endswith('check_recovered'):
        charm.unit.status = ops.ActiveStatus(str(time.time()))
    elif kind == 'web_pebble_ready':
        web.add_layer('base', container().layers['base'], combine=True)
        web.replan()
    elif kind == 'db_pebble_custom_notice' and web.can_connect():
        web.exec(['backup']).wait()
        web.push('/last', str(time.time()))
        web.pebble.notify(ops.pebble.NoticeType.CUSTOM, KEY, repeat_after=datetime.timedelta(60))
    elif kind == 'update_status' and time.time() % 180 < 60:
        raise RuntimeError('a bad time')


names = st.sampled_from(['web', 'db'])
moments: dict[str, Any] = {
    'at': st.integers(0, END),
    'every': st.none() | st.integers(30, 200),
}
stimuli = st.one_of(
    st.builds(scenario.FailCheck, names, st.just('up'), **moments),
    st.builds(scenario.PassCheck, names, st.just('up'), **moments),
    st.builds(scenario.Notify, names, st.just(KEY), **moments),
    st.builds(scenario.CrashService, names, st.just('server'), **moments),
    st.builds(scenario.Disconnect, names, **moments),
    st.builds(scenario.Connect, names, **moments),
    st.builds(scenario.RestartContainer, names, graceful=st.booleans(), **moments),
    st.builds(scenario.ReplaceContainer, names, **moments),
)
programs = st.builds(
    scenario.Program,
    exit_after=st.none() | st.sampled_from([0.5, 3.0, 41.0]),
    exit_code=st.integers(0, 1),
    signals=st.just({'SIGTERM': scenario.OnSignal(0, after=3)}),
    ports=st.sampled_from([{}, {80: None}, {80: {'/': 503}}]),
)
probes = st.none() | st.just(scenario.LivenessProbe(period=15, failure_threshold=2))


def containers(name: str) -> st.SearchStrategy[scenario.Container]:
    given: dict[str, Any] = {
        'programs': st.fixed_dictionaries({}, optional={'server': programs}),
        'outcomes': st.sampled_from([{}, {'up': scenario.Fail('at first')}]),
        'liveness_probe': probes,
    }
    execs = {scenario.Exec(['backup'], duration=11)}
    return st.builds(container, st.just(name), execs=st.just(execs), **given)


states = st.builds(
    state,
    containers('web'),
    containers('db'),
    schedule=st.lists(stimuli, max_size=6),
    queue=st.sampled_from([(), [scenario.QueuedEvent('update_status')]]),
)


def context() -> scenario.Context[Any]:
    return watcher(
        'update_status',
        act=react,
        update_status_hook_interval=100,
        automatically_retry_hooks=True,
    )[0]


def told(ctx: scenario.Context[Any], state: scenario.State, steps: int) -> scenario.State:
    for step in range(1, steps + 1):
        until = START + datetime.timedelta(seconds=END * step / steps)
        state = ctx.advance(state, until=until, limit=5000)
    return state


LOST = state(
    container('web'),
    container('db', liveness_probe=scenario.LivenessProbe(period=15, failure_threshold=2)),
    schedule=[scenario.RestartContainer('db', at=1), scenario.FailCheck('db', 'up', at=291)],
)
"""A check fails that a restarted container no longer has."""


@settings(max_examples=20, deadline=None)
@given(states, st.sampled_from([2, 7, 60]))
@example(LOST, 60)
@example(state(container('web'), container('db'), schedule=LOST.schedule), 60)
def test_one_step_or_many(given: scenario.State, steps: int):
    at_once, step_by_step = context(), context()

    one = told(at_once, given, 1)
    many = told(step_by_step, given, steps)

    assert at_once.timeline.events() == step_by_step.timeline.events()
    assert str(at_once.timeline) == str(step_by_step.timeline)
    assert one == many
    assert one.to_json() == many.to_json()


@settings(max_examples=10, deadline=None)
@given(states)
def test_the_same_each_time(given: scenario.State):
    first, second = context(), context()

    assert told(first, given, 3).to_json() == told(second, given, 3).to_json()
    assert first.timeline.to_json() == second.timeline.to_json()


def tell_story() -> None:
    """Print how a long story ends, and its timeline."""
    ctx = context()
    rich = state(
        *(container(name, outcomes={'up': scenario.Fail()}) for name in ('web', 'db')),
        opened_ports={scenario.TCPPort(port) for port in range(80, 99)},
        secrets={scenario.Secret({c: c for c in 'abcdef'}, id=f'secret:{c}') for c in 'xyz'},
        networks={scenario.Network(name) for name in ('juju-info',)},
        schedule=[
            scenario.RestartContainer('db', at=75, graceful=True),
            scenario.CrashService('web', 'server', at=100, every=50),
            *(
                scenario.Notify(name, KEY, data={'b': 'c', 'a': 'd'}, at=90)
                for name in ('web', 'db')
            ),
        ],
    )
    end = told(ctx, rich, 3)
    print(end.to_json(), end.to_yaml(), ctx.timeline, ctx.timeline.to_json(), repr(end), sep='\n')


def test_the_same_in_each_process():
    root = pathlib.Path(__file__).parents[2]
    code = 'from tests.unit.test_steps import tell_story; tell_story()'
    told = {
        subprocess.run(
            [sys.executable, '-c', code],
            env={**os.environ, 'PYTHONHASHSEED': seed},
            cwd=root,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ('0', '1', '4711')
    }

    assert len(told) == 1
    assert len(told.pop()) > 10_000


def test_the_seed_decides_on_what_is_random():
    def tell(seed: int) -> str:
        ctx, _ = watcher(seed=seed)
        crashing = scenario.Program(exit_after=2, exit_code=1)
        ctx.advance(state(container(programs={'server': crashing})), 60)
        return str(ctx.timeline)

    assert tell(1) == tell(1)
    assert tell(1) != tell(2)


def calls_of(ctx: scenario.Context[Any], state: scenario.State, seconds: float) -> int:
    """How many functions are called while time passes."""
    calls: list[str] = []
    gc.disable()  # what it calls is not of this test
    sys.setprofile(lambda frame, event, _: calls.append(event))
    try:
        ctx.advance(state, seconds)
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls.count('call')


def test_a_day_in_which_nothing_happens_costs_as_much_as_an_hour():
    kinds: dict[str, Any] = {
        'http': {'url': 'http://localhost/'},
        'tcp': {'port': 80},
        'exec': {'command': 'check'},
    }
    up = {'override': 'replace', 'period': '10s', 'threshold': 3}
    checks = {kind: {**up, kind: config} for kind, config in kinds.items()}
    ctx, _ = watcher()
    idle = ctx.advance(state(container(layers={'base': {'checks': checks}})), 100)

    hour, day = calls_of(ctx, idle, 3600), calls_of(ctx, idle, 24 * 3600)

    assert day <= hour < 1500


def test_a_check_that_flaps_costs_in_proportion_to_its_dispatches():
    ctx, seen = watcher()
    flapping = ctx.fail_check(state(), 'web', 'up', at=5, every=120)
    flapping = ctx.pass_check(flapping, 'web', 'up', at=65, every=120)
    flapping = ctx.advance(flapping, 600)
    seen.clear()

    short, long = calls_of(ctx, flapping, 1200), calls_of(ctx, flapping, 4800)

    assert len(seen) == 20 + 80
    assert long < 4.4 * short
