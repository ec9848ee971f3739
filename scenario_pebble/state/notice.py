"""A Pebble notice that exists in a container."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import itertools
from collections.abc import Mapping

from ops import pebble

from ..dataclass import dataclass
from ..frozen import empty, freeze
from .moment import plain
from .value import Value

_ids = itertools.count(1)


@dataclass(frozen=True, repr=False)
class Notice(Value):
    """A notice that Pebble has recorded.

    User, type and key identify it; its id and its times are not compared.

    Example::

        notice = Notice('canonical.com/mysql/backup-done', last_data={'path': '/tmp/db.sql'})
        db = Container('db', can_connect=True, notices=[notice])
        ctx.run(ctx.on.pebble_custom_notice(db, notice), State(containers={db}))
    """

    COMPARED = True

    key: str
    """In the form ``domain.tld/path``, for example ``canonical.com/postgresql/backup-done``."""
    _: dataclasses.KW_ONLY
    id: str = dataclasses.field(default_factory=lambda: str(next(_ids)), compare=False)
    """Unique in its container."""
    user_id: int | None = None
    """The only user who may see it; None: public."""
    type: pebble.NoticeType | str = pebble.NoticeType.CUSTOM
    """``custom``, ``change-update`` or ``warning``."""
    first_occurred: datetime.datetime | None = dataclasses.field(default=None, compare=False)
    """In UTC if it has no zone; None: when the event starts."""
    last_occurred: datetime.datetime | None = dataclasses.field(default=None, compare=False)
    """In UTC if it has no zone; None: when the event starts."""
    last_repeated: datetime.datetime | None = dataclasses.field(default=None, compare=False)
    """When it last counted as new, see *repeat_after*; None: when the event starts."""
    occurrences: int = 1
    """How often it was recorded."""
    last_data: Mapping[str, str] = dataclasses.field(default_factory=empty)
    """The data of the latest occurrence."""
    repeat_after: datetime.timedelta | None = None
    """How long after it last repeated a further occurrence counts as a repetition; None: at
    once."""
    expire_after: datetime.timedelta | None = dataclasses.field(default=None, compare=False)
    """How long after its last occurrence Pebble drops it; None: seven days."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.type, str):
            # A type that this ops doesn't know stays a string, as in ops.pebble.Notice.
            with contextlib.suppress(ValueError):
                self.__dict__['type'] = pebble.NoticeType(self.type)
        fields = self.__dict__
        fields['last_data'] = freeze(self.last_data)
        for field in ('first_occurred', 'last_occurred', 'last_repeated'):
            fields[field] = plain(fields[field])

    def __hash__(self) -> int:
        return hash((self.user_id, self.type, self.key))
