"""What notices are recorded, and who sees which of them."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_pebble.daemon.message import Answered, Pending, Response
from scenario_pebble.daemon.notices import Notice

from .simulated import BEGIN_NS, Pebble, exits, service


def notify(pebble: Pebble, key: str = 'example.com/a', user_id: int = 0, **fields: Any) -> str:
    body = {'action': 'add', 'type': 'custom', 'key': key}
    body |= {name.replace('_', '-'): value for name, value in fields.items()}
    answer = pebble.send('POST', '/v1/notices', body, user_id)
    assert isinstance(answer, Response)
    assert answer.status == 200, answer
    return answer.result['id']


def keys(pebble: Pebble, user_id: int = 0, **query: Any) -> list[str]:
    answer = pebble.send('GET', '/v1/notices', None, user_id, **query)
    assert isinstance(answer, Response)
    return [notice['key'] for notice in answer.result]


def test_data_is_in_the_order_of_its_keys():
    pebble = Pebble()

    notice_id = notify(pebble, data={'z': '1', 'a': '2', 'check-name': 'q'})

    assert list(pebble.get(f'/v1/notices/{notice_id}')['last-data']) == ['a', 'check-name', 'z']


def test_a_notice_has_an_id_an_owner_and_times():
    pebble = Pebble()

    notice_id = notify(pebble, data={'size': '1'}, repeat_after='1h')

    assert pebble.get(f'/v1/notices/{notice_id}') == {
        'id': '1',
        'user-id': 0,
        'type': 'custom',
        'key': 'example.com/a',
        'first-occurred': '2023-11-14T22:13:20Z',
        'last-occurred': '2023-11-14T22:13:20Z',
        'last-repeated': '2023-11-14T22:13:20Z',
        'occurrences': 1,
        'last-data': {'size': '1'},
        'repeat-after': '1h0m0s',
        'expire-after': '168h0m0s',
    }


def test_a_further_occurrence_replaces_data_and_repeats():
    pebble = Pebble()
    notify(pebble, data={'size': '1'}, repeat_after='1s')
    pebble.advance(5)

    assert notify(pebble) == '1'

    (notice,) = pebble.get('/v1/notices')
    assert (notice['occurrences'], notice['first-occurred']) == (2, '2023-11-14T22:13:20Z')
    assert notice['last-occurred'] == notice['last-repeated'] == '2023-11-14T22:13:25Z'
    assert 'last-data' not in notice
    assert 'repeat-after' not in notice


@pytest.mark.parametrize(('after', 'repeats'), [(9, False), (10, False), (10.5, True)])
def test_a_notice_repeats_only_after_repeat_after(after: float, repeats: bool):
    pebble = Pebble()
    notify(pebble)
    pebble.advance(after)

    notify(pebble, repeat_after='10s')

    (notice,) = pebble.get('/v1/notices')
    assert (notice['last-repeated'] == notice['last-occurred']) is repeats


def test_equal_keys_of_different_users_are_different_notices():
    pebble = Pebble()

    assert [notify(pebble, user_id=user) for user in (0, 1000, 1000)] == ['1', '2', '2']


def test_everybody_sees_public_notices_and_their_own():
    pebble = Pebble(service('web'))
    pebble.do('replan')
    notify(pebble, 'example.com/root')
    notify(pebble, 'example.com/user', user_id=1000)

    assert keys(pebble) == ['1', 'example.com/root']
    assert keys(pebble, user_id=1000) == ['1', 'example.com/user']
    assert keys(pebble, users='all') == ['1', 'example.com/root', 'example.com/user']
    query: dict[str, Any] = {'user-id': '1000'}
    assert keys(pebble, **query) == ['1', 'example.com/user']


def test_only_admins_look_at_others_notices():
    pebble = Pebble()
    notify(pebble)

    assert pebble.refusal('GET', '/v1/notices', user_id=1000, users='all') == (
        403,
        {'message': 'only admins may use the "users" filter'},
    )
    other = {'user-id': '0'}
    assert pebble.refusal('GET', '/v1/notices', None, 1000, **other) == (
        403,
        {'message': 'only admins may use the "user-id" filter'},
    )
    assert pebble.refusal('GET', '/v1/notices/1', user_id=1000) == (
        403,
        {'message': 'not allowed to access notice with id "1"'},
    )


def test_notices_are_sorted_by_when_they_repeated_last():
    pebble = Pebble()
    for key in ('example.com/a', 'example.com/b', 'example.com/a'):
        notify(pebble, key)
        pebble.advance(1)

    assert keys(pebble) == ['example.com/b', 'example.com/a']


def test_types_and_keys_choose_notices():
    pebble = Pebble(service('web'))
    pebble.do('replan')
    notify(pebble)
    notify(pebble, 'example.com/b')

    assert keys(pebble, types='custom') == ['example.com/a', 'example.com/b']
    assert keys(pebble, types='custom,nope', keys='example.com/b,x') == ['example.com/b']
    assert keys(pebble, types='nope') == []
    assert keys(pebble, types='') == ['1', 'example.com/a', 'example.com/b']


def test_after_leaves_out_what_repeated_at_that_time_or_before():
    pebble = Pebble()
    notify(pebble)
    pebble.advance(0.5)
    notify(pebble, 'example.com/b')

    assert keys(pebble, after='2023-11-14T22:13:20Z') == ['example.com/b']
    assert keys(pebble, after='2023-11-14T23:13:20.49+01:00') == ['example.com/b']
    assert keys(pebble, after='2023-11-14T22:13:20.5Z') == []


def test_notices_of_one_moment_can_be_told_apart_by_time():
    pebble = Pebble()
    notify(pebble)
    seen = pebble.get('/v1/notices')[-1]['last-repeated']

    notify(pebble, 'example.com/b')

    assert keys(pebble, after=seen) == ['example.com/b']


@pytest.mark.parametrize(
    ('fields', 'error'),
    [
        ({'action': 'remove'}, 'invalid action "remove"'),
        ({'type': 'warning'}, 'invalid type "warning" (can only add "custom" notices)'),
        ({'key': 'example'}, 'invalid key "example" (must be in "example.com/path" format)'),
        ({'key': 'example.com/' + 'x' * 245}, 'key must be 256 bytes or less'),
        ({'repeat-after': '5'}, 'invalid repeat-after: time: missing unit in duration "5"'),
        ({'data': {'a': 'x' * 4088}}, 'total size of data must be 4096 bytes or less'),
        (
            {'data': {'a': 1}},
            'cannot decode notice data: '
            'json: cannot unmarshal number into Go struct field .a of type string',
        ),
        (
            {'data': [1]},
            'cannot decode notice data: '
            'json: cannot unmarshal array into Go value of type map[string]string',
        ),
    ],
)
def test_wrong_notices_are_refused(fields: dict[str, Any], error: str):
    body = {'action': 'add', 'type': 'custom', 'key': 'example.com/a', **fields}

    assert Pebble().error('POST', '/v1/notices', body) == (400, error)


@pytest.mark.parametrize(
    ('query', 'error'),
    [
        (
            {'users': 'all', 'user-id': '0'},
            'cannot use both "users" and "user-id" parameters',
        ),
        ({'users': 'some'}, 'invalid "users" filter: must be "all"'),
        ({'user-id': '1,2'}, 'invalid "user-id" filter: must only include one "user-id"'),
        (
            {'user-id': 'me'},
            'invalid "user-id" filter: strconv.ParseInt: parsing "me": invalid syntax',
        ),
        (
            {'user-id': '-1'},
            'invalid "user-id" filter: user ID is not a valid uint32: -1',
        ),
        ({'timeout': 'soon'}, 'invalid timeout: time: invalid duration "soon"'),
        (
            {'after': 'now'},
            'invalid "after" timestamp: parsing time "now" as "2006-01-02T15:04:05Z07:00": '
            'cannot parse "now" as "2006"',
        ),
    ],
)
def test_wrong_filters_are_refused(query: dict[str, str], error: str):
    assert Pebble().error('GET', '/v1/notices', **query) == (400, error)


def test_an_unknown_notice_is_not_found():
    assert Pebble().error('GET', '/v1/notices/7') == (404, 'cannot find notice with ID "7"')


# -- waiting


def waited(pending: Answered | Pending) -> list[str] | None:
    assert isinstance(pending, Pending)
    if pending.answer is None:
        return None
    assert isinstance(pending.answer, Response)
    return [notice['key'] for notice in pending.answer.result]


def test_waiting_ends_when_a_matching_notice_occurs():
    pebble = Pebble()
    pending = pebble.send('GET', '/v1/notices', timeout='5s', keys='example.com/b')

    notify(pebble)
    assert waited(pending) is None

    notify(pebble, 'example.com/b')
    assert waited(pending) == ['example.com/b']


def test_waiting_in_vain_gives_nothing_after_the_timeout():
    pebble = Pebble()

    assert (pebble.get('/v1/notices', timeout='5s'), pebble.seconds) == ([], 5)


def test_waiting_for_what_is_there_takes_no_time():
    pebble = Pebble()
    notify(pebble)

    assert (len(pebble.get('/v1/notices', timeout='5s')), pebble.seconds) == (1, 0)


# -- change updates


def updates(pebble: Pebble) -> list[tuple[str, int]]:
    found = pebble.get('/v1/notices', types='change-update')
    return [(notice['last-data']['kind'], notice['occurrences']) for notice in found]


def test_a_change_gives_notices_of_its_creation_its_work_and_its_end():
    pebble = Pebble(service('web'))

    pebble.do('start', 'web')

    assert updates(pebble) == [('start', 3)]


def test_a_failed_change_gives_one_more():
    pebble = Pebble(service('web'), {'web': exits(0, 1)})

    pebble.do('start', 'web')

    assert updates(pebble) == [('start', 4)]


def test_a_change_without_tasks_gives_two():
    pebble = Pebble()

    pebble.do('replan')

    assert updates(pebble) == [('replan', 2)]


def test_tasks_in_turn_give_no_notices_of_their_own():
    pebble = Pebble(service('a') + '\n')
    pebble.layer('services: {b: {override: replace, command: b, requires: [a]}}', 'more')

    pebble.do('start', 'b')

    assert updates(pebble) == [('start', 3)]


# -- expiry and facts


def test_a_notice_expires_after_a_week_without_occurrence():
    pebble = Pebble()
    notify(pebble)
    pebble.advance(7 * 86_400)
    assert keys(pebble) == ['example.com/a']

    pebble.advance(1)

    assert keys(pebble) == []


def test_assumed_notices_replace_custom_ones_and_ids_go_on_after_them():
    pebble = Pebble()
    pebble.do('replan')
    notify(pebble)
    fact = Notice(
        id='1',
        user_id=0,
        type='custom',
        key='example.com/fact',
        first_occurred_ns=BEGIN_NS,
        last_occurred_ns=BEGIN_NS,
        last_repeated_ns=BEGIN_NS,
    )

    pebble.daemon.notices.assume([fact])

    assert keys(pebble, types='custom') == ['example.com/fact']
    assert pebble.get('/v1/notices/1')['key'] == 'example.com/fact'
    assert keys(pebble, types='change-update') == ['1']
    assert notify(pebble) == '4'
