"""Does the charm stand it when Pebble goes away, or the proxy doesn't start?"""

import dataclasses

import ops
import pytest
from racy import RacyProxyCharm

import scenario_pebble as scenario
from charm import ProxyCharm

PROXY = scenario.Container('proxy', can_connect=True)


def new_upstream(charm: type[ProxyCharm] = ProxyCharm):
    """The event that is swept over: the proxy runs, and gets another upstream."""
    ctx = scenario.Context(charm)
    state = ctx.run(ctx.on.pebble_ready(PROXY), scenario.State(containers={PROXY}))
    return ctx, ctx.on.config_changed(), state.with_config(upstream='http://10.0.0.7')


def test_a_sweep_finds_the_race():
    ctx, event, state = new_upstream(RacyProxyCharm)

    report = ctx.sweep(event, state, ['connection-refused'])

    assert [(each.request, each.verdict) for each in report] == [
        ('GET /v1/system-info', 'recovers'),
        ('POST /v1/layers', 'error-recovers'),
        ('POST /v1/services', 'error-recovers'),
        ('GET /v1/changes/2/wait', 'error-recovers'),
    ]


def test_the_repaired_charm_has_none():
    ctx, event, state = new_upstream()

    assert not ctx.sweep(event, state).failures


@pytest.mark.scenario_pebble_sweep(setup=new_upstream)
def test_a_new_upstream_survives_a_fault(fault_outcome: scenario.FaultOutcome):
    assert fault_outcome.ok


def test_one_of_these_faults_by_hand():
    fault = scenario.Fault('POST /v1/services', 'connection-refused')
    ctx, event, state = new_upstream()
    proxy = dataclasses.replace(state.get_container('proxy'), faults=[fault])

    state = ctx.run(event, dataclasses.replace(state, containers={proxy}))
    assert state.unit_status == ops.WaitingStatus('waiting for Pebble')

    state = ctx.run(ctx.on.pebble_ready(proxy), state)
    assert state.unit_status == ops.ActiveStatus()
    assert ctx.timeline.restarted('proxy', 'proxy')
