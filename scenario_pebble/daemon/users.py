"""Which users and groups are there in the container, and who owns what is made for a request?"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Protocol

from ..dataclass import dataclass
from ..fields import check_fields
from ..fileowner import presupposed_id, presupposed_name
from ..frozen import FrozenDict, empty
from . import gotext


class OwnerError(Exception):
    """A user or group can't be used; the argument is Go's or Pebble's text."""


@dataclass(frozen=True, slots=True)
class User:
    """A line of ``/etc/passwd``."""

    user_id: int
    group_id: int
    """The primary group."""
    home: str = '/nonexistent'


@dataclass(frozen=True, slots=True)
class Owner:
    """A user and a group, each by number and by name; a name is empty if the number has none."""

    user_id: int
    user: str
    group_id: int
    group: str


ROOT = Owner(0, 'root', 0, 'root')


class Known(Protocol):
    """Where users and groups are looked up."""

    def user(self, name: str, given: int | None = None) -> User | None:
        """The user of that name; *given* is the number that came with it, if any."""
        ...

    def user_with_id(self, user_id: int) -> tuple[str, User] | None:
        """The user of that number, with the name."""
        ...

    def group(self, name: str, given: int | None = None) -> int | None:
        """The number of the group of that name; *given* is the one that came with it, if any."""
        ...

    def group_with_id(self, group_id: int) -> str:
        """The name of the group of that number, or an empty string."""
        ...


@dataclass(frozen=True)
class Users:
    """All the users and groups that exist, as ``/etc/passwd`` and ``/etc/group`` would list them.

    Example::

        Users({'root': User(0, 0, '/root'), 'postgres': User(999, 999, '/var/lib/postgresql')})

    Args:
        users: The users by name.
        groups: The groups' numbers by name. A user whose primary group is not among them brings
            one of the same name.
    """

    users: Mapping[str, User] = dataclasses.field(default_factory=empty)
    groups: Mapping[str, int] = dataclasses.field(default_factory=empty)

    def __post_init__(self) -> None:
        check_fields(self)
        groups = dict(self.groups)
        for name, user in self.users.items():
            if user.group_id not in groups.values():
                groups.setdefault(name, user.group_id)
        object.__setattr__(self, 'users', FrozenDict(self.users))
        object.__setattr__(self, 'groups', FrozenDict(groups))

    def user(self, name: str, given: int | None = None) -> User | None:
        return self.users.get(name)

    def user_with_id(self, user_id: int) -> tuple[str, User] | None:
        for name, user in self.users.items():
            if user.user_id == user_id:
                return name, user
        return None

    def group(self, name: str, given: int | None = None) -> int | None:
        return self.groups.get(name)

    def group_with_id(self, group_id: int) -> str:
        return next((name for name, number in self.groups.items() if number == group_id), '')


class Presupposed:
    """Every user and group that a request names exists.

    Its number is what the request gives, or else made up; equal names get equal numbers.  A daemon
    that isn't root's can become nobody else: a name without a number means its own.

    Args:
        user_id: The user that the daemon runs as.
        group_id: Likewise the group.
    """

    def __init__(self, user_id: int = 0, group_id: int = 0):
        self._user_id = user_id
        self._group_id = group_id

    def user(self, name: str, given: int | None = None) -> User | None:
        number = self._number(name, self._user_id) if given is None else given
        return User(number, self._group_of(number), _home(name))

    def user_with_id(self, user_id: int) -> tuple[str, User] | None:
        name = presupposed_name(user_id)
        return name, User(user_id, self._group_of(user_id), _home(name))

    def group(self, name: str, given: int | None = None) -> int | None:
        return self._number(name, self._group_id) if given is None else given

    def _number(self, name: str, own: int) -> int:
        return own if own and name != 'root' else presupposed_id(name)

    def _group_of(self, user_id: int) -> int:
        return self._group_id if user_id == self._user_id else user_id

    def group_with_id(self, group_id: int) -> str:
        return presupposed_name(group_id, 'group')


def _home(name: str) -> str:
    if name == 'root':
        return '/root'
    return f'/home/{name}' if name else '/'


def known(users: Users | None, user_id: int = 0, group_id: int | None = None) -> Known:
    """Where a daemon of the given user looks up users and groups.

    Args:
        users: All that exist; None: all that a request names do.
        user_id: The user that the daemon runs as.
        group_id: Likewise the group; None: the user's.
    """
    if users is not None:
        return users
    return _presupposed(user_id, user_id if group_id is None else group_id)


_presupposed = functools.lru_cache(maxsize=64)(Presupposed)


@functools.lru_cache(maxsize=64)
def owner_of_process(known: Known, user_id: int, group_id: int | None = None) -> Owner:
    """The user and group that a process runs as.

    Args:
        known: Where they are looked up.
        user_id: The user's number.
        group_id: The group's; None: that of the user.
    """
    found = known.user_with_id(user_id)
    if group_id is None:
        group_id = found[1].group_id if found else user_id
    own = Owner(user_id, found[0] if found else '', group_id, known.group_with_id(group_id))
    return ROOT if own == ROOT else own


def resolve(
    known: Known,
    user_id: int | None = None,
    user: str | None = None,
    group_id: int | None = None,
    group: str | None = None,
) -> Owner | None:
    """Who is meant by what a request says about user and group; None if it says nothing.

    Raises:
        OwnerError: If a name is unknown, or name and number disagree.
    """
    # Pebble: osutil/user.go NormalizeUidGid; the order decides which error is reported.
    if user_id is None and not user and group_id is None and not group:
        return None
    if user:
        user_id = _user_id(known, user, user_id)
    if group:
        group_id = _group_id(known, group, group_id)
    if group_id is None and user_id is not None:
        found = known.user_with_id(user_id)
        if found is None:
            raise OwnerError(f'user: unknown userid {user_id}')
        group_id = found[1].group_id
        group = known.group_with_id(group_id) or user
    if user_id is None or group_id is None:
        raise OwnerError('must specify user, not just group')
    return Owner(
        user_id,
        user or user_name(known, user_id),
        group_id,
        group or known.group_with_id(group_id),
    )


def user_name(known: Known, user_id: int) -> str:
    """The name of the user of that number, or an empty string."""
    found = known.user_with_id(user_id)
    return found[0] if found else ''


def _user_id(known: Known, name: str, given: int | None) -> int:
    found = known.user(name, given)
    if found is None:
        raise OwnerError(f'user: unknown user {name}')
    if given is not None and given != found.user_id:
        raise OwnerError(
            f'user {gotext.quote(name)} UID ({found.user_id}) does not match user-id ({given})'
        )
    return found.user_id


def _group_id(known: Known, name: str, given: int | None) -> int:
    found = known.group(name, given)
    if found is None:
        raise OwnerError(f'group: unknown group {name}')
    if given is not None and given != found:
        raise OwnerError(
            f'group {gotext.quote(name)} GID ({found}) does not match group-id ({given})'
        )
    return found


DEBIAN = Users(
    {
        'root': User(0, 0, '/root'),
        'daemon': User(1, 1, '/usr/sbin'),
        'bin': User(2, 2, '/bin'),
        'sys': User(3, 3, '/dev'),
        'games': User(5, 60, '/usr/games'),
        'man': User(6, 12, '/var/cache/man'),
        'mail': User(8, 8, '/var/mail'),
        'www-data': User(33, 33, '/var/www'),
        'backup': User(34, 34, '/var/backups'),
        'nobody': User(65534, 65534, '/nonexistent'),
    },
    {'tty': 5, 'disk': 6, 'adm': 4, 'staff': 50, 'users': 100, 'nogroup': 65534},
)
"""The users of a fresh Debian or Ubuntu image, as far as programs care."""
