"""What a sweep says of the document's snippets: which of them stand that Pebble goes away?"""

from __future__ import annotations

import dataclasses

import scenario_pebble as scenario

from .src import pause, plan

PAUSE = scenario.Container('pause', can_connect=True)


def test_a_handler_without_try_ends_in_errors_that_the_retry_mends():
    ctx = scenario.Context(pause.PauseCharm)

    report = ctx.sweep(ctx.on.pebble_ready(PAUSE), scenario.State(containers={PAUSE}))

    assert {outcome.verdict for outcome in report} == {'error-recovers'}


def test_the_handler_that_catches_connection_errors_stands_them():
    ctx = scenario.Context(pause.PauseCharm)
    state = ctx.run(ctx.on.pebble_ready(PAUSE), scenario.State(containers={PAUSE}))
    state = dataclasses.replace(state, config={'timeout': 7})

    report = ctx.sweep(ctx.on.config_changed(), state)

    assert {outcome.fault.kind for outcome in report.failures} == {'change-error'}


def test_a_layer_added_only_if_there_is_none_is_never_started_after_an_error():
    ctx = scenario.Context(plan.MyCharm)
    state = scenario.State(containers={scenario.Container('main', can_connect=True)})

    report = ctx.sweep(ctx.on.config_changed(), state)

    assert [(o.request, o.fault.label, o.differences) for o in report.of('error-differs')] == [
        (
            'POST /v1/services',
            label,
            (".containers['main'].service_statuses['svc']",),
        )
        for label in ('connection-refused before', 'change-error before')
    ]
