"""Resources that were attached to the application."""

from __future__ import annotations

import pathlib

from ..dataclass import dataclass
from .value import Value


@dataclass(frozen=True, repr=False, kw_only=True)
class Resource(Value):
    """A resource that the charm's metadata declares.

    Example::

        State(resources={Resource(name='schema', path='/srv/schema.sql')})
    """

    name: str
    """The resource's name in the metadata."""

    path: str | pathlib.Path
    """The file on the test's machine that ``resource-get`` answers."""
