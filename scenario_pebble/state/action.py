"""An action that somebody runs with ``juju run``."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import Union

from ..dataclass import dataclass
from ..fields import check_fields
from ..frozen import EMPTY, empty, fill, freeze
from .names import check_name
from .value import Value

AnyJson = Union[str, bool, 'dict[str, AnyJson]', int, float, 'Sequence[AnyJson]']
"""What an action's parameter can be."""

_next_id = itertools.count(1).__next__


@dataclass(frozen=True, init=False, repr=False)
class Action(Value):
    """One run of an action."""

    name: str
    """The action's name in the metadata."""

    params: Mapping[str, AnyJson] = dataclasses.field(default_factory=empty)
    """The parameters that were given; defaults come from the metadata."""

    id: str
    """Juju's number for the run, as text.  Given out at construction."""

    def __init__(
        self, name: str, *, params: Mapping[str, AnyJson] | None = None, id: str | None = None
    ):
        check_name('action', name)
        fill(
            self,
            name=name,
            params=EMPTY if params is None else freeze(params),
            id=str(_next_id()) if id is None else id,
        )
        check_fields(self)

    def __hash__(self) -> int:
        return hash(self.id)
