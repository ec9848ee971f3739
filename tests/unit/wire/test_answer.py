"""The bytes of answers."""

from __future__ import annotations

from scenario_pebble.daemon.message import Text
from scenario_pebble.wire.answer import encode


def test_go_has_nothing_to_guess_the_type_of_an_empty_text_from():
    assert encode(Text('', 'text/plain')).headers == {'Content-Length': '0'}
    assert encode(Text('x', 'text/plain')).headers['Content-Type'] == 'text/plain'
