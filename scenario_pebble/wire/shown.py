"""What the API shows, as the values of ops.

They are equal to what ``from_dict`` of their classes gives (a test compares them), which reads
each time anew by a regular expression.
"""

from __future__ import annotations

import datetime
import functools
from typing import Any

from ops import pebble

from ..clock import SECOND_NS
from ..daemon.filelisting import Entry
from ..times import from_ns

_DIGITS = 6  # of microseconds
_EPOCH = from_ns(0)
# Not by the class's name: a test may have frozen time by now.
_from_iso = type(_EPOCH).fromisoformat


def change(shown: dict[str, Any]) -> pebble.Change:
    """A change."""
    return pebble.Change(
        pebble.ChangeID(shown['id']),
        shown['kind'],
        shown['summary'],
        shown['status'],
        [_task(task) for task in shown.get('tasks') or ()],
        shown['ready'],
        shown.get('err'),
        _time(shown['spawn-time']),
        _time(shown['ready-time']) if 'ready-time' in shown else None,
        shown.get('data') or {},
    )


def _task(shown: dict[str, Any]) -> pebble.Task:
    progress = shown['progress']
    return pebble.Task(
        pebble.TaskID(shown['id']),
        shown['kind'],
        shown['summary'],
        shown['status'],
        shown.get('log') or [],
        pebble.TaskProgress(progress['label'], progress['done'], progress['total']),
        _time(shown['spawn-time']),
        _time(shown['ready-time']) if 'ready-time' in shown else None,
        shown.get('data') or {},
    )


@functools.lru_cache(maxsize=256)
def _time(text: str) -> datetime.datetime:
    """A time that `daemon.gotext.format_time` has written."""
    whole, _, below = text[:-1].partition('.')
    if len(below) > _DIGITS:
        # ops rounds to microseconds, but never up to the next second.
        below = str(min(round(float(f'.{below}') * 1_000_000), 999_999)).zfill(_DIGITS)
    return _from_iso(f'{whole}.{below:0<{_DIGITS}}+00:00')


def file_info(entry: Entry) -> pebble.FileInfo:
    """A file, directory … of a listing."""
    kind, owner = entry.kind, entry.owner
    return pebble.FileInfo(
        entry.path,
        entry.name,
        _FILE_TYPES.get(kind, kind),
        entry.size,
        entry.mode & 0o777,
        _whole_seconds(entry.mtime_ns // SECOND_NS),
        owner.user_id,
        owner.user,
        owner.group_id,
        owner.group,
    )


_FILE_TYPES: dict[str, pebble.FileType | str] = {kind.value: kind for kind in pebble.FileType}


@functools.lru_cache(maxsize=1024)
def _whole_seconds(seconds: int) -> datetime.datetime:
    """A time of whole seconds; many files have the same."""
    return _EPOCH + datetime.timedelta(seconds=seconds)
