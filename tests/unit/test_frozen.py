from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
import yaml

from scenario_pebble.frozen import EMPTY, Draft, FrozenDict, FrozenList, freeze, thaw

REFUSED_MAPPING = (
    '^cannot change this mapping: it belongs to an immutable State\n'
    r'  hint: make a new State with dataclasses\.replace\(\)$'
)
REFUSED_LIST = REFUSED_MAPPING.replace('mapping', 'list')


def test_a_frozen_dict_equals_a_plain_one_and_is_one():
    frozen: Any = FrozenDict({'a': 1})

    assert frozen == {'a': 1}
    assert isinstance(frozen, dict)


def test_a_frozen_list_equals_a_plain_one_and_is_one():
    frozen: Any = FrozenList([1])

    assert frozen == [1]
    assert isinstance(frozen, list)


@pytest.mark.parametrize(
    ('method', 'arguments'),
    [
        ('__setitem__', ('a', 2)),
        ('__delitem__', ('a',)),
        ('__ior__', ({'b': 1},)),
        ('update', ({'b': 1},)),
        ('setdefault', ('b', 1)),
        ('pop', ('a',)),
        ('popitem', ()),
        ('clear', ()),
    ],
)
def test_every_write_to_a_frozen_dict_is_refused(method: str, arguments: tuple[Any, ...]):
    frozen: Any = FrozenDict({'a': 1})

    with pytest.raises(TypeError, match=REFUSED_MAPPING):
        getattr(frozen, method)(*arguments)

    assert frozen == {'a': 1}


@pytest.mark.parametrize(
    ('method', 'arguments'),
    [
        ('__setitem__', (0, 2)),
        ('__delitem__', (0,)),
        ('__iadd__', ([3],)),
        ('__imul__', (2,)),
        ('append', (3,)),
        ('extend', ([3],)),
        ('insert', (0, 3)),
        ('pop', ()),
        ('remove', (1,)),
        ('clear', ()),
        ('reverse', ()),
        ('sort', ()),
    ],
)
def test_every_write_to_a_frozen_list_is_refused(method: str, arguments: tuple[Any, ...]):
    frozen: Any = FrozenList([1, 2])

    with pytest.raises(TypeError, match=REFUSED_LIST):
        getattr(frozen, method)(*arguments)

    assert frozen == [1, 2]


def test_copies_of_frozen_collections_can_be_edited():
    frozen = freeze({'a': [{'b': 1}]})

    for copied in (copy.deepcopy(frozen), thaw(frozen), json.loads(json.dumps(frozen))):
        copied['a'][0]['b'] = 2

    assert frozen == {'a': [{'b': 1}]}


def test_freezing_reaches_into_every_level():
    frozen = freeze({'a': [{'b': {1, 2}}], 'c': ({'d': 1},)})

    assert type(frozen['a'][0]) is FrozenDict
    assert frozen['a'][0]['b'] == frozenset({1, 2})
    assert type(frozen['c'][0]) is FrozenDict


def test_frozen_collections_pickle_and_dump_as_yaml():
    frozen = freeze({'a': [1, {'b': 'c'}]})

    assert pickle.loads(pickle.dumps(frozen)) == frozen
    assert type(pickle.loads(pickle.dumps(frozen))['a']) is FrozenList
    assert yaml.safe_load(yaml.safe_dump(frozen)) == {'a': [1, {'b': 'c'}]}


def test_equal_frozen_collections_have_equal_hashes_even_if_their_values_have_none():
    unhashable: Any = {}

    assert hash(FrozenDict({'a': unhashable})) == hash(FrozenDict({'a': unhashable}))
    assert hash(FrozenList([unhashable])) == hash(FrozenList([unhashable]))


def test_a_draft_that_was_not_written_gives_its_base():
    base = FrozenDict({'a': 1})
    draft = Draft(base)

    assert draft['a'] == 1
    assert draft.done() is base


def test_a_draft_copies_at_the_first_write():
    base = FrozenDict({'a': 1})
    draft = Draft(base)

    draft['b'] = 2
    del draft['a']

    assert draft.done() == {'b': 2}
    assert base == {'a': 1}


def test_a_draft_goes_on_from_what_it_gave():
    draft: Draft[str, int] = Draft(EMPTY)
    draft['a'] = 1
    first = draft.done()

    draft['b'] = 2

    assert first == {'a': 1}
    assert draft.done() == {'a': 1, 'b': 2}
