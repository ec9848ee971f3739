"""What Juju sends because time passes: update-status, secret-rotate, secret-expired, and once more
a hook that failed.

What is to come waits in `State.queue` with a time that lies ahead.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from ops import SecretRotate

from .dataclass import dataclass
from .frozen import FrozenList, evolve
from .state.queue import QueuedEvent
from .state.secret import Secret
from .state.state import State

_MINUTE = datetime.timedelta(minutes=1)

# Juju: apiserver/facades/agent/retrystrategy, MinRetryTime, MaxRetryTime and RetryTimeFactor. The
# jitter that Juju adds is left out.
_FIRST_RETRY = datetime.timedelta(seconds=5)
_LATEST_RETRY = 5 * _MINUTE
_MOST_DOUBLINGS = 6

# Juju: core/secrets, RotateRetryDelay and ExpireRetryDelay.
_SECRET_RETRY = 5 * _MINUTE


@dataclass(frozen=True, kw_only=True)
class Triggers:
    """Which of these a Context wants; all are off by default."""

    update_status: datetime.timedelta | None = None
    """How often update-status comes. In Juju each interval is up to 20 % shorter or longer."""
    secrets: bool = False
    """Whether secrets of the unit, and of the application if it leads, rotate and expire."""
    retries: bool = False
    """Whether a hook that failed runs again by itself."""

    def renewed(self, state: State, now: datetime.datetime) -> State:
        """The State with all in its queue that is to come."""
        if self.update_status is None and not self.secrets:
            return state
        queue = [event for event in state.queue if self._holds(event, state, now)]
        known = {_subject(event) for event in queue}
        new = [event for event in self._to_come(state, now) if _subject(event) not in known]
        if not new and len(queue) == len(state.queue):
            return state
        return evolve(state, queue=FrozenList([*queue, *new]))

    def next_time(self, event: QueuedEvent) -> datetime.datetime | None:
        """When a queued event is to be delivered; None: at once."""
        if event.failures and event.at is not None:
            return event.at + retry_delay(event.failures) if self.retries else None
        return event.at

    def after(
        self, event: QueuedEvent, before: State, state: State, now: datetime.datetime
    ) -> State:
        """The State after an event came, with when it comes next if that depends on the event."""
        again = self._again(event, before, state, now)
        return evolve(state, queue=FrozenList([*state.queue, again])) if again else state

    def _again(
        self, event: QueuedEvent, before: State, state: State, now: datetime.datetime
    ) -> QueuedEvent | None:
        if event.at is None or event.failures:
            return None
        if event.kind == 'update_status' and self.update_status is not None:
            missed = (now - event.at) // self.update_status  # of several, Juju sends one
            return evolve(event, at=event.at + self.update_status * (missed + 1))
        old, new = _secret(event, before), _secret(event, state)
        if not self.secrets or old is None or new is None:
            return None
        renewed = old.latest_revision != new.latest_revision
        if event.kind == 'secret_rotate':
            # Juju: secretsmanager, SecretsRotated
            return evolve(
                event, at=_rotated(event.at, new) if renewed else event.at + _SECRET_RETRY
            )
        if event.kind == 'secret_expired' and not renewed and old.expire == new.expire:
            # Juju: internal/worker/secretexpire; the hook comes until the revision is gone
            return evolve(event, at=event.at + _SECRET_RETRY)
        return None

    def _to_come(self, state: State, now: datetime.datetime) -> Iterator[QueuedEvent]:
        if self.update_status is not None:
            yield QueuedEvent('update_status', at=now + self.update_status)
        if self.secrets:
            for secret in sorted(_managed(state), key=lambda s: s.id):
                if _rotates(secret):
                    at = _rotated(now, secret)
                    yield QueuedEvent('secret_rotate', secret=secret.id, at=at)
                if secret.expire is not None:
                    yield _expiry(secret, secret.expire)

    def _holds(self, event: QueuedEvent, state: State, now: datetime.datetime) -> bool:
        """Whether an event that is to come still is: its secret may have changed."""
        if not self.secrets or event.failures or event.at is None:
            return True
        if event.kind not in ('secret_rotate', 'secret_expired'):
            return True
        secret = _secret(event, state)
        if secret is None:
            return False
        if event.kind == 'secret_rotate':
            # Juju: a policy that rotates more often than the one before begins at once; another
            # one begins with the next rotation.
            return _rotates(secret) and event.at <= now + _longest_period(secret)
        return secret.latest_revision == event.revision and _may_expire(secret, event.at, now)


def retry_delay(failures: int) -> datetime.timedelta:
    """How long Juju waits before it runs a hook again that has failed so often."""
    return min(_FIRST_RETRY * 2 ** min(failures - 1, _MOST_DOUBLINGS), _LATEST_RETRY)


def _subject(event: QueuedEvent) -> tuple[str, str]:
    return event.kind, event.secret


def _managed(state: State) -> Iterator[Secret]:
    for secret in state.secrets:
        if secret.owner == 'unit' or (secret.owner == 'app' and state.leader):
            yield secret


def _secret(event: QueuedEvent, state: State) -> Secret | None:
    return next((s for s in _managed(state) if s.id == event.secret), None)


def _rotates(secret: Secret) -> bool:
    return secret.rotate is not None and secret.rotate is not SecretRotate.NEVER


def _may_expire(secret: Secret, at: datetime.datetime, now: datetime.datetime) -> bool:
    """Whether it is now known that the secret expires at that time, or that its hook comes again
    then.
    """
    if secret.expire is None:
        return False
    expire = _aware(secret.expire)
    return at == expire or expire <= now >= at - _SECRET_RETRY


def _expiry(secret: Secret, expire: datetime.datetime) -> QueuedEvent:
    revision = secret.latest_revision
    return QueuedEvent('secret_expired', secret=secret.id, revision=revision, at=_aware(expire))


def _aware(time: datetime.datetime) -> datetime.datetime:
    return time.replace(tzinfo=datetime.timezone.utc) if time.tzinfo is None else time


# Juju: core/secrets, NextRotateTime: months, days, hours.
_PERIODS: Mapping[SecretRotate, tuple[int, int, int]] = {
    SecretRotate.HOURLY: (0, 0, 1),
    SecretRotate.DAILY: (0, 1, 0),
    SecretRotate.WEEKLY: (0, 7, 0),
    SecretRotate.MONTHLY: (1, 0, 0),
    SecretRotate.QUARTERLY: (3, 0, 0),
    SecretRotate.YEARLY: (12, 0, 0),
}


def _longest_period(secret: Secret) -> datetime.timedelta:
    assert secret.rotate is not None
    months, days, hours = _PERIODS[secret.rotate]
    return datetime.timedelta(days=31 * months + days, hours=hours)


def _rotated(last: datetime.datetime, secret: Secret) -> datetime.datetime:
    """When a secret is to be rotated next."""
    assert secret.rotate is not None
    months, days, hours = _PERIODS[secret.rotate]
    years, month = divmod(last.month - 1 + months, 12)
    first = last.replace(year=last.year + years, month=month + 1, day=1)
    # As Go's AddDate: the 31st of a month that has 30 days is the 1st of the next.
    return first + datetime.timedelta(days=last.day - 1 + days, hours=hours)
