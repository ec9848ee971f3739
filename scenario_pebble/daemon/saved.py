"""What of a daemon is kept from one run to the next?"""

from __future__ import annotations

import dataclasses

from ..clock import Timer
from ..dataclass import dataclass
from ..frozen import FrozenDict, empty
from .changes import SavedChanges
from .checkrecord import SavedChecks
from .execrecord import SavedExecs
from .identities import SavedIdentities
from .notices import SavedNotices
from .plan import Layer
from .servrecord import SavedServices
from .shutdown import SavedLife
from .users import Owner


@dataclass(frozen=True)
class Saved:
    """A daemon at one moment."""

    changes: SavedChanges = SavedChanges()
    notices: SavedNotices = SavedNotices()
    services: SavedServices = SavedServices()
    logs: FrozenDict[str, bytes] = dataclasses.field(default_factory=empty)
    """The services' logs as Pebble keeps them."""
    layers: tuple[Layer, ...] = ()
    owners: FrozenDict[str, Owner] = dataclasses.field(default_factory=empty)
    """Who owns what on the mounts, by path, as far as a request said so."""
    unmounted: tuple[str, ...] = ()
    """The locations of mounted files that were removed."""
    checks: SavedChecks = SavedChecks()
    execs: SavedExecs = SavedExecs()
    identities: SavedIdentities = SavedIdentities()
    timers: tuple[Timer, ...] = ()
    last_timer: int = 0
    drawn: int = 0
    """How often the dice were rolled."""
    idle_until_ns: int = 0
    """Before this, nothing is old enough to be pruned."""
    pruned_ns: int = 0
    """As of when things were pruned last."""
    life: SavedLife = SavedLife()


NOTHING = Saved()
"""What a daemon goes on from that has never run."""
