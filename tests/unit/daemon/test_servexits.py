"""What happens when a service's process ends, or a check that it cares for fails."""

from __future__ import annotations

from itertools import pairwise

import pytest

from scenario_pebble.clock import SECOND_NS
from scenario_pebble.daemon.plan import Service
from scenario_pebble.daemon.servexits import next_backoff_ns
from scenario_pebble.daemon.workload import Behaviour, Found

from .simulated import Pebble, exits, on_term, service


def started(*behaviours: Behaviour, **fields: str) -> Pebble:
    """A service ``web`` that was started; its first process has run for a second."""
    pebble = Pebble(service('web', **fields), {'web': behaviours})
    pebble.do('start', 'web')
    return pebble


@pytest.mark.parametrize(
    ('fields', 'code', 'status'),
    [
        ({}, 0, 'backoff'),
        ({}, 1, 'backoff'),
        ({'on_success': 'ignore'}, 0, 'inactive'),
        ({'on_success': 'ignore'}, 1, 'backoff'),
        ({'on_failure': 'ignore'}, 0, 'backoff'),
        ({'on_failure': 'ignore'}, 1, 'error'),
    ],
)
def test_the_exit_code_decides_which_action_is_taken(
    fields: dict[str, str], code: int, status: str
):
    pebble = started(exits(2, code), **fields)

    pebble.advance(1)

    assert pebble.status('web') == status
    assert pebble.rows[-1] == ('service', 'web', f'active → {status} (exit {code})')


@pytest.mark.parametrize(
    ('fields', 'code', 'exit_code'),
    [
        ({'on_success': 'shutdown'}, 0, 0),
        ({'on_success': 'failure-shutdown'}, 0, 10),
        ({'on_failure': 'shutdown'}, 1, 10),
        ({'on_failure': 'success-shutdown'}, 1, 0),
    ],
)
def test_an_exit_can_shut_the_daemon_down(fields: dict[str, str], code: int, exit_code: int):
    pebble = started(exits(2, code), **fields)
    assert pebble.daemon.exit_code is None

    pebble.advance(1)

    assert pebble.daemon.exit_code == exit_code


def test_a_quick_exit_says_what_will_happen_and_then_it_happens():
    pebble = Pebble(service('web', on_failure='shutdown'), {'web': exits(0.5, 1)})

    pebble.begin('start', 'web')
    pebble.advance(1)

    assert pebble.daemon.exit_code == 10
    change = pebble.daemon.changes.all()[0]
    assert pebble.daemon.changes.shown(change).error == (
        'cannot perform the following tasks:\n- Start service "web" '
        '(service start attempt: exited quickly with code 1, will shutdown)'
    )


# -- backoff


def test_backoffs_grow_up_to_the_limit():
    config = Service(
        name='web',
        explicit_backoff_delay_ns=SECOND_NS,
        explicit_backoff_factor=1.5,
        explicit_backoff_limit_ns=4 * SECOND_NS,
    )
    backoffs = [next_backoff_ns(config, 0)]
    for _ in range(5):
        backoffs.append(next_backoff_ns(config, backoffs[-1]))

    assert [backoff / SECOND_NS for backoff in backoffs] == [1, 1.5, 2.25, 3.375, 4, 4]


def test_the_first_backoff_may_be_above_the_limit():
    config = Service(
        name='web',
        explicit_backoff_delay_ns=9 * SECOND_NS,
        explicit_backoff_limit_ns=SECOND_NS,
    )

    assert next_backoff_ns(config, 0) == 9 * SECOND_NS
    assert next_backoff_ns(config, 9 * SECOND_NS) == SECOND_NS


def test_restarts_come_after_the_backoff_and_up_to_a_tenth_more():
    pebble = started(exits(1.5, 1), backoff_delay='1s', backoff_factor='2.0')

    pebble.advance(30)

    starts = [call.at_ns / SECOND_NS for call in pebble.programs.calls]
    waits = [later - earlier - 1.5 for earlier, later in pairwise(starts)]
    for wait, backoff in zip(waits, [1, 2, 4, 8], strict=False):
        assert backoff <= wait < backoff * 1.1
    assert len(waits) == 4


def test_different_seeds_give_different_restarts_and_equal_ones_equal():
    def restart(seed: int) -> int:
        pebble = Pebble(service('web'), {'web': exits(1.5, 1)}, seed=seed)
        pebble.do('start', 'web')
        pebble.advance(9)
        return pebble.programs.calls[1].at_ns

    assert restart(1) == restart(1)
    assert len({restart(seed) for seed in range(5)}) == 5


def test_a_restarted_service_runs_at_once_and_needs_no_change():
    pebble = started(exits(1.5, 1), Behaviour())

    pebble.advance(1.05)

    assert pebble.status('web') == 'active'
    assert pebble.rows[-1] == ('service', 'web', 'backoff → active (restarted)')
    assert len(pebble.get('/v1/changes', select='all')) == 1


def test_a_backoff_timer_from_before_ends_a_later_backoff():
    pebble = Pebble(
        service('web', backoff_delay='2s'), {'web': [exits(0.1, 1), exits(0.5, 1), Behaviour()]}
    )
    pebble.do('start', 'web')
    pebble.do('start', 'web')  # fails at 0.6 s; its own backoff would end at 2.6 s

    pebble.advance(2.3 - pebble.seconds)

    assert pebble.status('web') == 'active'


def test_a_start_forgets_the_backoff():
    pebble = started(exits(1.2, 1), backoff_delay='1s')
    pebble.advance(20)
    backoff_ns = pebble.daemon.services.all()[0].backoff_ns

    pebble.do('stop', 'web')
    pebble.do('start', 'web')
    pebble.advance(0.5)

    assert (backoff_ns, pebble.daemon.services.all()[0].backoff_ns) == (8 * SECOND_NS, SECOND_NS)


@pytest.mark.parametrize(('runs', 'backoff'), [(1.9, 4), (2.1, 1)])
def test_running_for_the_backoff_limit_forgets_the_backoff(runs: float, backoff: int):
    pebble = started(
        exits(1.5, 1),
        exits(1.5, 1),
        exits(runs, 1),
        Behaviour(),
        backoff_delay='1s',
        backoff_limit='2s',
        backoff_factor='4.0',
    )

    while len(pebble.programs.calls) < 4:
        pebble.advance(0.1)

    third, fourth = (call.at_ns for call in pebble.programs.calls[2:])
    waited = (fourth - third) / SECOND_NS - runs
    expected = min(backoff, 2)
    assert expected <= waited < expected * 1.1


def test_a_backoff_limit_of_zero_forgets_the_backoff_at_each_restart():
    pebble = started(exits(1.5, 1), backoff_delay='1s', backoff_limit='0s')

    pebble.advance(9)

    starts = [call.at_ns / SECOND_NS for call in pebble.programs.calls]
    waits = [later - earlier - 1.5 for earlier, later in pairwise(starts)]
    assert len(waits) == 3
    assert all(1 <= wait < 1.1 for wait in waits)


def test_a_process_doesnt_end_when_its_predecessor_would_have_ended():
    pebble = started(exits(5, 1), on_failure='ignore')
    pebble.do('restart', 'web')

    pebble.advance(3.5)
    assert pebble.status('web') == 'active'

    pebble.advance(0.5)
    assert pebble.status('web') == 'error'


def test_a_restart_whose_command_has_gone_leaves_the_service_in_backoff():
    pebble = started(exits(1.5, 1))
    pebble.advance(0.6)
    pebble.programs.found['web'] = Found.MISSING

    pebble.advance(600)

    assert pebble.status('web') == 'backoff'
    assert pebble.rows[-1] == (
        'service',
        'web',
        'cannot restart: cannot start service: exec: "web": executable file not found in $PATH',
    )


def test_a_backoff_delay_of_zero_doesnt_stop_the_clock():
    pebble = started(exits(1.5, 1), exits(0, 1), backoff_delay='0s')

    pebble.advance(0.6)

    assert 50 < len(pebble.programs.calls) <= 102


def test_a_day_of_crashes_costs_as_many_starts_as_there_are_restarts():
    pebble = started(exits(1.5, 1))

    pebble.advance(86_400)

    # 31.5 s to 34.5 s for each cycle at the limit
    assert 86_400 / 33.5 < len(pebble.programs.calls) < 86_400 / 32.5


# -- checks


def test_a_failed_check_restarts_a_running_service():
    pebble = started(
        Behaviour(reactions=on_term(after=1)),
        Behaviour(),
        on_check_failure='{up: restart}',
        backoff_delay='2s',
    )

    pebble.daemon.services.check_failed('up')

    assert pebble.status('web') == 'inactive'
    pebble.advance(1.5)
    assert pebble.status('web') == 'backoff'
    pebble.advance(2)
    assert pebble.status('web') == 'active'


def test_a_failed_check_kills_a_service_that_ignores_sigterm_and_restarts_it():
    pebble = started(
        Behaviour(reactions=on_term(code=None)),
        Behaviour(),
        on_check_failure='{up: restart}',
        kill_delay='2s',
    )

    pebble.daemon.services.check_failed('up')
    pebble.advance(2)

    assert pebble.status('web') == 'backoff'
    pebble.advance(1)
    assert pebble.status('web') == 'active'


def test_a_failed_check_can_shut_the_daemon_down_while_the_service_is_in_backoff():
    pebble = started(exits(2, 1), on_check_failure='{up: shutdown}', backoff_delay='9s')
    pebble.advance(1.5)

    pebble.daemon.services.check_failed('up')
    pebble.get('/v1/services')

    assert pebble.daemon.exit_code == 11


def test_a_failed_check_restarts_a_service_that_has_exited():
    pebble = started(exits(2, 1), on_failure='ignore', on_check_failure='{up: restart}')
    pebble.advance(1)

    pebble.daemon.services.check_failed('up')

    assert pebble.status('web') == 'backoff'


def test_a_failed_check_leaves_a_service_in_backoff_alone():
    pebble = started(exits(2, 1), on_check_failure='{up: restart}', backoff_delay='9s')
    pebble.advance(1.5)
    rows = list(pebble.rows)

    pebble.daemon.services.check_failed('up')

    assert pebble.rows == rows


@pytest.mark.parametrize(
    ('action', 'exit_code'), [('shutdown', 11), ('success-shutdown', 0), ('ignore', None)]
)
def test_a_failed_check_can_shut_the_daemon_down(action: str, exit_code: int | None):
    pebble = started(Behaviour(), on_check_failure=f'{{up: {action}}}')

    pebble.daemon.services.check_failed('up')
    pebble.get('/v1/services')

    assert pebble.daemon.exit_code == exit_code


def test_another_check_is_nobodys_concern():
    pebble = started(Behaviour(), on_check_failure='{up: restart}')

    pebble.daemon.services.check_failed('other')

    assert pebble.status('web') == 'active'


def test_a_stop_during_a_restart_by_a_check_doesnt_prevent_the_restart():
    pebble = started(
        Behaviour(reactions=on_term(after=1)), Behaviour(), on_check_failure='{up: restart}'
    )
    pebble.daemon.services.check_failed('up')

    pebble.do('stop', 'web')
    pebble.advance(3)

    assert pebble.status('web') == 'active'
