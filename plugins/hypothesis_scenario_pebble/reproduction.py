"""How does a run of the machine become a test of its own?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

import scenario_pebble as scenario

from .source import Writer, wrapped
from .steps import Step


@dataclasses.dataclass(frozen=True)
class Reproduction:
    """What led to a failure.

    hypothesis asks for the text only of the failure that it shows.
    """

    context: str
    """The expression that makes the Context, as the machine wrote it."""
    imports: Sequence[str]
    """What that expression needs."""
    start: scenario.State
    steps: Sequence[Step]
    expectation: Sequence[str]
    """The statements that fail after the last step; none if that itself fails."""

    def source(self) -> str:
        """A module with one test, which fails as the machine did."""
        writer = Writer()
        writer.imports.update(self.imports)
        statements = [f'ctx = {self.context}', f'state = {writer.write(self.start)}']
        for step in self.steps:
            statements += step.source(writer)
        statements += self.expectation
        body = [line for statement in statements for line in wrapped(statement)]
        head = _imports(writer.imports)
        return '\n'.join([*head, '', '', 'def test_reproduces_the_failure():', *body]) + '\n'

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What ``hypothesis.note`` shows."""
        printer.text(f'\nThis test fails in the same way:\n\n{self.source()}')


def _imports(imports: Iterable[str]) -> list[str]:
    return sorted(imports, key=lambda line: (line.startswith('from'), line))
