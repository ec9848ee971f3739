"""The one log of a Context: what happened and when, as rows; timeline and histories are views."""

from __future__ import annotations

import collections
import dataclasses
import sys
from collections.abc import Iterator
from types import CodeType

LIMIT = 10_000
"""How many rows are kept; older ones are dropped and counted."""

_NOT_CHARM = ('ops.', 'scenario_pebble.')


@dataclasses.dataclass(slots=True)
class Row:
    """One thing that happened."""

    at_ns: int
    """Nanoseconds since the epoch, virtual time."""
    container: str
    """Empty for Juju and the charm itself."""
    kind: str
    """``event``, ``request``, ``wait``, ``service``, ``check``, ``notice``, ``exec``, ``file``,
    ``fault``, ``error``, ``hint`` …"""
    subject: str
    """The service, check, path, event … that it is about."""
    text: str
    """What happened to it. Of a request: its outcome, once there is one."""
    caller: tuple[CodeType, int] | None = None
    """Of a request: the charm's code and line."""

    @property
    def where(self) -> str:
        """The line of the charm that made a request, as ``file:line``; or empty."""
        if self.caller is None:
            return ''
        code, line = self.caller
        return f'{code.co_filename}:{line}'


class Log:
    """Rows in the order in which things happened."""

    def __init__(self, limit: int = LIMIT):
        self._rows: collections.deque[Row] = collections.deque(maxlen=limit)
        self.added = 0
        """How many rows there have been, dropped ones included."""

    def add(self, at_ns: int, container: str, kind: str, subject: str, text: str) -> Row:
        """Append a row."""
        self.added += 1
        row = Row(at_ns, container, kind, subject, text)
        self._rows.append(row)
        return row

    @property
    def dropped(self) -> int:
        """How many of the oldest rows were dropped."""
        return self.added - len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


_is_charm: dict[CodeType, bool] = {}


def charm_caller() -> tuple[CodeType, int] | None:
    """The innermost line that belongs neither to ops nor to this package."""
    frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while frame is not None:
        code = frame.f_code
        if code not in _is_charm:
            name = frame.f_globals.get('__name__', '')
            _is_charm[code] = not name.startswith(_NOT_CHARM)
        if _is_charm[code]:
            return code, frame.f_lineno
        frame = frame.f_back
    return None
