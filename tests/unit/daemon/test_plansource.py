from __future__ import annotations

from typing import Any

import pytest
import yaml

from scenario_pebble.daemon import plancombine, planfacts, planparse


def shown(*texts: str) -> dict[str, Any]:
    """What a State shows of a layer that the others were combined into."""
    first, *others = (planparse.parse_layer('one', text) for text in texts)
    for other in others:
        first = plancombine.combine_into(first, other)
    return planfacts.layer_to_dict(first)


@pytest.mark.parametrize(
    ('low', 'high', 'combined'),
    [
        (
            'checks: {c: {override: replace, tcp: {port: 1}}}',
            'services: {a: {override: replace, command: c}}',
            'checks: {c: {override: replace, tcp: {port: 1}}}\n'
            'services: {a: {override: replace, command: c}}',
        ),
        (
            'checks: {c: {override: replace, period: 10m, timeout: 20m, tcp: {port: 1}}}',
            'checks: {c: {override: merge, threshold: 0, tcp: {host: h}}}',
            'checks: {c: {override: replace, period: 10m, timeout: 20m, tcp: {port: 1, host: h}}}',
        ),
        (
            'services: {a: {override: replace, command: c, user-id: 1, environment: {A: 1}, '
            'after: [x]}}',
            'services: {a: {override: merge, command: "", user-id: 0, environment: {B: 2}, '
            'after: [y]}}',
            'services: {a: {override: replace, command: c, user-id: 0, '
            'environment: {A: 1, B: 2}, after: [x, y]}}',
        ),
        (
            'summary: s\nservices: {a: {override: replace, command: c, user: u}}',
            'description: d\nservices: {a: {override: replace, command: d}}',
            'description: d\nservices: {a: {override: replace, command: d}}',
        ),
        (
            'services: {}',
            'services: {a: {override: merge, command: c}}',
            'services: {a: {override: merge, command: c}}',
        ),
    ],
)
def test_combined_layers_show_what_was_given(low: str, high: str, combined: str):
    assert shown(low, high) == yaml.safe_load(combined)


def test_layers_can_be_combined_again():
    check = 'checks: {c: {override: merge, %s}}'

    assert shown(check % 'tcp: {port: 1}', check % 'period: 1m', check % 'level: ready') == {
        'checks': {
            'c': {'override': 'merge', 'tcp': {'port': 1}, 'period': '1m', 'level': 'ready'}
        }
    }
