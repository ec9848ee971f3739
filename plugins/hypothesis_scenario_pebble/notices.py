"""Which notices can Pebble have recorded?"""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Iterable

from hypothesis import strategies as st

import scenario_pebble as scenario

from .texts import Strategy, databags, some, words

_YEAR = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)
_SPANS = st.timedeltas(datetime.timedelta(seconds=1), datetime.timedelta(days=1))


@functools.cache
def notice_keys() -> Strategy[str]:
    """Keys of custom notices, in the form ``domain.tld/path``."""
    return st.lists(words(), min_size=1, max_size=2).map(lambda path: f'a.io/{"/".join(path)}')


def notices(keys: Strategy[str] | None = None) -> Strategy[scenario.Notice]:
    """Custom notices.

    Args:
        keys: The notices' keys; by default any.
    """
    return some(
        scenario.Notice,
        notice_keys() if keys is None else keys,
        id=st.integers(1, 99).map(str),
        user_id=st.just(0),
        last_data=databags(),
        occurrences=st.integers(1, 3),
        first_occurred=st.just(_YEAR),
        repeat_after=_SPANS,
    )


def notice_lists(keys: Strategy[str] | None = None) -> Strategy[list[scenario.Notice]]:
    """The notices of a container: no two with the same id, or of the same user and key."""
    lists = st.lists(notices(keys), max_size=3, unique_by=lambda n: (n.user_id, n.key))
    return lists.map(_numbered)


def _numbered(notices: Iterable[scenario.Notice]) -> list[scenario.Notice]:
    return [
        dataclasses.replace(notice, id=str(number)) for number, notice in enumerate(notices, 1)
    ]
