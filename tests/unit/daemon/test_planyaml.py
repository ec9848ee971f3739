"""The plan is printed to the letter as Pebble prints it."""

from __future__ import annotations

import textwrap

import pytest
import yaml

from scenario_pebble.daemon import plancombine, planparse, planyaml
from scenario_pebble.frozen import FrozenDict


def printed(text: str) -> str:
    layer = planparse.parse_layer('one', textwrap.dedent(text))
    return planyaml.plan_yaml(plancombine.plan_of((layer,)))


def printed_value(value: str) -> str:
    """How a value of the environment is printed."""
    document = {
        'services': {'a': {'override': 'replace', 'command': 'c', 'environment': {'X': value}}}
    }
    text = printed(yaml.safe_dump(document))
    return text.removeprefix(
        'services:\n    a:\n        override: replace\n        command: c\n        environment:\n'
        '            X:'
    )


def test_an_empty_plan():
    assert printed('') == '{}\n'


def test_sections_and_fields_have_pebbles_order():
    text = printed("""
        log-targets:
          t: {override: replace, location: l, type: loki, labels: {b: '1', a: '2'}}
        checks:
          up: {tcp: {host: h, port: 80}, override: replace, period: 90m}
        services:
          web:
            kill-delay: 5000ms
            backoff-factor: 2
            requires: [web]
            environment: {}
            command: c
            override: replace
        workloads:
          w: {override: replace, user-id: 0}
        pairing: {mode: single}
    """)

    assert text == textwrap.dedent("""\
        services:
            web:
                override: replace
                command: c
                requires:
                    - web
                backoff-factor: 2
                kill-delay: 5s
        checks:
            up:
                override: replace
                period: 1h30m0s
                threshold: 3
                tcp:
                    port: 80
                    host: h
        log-targets:
            t:
                type: loki
                location: l
                services: []
                override: replace
                labels:
                    a: "2"
                    b: "1"
        workloads:
            w:
                override: replace
                user-id: 0
        pairing:
            mode: single
    """)


@pytest.mark.parametrize(
    ('value', 'text'),
    [
        ('plain text', ' plain text\n'),
        ('http://x:1/', ' http://x:1/\n'),
        ('é', ' é\n'),
        ('a#b', ' a#b\n'),
        ('-x', ' -x\n'),
        ('', ' ""\n'),
        ('8080', ' "8080"\n'),
        ('yes', ' "yes"\n'),
        ('2020-01-01', ' "2020-01-01"\n'),
        ('a: b', " 'a: b'\n"),
        ('a:', " 'a:'\n"),
        ('a #b', " 'a #b'\n"),
        ("'", " ''''\n"),
        ("it's", " it's\n"),
        ('- a', " '- a'\n"),
        ('-', " '-'\n"),
        ('? x', " '? x'\n"),
        ('---x', " '---x'\n"),
        ('[x', " '[x'\n"),
        (' x ', " ' x '\n"),
        ('a\tb', ' "a\\tb"\n'),
        ('\x1b\x01', ' "\\e\\x01"\n'),
        ('😀', ' "\\U0001F600"\n'),
        ('\ufeff', ' "\\uFEFF"\n'),
        ('a\n', ' |\n                a\n'),
        ('a\n\nb', ' |-\n                a\n\n                b\n'),
        ('a\n\n', ' |+\n                a\n\n'),
        (' a\nb', ' |4-\n                 a\n                b\n'),
        ('a \nb', ' "a \\nb"\n'),
        ('a\nb ', ' "a\\nb "\n'),
    ],
)
def test_strings_have_the_quotes_that_they_need(value: str, text: str):
    assert printed_value(value) == text


def test_keys_are_quoted_like_values():
    text = printed("""
        services: {a: {override: replace, command: c, environment: {'N': n, '1': o, 'b: c': d}}}
    """)

    assert text.endswith(
        '        environment:\n            "1": o\n            "N": "n"\n            \'b: c\': d\n'
    )


def test_a_very_long_key_is_written_with_a_question_mark():
    key = 'k' * 129

    text = printed(f'services: {{{key}: {{override: replace, command: c}}}}')

    assert text == (
        f'services:\n    ? {key}\n    :\n        override: replace\n        command: c\n'
    )


@pytest.mark.parametrize(
    'names',
    [
        ['1', 'B', 'a', 'a-b', 'a_b', 'b9', 'b10'],
        ['a1', 'a01', 'a2'],
        ['v1.2', 'v1.10'],
        ['x', 'xy'],
        ['web', 'web-1', 'web1'],
        ['a0', 'a1', 'a10', 'a100'],
    ],
)
def test_names_are_in_natural_order(names: list[str]):
    assert planyaml.natural_order(sorted(names, reverse=True)) == names


def test_the_text_is_made_once_for_each_plan():
    layer = planparse.parse_layer('one', 'services: {a: {override: replace, command: c}}')
    plan = plancombine.plan_of((layer,))

    assert planyaml.plan_yaml(plan) is planyaml.plan_yaml(plan)
    assert FrozenDict(plan.services) == plan.services
