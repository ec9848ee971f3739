"""Which names Juju accepts for the things that a charm's metadata declares."""

from __future__ import annotations

import functools
import re
from typing import Any, Literal

from ..errors import StateValidationError

Kind = Literal['relation endpoint', 'storage', 'action']

# Juju: names.RelationSnippet, names.StorageNameSnippet, charm.actionNameRule.
_RULES: dict[Kind, tuple[re.Pattern[str], str]] = {
    'relation endpoint': (
        re.compile(r'[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*\Z'),
        'a lower-case letter, then groups of them and digits with one "-" or "_" between them',
    ),
    'storage': (
        re.compile(r'[a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*\Z'),
        'groups of lower-case letters and digits, a letter in each, with one "-" between them',
    ),
    'action': (
        re.compile(r'[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z'),
        'lower-case letters, digits and, inside, "-"',
    ),
}


def check_name(kind: Kind, name: str) -> None:
    """Refuse a name that Juju would refuse.

    Raises:
        StateValidationError: If the name breaks Juju's rule.
    """
    given: Any = name
    if not isinstance(given, str) or not _is_name(kind, given):
        raise StateValidationError(
            f'cannot use {kind} name {name!r}: Juju would refuse it\n  hint: {_RULES[kind][1]}'
        )


@functools.lru_cache
def _is_name(kind: Kind, name: str) -> bool:
    return _RULES[kind][0].match(name) is not None
