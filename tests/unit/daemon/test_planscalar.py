"""Plain scalars have the types that go-yaml gives them."""

from __future__ import annotations

import pytest

from scenario_pebble.daemon import planscalar


@pytest.mark.parametrize(
    ('text', 'tag', 'value'),
    [
        ('', '!!null', None),
        ('~', '!!null', None),
        ('true', '!!bool', True),
        ('yes', '!!str', 'yes'),
        ('8080', '!!int', 8080),
        ('-1_000', '!!int', -1000),
        ('0x1F', '!!int', 31),
        ('0b11', '!!int', 3),
        ('0o17', '!!int', 15),
        ('017', '!!int', 15),
        ('18446744073709551615', '!!int', 2**64 - 1),
        ('018', '!!float', 18.0),
        ('18446744073709551616', '!!float', 2.0**64),
        (f'0x{"0" * 200}1F', '!!int', 31),
        ('9' * 5000, '!!str', '9' * 5000),
        ('1e3', '!!float', 1000.0),
        ('.5', '!!float', 0.5),
        ('1e999', '!!str', '1e999'),
        ('.inf', '!!float', float('inf')),
        ('2020-01-02', '!!timestamp', '2020-01-02'),
        ('2020-1-2T3:4:5.6Z', '!!timestamp', '2020-1-2T3:4:5.6Z'),
        ('2020-01-02T03:04:05', '!!str', '2020-01-02T03:04:05'),
        ('2020-01-02 03:04:05', '!!timestamp', '2020-01-02 03:04:05'),
        ('2020-02-30', '!!str', '2020-02-30'),
        ('1.2.3', '!!str', '1.2.3'),
        ('-', '!!str', '-'),
        ('text', '!!str', 'text'),
    ],
)
def test_a_plain_scalar_has_a_type(text: str, tag: str, value: object):
    assert planscalar.resolve(text) == (tag, value)


@pytest.mark.parametrize('text', ['y', 'Off', '1:20', 'null', '', '1e3', '2020-01-02'])
def test_what_would_be_read_as_another_type_needs_quotes(text: str):
    assert planscalar.needs_quotes(text)


@pytest.mark.parametrize('text', ['a', 'yep', '1:99', '1.2.3', 'http://x:1/'])
def test_what_is_read_as_a_string_needs_no_quotes(text: str):
    assert not planscalar.needs_quotes(text)
