"""Which old changes, notices and services the daemon forgets."""

from __future__ import annotations

from scenario_pebble.daemon.pruning import MOST_CHANGES, MOST_NOTICES
from scenario_pebble.daemon.workload import Behaviour

from .simulated import Pebble, on_term, service

DAY = 86_400
MINUTE = 60


def ids(pebble: Pebble) -> list[str]:
    return [change['id'] for change in pebble.get('/v1/changes', select='all')]


def test_a_change_is_forgotten_a_week_after_its_end_at_the_next_ten_minutes():
    pebble = Pebble()
    pebble.advance(5 * MINUTE)
    pebble.do('replan')

    pebble.advance(7 * DAY)
    assert ids(pebble) == ['1']

    pebble.advance(5 * MINUTE)
    assert ids(pebble) == []


def test_the_notice_of_a_forgotten_change_is_forgotten_with_it():
    pebble = Pebble()
    pebble.do('replan')

    pebble.advance(8 * DAY)
    pebble.get('/v1/services')

    assert pebble.daemon.notices.all() == []


def test_a_change_that_isnt_over_is_kept():
    pebble = Pebble(
        service('web', kill_delay='240h'), {'web': Behaviour(reactions=on_term(code=None))}
    )
    pebble.do('start', 'web')
    pebble.begin('stop', 'web')

    pebble.advance(8 * DAY)

    assert ids(pebble) == ['2']


def test_a_change_that_isnt_over_after_two_weeks_is_aborted():
    stubborn = Behaviour(reactions=on_term(code=None))
    pebble = Pebble(service('web', kill_delay='1000h'), {'web': stubborn})
    pebble.do('start', 'web')
    pebble.begin('stop', 'web')

    pebble.advance(14 * DAY + 20 * MINUTE)

    assert pebble.change('2')['status'] == 'Abort'


def test_only_the_latest_thousand_changes_are_kept():
    pebble = Pebble()
    for _ in range(MOST_CHANGES + 5):
        pebble.do('replan')
    assert len(ids(pebble)) == MOST_CHANGES + 5

    pebble.advance(10 * MINUTE)

    assert len(ids(pebble)) == MOST_CHANGES
    assert ids(pebble)[0] == '6'


def test_an_inactive_service_is_forgotten_after_a_week():
    pebble = Pebble(service('web'))
    pebble.do('start', 'web')
    pebble.do('stop', 'web')

    pebble.advance(8 * DAY)

    assert 'current-since' not in pebble.get('/v1/services')[0]


def test_pruning_is_made_up_for_however_late_somebody_looks():
    pebble = Pebble()
    pebble.do('replan')
    pebble.advance(7 * DAY)
    pebble.reload()
    pebble.do('replan')

    pebble.advance(30 * DAY)

    assert ids(pebble) == []


def test_notices_above_a_thousand_are_kept_until_the_next_ten_minutes():
    pebble = Pebble()

    def add(count: int) -> int:
        for _ in range(count):
            pebble.daemon.notices.add(0, 'custom', f'a.b/{pebble.daemon.notices.last_id}')
        pebble.reload()
        return len(pebble.get('/v1/notices'))

    assert add(MOST_NOTICES + 5) == MOST_NOTICES + 5
    pebble.advance(10 * MINUTE)
    assert add(0) == MOST_NOTICES
    assert add(5) == MOST_NOTICES + 5
