"""The comparison finds what differs, and forgives what the rules forgive."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from . import compare

START = 1_900_000_000.0
AT_2_5 = '2030-03-17T17:46:42.500000123Z'


def difference(expected: Any, found: Any, shift: float = 0.0) -> str:
    return str(compare.first_difference(expected, found, shift) or '')


def test_equal_answers_do_not_differ():
    answer = {'status': 200, 'body': {'result': [{'name': 'a', 'log': ['x', None, 1.5]}]}}

    assert difference(answer, copy.deepcopy(answer)) == ''


@pytest.mark.parametrize(
    ('expected', 'found', 'sentence'),
    [
        ({'a': {'b': 1}}, {'a': {'b': 2}}, 'at a.b expected 1, got 2'),
        ({'a': None}, {}, 'at a expected null, got nothing'),
        ({}, {'a': None}, 'at a expected nothing, got null'),
        ({'a': [1]}, {'a': [1, 2]}, 'at a.1 expected nothing, got 2'),
        ({'a': [1, 2]}, {'a': [1]}, 'at a.1 expected 2, got nothing'),
        (
            {'a': [1, 2]},
            {'a': [3]},
            'at a.0 expected 1, got 3 (and 1 items where 2 are expected)',
        ),
        ({'a': 'x'}, {'a': ['x']}, 'at a expected "x", got ["x"]'),
        ({'a': True}, {'a': 1}, 'at a expected true, got 1'),
        ({'a': {'~time': 1.0}}, {'a': 'soon'}, 'at a expected about 1.0 s, got "soon"'),
    ],
)
def test_the_first_difference_is_named(expected: Any, found: Any, sentence: str):
    assert difference(expected, found) == sentence


def test_long_texts_are_shown_where_they_begin_to_differ():
    found = compare.first_difference('x' * 300 + 'a', 'x' * 300 + 'b')

    assert str(found) == (
        f'in the answer as a whole expected "{"x" * 60}a", got "{"x" * 60}b" '
        '(from character 240 on)'
    )


@pytest.mark.parametrize(
    ('found', 'shift', 'same'),
    [(1.3, 0.0, True), (1.4, 0.0, False), (3.2, 2.0, True), (1.0, 2.0, True), (3.4, 2.0, False)],
)
def test_times_are_compared_with_tolerance(found: float, shift: float, same: bool):
    assert (difference({'~time': 1.0}, {'~time': found}, shift) == '') is same


def test_whole_seconds_widen_the_tolerance():
    expected = {'~time': 1.0, 'precision': 1}

    assert difference(expected, {'~time': 2.3, 'precision': 1}) == ''


def test_anything_matches_what_is_ignored():
    assert difference({'a': {'~any': True}}, {'a': {'b': [1]}}) == ''


def test_lists_in_random_order_are_sorted_without_their_times():
    one, two = {'id': '1', 'at': {'~time': 9.0}}, {'id': '2', 'at': {'~time': 1.0}}

    assert compare.as_set([two, one]) == compare.as_set([one, two]) == {'~set': [one, two]}


def test_recent_timestamps_count_from_the_start():
    normalise = compare.Normaliser(START)

    assert normalise({'ready-time': AT_2_5, 'sent': '2021-05-13T03:16:51.001Z'}) == {
        'ready-time': {'~time': 2.5},
        'sent': '2021-05-13T03:16:51.001Z',
    }


def test_random_and_local_parts_of_texts_are_replaced():
    normalise = compare.Normaliser(START)

    assert normalise(
        {
            'log': f'{AT_2_5} ERROR read tcp 127.0.0.1:4711->127.0.0.1:80',
            'message': 'open /data/x.8124~: no such file',
            'boot-id': 'abc',
            'last-modified': AT_2_5,
        }
    ) == {
        'log': '<time> ERROR read tcp 127.0.0.1:<port>->127.0.0.1:80',
        'message': 'open /data/x.<random>~: no such file',
        'boot-id': '<boot-id>',
        'last-modified': {'~time': 2.5, 'precision': 1},
    }


def test_a_path_leads_to_a_value_or_to_nothing():
    value = {'body': {'result': [{'id': '7'}]}}

    assert compare.lookup(value, 'body.result.0.id') == '7'
    assert compare.lookup(value, 'body.result.1.id') is None
    assert compare.lookup(value, 'body.result.x') is None
