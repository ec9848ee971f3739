from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import ops
import pytest

import scenario_pebble as scenario

from .timecharm import START, container, state, watcher

PROBE = scenario.LivenessProbe(period=10, failure_threshold=3)


def crashing(**program: Any) -> scenario.Container:
    """A container whose Pebble ends when its server does."""
    server = {'override': 'replace', 'command': 'serve', 'on-failure': 'shutdown'}
    return container(
        layers={'base': {'services': {'server': server}}},
        programs={'server': scenario.Program(exit_code=1, **program)},
    )


def test_a_container_that_is_not_alive_is_restarted():
    ctx, seen = watcher()
    out = ctx.fail_check(state(container(liveness_probe=PROBE)), 'web', 'up')

    ctx.advance(out, 300)

    # The check is down at 30 s, before Kubernetes asks at 30, 40 and 50 s.  A check that is down
    # when Pebble stops counts as recovered.
    assert seen == [
        (30, 'web_pebble_check_failed'),
        (50, 'web_pebble_ready'),
        (50, 'web_pebble_check_recovered'),
    ]
    assert [(row.subject, row.text) for row in ctx.timeline.filter(kind='kubelet')] == [
        ('liveness', 'failure 1/3'),
        ('liveness', 'failure 2/3'),
        ('liveness', 'failure 3/3 → SIGTERM'),
        ('container', 'Pebble exited with 0'),
        ('container', 'started again'),
    ]
    assert ctx.timeline.services('web', 'server')[0] == 'active → inactive'


def test_a_probe_that_succeeds_in_between_counts_anew():
    ctx, seen = watcher()
    out = ctx.fail_check(state(container(liveness_probe=PROBE)), 'web', 'up', every=50)
    out = ctx.pass_check(out, 'web', 'up', at=45, every=50)

    ctx.advance(out, 300)

    assert 'web_pebble_ready' not in {name for _, name in seen}
    assert ctx.timeline.filter(kind='kubelet', subject='liveness')


def test_a_check_of_another_level_does_not_matter():
    ctx, seen = watcher()
    up = {'override': 'replace', 'level': 'ready', 'period': '10s', 'tcp': {'port': 80}}
    web = container(layers={'base': {'checks': {'up': up}}}, service_statuses={})
    out = ctx.probe_liveness(ctx.fail_check(state(web), 'web', 'up'), 'web', PROBE)

    ctx.advance(out, 300)

    assert seen == [(30, 'web_pebble_check_failed')]


def test_kubernetes_is_patient_at_first():
    ctx, seen = watcher()
    patient = scenario.LivenessProbe(initial_delay=100, failure_threshold=1)
    out = ctx.fail_check(state(), 'web', 'up')

    ctx.advance(ctx.probe_liveness(out, 'web', patient), 200)

    assert (105, 'web_pebble_ready') in seen


def test_by_default_it_asks_as_juju_has_it_ask():
    ctx, seen = watcher()
    out = ctx.probe_liveness(ctx.fail_check(state(), 'web', 'up'), 'web')

    ctx.advance(out, 200)

    assert seen[:2] == [(30, 'web_pebble_check_failed'), (40, 'web_pebble_ready')]


def test_what_does_not_end_in_time_is_killed():
    ctx, seen = watcher()
    probe = scenario.LivenessProbe(period=10, failure_threshold=1, grace_period=20)
    stubborn = scenario.Program(signals={'SIGTERM': scenario.OnSignal()})
    layers: Any = {**container().layers}
    layers['slow'] = {'services': {'server': {'override': 'merge', 'kill-delay': '60s'}}}
    web = container(layers=layers, programs={'server': stubborn}, liveness_probe=probe)

    ctx.advance(ctx.fail_check(state(web), 'web', 'up'), 100)

    assert seen == [(30, 'web_pebble_check_failed'), (50, 'web_pebble_ready')]


def test_a_container_whose_pebble_ends_is_started_again():
    ctx, seen = watcher()

    out = ctx.advance(state(crashing(exit_after=7)), 60)

    assert seen == [(7, 'web_pebble_ready')]
    assert out.get_container('web').layers == {}
    [first, *_] = ctx.timeline.filter(kind='kubelet')
    assert first.text == 'Pebble exited with 10'


def test_each_time_it_takes_longer():
    def act(charm: ops.CharmBase, _: Any) -> None:
        web = charm.unit.get_container('web')
        web.add_layer('base', crashing().layers['base'])
        web.start('server')

    ctx, seen = watcher(act=act)

    ctx.advance(state(crashing(exit_after=7)), 1500)

    ready = [at for at, _ in seen]
    assert ready[:8] == [7, 24, 51, 98, 185, 352, 659, 966]


def test_who_waits_for_pebble_when_it_ends_is_told():
    def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
        if isinstance(event, ops.StartEvent):
            process = charm.unit.get_container('web').exec(['backup'])
            with pytest.raises(ops.pebble.Error):
                process.wait()
            ended.append(time.time() - START.timestamp())

    ended: list[float] = []
    ctx, seen = watcher('start', act=act)
    web = replace(crashing(exit_after=7), execs={scenario.Exec(['backup'], duration=60)})

    ctx.advance(ctx.run(ctx.on.start(), state(web)), 1)

    assert ended == [7]
    assert seen == [(0, 'start'), (7, 'web_pebble_ready')]


def test_what_kubernetes_remembers_stays_with_the_state():
    ctx, seen = watcher()
    out = ctx.fail_check(state(container(liveness_probe=PROBE)), 'web', 'up')

    for _ in range(30):
        out = scenario.State.from_json(ctx.advance(out, 3).to_json())

    assert seen[:2] == [(30, 'web_pebble_check_failed'), (50, 'web_pebble_ready')]


@pytest.mark.parametrize(
    ('field', 'value', 'least'),
    [('period', 0, 1), ('initial_delay', -1, 0), ('failure_threshold', 0, 1)],
)
def test_what_can_not_be_probed_is_refused(field: str, value: Any, least: int):
    with pytest.raises(scenario.StateValidationError) as caught:
        scenario.LivenessProbe(**{field: value})

    assert str(caught.value) == (
        f'cannot use {value!r} for LivenessProbe.{field}: it is not {least} or more\n'
        f'  hint: LivenessProbe({field}=3)'
    )
