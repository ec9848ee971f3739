"""The one log of a Context: what happened and when, as rows; timeline and histories are views."""

from __future__ import annotations

import collections
import copy
import dataclasses
import sys
from collections.abc import Iterator
from types import CodeType

from .wire.exechistory import Recorded

LIMIT = 10_000
"""How many rows are kept; older ones are dropped and counted."""

KINDS = (
    *('event', 'status', 'error', 'hint', 'stimulus', 'kubelet'),
    *('request', 'wait', 'fault', 'service', 'check', 'notice', 'exec', 'file'),
)
"""What rows are about."""

_NOT_CHARM = ('ops.', 'scenario_pebble.')


@dataclasses.dataclass(slots=True)
class Row:
    """One thing that happened."""

    at_ns: int
    """Nanoseconds since the epoch, virtual time."""
    container: str
    """Empty for Juju and the charm itself."""
    kind: str
    """One of `KINDS`."""
    subject: str
    """The service, check, path, event … that it is about."""
    text: str
    """What happened to it. Of a request: its outcome, once there is one."""
    caller: tuple[CodeType, int] | None = None
    """Of a request: the charm's code, and how far it had come."""

    @property
    def where(self) -> str:
        """The line of the charm that made a request, as ``file:line``; or empty."""
        if self.caller is None:
            return ''
        code, instruction = self.caller
        lines = (line for start, end, line in code.co_lines() if start <= instruction < end)
        return f'{code.co_filename}:{next(lines)}'


class Log:
    """Rows in the order in which things happened."""

    def __init__(self, limit: int = LIMIT):
        self._rows: collections.deque[Row] = collections.deque(maxlen=limit)
        self.added = 0
        """How many rows there have been, dropped ones included."""
        self.start_ns: int | None = None
        """When the first row was added."""
        self.execs: dict[str, list[Recorded]] = {}
        """The commands that the charm ran, by container; all are kept."""

    def __copy__(self) -> Log:
        """A log of its own, with what there is in this one."""
        other = Log()
        other.__dict__ |= self.__dict__
        other._rows = collections.deque(map(copy.copy, self._rows), self._rows.maxlen)
        other.execs = {container: list(ran) for container, ran in self.execs.items()}
        return other

    def add(self, at_ns: int, container: str, kind: str, subject: str, text: str) -> Row:
        """Append a row."""
        if not self.added:
            self.start_ns = at_ns
        self.added += 1
        row = Row(at_ns, container, kind, subject, text)
        self._rows.append(row)
        return row

    def ran(self, container: str, command: Recorded) -> None:
        """The charm ran a command."""
        self.execs.setdefault(container, []).append(command)

    @property
    def dropped(self) -> int:
        """How many of the oldest rows were dropped."""
        return self.added - len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


_NEAREST = 4

_is_charm: dict[str, bool] = {}
"""Whether a module belongs neither to ops nor to this package, by name."""


def charm_caller() -> tuple[CodeType, int] | None:
    """The innermost code that belongs neither to ops nor to this package, and how far it is.

    Which line that is costs more to find out, and few ask.
    """
    # The nearest that can be the charm has called a client, which called a host.
    frame = sys._getframe(_NEAREST)  # pyright: ignore[reportPrivateUsage]
    while frame is not None:
        name = frame.f_globals.get('__name__', '')
        is_charm = _is_charm.get(name)
        if is_charm is None:
            is_charm = _is_charm[name] = not name.startswith(_NOT_CHARM)
        if is_charm:
            return frame.f_code, frame.f_lasti
        frame = frame.f_back
    return None
