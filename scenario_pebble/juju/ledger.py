"""Juju's view of one unit during one run: a State, and what the hook tools change in it.

The State itself never changes.  What a hook tool writes is a new part, which lies over the State
until `Ledger.result` puts the new parts into a new State; all that nobody wrote stays the very
same object.
"""

from __future__ import annotations

import functools
import pathlib
from collections.abc import Callable
from typing import Any

from ops.jujuversion import JujuVersion

from ..clock import Clock
from ..frozen import evolve
from ..state.event import Event
from ..state.relation import RelationBase
from ..state.secret import Secret, bare_id
from ..state.spec import CharmSpec
from ..state.state import State
from .records import JujuLogLine, Records


def _ignore(kind: str, subject: str, text: str) -> None:
    """Nobody wants to know."""


class Ledger:
    """What Juju knows of the unit while an event runs.

    Args:
        state: The unit before the event.
        spec: What its charm declares.
        event: The event that runs.
        unit_name: The unit's name, for example ``db/0``.
        records: Where the history goes.
        clock: Gives the time.
        juju_version: The version that Juju pretends to be.
        app_trusted: Whether the application may see the cloud's credentials.
        storage_root: Gives the directory of a storage instance.
        note: Is told what happens, for the timeline: kind, subject, text.
    """

    def __init__(
        self,
        state: State,
        spec: CharmSpec,
        event: Event,
        *,
        unit_name: str,
        records: Records,
        clock: Clock,
        juju_version: str = '3.6.14',
        app_trusted: bool = False,
        storage_root: Callable[[str, int], pathlib.Path] | None = None,
        note: Callable[[str, str, str], object] = _ignore,
    ):
        self.spec = spec
        self.event = event
        self.unit_name = unit_name
        self.app_name, _, self.unit_number = unit_name.rpartition('/')
        self.records = records
        self.clock = clock
        self.app_trusted = app_trusted
        self.storage_root = storage_root
        self.note = note
        self.juju_version = _version(juju_version)
        self._state = state
        self._fields: dict[str, Any] = {}
        self._relations: dict[int, RelationBase] | None = None
        self._secrets: dict[str, Secret] | None = None

    @property
    def before(self) -> State:
        """The State at the start of the run."""
        return self._state

    def get(self, field: str) -> Any:
        """The present value of a field of the State."""
        if field in self._fields:
            return self._fields[field]
        return getattr(self._state, field)

    def put(self, field: str, value: Any) -> None:
        """Give a field of the State a new value; an equal one changes nothing."""
        if self.get(field) != value:
            self._fields[field] = value

    @property
    def leader(self) -> bool:
        """Whether this unit is the leader."""
        return self._state.leader

    @property
    def relations(self) -> dict[int, RelationBase]:
        """The relations as they are now, by id.  Write through `put_relation`."""
        if self._relations is None:
            self._relations = {relation.id: relation for relation in self._state.relations}
        return self._relations

    def put_relation(self, relation: RelationBase, **changes: Any) -> None:
        """Change fields of a relation."""
        self.relations[relation.id] = evolve(relation, **changes)
        self._fields['relations'] = None

    @property
    def secrets(self) -> dict[str, Secret]:
        """The secrets as they are now, by id without ``secret:``.  Write through `put_secret`."""
        if self._secrets is None:
            self._secrets = {bare_id(secret.id): secret for secret in self._state.secrets}
        return self._secrets

    def put_secret(self, secret: Secret) -> None:
        """Add a secret, or put a changed one in the place of the old one."""
        self.secrets[bare_id(secret.id)] = secret
        self._fields['secrets'] = None

    def remove_secret(self, secret: Secret) -> None:
        """Forget a secret."""
        del self.secrets[bare_id(secret.id)]
        self._fields['secrets'] = None

    def write_log(self, level: str, line: str) -> None:
        """Write a line to the Juju log."""
        self.records.juju_log.append(JujuLogLine(level, line))

    def result(self) -> State:
        """The State as it is now; the very same object if nothing was changed."""
        if not self._fields:
            return self._state
        changes = dict(self._fields)
        for field, parts in (('relations', self._relations), ('secrets', self._secrets)):
            if field in changes:
                changes[field] = frozenset((parts or {}).values())
        return evolve(self._state, **changes)


@functools.lru_cache(maxsize=32)
def _version(text: str) -> JujuVersion:
    return JujuVersion(text)
