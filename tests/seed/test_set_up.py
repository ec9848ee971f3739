"""The snippets of the section "Set up the workload container"."""

from __future__ import annotations

import dataclasses

import ops
from ops import pebble

import scenario_pebble as scenario

from .src.pause import PauseCharm
from .src.plan import MyCharm


def ready_pause(ctx: scenario.Context[PauseCharm]) -> scenario.State:
    container = scenario.Container('pause', can_connect=True)
    return ctx.run(ctx.on.pebble_ready(container), scenario.State(containers={container}))


def test_pebble_ready_adds_the_layer_and_starts_what_it_enables():
    state = ready_pause(scenario.Context(PauseCharm))

    container = state.get_container('pause')
    assert container.layers['pause'].to_dict() == {
        'summary': 'pause layer',
        'description': 'pebble config layer for google/pause',
        'services': {
            'pause': {
                'override': 'replace',
                'summary': 'pause service',
                'command': '/pause',
                'startup': 'enabled',
            }
        },
    }
    assert container.service_statuses == {'pause': pebble.ServiceStatus.ACTIVE}
    assert state.unit_status == ops.ActiveStatus()


def test_config_changed_overlays_the_environment_and_restarts():
    ctx = scenario.Context(PauseCharm)
    ready = ready_pause(ctx)

    state = ctx.run(ctx.on.config_changed(), dataclasses.replace(ready, config={'timeout': 5}))

    service = state.get_container('pause').plan.services['pause']
    assert service.command == '/pause'
    assert service.environment == {'TIMEOUT': '5'}
    assert [row.text for row in ctx.timeline.filter(kind='service', subject='pause')] == [
        'inactive → active',
        'active → inactive',
        'inactive (exit 143)',
        'inactive → active',
    ]


def test_config_changed_restarts_nothing_if_the_config_is_the_same():
    ctx = scenario.Context(PauseCharm)
    configured = ctx.run(ctx.on.config_changed(), ready_pause(ctx))
    before = len(ctx.timeline.filter(kind='service'))

    ctx.run(ctx.on.config_changed(), configured)

    assert len(ctx.timeline.filter(kind='service')) == before


def test_config_changed_waits_for_pebble():
    ctx = scenario.Context(PauseCharm)
    container = scenario.Container('pause', can_connect=False)

    state = ctx.run(ctx.on.config_changed(), scenario.State(containers={container}))

    assert state.unit_status == ops.WaitingStatus('waiting for Pebble')


def test_the_layer_is_added_to_an_empty_plan_only():
    ctx = scenario.Context(MyCharm)
    container = scenario.Container('main', can_connect=True)

    once = ctx.run(ctx.on.config_changed(), scenario.State(containers={container}))
    twice = ctx.run(ctx.on.config_changed(), once)

    assert once.get_container('main').services['svc'].is_running()
    assert twice.get_container('main') is once.get_container('main')
