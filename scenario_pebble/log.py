"""The one log of a Context: what happened and when, as rows; the timeline and the histories are
views of it.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator
from typing import NamedTuple

LIMIT = 10_000
"""How many rows are kept; older ones are dropped and counted."""


class Row(NamedTuple):
    """One thing that happened."""

    at_ns: int
    """Nanoseconds since the epoch, virtual time."""
    container: str
    """Empty for Juju and the charm itself."""
    kind: str
    """``event``, ``request``, ``service``, ``check``, ``notice``, ``exec``, ``file``, ``status``,
    ``wait`` …"""
    subject: str
    """The service, check, path, event … that it is about."""
    text: str
    """What happened to it."""


class Log:
    """Rows in the order in which things happened."""

    def __init__(self, limit: int = LIMIT):
        self._rows: collections.deque[Row] = collections.deque(maxlen=limit)
        self._added = 0

    def add(self, at_ns: int, container: str, kind: str, subject: str, text: str) -> None:
        """Append a row."""
        self._added += 1
        self._rows.append(Row(at_ns, container, kind, subject, text))

    @property
    def dropped(self) -> int:
        """How many of the oldest rows were dropped."""
        return self._added - len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
