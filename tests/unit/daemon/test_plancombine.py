"""Layers are combined, and the result is refused, as Pebble does it."""

from __future__ import annotations

import re

import pytest

from scenario_pebble.clock import SECOND_NS
from scenario_pebble.daemon import plancombine, planparse
from scenario_pebble.daemon.plan import FormatError, Plan


def plan(*texts: str) -> Plan:
    layers = [planparse.parse_layer(f'layer{n}', text) for n, text in enumerate(texts, 1)]
    return plancombine.plan_of(tuple(layers))


def refused(message: str, *texts: str) -> None:
    with pytest.raises(FormatError, match=f'^{re.escape(message)}$'):
        plan(*texts)


def test_no_layers_make_an_empty_plan():
    assert plan().services == {}


def test_replace_forgets_the_fields_of_lower_layers():
    combined = plan(
        'services: {a: {override: replace, command: c, summary: s}}',
        'services: {a: {override: replace, command: d}}',
    )

    assert combined.services['a'].command == 'd'
    assert combined.services['a'].summary == ''


def test_merge_changes_what_is_set_and_keeps_the_old_override():
    combined = plan(
        'services: {a: {override: replace, command: c, after: [x], environment: {A: 1, B: 2}, '
        'user-id: 0, startup: enabled, kill-delay: 1s}}',
        'services: {a: {override: merge, command: d, after: [y, x], environment: {B: 3, C: ""}, '
        'startup: "", group-id: 0}}',
    )

    merged = combined.services['a']
    assert merged.override == 'replace'
    assert merged.command == 'd'
    assert merged.after == ('x', 'y', 'x')
    assert merged.environment == {'A': '1', 'B': '3', 'C': ''}
    assert (merged.user_id, merged.group_id) == (0, 0)
    assert merged.startup == 'enabled'
    assert merged.explicit_kill_delay_ns == SECOND_NS


def test_merging_an_empty_mapping_has_no_effect():
    combined = plan(
        'services: {a: {override: replace, command: c}}',
        'services: {a: {override: merge, environment: {}}}',
    )

    assert combined.services['a'].environment is None


def test_merge_of_a_new_service_adds_it_with_override_merge():
    assert plan('services: {a: {override: merge, command: c}}').services['a'].override == 'merge'


def test_checks_merge_inside_their_type():
    combined = plan(
        'checks: {c: {override: replace, http: {url: u, headers: {A: "1", B: "2"}}}}',
        'checks: {c: {override: merge, threshold: 5, http: {headers: {B: "3"}}}}',
        'checks: {c: {override: merge, threshold: 0, period: 20s}}',
    )

    check = combined.checks['c']
    assert check.http is not None
    assert check.http.url == 'u'
    assert check.http.headers == {'A': '1', 'B': '3'}
    assert check.threshold == 5
    assert check.period_ns == 20 * SECOND_NS


def test_the_threshold_has_a_default_and_the_timeout_is_capped():
    check = plan('checks: {c: {override: replace, period: 1s, timeout: 5s, tcp: {port: 1}}}')

    assert check.checks['c'].threshold == 3
    assert check.checks['c'].explicit_timeout_ns == SECOND_NS


def test_combining_into_a_layer_writes_the_threshold_into_it():
    low, high = (
        planparse.parse_layer('one', f'checks: {{c: {{override: merge, {fields}}}}}')
        for fields in ('tcp: {port: 1}', 'period: 1s')
    )

    assert plancombine.combine((low, high)).checks['c'].threshold == 3


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        (
            'services: {a: {command: c}}',
            'layer "layer1" must define "override" for service "a"',
        ),
        (
            'services: {a: {override: append}}',
            'layer "layer1" has invalid "override" value for service "a"',
        ),
        ('checks: {c: {}}', 'layer "layer1" must define "override" for check "c"'),
        (
            'log-targets: {t: {override: x}}',
            'layer "layer1" has invalid "override" value for log target "t"',
        ),
        ('workloads: {w: {}}', 'workload "w": must define an "override" policy'),
        (
            'workloads: {w: {override: x}}',
            'workload "w": has an invalid "override" policy: "x"',
        ),
        (
            'services: {a: {override: replace}}',
            'plan must define "command" for service "a"',
        ),
        (
            'checks: {c: {override: replace}}',
            'plan must specify one of "http", "tcp", or "exec" for check "c"',
        ),
        (
            'checks: {c: {override: replace, tcp: {port: 1}, http: {url: u}}}',
            'plan must specify one of "http", "tcp", or "exec" for check "c"',
        ),
        (
            'checks: {c: {override: replace, http: {}}}',
            'plan must set "url" for http check "c"',
        ),
        ('checks: {c: {override: replace, tcp: {}}}', 'plan must set "port" for tcp check "c"'),
        (
            'checks: {c: {override: replace, exec: {}}}',
            'plan must set "command" for exec check "c"',
        ),
        (
            'checks: {c: {override: replace, exec: {command: x, service-context: s}}}',
            'plan check "c" service context specifies non-existent service "s"',
        ),
        (
            'log-targets: {t: {override: replace, location: l}}',
            'plan must define "type" ("loki", "opentelemetry" or "syslog") for log target "t"',
        ),
        (
            'log-targets: {t: {override: replace, type: loki, services: [all, -x], location: l}}',
            'log target "t" specifies unknown service "x"',
        ),
        (
            'log-targets: {t: {override: replace, type: loki}}',
            'plan must define "location" for log target "t"',
        ),
        (
            'services: {a: {override: replace, command: c, after: [b]}, '
            'b: {override: replace, command: c, after: [a]}}',
            'services in before/after loop: a, b',
        ),
        (
            'services: {a: {override: replace, command: c, requires: [z]}}',
            'service "z" does not exist',
        ),
        (
            'services: {a: {override: replace, command: c, workload: w}}',
            'workload "w": not defined for service "a"',
        ),
        (
            'workloads: {w: {override: replace}}\n'
            'services: {a: {override: replace, command: c, workload: w, user: u}}',
            'plan service "a" cannot have user information and a workload at the same time',
        ),
    ],
)
def test_an_invalid_plan_is_refused(text: str, message: str):
    refused(message, text)


def test_a_check_merged_with_another_type_is_refused():
    refused(
        'plan must specify one of "http", "tcp", or "exec" for check "c"',
        'checks: {c: {override: replace, tcp: {port: 1}}}',
        'checks: {c: {override: merge, http: {url: u}}}',
    )


def test_the_same_layers_give_the_same_plan():
    text = 'services: {a: {override: replace, command: c}}'

    assert plan(text) is plan(text)
