from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from scenario_pebble.state.databag import dump_databag, load_databag


@dataclasses.dataclass
class Endpoint:
    """What a charm library has in its databag."""

    hosts: list[str]
    secret_id: str | None = dataclasses.field(default=None, metadata={'alias': 'secret-id'})


class _Field:
    def __init__(self, alias: str | None = None):
        self.alias = alias


class Model:
    """What this package sees of a pydantic model."""

    model_fields = {'hosts': _Field(), 'secret_id': _Field('secret-id')}

    def __init__(self, **values: Any):
        self.values = values

    def model_dump(self, *, mode: str, by_alias: bool) -> dict[str, Any]:
        assert (mode, by_alias) == ('json', True)
        return self.values


def test_every_value_becomes_json():
    assert dump_databag({'hosts': ['a', 'b'], 'port': 80, 'tls': True, 'name': 'x'}) == {
        'hosts': '["a", "b"]',
        'port': '80',
        'tls': 'true',
        'name': '"x"',
    }


def test_a_dataclass_is_written_by_its_fields_and_their_aliases():
    assert dump_databag(Endpoint(['a'], 'secret:1')) == {
        'hosts': '["a"]',
        'secret-id': '"secret:1"',
    }


def test_a_model_is_written_as_it_dumps_itself():
    assert dump_databag(Model(hosts=['a'])) == {'hosts': '["a"]'}


def test_a_databag_without_a_class_gives_what_its_json_says_and_other_text_as_it_is():
    databag = {'hosts': '["a"]', 'ingress-address': '192.0.2.0', 'name': '"x"'}

    assert load_databag(databag) == {'hosts': ['a'], 'ingress-address': '192.0.2.0', 'name': 'x'}


def test_a_databag_is_read_into_a_dataclass_and_what_is_not_its_field_is_left_out():
    databag = {'hosts': '["a"]', 'secret-id': '"secret:1"', 'ingress-address': '192.0.2.0'}

    loaded = load_databag(databag, Endpoint)

    assert loaded.hosts == ['a']
    assert loaded == Endpoint(['a'], 'secret:1')


def test_a_databag_is_read_into_a_model_by_its_aliases():
    loaded = load_databag({'hosts': '["a"]', 'secret-id': '"secret:1"', 'x': 'y'}, Model)

    assert loaded.values == {'hosts': ['a'], 'secret-id': 'secret:1'}


def test_a_field_that_is_no_json_is_refused():
    with pytest.raises(
        ValueError,
        match=r"^cannot read 'hosts' of the databag: it is no JSON: 'a,b'\n"
        r'  hint: without a class, load_databag\(\) leaves such text as it is$',
    ):
        load_databag({'hosts': 'a,b'}, Endpoint)


@pytest.mark.parametrize('content', [None, 5, Endpoint])
def test_what_has_no_fields_cannot_be_written(content: Any):
    with pytest.raises(TypeError, match=r'^cannot tell the keys of a databag from '):
        dump_databag(content)


def test_what_has_no_fields_cannot_be_read():
    with pytest.raises(TypeError, match=r"^cannot tell the keys of a databag from <class 'str'>"):
        load_databag({}, str)
