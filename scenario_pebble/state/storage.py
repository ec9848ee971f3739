"""Storage instances that are attached to the unit."""

from __future__ import annotations

import itertools
import pathlib
from typing import TYPE_CHECKING, Any

import ops

from ..arguments import checked
from ..dataclass import dataclass
from ..fields import check_fields
from ..frozen import fill
from .names import check_name
from .value import Value

if TYPE_CHECKING:
    from ..context import Context

_next_index = itertools.count().__next__


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Storage(Value):
    """One instance of a storage that the charm's metadata declares.

    Example::

        State(storages={Storage('data', index=0), Storage('data', index=1)})
    """

    COMPARED = True

    name: str
    """The storage's name in the metadata."""

    index: int
    """Juju's number for the instance.  Given out at construction, process-wide, from 0."""

    def __init__(self, name: str, *, index: int | None = None):
        check_name('storage', name)
        fill(self, name=name, index=_next_index() if index is None else index)
        check_fields(self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (Storage, ops.Storage)):
            return (self.name, self.index) == (other.name, other.index)
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.index))

    @checked
    def get_filesystem(self, ctx: Context[Any]) -> pathlib.Path:
        """The directory that holds the contents of this instance in that Context."""
        return ctx.storage_root(self.name, self.index)
