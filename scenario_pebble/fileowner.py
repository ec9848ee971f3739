"""Who owns a file, and which group: numbers from names and names from numbers."""

from __future__ import annotations

import zlib
from typing import Literal

# Debian's fixed ids, and that of the user that rocks run their services as.
_FIXED_IDS = {
    'root': 0,
    'daemon': 1,
    'bin': 2,
    'sys': 3,
    'games': 5,
    'man': 6,
    'mail': 8,
    'www-data': 33,
    'backup': 34,
    '_daemon_': 584792,
    'nobody': 65534,
    'nogroup': 65534,
}
_NAMES = {number: name for name, number in _FIXED_IDS.items()}


def presupposed_id(name: str) -> int:
    """The id of a user or group that nobody declared: that of Debian, or made up from the name."""
    fixed = _FIXED_IDS.get(name)
    return 20_000 + zlib.crc32(name.encode()) % 30_000 if fixed is None else fixed


def presupposed_name(number: int, kind: Literal['user', 'group'] = 'user') -> str:
    """The name of a user or group that nobody declared; empty unless Debian has the number."""
    if number == 65534 and kind == 'user':
        return 'nobody'
    return '' if number == 584792 and kind == 'group' else _NAMES.get(number, '')


def owner_of(
    number: int | None, name: str | None, kind: Literal['user', 'group']
) -> tuple[int, str]:
    """The number and the name, of which one or both were given; root if neither was."""
    if number is None:
        return (0, 'root') if name is None else (presupposed_id(name) if name else 0, name)
    return number, presupposed_name(number, kind) if name is None else name


def group_of(user_id: int, user: str) -> tuple[int, str]:
    """The number and the name of a user's own group."""
    return user_id, presupposed_name(user_id, 'group') or user
