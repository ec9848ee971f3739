from __future__ import annotations

from typing import Any

import pytest

from scenario_pebble.juju.tool import UsageError, parse, written

KNOWN = {'-r': 'relation=', '--relation': 'relation=', '--app': 'app'}


PARSED: list[tuple[list[str], tuple[list[str], dict[str, Any]]]] = [
    ([], ([], {})),
    (['a', '-', 'b'], (['a', '-', 'b'], {})),
    (['-r', 'db:1', 'a'], (['a'], {'relation': 'db:1'})),
    (['-rdb:1'], ([], {'relation': 'db:1'})),
    (['--relation=db:1'], ([], {'relation': 'db:1'})),
    (['a', '--app'], (['a'], {'app': True})),
    (['--app=False'], ([], {'app': False})),
    (['--', '-r', 'x'], (['-r', 'x'], {})),
]


@pytest.mark.parametrize(('args', 'expected'), PARSED)
def test_options_may_be_anywhere(args: list[str], expected: Any):
    assert parse(args, KNOWN) == expected


@pytest.mark.parametrize(
    ('args', 'message'),
    [
        (['--foo'], 'option provided but not defined: --foo'),
        (['--foo=1'], 'option provided but not defined: --foo'),
        (['-r'], 'option needs an argument: -r'),
        (
            ['--app=yes'],
            'invalid value "yes" for option --app: strconv.ParseBool: parsing "yes": invalid '
            'syntax',
        ),
    ],
)
def test_a_senseless_command_line_is_refused(args: list[str], message: str):
    with pytest.raises(UsageError) as caught:
        parse(args, KNOWN)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ('value', 'smart', 'json', 'yaml'),
    [
        (None, '', 'null\n', 'null\n'),
        ('text', 'text\n', '"text"\n', 'text\n'),
        ('', '', '""\n', "''\n"),
        (True, 'True\n', 'true\n', 'true\n'),
        (3, '3\n', '3\n', '3\n'),
        (['a', 'b'], 'a\nb\n', '["a","b"]\n', '- a\n- b\n'),
        ([], '', '[]\n', '[]\n'),
        ({'b': 1, 'a': 'x'}, 'a: x\nb: 1\n', '{"a":"x","b":1}\n', 'a: x\nb: 1\n'),
    ],
)
def test_an_answer_is_written_as_juju_writes_it(value: Any, smart: str, json: str, yaml: str):
    assert written(value, 'smart') == smart
    assert written(value, 'json') == json
    assert written(value, 'yaml') == yaml


def test_an_unknown_format_is_refused():
    with pytest.raises(UsageError) as caught:
        written({}, 'xml')

    assert str(caught.value) == 'invalid value "xml" for option --format: unknown format "xml"'
