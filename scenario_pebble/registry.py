"""On which Contexts did something happen since a given moment?

For those who report on a test from outside of it, such as the pytest plugin.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from .log import Log
from .timeline import Timeline

if TYPE_CHECKING:
    from .context import Context
    from .faultreport import FaultReport
    from .state.state import State

watches: list[Watch] = []
"""Those who are told of each State that a Context opens."""


class Watch:
    """A context manager, for the time of a test: it knows the Contexts that the test uses.

    They are kept alive, so that something can be said of them afterwards.
    """

    def __init__(self) -> None:
        self._added: dict[Context[Any], int] = {}
        """Of each Context: how many rows its log had been given before."""
        self.sweeps: list[FaultReport] = []
        """What the sweeps of the test have found."""

    def opened(self, context: Context[Any], state: State) -> None:
        """Tell of a State that is opened for a run, or for letting time pass."""
        self._added.setdefault(context, context.log.added)

    def forget(self, context: Context[Any]) -> None:
        """What happened on that Context is of no interest."""
        self._added.pop(context, None)

    def __enter__(self) -> Watch:
        watches.append(self)
        return self

    def __exit__(self, *_: Any) -> None:
        watches.remove(self)

    def timelines(self) -> list[tuple[Context[Any], Timeline]]:
        """Each Context that was used, and what happened on it; in the order of their first use."""
        return [(ctx, _since(ctx.log, added)) for ctx, added in self._added.items()]


@contextlib.contextmanager
def unwatched() -> Generator[None, None, None]:
    """While it is entered, nobody is told of Contexts."""
    before = watches.copy()
    watches.clear()
    try:
        yield
    finally:
        watches[:] = before


def _since(log: Log, added: int) -> Timeline:
    """The rows that came after so many."""
    lost = log.dropped - added
    return Timeline(tuple(log)[max(0, -lost) :], max(0, lost))
