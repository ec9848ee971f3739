"""How does a change fail because a test says so?"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Sequence
from typing import Any

from ..frozen import FrozenDict, evolve
from .changes import Change, Changes, Task

REFUSAL = 'refusal'
"""In a task's data: with what it fails instead of being performed."""

DOOM = 'doom'
"""In a task's data: with what it fails in the end, however well it was performed."""


@contextlib.contextmanager
def doomed(
    changes: Changes, error: str, *, performed: bool
) -> Generator[list[Change], None, None]:
    """While it is entered, changes that are made will fail with *error*.

    Those of checks won't: they are nobody's request.

    Args:
        changes: Where they are made.
        error: What their tasks fail with: those that start services if there are any, as a
            process that doesn't end is rarer by far than one that doesn't start.
        performed: Whether the tasks are performed before they fail.

    Yields:
        The changes that will fail.
    """
    made: list[Change] = []

    def new_change(kind: str, summary: str, tasks: Iterable[Task] = (), **more: Any) -> Change:
        tasks = list(tasks)
        chosen = _chosen(tasks, performed)
        data = {DOOM if performed else REFUSAL: error}
        tasks = [_with(task, data) if task.id in chosen else task for task in tasks]
        change = Changes.new_change(changes, kind, summary, tasks, **more)
        if chosen:
            made.append(change)
        return change

    vars(changes)['new_change'] = new_change
    try:
        yield made
    finally:
        del vars(changes)['new_change']


def _chosen(tasks: Sequence[Task], performed: bool) -> set[str]:
    starts = {task.id for task in tasks if task.kind == 'start'}
    chosen = starts or {task.id for task in tasks if task.kind in ('stop', 'exec')}
    # What waits for a task that has failed would not be performed.
    waited = {task_id for task in tasks for task_id in task.waits} if performed else set[str]()
    return chosen - waited


def _with(task: Task, data: dict[str, str]) -> Task:
    return evolve(task, data=FrozenDict({**task.data, **data}))
