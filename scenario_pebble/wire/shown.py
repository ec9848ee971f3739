"""What the API shows, as the values of ops.

They are equal to what ``from_dict`` of their classes gives (a test compares them), which reads
each time anew by a regular expression.
"""

from __future__ import annotations

import datetime
import functools

from ops import pebble

from ..clock import SECOND_NS
from ..daemon.changes import Task
from ..daemon.filelisting import Entry
from ..daemon.shownchange import ShownChange
from ..times import from_ns

_EPOCH = from_ns(0)


def change(shown: ShownChange) -> pebble.Change:
    """A change."""
    record = shown.change
    return pebble.Change(
        pebble.ChangeID(record.id),
        record.kind,
        record.summary,
        record.status,
        [_task(task) for task in shown.tasks],
        record.ready,
        shown.error or None,
        _time(record.spawn_ns),
        None if record.ready_ns is None else _time(record.ready_ns),
    )


def _task(record: Task) -> pebble.Task:
    return pebble.Task(
        pebble.TaskID(record.id),
        record.kind,
        record.summary,
        record.status,
        list(record.log),
        pebble.TaskProgress('', record.progress, 1),
        _time(record.spawn_ns),
        None if record.ready_ns is None else _time(record.ready_ns),
        dict(record.api_data),
    )


def _time(at_ns: int) -> datetime.datetime:
    """A time as ops reads it: rounded to microseconds, but never up to the next second."""
    seconds, below_ns = divmod(at_ns, SECOND_NS)
    below = below_ns / SECOND_NS  # what is read is a decimal fraction
    return from_ns(seconds * SECOND_NS + min(round(below * 1_000_000), 999_999) * 1000)


def file_info(entry: Entry) -> pebble.FileInfo:
    """A file, directory … of a listing."""
    path, name, kind, size, mode, mtime_ns, owner = entry
    return pebble.FileInfo(
        path,
        name,
        _FILE_TYPES.get(kind, kind),
        size,
        mode & 0o777,
        _whole_seconds(mtime_ns // SECOND_NS),
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
