"""One contradiction between an event, a State and a charm, and how all of them are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..errors import closest


class Problem(NamedTuple):
    """One contradiction."""

    path: str
    """Where: ``.containers['db'].check_infos['online']``, or ``event.check_info``."""

    cause: str
    """What is wrong."""

    facts: str = ''
    """What there is instead."""

    hint: str = ''
    """One repair."""

    def __str__(self) -> str:
        lines = [f'  {self.path}: {self.cause}']
        if self.facts:
            lines.append(f'    {self.facts}')
        if self.hint:
            lines.append(f'    hint: {self.hint}')
        return '\n'.join(lines)


def undeclared(path: str, thing: str, name: str, declared: Iterable[str]) -> Problem:
    """The problem that a State has something that the charm's metadata lacks."""
    known = sorted(declared)
    shown = ', '.join(map(repr, known)) or 'none'
    hint = closest(name, known) or "declare it in the charm's metadata"
    return Problem(
        path, f"the charm's metadata has no {thing} {name!r}", f'it has {thing}s: {shown}', hint
    )


def report(event_name: str, problems: Sequence[Problem]) -> str:
    """The message that shows all problems at once."""
    return '\n'.join(
        [
            f'cannot run {event_name!r}: event, State and charm contradict each other',
            *map(str, problems),
        ]
    )
