"""A change as the API shows it, as ops' value.

Equal to what ``ops.pebble.Change.from_dict`` gives (a test compares them), which reads each time
anew by a regular expression.
"""

from __future__ import annotations

import datetime
import functools
from typing import Any

from ops import pebble

_from_iso = datetime.datetime.fromisoformat


def read(shown: dict[str, Any]) -> pebble.Change:
    """The change."""
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
    found = _from_iso(whole + '+00:00')
    if not below:
        return found
    # ops rounds to microseconds, but never up to the next second.
    return found.replace(microsecond=min(round(float(f'.{below}') * 1_000_000), 999_999))
