from __future__ import annotations

import ops

import scenario_pebble as scenario
from scenario_pebble.registry import Watch


def make() -> scenario.Context[ops.CharmBase]:
    return scenario.Context(ops.CharmBase, meta={'name': 'web'})


def start(ctx: scenario.Context[ops.CharmBase]) -> None:
    ctx.run(ctx.on.start(), scenario.State())


def test_a_watch_gives_what_happened_in_its_time():
    before, idle, other = make(), make(), make()
    start(before)
    start(idle)

    with Watch() as watch:
        start(other)
        before.run(before.on.stop(), scenario.State())
    start(idle)

    [(first, one), (second, two)] = watch.timelines()
    assert (first, second) == (other, before)
    assert one.events() == ['start']
    assert two.events() == ['stop']


def test_time_that_passes_counts_as_use():
    ctx = make()

    with Watch() as watch:
        ctx.advance(scenario.State(), 5)

    assert [used for used, _ in watch.timelines()] == [ctx]


def test_rows_that_the_log_has_dropped_are_counted():
    ctx = make()
    for _ in range(3):
        start(ctx)
    before = len(ctx.timeline)

    with Watch() as watch:
        start(ctx)
        new = len(ctx.timeline) - before
        for number in range(10_004 - new):
            ctx.log.add(0, '', 'event', str(number), '')

    [(_, timeline)] = watch.timelines()
    assert (timeline.dropped, len(timeline)) == (4, 10_000)
