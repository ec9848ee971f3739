"""What ``ops.StoredState`` keeps from event to event."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..dataclass import dataclass
from ..fields import check_fields
from ..frozen import EMPTY, empty, fill, freeze
from .value import Value


@dataclass(frozen=True, init=False, repr=False)
class StoredState(Value):
    """The content of one ``ops.StoredState()`` attribute of the charm or of an object in it.

    Example::

        State(stored_states={StoredState('_stored', owner_path='MyCharm', content={'runs': 3})})
    """

    COMPARED = True

    name: str = '_stored'
    """The name of the attribute."""

    owner_path: str | None = None
    """The object that has the attribute, such as ``MyCharm/Lib``; None: the framework."""

    content: Mapping[str, Any] = dataclasses.field(default_factory=empty)
    """Its attributes: plain values, and lists, dicts and sets of them."""

    _data_type_name: str = 'StoredStateData'

    def __init__(
        self,
        name: str = '_stored',
        *,
        owner_path: str | None = None,
        content: Mapping[str, Any] = EMPTY,
        _data_type_name: str = 'StoredStateData',
    ):
        fill(
            self,
            name=name,
            owner_path=owner_path,
            content=freeze(content),
            _data_type_name=_data_type_name,
        )
        check_fields(self)

    @property
    def handle_path(self) -> str:
        """The key under which ops keeps it."""
        return f'{self.owner_path or ""}/{self._data_type_name}[{self.name}]'

    def __hash__(self) -> int:
        return hash((self.name, self.owner_path))
