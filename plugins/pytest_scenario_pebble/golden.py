"""What a test compares with: a value that was right once, kept in a file beside the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .goldenreport import Goldens

_Part = Callable[[Any], Any]


class Golden:
    """The golden values of one test: equal to what its golden file holds.

    Example::

        def test_ready(ready_state, golden):
            assert ready_state == golden                       # the whole State
            assert ready_state == golden.plan                  # its containers' plans
            assert ready_state == golden.files('/etc/app')     # its containers' files below a path
            assert ready_state.config == golden('config')      # any part, under a name

    States, their parts, plans, layers, files, texts, and lists and dicts of them can be compared.
    What differs from run to run (ids, times) doesn't count, nor what only the test says of the
    workload (execs, programs, outcomes, the image, mounts).

    ``pytest --golden-update`` writes the files.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        goldens: Goldens,
        item: pytest.Item,
        names: tuple[str, ...] = (),
        part: _Part | None = None,
    ):
        self._goldens = goldens
        self._item = item
        self._names = names
        self._part = part
        self.difference: list[str] = []
        """Of the latest comparison: what differs, and what to do about it; in lines."""

    def __call__(self, name: str) -> Golden:
        """Another golden value of the same test.

        Args:
            name: Becomes a part of the file's name.

        Raises:
            ValueError: If it has other characters than letters, digits, hyphens and underscores.
        """
        _check_name(name)
        return Golden(self._goldens, self._item, (*self._names, name), self._part)

    @property
    def plan(self) -> Golden:
        """The plan alone: of a Container; or of each container of a State, by its name."""
        from . import goldenpart

        return Golden(self._goldens, self._item, (*self._names, 'plan'), goldenpart.plan)

    def files(self, path: str = '/') -> Golden:
        """The files below a path alone: of a FileTree, a Container, or each one of a State.

        Args:
            path: Of a file or a directory, absolute.  Comparing raises a NotFoundError if nothing
                is there, of a State in any container.
        """
        from . import goldenpart

        part = goldenpart.files(path)
        return Golden(self._goldens, self._item, (*self._names, 'files'), part)

    def __eq__(self, other: object) -> bool:
        self.difference = self._goldens.compare(self._item, self._names, self._part_of(other))
        return not self.difference

    def __ne__(self, other: object) -> bool:
        is_equal = self == other
        # Of what is missing, any value would differ for ever.
        if not is_equal and not self._goldens.is_kept(
            self._item, self._names, self._part_of(other)
        ):
            pytest.fail('\n'.join(self.difference), pytrace=False)
        return not is_equal

    def _part_of(self, value: object) -> Any:
        return value if self._part is None else self._part(value)

    def __repr__(self) -> str:
        return '.'.join(['golden', *self._names])


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or not name.replace('-', '').replace('_', '').isalnum():
        raise ValueError(
            f'cannot name a golden value {name!r}: '
            'it takes letters, digits, hyphens and underscores\n'
            "  hint: golden('after-restart')"
        )
