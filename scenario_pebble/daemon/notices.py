"""What notices are recorded, and which of them a request sees."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from ..clock import SECOND_NS, Clock
from ..dataclass import dataclass
from ..frozen import EMPTY, Draft, FrozenDict, empty, evolve
from . import gotext

# Pebble: overlord/state/notices.go defaultNoticeExpireAfter
EXPIRE_AFTER_NS = 7 * 24 * 3600 * SECOND_NS

TYPES = frozenset(('change-update', 'custom', 'warning'))


@dataclass(frozen=True, kw_only=True)
class Notice:
    """All occurrences of one user id, type and key."""

    id: str
    user_id: int | None
    """None: public."""
    type: str
    key: str
    first_occurred_ns: int
    last_occurred_ns: int
    last_repeated_ns: int
    occurrences: int = 1
    last_data: FrozenDict[str, str] = dataclasses.field(default_factory=empty)
    repeat_after_ns: int = 0
    """Of the latest occurrence."""
    expire_after_ns: int = EXPIRE_AFTER_NS

    def expired(self, now_ns: int) -> bool:
        return self.last_occurred_ns + self.expire_after_ns < now_ns

    def info(self) -> dict[str, Any]:
        """A notice as the API shows it."""
        shown: dict[str, Any] = {
            'id': self.id,
            'user-id': self.user_id,
            'type': self.type,
            'key': self.key,
            'first-occurred': gotext.format_time(self.first_occurred_ns),
            'last-occurred': gotext.format_time(self.last_occurred_ns),
            'last-repeated': gotext.format_time(self.last_repeated_ns),
            'occurrences': self.occurrences,
        }
        if self.last_data:
            shown['last-data'] = dict(sorted(self.last_data.items()))
        if self.repeat_after_ns:
            shown['repeat-after'] = gotext.format_duration(self.repeat_after_ns)
        if self.expire_after_ns:
            shown['expire-after'] = gotext.format_duration(self.expire_after_ns)
        return shown


_NOTICE = Notice(
    id='',
    user_id=None,
    type='',
    key='',
    first_occurred_ns=0,
    last_occurred_ns=0,
    last_repeated_ns=0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which notices a request asks for; empty collections and None let everything pass."""

    user_id: int | None = None
    """Of this user, and public ones; None: of all users."""
    types: Collection[str] = ()
    keys: Collection[str] = ()
    after_ns: int | None = None
    """Last repeated later than this."""

    def matches(self, notice: Notice) -> bool:
        if self.user_id is not None and notice.user_id not in (None, self.user_id):
            return False
        if self.types and notice.type not in self.types:
            return False
        if self.keys and notice.key not in self.keys:
            return False
        return self.after_ns is None or notice.last_repeated_ns > self.after_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedNotices:
    """All notices at one moment."""

    notices: FrozenDict[str, Notice] = dataclasses.field(default_factory=empty)
    """By `_identity`."""
    last_id: int = 0
    last_ns: int = 0
    """When the latest one occurred."""


class Notices:
    """The notices of a daemon.

    Args:
        clock: What time it is.
        saved: What to go on from.
        log: Is told of each notice, see `daemon.Daemon`.
    """

    def __init__(self, clock: Clock, saved: SavedNotices, log: Any = None):
        self._clock = clock
        self._saved = saved
        self._log = log
        self._notices: Draft[str, Notice] = Draft(saved.notices)
        self.last_id = saved.last_id
        self._last_ns = saved.last_ns
        self.on_repeated: list[Callable[[Notice], None]] = []
        """Told of each occurrence that counts as new: what a client that waits would see."""

    def save(self) -> SavedNotices:
        """The notices as a value; the one they were made from if nothing was touched."""
        if self._notices.touched or self._last_ns != self._saved.last_ns:
            self._saved = SavedNotices(
                notices=self._notices.done(), last_id=self.last_id, last_ns=self._last_ns
            )
        return self._saved

    def clear(self) -> None:
        """Forget all, ids included."""
        self._saved = SavedNotices(last_ns=self._last_ns)
        self._notices = Draft(EMPTY)
        self.last_id = 0

    def add(
        self,
        user_id: int | None,
        type: str,
        key: str,
        data: Mapping[str, str] = EMPTY,
        repeat_after_ns: int = 0,
    ) -> str:
        """Record an occurrence; the notice's id."""
        identity = _identity(user_id, type, key)
        notice = self._notices.get(identity)
        # As on a real clock, no two notices occur at once: clients ask for those after a time.
        now_ns = self._last_ns = max(self._clock.now_ns, self._last_ns + 1)
        data = data if isinstance(data, FrozenDict) else FrozenDict(data)
        if notice is None:
            notice = self._new(user_id, type, key, now_ns, data, repeat_after_ns)
        else:
            notice = _repeated(notice, now_ns, data, repeat_after_ns)
        self._notices[identity] = notice
        if notice.last_repeated_ns == now_ns:
            for listener in self.on_repeated:
                listener(notice)
        if self._log is not None and type != 'change-update':
            self._log('notice', key, f'{type} (occurrence {notice.occurrences})')
        return notice.id

    def _new(
        self,
        user_id: int | None,
        type: str,
        key: str,
        now_ns: int,
        data: FrozenDict[str, str],
        repeat_after_ns: int,
    ) -> Notice:
        self.last_id += 1
        return evolve(
            _NOTICE,
            id=str(self.last_id),
            user_id=user_id,
            type=type,
            key=key,
            first_occurred_ns=now_ns,
            last_occurred_ns=now_ns,
            last_repeated_ns=now_ns,
            last_data=data,
            repeat_after_ns=repeat_after_ns,
        )

    def list(self, filter: Filter) -> list[Notice]:
        """The notices that match and haven't expired, by the time when they last repeated."""
        now_ns = self._clock.now_ns
        found = [n for n in self._notices.values() if filter.matches(n) and not n.expired(now_ns)]
        return sorted(found, key=lambda notice: notice.last_repeated_ns)

    def all(self) -> list[Notice]:
        """Every notice, expired ones included, in order of first occurrence."""
        return list(self._notices.values())

    def __len__(self) -> int:
        return len(self._notices)

    def get(self, notice_id: str) -> Notice | None:
        return next((n for n in self._notices.values() if n.id == notice_id), None)

    def assume(self, notices: Iterable[Notice]) -> None:
        """Take for granted that these were recorded, in the place of custom ones that were."""
        assumed = {_identity(n.user_id, n.type, n.key): n for n in notices}
        kept = {k: n for k, n in self._notices.items() if n.type != 'custom' and k not in assumed}
        taken = {notice.id for notice in assumed.values()}
        numbers = [int(notice_id) for notice_id in taken if notice_id.isdecimal()]
        self.last_id = max([self.last_id, *numbers])
        for key, notice in kept.items():
            if notice.id in taken:
                self.last_id += 1
                kept[key] = evolve(notice, id=str(self.last_id))
        for key in list(self._notices):
            del self._notices[key]
        for key, notice in (kept | assumed).items():
            self._notices[key] = notice

    def remove(self, notice: Notice) -> None:
        """Forget a notice."""
        del self._notices[_identity(notice.user_id, notice.type, notice.key)]


def _identity(user_id: int | None, type: str, key: str) -> str:
    return f'{"" if user_id is None else user_id}:{type}:{key}'


def _repeated(
    notice: Notice, now_ns: int, data: FrozenDict[str, str], repeat_after_ns: int
) -> Notice:
    # Pebble: overlord/state/notices.go AddNotice
    repeats = not repeat_after_ns or now_ns > notice.last_repeated_ns + repeat_after_ns
    return evolve(
        notice,
        occurrences=notice.occurrences + 1,
        last_repeated_ns=now_ns if repeats else notice.last_repeated_ns,
        last_occurred_ns=now_ns,
        last_data=data,
        repeat_after_ns=repeat_after_ns,
    )
