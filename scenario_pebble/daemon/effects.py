"""What a process does to the container's files and notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import users
from .workload import RecordNotice, WriteFile

if TYPE_CHECKING:
    from .daemon import Daemon
    from .workload import RemovePath


def apply(
    daemon: Daemon, effect: WriteFile | RemovePath | RecordNotice, owner: users.Owner | None
) -> None:
    """Let an effect happen, as the user that the process runs as (None: the daemon's)."""
    if isinstance(effect, RecordNotice):
        user_id = daemon.user_id if owner is None else owner.user_id
        daemon.notices.add(user_id, 'custom', effect.key, effect.data, effect.repeat_after_ns)
    elif isinstance(effect, WriteFile):
        daemon.files.write_as(effect.path, effect.data, owner)
    else:
        daemon.files.remove_all(effect.path)
