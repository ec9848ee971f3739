"""The identities: who else than the daemon's own user may do what."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import re
from collections.abc import Collection, Mapping

from ..dataclass import dataclass
from ..frozen import Draft, FrozenDict, empty
from .gotext import quote

_LEVELS = ('admin', 'read', 'metrics', 'untrusted')
_NAME = re.compile(r'[a-zA-Z][a-zA-Z0-9_-]*')
_PEM = re.compile(
    r'(?:^|\n)-----BEGIN (?P<kind>[^\n]*?)-----[ \t\r]*\n'
    r'(?P<headers>(?:[^\n:]+:[^\n]*\n)*\n?)(?P<data>[A-Za-z0-9+/=\s]*?)'
    r'-----END (?P=kind)-----[ \t\r]*(?:\n|$)'
)


class IdentityError(ValueError):
    """Identities are refused; the argument is Pebble's text."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Somebody who may ask the daemon."""

    access: str
    """``admin``, ``read``, ``metrics`` or ``untrusted``."""
    user_id: int | None = None
    """Of a local user."""
    password: str | None = None
    """Of HTTP basic authentication, hashed."""
    pem: str | None = None
    """A client's certificate."""

    def check(self, name: str) -> None:
        """See that the values can be used.

        Raises:
            IdentityError: If they can't.
        """
        # Pebble: overlord/identities/identities.go Validate
        if not _NAME.fullmatch(name):
            # Pebble has not set the name yet when it reports it.
            raise IdentityError(
                'identity name "" invalid: must start with an alphabetic character and only '
                'contain alphanumeric characters, underscore, and hyphen'
            )
        levels = '"admin", "read", "metrics", or "untrusted"'
        if not self.access:
            raise IdentityError(f'access value must be specified ({levels})')
        if self.access not in _LEVELS:
            raise IdentityError(f'invalid access value {quote(self.access)}, must be {levels}')
        if self.password == '':
            raise IdentityError('basic identity must specify password (hashed)')
        if self.user_id is None and self.password is None and self.pem is None:
            raise IdentityError(
                'identity must have at least one type ("local", "basic", or "cert")'
            )


@dataclass(frozen=True, slots=True)
class SavedIdentities:
    """All identities at one moment."""

    identities: FrozenDict[str, Identity] = dataclasses.field(default_factory=empty)
    """By name."""


class Identities:
    """The identities of a daemon.

    Args:
        saved: What to go on from.
    """

    def __init__(self, saved: SavedIdentities):
        self._saved = saved
        self._identities = Draft(saved.identities)

    def save(self) -> SavedIdentities:
        """The identities as a value; the one they were made from if nothing was touched."""
        if self._identities.touched:
            self._saved = SavedIdentities(self._identities.done())
        return self._saved

    def all(self) -> dict[str, Identity]:
        """By name, sorted."""
        return dict(sorted(self._identities.items()))

    def access(self, user_id: int) -> str | None:
        """What a local user may do; None if no identity says so."""
        if self._identities:
            for identity in self._identities.values():
                if identity.user_id == user_id:
                    return identity.access
        return None

    def add(self, new: Mapping[str, Identity]) -> None:
        """Add identities.

        Raises:
            IdentityError: If one exists already, or a user would have two.
        """
        if existing := sorted(name for name in new if name in self._identities):
            raise IdentityError(f'identities already exist: {", ".join(existing)}')
        self._set({**self._identities, **new})

    def update(self, new: Mapping[str, Identity]) -> None:
        """Replace identities.

        Raises:
            IdentityError: If one doesn't exist, or a user would have two.
        """
        self._check_exist(new)
        self._set({**self._identities, **new})

    def replace(self, new: Mapping[str, Identity | None]) -> None:
        """Add or replace identities, and remove those given as None.

        Raises:
            IdentityError: If a user would have two.
        """
        merged = {**self._identities, **new}
        self._set({name: each for name, each in merged.items() if each is not None})

    def remove(self, names: Collection[str]) -> None:
        """Remove identities.

        Raises:
            IdentityError: If one doesn't exist.
        """
        self._check_exist(names)
        for name in names:
            del self._identities[name]

    def clear(self) -> None:
        """Remove all."""
        self._identities.clear()

    def _check_exist(self, names: Collection[str]) -> None:
        if missing := sorted(name for name in names if name not in self._identities):
            raise IdentityError(f'identities do not exist: {", ".join(missing)}')

    def _set(self, identities: Mapping[str, Identity]) -> None:
        names: dict[int, list[str]] = {}
        for name, identity in identities.items():
            if identity.user_id is not None:
                names.setdefault(identity.user_id, []).append(name)
        for user_id, same in names.items():
            if len(same) > 1:
                raise IdentityError(
                    f'cannot have multiple identities with user ID {user_id} '
                    f'({", ".join(sorted(same))})'
                )
        for name in set(self._identities) - set(identities):
            del self._identities[name]
        self._identities.update(identities)


def check_certificate(pem: str) -> None:
    """See that a text is one certificate, as far as can be told without cryptography.

    Raises:
        IdentityError: If it isn't.
    """
    found = _PEM.search(pem)
    if found is None:
        raise IdentityError('cert identity must include a PEM-encoded certificate')
    if found.end() < len(pem):
        raise IdentityError('cert identity cannot have extra data after the PEM block')
    try:
        der = base64.b64decode(''.join(found['data'].split()), validate=True)
    except binascii.Error:
        raise IdentityError('cert identity must include a PEM-encoded certificate') from None
    if not _is_sequence(der):
        raise IdentityError(
            'cannot parse certificate from cert identity: x509: malformed certificate'
        )


def _is_sequence(der: bytes) -> bool:
    """Whether all of it is one ASN.1 sequence."""
    if len(der) < 2 or der[0] != 0x30:
        return False
    length, digits = der[1], 0
    if length > 0x80:
        digits = length - 0x80
        length = int.from_bytes(der[2 : 2 + digits], 'big')
    return length == len(der) - 2 - digits > 0
