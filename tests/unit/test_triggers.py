from __future__ import annotations

import datetime
import time
from typing import Any

import ops
import pytest

import scenario_pebble as scenario

from .timecharm import KEY, START, since_start, state, watcher

MINUTE = datetime.timedelta(minutes=1)


def test_update_status_comes_at_its_interval():
    ctx, seen = watcher('update_status', update_status_hook_interval=5 * MINUTE)

    out = ctx.advance(state(), 1000)

    assert seen == [(300, 'update_status'), (600, 'update_status'), (900, 'update_status')]
    assert out.queue == [scenario.QueuedEvent('update_status')]
    assert out.queue[0].at == START + 20 * MINUTE


def test_without_an_interval_it_does_not_come():
    ctx, seen = watcher('update_status')

    out = ctx.advance(state(), 10_000)

    assert seen == []
    assert out.queue == []


def test_update_status_comes_after_what_has_to_be_done():
    def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
        if event.handle.kind == 'web_pebble_custom_notice':
            time.sleep(100)

    ctx, seen = watcher('update_status', act=act, update_status_hook_interval=60)
    out = ctx.notify(state(), 'web', KEY, at=50)
    out = ctx.fail_check(out, 'web', 'up', at=90)

    ctx.advance(out, 200)

    assert seen == [
        (50, 'web_pebble_custom_notice'),
        (150, 'web_pebble_check_failed'),
        (150, 'update_status'),
        (180, 'update_status'),
    ]


@pytest.mark.parametrize('interval', [0, -5, True, '5m'])
def test_what_is_no_interval_is_refused(interval: Any):
    with pytest.raises(ValueError, match=r'^cannot use .* for update_status_hook_interval: '):
        watcher(update_status_hook_interval=interval)


class TestAHookThatFails:
    """Juju runs it again after five seconds, then ten, and so on."""

    @staticmethod
    def failing(times: int, **settings: Any) -> Any:
        """A charm whose first hooks fail so often."""

        def act(charm: ops.CharmBase, _: Any) -> None:
            failures.append(0)
            if len(failures) <= times:
                raise ValueError(f'not yet {len(failures)}')
            charm.unit.status = ops.ActiveStatus()

        failures: list[int] = []
        return watcher('start', act=act, automatically_retry_hooks=True, **settings)

    def test_is_run_again_until_it_succeeds(self):
        ctx, seen = self.failing(9)

        out = ctx.notify(state(), 'web', KEY, at=1)
        out = ctx.advance(out, 1800)

        times = [at for at, _ in seen]
        assert times == [1, 6, 16, 36, 76, 156, 316, 616, 916, 1216]
        assert out.unit_status == ops.ActiveStatus()
        assert out.queue == []

    def test_is_the_only_one_that_runs(self):
        ctx, seen = self.failing(2)
        out = ctx.notify(state(), 'web', KEY, at=1)
        out = ctx.restart_container(out, 'web', at=2)

        ctx.advance(out, 60)

        notice, ready = 'web_pebble_custom_notice', 'web_pebble_ready'
        assert seen == [(1, notice), (6, notice), (16, notice), (16, ready)]

    def test_that_a_test_ran_by_hand_is_retried_too(self):
        ctx, seen = self.failing(2)
        with pytest.raises(scenario.UncaughtCharmError) as caught:
            ctx.run(ctx.on.start(), state())
        left = caught.value.state
        assert left is not None

        out = ctx.advance(left, 4)
        assert out.queue == left.queue
        out = ctx.advance(out, 60)

        assert seen == [(0, 'start'), (5, 'start'), (15, 'start')]
        assert out.queue == []

    def test_waits_in_the_queue_when_time_is_up(self):
        ctx, _ = self.failing(99)
        out = ctx.notify(state(), 'web', KEY, at=1)

        out = scenario.State.from_json(ctx.advance(out, 10).to_json())

        [failed] = out.queue
        assert (failed.kind, failed.failures) == ('pebble_custom_notice', 2)
        assert failed.at == START + datetime.timedelta(seconds=6)
        assert since_start(out) == 10

    def test_is_in_the_timeline_with_its_error(self):
        ctx, _ = self.failing(1)

        ctx.advance(ctx.notify(state(), 'web', KEY, at=1), 10)

        [row] = ctx.timeline.filter(kind='error')
        assert (row.subject, row.text) == ('web_pebble_custom_notice', 'ValueError: not yet 1')

    def test_raises_if_it_is_not_to_be_retried(self):
        ctx, _ = self.failing(1)
        ctx.triggers = scenario.Context(ops.CharmBase, meta={'name': 'x'}).triggers

        with pytest.raises(scenario.UncaughtCharmError):
            ctx.notify(state(), 'web', KEY)


def secret(**fields: Any) -> scenario.Secret:
    return scenario.Secret({'password': 'old'}, id='secret:a', owner='unit', **fields)


def renew(charm: ops.CharmBase, event: Any) -> None:
    """Rotate as a charm should."""
    event.secret.set_content({'password': f'new {time.time()}'})


HOUR, DAY = 3600, 24 * 3600


def test_a_secret_is_to_be_rotated_once_in_each_period():
    ctx, seen = watcher('secret_rotate', act=renew, secret_triggers=True)
    out = state(secrets={secret(rotate='hourly')})

    out = ctx.advance(out, 3.5 * HOUR)

    assert seen == [(n * HOUR, 'secret_rotate') for n in (1, 2, 3)]
    assert out.get_secret(id='secret:a').latest_revision == 4


@pytest.mark.parametrize(
    ('policy', 'days'),
    [('daily', 1), ('weekly', 7), ('monthly', 31), ('quarterly', 90), ('yearly', 365)],
)
def test_a_period_may_be_long(policy: str, days: int):
    ctx, seen = watcher('secret_rotate', act=renew, secret_triggers=True)

    ctx.advance(state(scenario.Container('web'), secrets={secret(rotate=policy)}), days * DAY)

    assert seen == [(days * DAY, 'secret_rotate')]


def test_a_secret_that_was_not_rotated_is_asked_for_again_five_minutes_later():
    ctx, seen = watcher('secret_rotate', secret_triggers=True)

    ctx.advance(state(secrets={secret(rotate='hourly')}), HOUR + 700)

    assert [at for at, _ in seen] == [HOUR, HOUR + 300, HOUR + 600]


def test_a_secret_expires_at_its_time_and_until_there_is_a_new_revision():
    def act(charm: ops.CharmBase, event: Any) -> None:
        revisions.append(event.revision)
        if len(revisions) == 3:
            event.secret.set_content({'password': 'new'})
            event.secret.set_info(expire=START + datetime.timedelta(days=2))

    revisions: list[int] = []
    ctx, seen = watcher('secret_expired', act=act, secret_triggers=True)
    old = secret(expire=START + datetime.timedelta(hours=1))

    ctx.advance(state(secrets={old}), DAY)

    assert [at for at, _ in seen] == [HOUR, HOUR + 300, HOUR + 600]
    assert revisions == [1, 1, 1]


@pytest.mark.parametrize('hours', [0.5, 30])
def test_a_secret_expires_when_the_charm_says_so_anew(hours: float):
    def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
        if isinstance(event, ops.StartEvent):
            at = START + datetime.timedelta(hours=hours)
            charm.model.get_secret(id='secret:a').set_info(expire=at)

    ctx, seen = watcher('start', 'secret_expired', act=act, secret_triggers=True)
    old = secret(expire=START + datetime.timedelta(hours=10))
    out = ctx.advance(state(secrets={old}), 60)

    ctx.advance(ctx.run(ctx.on.start(), out), hours * HOUR)

    assert seen == [(60, 'start'), (hours * HOUR, 'secret_expired')]


def test_a_secret_that_is_to_be_rotated_more_often_begins_at_once():
    def act(charm: ops.CharmBase, event: Any) -> None:
        if isinstance(event, ops.StartEvent):
            charm.model.get_secret(id='secret:a').set_info(rotate=ops.SecretRotate.HOURLY)
        else:
            renew(charm, event)

    ctx, seen = watcher('start', 'secret_rotate', act=act, secret_triggers=True)
    out = ctx.advance(state(secrets={secret(rotate='monthly')}), 60)

    ctx.advance(ctx.run(ctx.on.start(), out), 2 * HOUR)

    assert seen[1:] == [(60 + HOUR, 'secret_rotate'), (60 + 2 * HOUR, 'secret_rotate')]


@pytest.mark.parametrize(
    ('owner', 'leader', 'expected'),
    [('app', True, 1), ('app', False, 0), (None, True, 0), ('unit', False, 1)],
)
def test_only_who_manages_a_secret_is_asked(owner: Any, leader: bool, expected: int):
    ctx, seen = watcher('secret_rotate', act=renew, secret_triggers=True)
    given = scenario.Secret({'a': 'b'}, id='secret:a', owner=owner, rotate='daily')  # type: ignore[arg-type]

    ctx.advance(state(secrets={given}, leader=leader), 1.5 * DAY)

    assert len(seen) == expected


def test_a_secret_that_is_gone_or_never_rotates_is_not_asked_for():
    def act(charm: ops.CharmBase, event: ops.EventBase) -> None:
        charm.model.get_secret(id='secret:a').remove_all_revisions()

    ctx, seen = watcher('start', 'secret_rotate', act=act, secret_triggers=True)
    never = scenario.Secret({'a': 'b'}, owner='unit', rotate='never')
    out = ctx.advance(state(secrets={secret(rotate='daily'), never}), 60)

    out = ctx.advance(ctx.run(ctx.on.start(), out), 2 * DAY)

    assert seen == [(60, 'start')]
    assert out.queue == []


def test_without_secret_triggers_nothing_is_asked_for():
    ctx, seen = watcher('secret_rotate', 'secret_expired')
    due = secret(rotate='hourly', expire=START)

    ctx.advance(state(secrets={due}), DAY)

    assert seen == []


def test_an_event_that_a_test_queues_comes_at_its_time():
    ctx, seen = watcher('config_changed')
    at = START + datetime.timedelta(seconds=42)

    out = ctx.advance(state(queue=[scenario.QueuedEvent('config_changed', at=at)]), 60)

    assert seen == [(42, 'config_changed')]
    assert out.queue == []
