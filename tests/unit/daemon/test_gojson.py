"""How Go decodes a JSON body."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from scenario_pebble.daemon import gojson, gojsonsyntax
from scenario_pebble.daemon.gojson import Field
from scenario_pebble.daemon.message import ApiError

INNER = gojson.Struct({'user-id': Field(gojson.Optional(gojson.UINT32), 'UserID')}, 'inner')
BODY = gojson.Struct(
    {
        'action': Field(gojson.STRING, 'Action'),
        'combine': Field(gojson.BOOL, 'Combine', ',omitempty'),
        'count': Field(gojson.INT, 'Count'),
        'names': Field(gojson.Array(gojson.STRING), 'Names'),
        'environment': Field(gojson.Map(gojson.STRING), 'Environment'),
        'inner': Field(gojson.Optional(INNER), 'Inner'),
        'data': Field(gojson.ANY, 'Data'),
    }
)
ZERO = {
    'action': '',
    'combine': False,
    'count': 0,
    'names': None,
    'environment': None,
    'inner': None,
    'data': gojson.MISSING,
}


def decode(text: str | bytes) -> dict[str, Any]:
    return gojson.decode(text.encode() if isinstance(text, str) else text, BODY)


def error(body: Any) -> str:
    with pytest.raises(ApiError) as caught:
        gojson.decode(body, BODY)
    assert caught.value.status == 400
    return caught.value.message.removeprefix('cannot decode request body: ')


def test_missing_fields_have_gos_zero_values():
    assert decode('{}') == ZERO
    assert decode('null') == ZERO


def test_given_fields_replace_them():
    body = {
        'action': 'add',
        'combine': True,
        'count': -3,
        'names': ['a'],
        'environment': {'A': 'b'},
    }

    assert decode(json.dumps(body)) == {**ZERO, **body}
    assert gojson.decode(body, BODY) == {**ZERO, **body}


def test_null_leaves_scalars_and_clears_the_rest():
    assert decode('{"action": "a", "names": ["b"], "action": null, "names": null}') == {
        **ZERO,
        'action': 'a',
    }


def test_keys_are_matched_whatever_their_case_and_unknown_ones_ignored():
    assert decode('{"ACTION": "add", "other": [1, {}]}') == {**ZERO, 'action': 'add'}


def test_an_exact_key_and_a_folded_one_overwrite_each_other_in_turn():
    assert (
        decode('{"Action": "first", "action": "second", "ACTION": "third"}')['action'] == 'third'
    )


def test_text_after_the_value_is_ignored():
    assert decode(' {"action": "add"} trailing }')['action'] == 'add'


def test_a_map_that_comes_twice_is_merged():
    body = decode('{"environment": {"a": "1"}, "environment": {"b": "2"}}')

    assert body['environment'] == {'a': '1', 'b': '2'}


def test_a_nested_struct_has_all_its_fields():
    assert decode('{"inner": {}}')['inner'] == {'user-id': None}
    assert decode('{"inner": {"user-id": 0}}')['inner'] == {'user-id': 0}


def test_halves_of_characters_are_replaced():
    assert decode(rb'{"action": "\ud800x\udc00"}')['action'] == '\ufffdx\ufffd'
    assert decode(rb'{"action": "\ud83d\ude00"}')['action'] == '😀'
    assert decode(b'{"action": "\xff\xe2\x82"}')['action'] == '\ufffd\ufffd\ufffd'


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('', 'EOF'),
        ('  \n', 'EOF'),
        ('{', 'unexpected EOF'),
        ('{"a', 'unexpected EOF'),
        ('{"a":', 'unexpected EOF'),
        ('{"a": "\\u12', 'unexpected EOF'),
        ('tru', 'unexpected EOF'),
        ('-', 'unexpected EOF'),
        ('x', "invalid character 'x' looking for beginning of value"),
        (',', "invalid character ',' looking for beginning of value"),
        ('NaN', "invalid character 'N' looking for beginning of value"),
        ('[1,]', "invalid character ']' looking for beginning of value"),
        ('{"a": 1,}', "invalid character '}' looking for beginning of object key string"),
        ('{a: 1}', "invalid character 'a' looking for beginning of object key string"),
        ('{"a" 1}', "invalid character '1' after object key"),
        ('{"a": 1 "b": 2}', "invalid character '\"' after object key:value pair"),
        ('[1 2]', "invalid character '2' after array element"),
        ('[true, falsy]', "invalid character 'y' in literal false (expecting 'e')"),
        ('{"a": 1.}', "invalid character '}' in numeric literal"),
        ('{"a": -x}', "invalid character 'x' in numeric literal"),
        ('{"a": 1e}', "invalid character '}' in numeric literal"),
        ('{"a": 1e-+1}', "invalid character '+' in numeric literal"),
        ('{"a": 1e+16, x}', "invalid character 'x' looking for beginning of object key string"),
        ('{"a": 01}', "invalid character '1' after object key:value pair"),
        ('{"a": "\n"}', r"invalid character '\n' in string"),
        (r'{"a": "\q"}', r'invalid escape sequence `\q` in string'),
        (r'{"a": "\u12x4"}', r'invalid escape sequence `\u12x4` in string'),
        ("'", r"invalid character '\'' looking for beginning of value"),
        ('ü', "invalid character 'ü' looking for beginning of value"),
        ('[' * 5000, 'unexpected EOF'),
    ],
)
def test_bad_syntax_gets_gos_words(text: str, expected: str):
    assert error(text.encode()) == expected


def test_a_byte_that_isnt_utf_8_is_shown_as_a_number():
    assert error(b'\xff') == r"invalid character '\xff' looking for beginning of value"


@pytest.mark.parametrize(
    ('body', 'expected'),
    [
        ({'action': 1}, 'number into Go struct field .action of type string'),
        ({'ACTION': True}, 'bool into Go struct field .ACTION of type string'),
        ({'action': {}}, 'object into Go struct field .action of type string'),
        ({'combine': 'yes'}, 'string into Go struct field .combine of type bool'),
        ({'count': '5'}, 'string into Go struct field .count of type int'),
        ({'count': 1.5}, 'number 1.5 into Go struct field .count of type int'),
        ({'names': 'a'}, 'string into Go struct field .names of type []string'),
        ({'names': ['a', 2]}, 'number into Go struct field .names.1 of type string'),
        ({'environment': []}, 'array into Go struct field .environment of type map[string]string'),
        (
            {'environment': {'a/b~': 1}},
            'number into Go struct field .environment.a~1b~0 of type string',
        ),
        ({'inner': 1}, 'number into Go struct field .inner of type daemon.inner'),
        (
            {'inner': {'user-id': -1}},
            'number -1 into Go struct field .inner.user-id of type uint32',
        ),
    ],
)
def test_wrong_types_get_gos_words_whatever_the_wire(body: dict[str, Any], expected: str):
    assert error(body) == f'json: cannot unmarshal {expected}'
    assert error(json.dumps(body).encode()) == f'json: cannot unmarshal {expected}'


def test_a_body_that_isnt_an_object_names_the_whole_type():
    assert error(b'"text"') == (
        'json: cannot unmarshal string into Go value of type struct { '
        r'Action string "json:\"action\""; Combine bool "json:\"combine,omitempty\""; '
        r'Count int "json:\"count\""; Names []string "json:\"names\""; '
        r'Environment map[string]string "json:\"environment\""; '
        r'Inner *daemon.inner "json:\"inner\""; Data json.RawMessage "json:\"data\"" }'
    )


def test_a_named_type_is_named():
    with pytest.raises(ApiError) as caught:
        gojson.decode(b'[]', INNER)

    assert caught.value.message == (
        'cannot decode request body: '
        'json: cannot unmarshal array into Go value of type daemon.inner'
    )


def test_a_value_that_json_lacks_is_the_callers_mistake():
    with pytest.raises(TypeError, match=r'^Object of type set is not JSON serializable$'):
        gojson.decode({'names': {1}}, BODY)


def test_the_size_of_a_member_is_that_of_its_text():
    body = b'{"names": ["a"], "data": {"b":  [1, "\xc3\xbc"]} , "x": 1}'

    assert gojson.member_size(body, 'data') == len(b'{"b":  [1, "\xc3\xbc"]}')
    assert gojson.member_size({'data': {'b': 1}}, 'data') == len('{"b": 1}')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON, st.data())
def test_any_text_is_read_or_refused_but_never_breaks(value: Any, data: st.DataObject):
    text = json.dumps(value).encode()
    cut = data.draw(st.integers(0, len(text)))
    noise = data.draw(st.binary(max_size=3))

    for body in (text, text[:cut], text[:cut] + noise + text[cut:]):
        with contextlib.suppress(ApiError):
            assert gojson.decode(body, BODY).keys() == ZERO.keys()


@given(st.dictionaries(st.sampled_from([*ZERO, 'ACTION', 'x']), JSON, max_size=4))
def test_both_wires_decode_alike(body: dict[str, Any]):
    def decoded(body: Any) -> Any:
        try:
            found = gojson.decode(body, BODY)
        except ApiError as e:
            return e.message
        return {**found, 'data': found['data'] is gojson.MISSING}

    assert decoded(body) == decoded(json.dumps(body).encode())


def test_keys_of_python_values_are_those_of_their_json():
    body = {'environment': {1: 'x', None: 'y'}, 'data': 'x' * 9}

    assert gojson.decode(body, BODY)['environment'] == {'1': 'x', 'null': 'y'}
    assert gojson.member_size({1: '', **body}, 'data') == 11


@given(JSON)
def test_the_checker_accepts_what_json_accepts(value: Any):
    text = json.dumps({'a': value, 'b': [value]}).encode()

    sizes = dict(gojsonsyntax.member_sizes(text))

    assert sizes == {'a': len(json.dumps(value)), 'b': len(json.dumps([value]))}
