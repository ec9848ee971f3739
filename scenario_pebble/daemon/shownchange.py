"""How the API shows a change and its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..dataclass import dataclass
from . import gotext

if TYPE_CHECKING:
    from .changes import Change, Task


@dataclass(frozen=True)
class ShownChange:
    """A change with its tasks as they are at one moment."""

    change: Change
    tasks: tuple[Task, ...]

    @property
    def error(self) -> str:
        """Why it failed: every ERROR line of its failed tasks; empty if it didn't fail."""
        # Pebble: overlord/state/change.go Err
        if self.change.status != 'Error':
            return ''
        text = 'cannot perform the following tasks:'
        for task in self.tasks:
            if task.status == 'Error':
                for line in task.log:
                    _, level, message = line.split(' ', 2)
                    if level == 'ERROR':
                        text += f'\n- {task.summary} ({message})'
        return text

    def info(self) -> dict[str, Any]:
        """The JSON-like form."""
        change = self.change
        shown: dict[str, Any] = {
            'id': change.id,
            'kind': change.kind,
            'summary': change.summary,
            'status': change.status,
            'tasks': [_task_info(task) for task in self.tasks],
            'ready': change.ready,
            'spawn-time': gotext.format_time(change.spawn_ns),
        }
        if not self.tasks:
            del shown['tasks']
        if change.ready_ns is not None:
            shown['ready-time'] = gotext.format_time(change.ready_ns)
        if error := self.error:
            shown['err'] = error
        return shown


def _task_info(task: Task) -> dict[str, Any]:
    shown: dict[str, Any] = {
        'id': task.id,
        'kind': task.kind,
        'summary': task.summary,
        'status': task.status,
        'progress': {'label': '', 'done': task.progress, 'total': 1},
        'spawn-time': gotext.format_time(task.spawn_ns),
    }
    if task.log:
        shown['log'] = list(task.log)
    if task.ready_ns is not None:
        shown['ready-time'] = gotext.format_time(task.ready_ns)
    if task.api_data:
        shown['data'] = dict(task.api_data)
    return shown
