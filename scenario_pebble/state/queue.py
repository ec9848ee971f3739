"""Events that Juju has yet to send: what became due while another event was handled."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Literal

from .value import Value


@dataclasses.dataclass(frozen=True, repr=False)
class QueuedEvent(Value):
    """One event that waits in `State.queue`; ``ctx.advance`` delivers it."""

    kind: Literal[
        'pebble_ready', 'pebble_custom_notice', 'pebble_check_failed', 'pebble_check_recovered'
    ]
    """The event's name in ops, without the container."""
    container: str
    """The workload container."""
    subject: str = ''
    """The notice's id, or the check's name."""
    at: datetime.datetime | None = dataclasses.field(default=None, compare=False)
    """When it became due, in UTC."""
