"""Services start and stop in Pebble's order and lanes."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from scenario_pebble.daemon import planorder
from scenario_pebble.daemon.plan import FormatError, Service


def services(**fields: dict[str, tuple[str, ...]]) -> dict[str, Service]:
    return {
        name: Service(
            name=name,
            command='c',
            after=given.get('after', ()),
            before=given.get('before', ()),
            requires=given.get('requires', ()),
        )
        for name, given in fields.items()
    }


def test_without_constraints_the_order_is_alphabetical():
    plan = services(b={}, c={}, a={'requires': ('b',)})

    assert planorder.start_order(plan, ['a', 'c']) == ['a', 'b', 'c']


def test_after_and_before_sort_and_stopping_turns_them_round():
    plan = services(a={'after': ('b',)}, b={}, c={'before': ('b',)})

    assert planorder.start_order(plan, ['a', 'b', 'c']) == ['c', 'b', 'a']
    assert planorder.stop_order(plan, ['a', 'b', 'c']) == ['a', 'b', 'c']


def test_starting_takes_in_what_is_required_transitively():
    plan = services(a={'requires': ('b',)}, b={'requires': ('c',)}, c={}, d={})

    assert planorder.start_order(plan, ['a']) == ['a', 'b', 'c']


def test_stopping_takes_in_what_depends_on_it_transitively():
    plan = services(a={'requires': ('b',)}, b={'requires': ('c',)}, c={}, d={})

    assert planorder.stop_order(plan, ['c']) == ['a', 'b', 'c']


def test_constraints_on_services_that_are_not_chosen_do_not_count():
    plan = services(a={'after': ('b',)}, b={}, c={})

    assert planorder.start_order(plan, ['a', 'c']) == ['a', 'c']


def test_a_loop_is_refused_with_its_sorted_names():
    plan = services(a={'before': ('c',)}, b={'after': ('c',)}, c={'before': ('a',)}, d={})

    with pytest.raises(FormatError, match=r'^services in before/after loop: a, c$'):
        planorder.start_order(plan, plan)


def test_a_loop_of_requires_and_a_self_reference_are_fine():
    plan = services(a={'requires': ('b',), 'after': ('a',)}, b={'requires': ('a',)})

    assert planorder.start_lanes(plan, ['a']) == [['a', 'b']]


def test_a_chain_may_be_longer_than_pythons_stack_is_deep():
    names = [f'{number:04}' for number in range(2000)]
    chain = {name: {'after': (other,)} for name, other in itertools.pairwise(names)}
    plan = services(**chain, **{names[-1]: {'after': ()}})

    assert planorder.start_order(plan, names) == names[::-1]


@pytest.mark.parametrize('order', [planorder.start_order, planorder.stop_order])
def test_an_unknown_service_is_refused(order: Callable[..., list[str]]):
    with pytest.raises(FormatError, match=r'^service "z" does not exist$'):
        order(services(a={}), ['z'])


def test_a_fact_may_require_what_nobody_described():
    plan = {'a': Service(name='a', requires=('z',), is_fact=True)}

    assert planorder.start_order(plan, ['a']) == ['a']


def test_services_that_require_each_other_share_a_lane():
    plan = services(a={}, b={'requires': ('c',)}, c={}, d={})

    assert planorder.start_lanes(plan, plan) == [['a'], ['b', 'c'], ['d']]


def test_a_new_lane_after_a_fallback_may_be_shared_by_unrelated_services():
    plan = services(a={'requires': ('c',)}, b={}, c={}, d={})

    assert planorder.start_lanes(plan, plan) == [['a', 'c'], ['b', 'd']]


def test_no_names_need_no_lanes():
    assert planorder.start_lanes(services(a={}), []) == []
