"""Events that the charm deferred: ops emits them again before the next event."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..dataclass import dataclass
from ..fields import check_fields
from ..frozen import EMPTY, empty, fill, freeze
from .value import Value


@dataclass(frozen=True, init=False, repr=False)
class DeferredEvent(Value):
    """A deferred event: from ``ctx.on.….deferred(handler)``, or from ``event.defer()``.

    Example::

        deferred = ctx.on.start().deferred(MyCharm._on_update_status)
        ctx.run(ctx.on.update_status(), State(deferred=[deferred]))  # start comes first
    """

    COMPARED = True

    handle_path: str
    """The key under which ops keeps the event, for example ``MyCharm/on/start[1]``."""

    owner: str
    """The handle path of the observer, for example ``MyCharm``."""

    observer: str
    """The name of the observing method."""

    snapshot_data: Mapping[Any, Any] = dataclasses.field(default_factory=empty)
    """What the event's ``snapshot()`` gave: plain values, lists and dicts of them."""

    def __init__(
        self,
        handle_path: str,
        owner: str,
        observer: str,
        snapshot_data: Mapping[Any, Any] = EMPTY,
    ):
        fill(
            self,
            handle_path=handle_path,
            owner=owner,
            observer=observer,
            snapshot_data=freeze(snapshot_data),
        )
        check_fields(self)

    @property
    def name(self) -> str:
        """The event's name, for example ``config_changed``."""
        return self.handle_path.rpartition('/')[2].partition('[')[0]
