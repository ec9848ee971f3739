"""Layers are read, and refused, as Pebble does it."""

from __future__ import annotations

import re
import textwrap

import pytest

from scenario_pebble.clock import SECOND_NS
from scenario_pebble.daemon import planparse
from scenario_pebble.daemon.plan import FormatError, Layer
from scenario_pebble.frozen import FrozenDict


def parse(text: str) -> Layer:
    return planparse.parse_layer('one', textwrap.dedent(text))


def refused(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=f'^{re.escape(message)}$'):
        parse(text)


def test_a_service_keeps_every_field():
    layer = parse("""
        services:
          web:
            override: replace
            command: run --port 80
            startup: enabled
            after: [a, b]
            requires: []
            environment: {A: 'x', N: 8080, Y: yes, F: 1.50, H: 0x10, E: null}
            user-id: 0
            on-check-failure: {up: restart}
            backoff-delay: 500ms
            backoff-factor: 1.5
    """)

    web = layer.services['web']
    assert web.args == ('run', '--port', '80')
    assert web.enabled
    assert web.after == ('a', 'b')
    assert web.requires == ()
    assert web.environment == {
        'A': 'x',
        'N': '8080',
        'Y': 'yes',
        'F': '1.50',
        'H': '0x10',
        'E': '',
    }
    assert web.user_id == 0
    assert web.group_id is None
    assert web.on_check_failure == {'up': 'restart'}
    assert web.explicit_backoff_delay_ns == SECOND_NS // 2
    assert web.backoff_factor == 1.5
    assert web.explicit_kill_delay_ns is None
    assert web.kill_delay_ns == 5 * SECOND_NS


def test_a_check_has_defaults_behind_what_is_set():
    layer = parse('checks: {up: {override: replace, period: 1s, exec: {command: a "b c"}}}')

    up = layer.checks['up']
    assert up.period_ns == SECOND_NS
    assert up.explicit_timeout_ns is None
    assert up.timeout_ns == SECOND_NS
    assert up.threshold == 0
    assert up.exec is not None
    assert up.exec.args == ('a', 'b c')


def test_an_equal_text_gives_the_same_layer():
    assert parse('services: {}') is parse('services: {}')


def test_services_are_equal_as_in_go():
    def service(fields: str) -> object:
        return parse(f'services: {{a: {{override: replace, command: c, {fields}}}}}').services['a']

    assert service('kill-delay: 1000ms') == service('kill-delay: 1s')
    assert service('after: []') == service('summary: ""')
    assert service('environment: {}') != service('summary: ""')
    assert service('backoff-delay: 500ms') != service('summary: ""')


@pytest.mark.parametrize('text', ['', '# nothing', 'null', '---\n', 'services: {}', 'checks: ~'])
def test_an_empty_layer_is_fine(text: str):
    assert parse(text).services == {}


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('services: {a: [', 'yaml: line 1: did not find expected node content'),
        ('a: b: c', 'yaml: mapping values are not allowed in this context'),
        ('services: *x', "yaml: unknown anchor 'x' referenced"),
        ('a: "\x01"', 'yaml: control characters are not allowed'),
        (
            'services: {}\nservices: {}',
            'yaml: unmarshal errors:\n  line 2: mapping key "services" already defined at line 1',
        ),
        (
            '- x',
            'yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into map[string]yaml.Node',
        ),
        ('servces: {}', 'unknown section "servces"'),
        ('[' * 5000, 'yaml: exceeded max depth of 10000'),
        ('- ' * 5000, 'yaml: exceeded max depth of 10000'),
    ],
)
def test_a_text_that_is_no_layer_is_refused(text: str, message: str):
    refused(text, f'cannot parse layer "one": {message}')


@pytest.mark.parametrize(
    ('fields', 'error'),
    [
        ('command: [a]', 'cannot unmarshal !!seq into string'),
        ('startup: {}', 'cannot unmarshal !!map into plan.ServiceStartup'),
        ('after: x', 'cannot unmarshal !!str `x` into []string'),
        ('user-id: root', 'cannot unmarshal !!str `root` into int'),
        ('user-id: true', 'cannot unmarshal !!bool `true` into int'),
        ('user-id: "5"', 'cannot unmarshal !!str `5` into int'),
        ('environment: [A=1]', 'cannot unmarshal !!seq into map[string]string'),
        ('on-check-failure: x', 'cannot unmarshal !!str `x` into map[string]plan.ServiceAction'),
        ('after: a-rather-long-name', 'cannot unmarshal !!str `a-rathe...` into []string'),
        ('comand: x', 'field comand not found in type plan.Service'),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(fields: str, error: str):
    refused(
        f'services: {{a: {{{fields}}}}}',
        'cannot parse layer "one" section "services": yaml: unmarshal errors:\n  line 1: ' + error,
    )


@pytest.mark.parametrize(
    ('fields', 'error'),
    [
        ('backoff-delay: 500', 'invalid duration "500"'),
        ('backoff-delay: [1s]', 'duration must be a YAML string'),
        ('backoff-factor: two', 'invalid floating-point number "two"'),
        ('backoff-factor: {}', 'value must be a YAML number'),
        ('backoff-factor: 1e999', 'invalid floating-point number "1e999"'),
        ('command: !!binary é', 'yaml: !!binary value contains invalid base64 data'),
    ],
)
def test_a_malformed_duration_or_number_stops_at_once(fields: str, error: str):
    refused(
        f'services: {{a: {{user-id: x, {fields}}}}}',
        f'cannot parse layer "one" section "services": {error}',
    )


def test_lines_are_counted_in_the_section_alone_without_blank_lines():
    refused(
        """
        summary: |
          three
          lines

        services:
          # of the web
          web:
            command: c

            summary: |
              two
              lines
            nope: 1
            after:
              - a
            environment:
              A: {}
        checks:
          up: {}
        """,
        'cannot parse layer "one" section "services": yaml: unmarshal errors:\n'
        '  line 7: field nope not found in type plan.Service\n'
        '  line 11: cannot unmarshal !!map into string',
    )


def test_anchors_work_within_a_section():
    layer = parse("""
        services:
          a: &common
            override: replace
            command: c
            environment: {A: '1'}
          b:
            <<: *common
            command: d
    """)

    assert layer.services['b'].command == 'd'
    assert layer.services['b'].environment == {'A': '1'}


@pytest.mark.parametrize('merged', ['*loop', '[*loop, *loop]'])
def test_an_anchor_cant_be_merged_into_itself(merged: str):
    refused(
        f"""
        services:
          a: &loop
            <<: {merged}
        """,
        'cannot parse layer "one" section "services": yaml: anchor \'loop\' value contains itself',
    )


def test_aliases_of_aliases_are_limited():
    lines = ['services:', '  a0: &a0 {override: replace}']
    lines += [f'  a{n}: &a{n}\n    <<: [{", ".join([f"*a{n - 1}"] * 9)}]' for n in range(1, 9)]

    refused(
        '\n'.join(lines),
        'cannot parse layer "one" section "services": yaml: document contains excessive aliasing',
    )


def test_anchors_of_another_section_are_unknown():
    refused(
        """
        services: {a: {environment: &env {A: '1'}}}
        checks: {c: {exec: {command: x, environment: *env}}}
        """,
        'cannot parse layer "one" section "checks": yaml: unknown anchor \'env\' referenced',
    )


@pytest.mark.parametrize(
    ('section', 'message'),
    [
        ('services:', 'cannot parse layer "one" section "services": EOF'),
        (
            'workloads: x',
            'cannot parse the "workloads" section: yaml: unmarshal errors:\n'
            '  line 1: cannot unmarshal !!str `x` into workloads.WorkloadsSection',
        ),
        (
            'pairing: {mode: x}',
            'invalid pairing mode "x": should be "disabled", "single" or "multiple"',
        ),
    ],
)
def test_sections_have_errors_of_their_own(section: str, message: str):
    refused(section, message)


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('services: {"": {}}', 'cannot use empty string as service name'),
        ('services: {pebble: {}}', 'cannot use reserved service name "pebble"'),
        ('services: {-x: {}}', 'cannot use service name "-x": starting with "-" not allowed'),
        ('services: {a: null}', 'service object cannot be null for service "a"'),
        (
            'services: {a: {command: "x [ [ ]"}}',
            'plan service "a" command invalid: '
            'cannot parse service "a" command: cannot nest [ ... ] groups',
        ),
        (
            'services: {a: {on-success: success-shutdown}}',
            'plan service "a" on-success action "success-shutdown" invalid',
        ),
        (
            'services: {a: {on-failure: failure-shutdown}}',
            'plan service "a" on-failure action "failure-shutdown" invalid',
        ),
        (
            'services: {a: {on-check-failure: {c: explode}}}',
            'plan service "a" on-check-failure action "explode" invalid',
        ),
        (
            'services: {a: {backoff-factor: 0.5}}',
            'plan service "a" backoff-factor must be 1.0 or greater, not 0.5',
        ),
        ('checks: {"": {}}', 'cannot use empty string as check name'),
        ('checks: {c: null}', 'check object cannot be null for check "c"'),
        ('checks: {c: {level: dead}}', 'plan check "c" level must be "alive" or "ready"'),
        ('checks: {c: {startup: no}}', 'plan check "c" startup must be "enabled" or "disabled"'),
        ('checks: {c: {period: 0s}}', 'plan check "c" period must not be zero'),
        ('checks: {c: {timeout: 0s}}', 'plan check "c" timeout must not be zero'),
        (
            'checks: {c: {exec: {command: "echo \'x"}}}',
            'plan check "c" command invalid: EOF found when expecting closing quote',
        ),
        ('log-targets: {t: null}', 'log target object cannot be null for log target "t"'),
        (
            'log-targets: {t: {labels: {pebble_x: y}}}',
            'log target "t": label "pebble_x" uses reserved prefix "pebble_"',
        ),
        (
            'log-targets: {t: {type: file}}',
            'log target "t" has unsupported type "file", '
            'must be "loki", "opentelemetry" or "syslog"',
        ),
        ('workloads: {w: null}', 'workload "w": cannot have a null value'),
    ],
)
def test_an_invalid_layer_is_refused(text: str, message: str):
    refused(text, message)


def test_labels_of_pebble_are_reserved():
    with pytest.raises(FormatError, match=r'^cannot use reserved label prefix "pebble-"$'):
        planparse.parse_layer('pebble-x', '')


def test_null_items_and_keys_are_left_out():
    layer = parse('services: {a: {after: [x, null, y], environment: {~: x, B: y}}, ~: {}}')

    assert layer.services['a'].after == ('x', 'y')
    assert layer.services['a'].environment == FrozenDict({'B': 'y'})
    assert list(layer.services) == ['a']
