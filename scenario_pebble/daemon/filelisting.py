"""What a listing of files says of each."""

from __future__ import annotations

from typing import Any, NamedTuple

from . import gotext
from .users import Owner


class Entry(NamedTuple):
    """One thing in a listing."""

    path: str
    name: str
    kind: str
    size: int | None
    """Of a file, in bytes."""
    mode: int
    mtime_ns: int
    owner: Owner

    def info(self) -> dict[str, Any]:
        """As the API shows it."""
        owner = self.owner
        info: dict[str, Any] = {
            'path': self.path,
            'name': self.name,
            'type': self.kind,
            'permissions': f'{self.mode & 0o777:03o}',
            'last-modified': gotext.format_seconds(self.mtime_ns),
            'user-id': owner.user_id,
            'user': owner.user,
            'group-id': owner.group_id,
            'group': owner.group,
        }
        if self.size is not None:
            info['size'] = self.size
        return info
