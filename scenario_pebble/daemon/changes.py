"""What changes and tasks are: their records and their statuses."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from ..clock import Clock
from ..dataclass import dataclass
from ..frozen import EMPTY, Draft, FrozenDict, empty, evolve
from . import gotext
from .notices import Notices
from .shownchange import ShownChange

Status = Literal['Abort', 'Undo', 'Doing', 'Do', 'Error', 'Done', 'Hold']
"""Of a task or change.

Do: waits to be started.  Doing: runs.  Done: succeeded.  Error: failed.  Hold: will not run.
Abort: runs, and was asked to stop.  Undo: was done, but its lane failed; Done again when what
waits for it is ready.  Pebble's tasks have no undo handlers: Undoing, Undone, Wait never occur.
"""

READY = frozenset[Status](('Done', 'Hold', 'Error'))

# Pebble: overlord/state/change.go statusOrder
_PRECEDENCE: tuple[Status, ...] = ('Abort', 'Undo', 'Doing', 'Do', 'Error', 'Done', 'Hold')

LOG_LINES = 10
"""How many lines a task's log keeps."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One step of a change."""

    id: str
    kind: str
    """Names the handler that performs it, see `taskrunner.TaskRunner.on`."""
    summary: str
    spawn_ns: int
    change: str = ''
    """The id of the change it belongs to."""
    status: Status = 'Do'
    ready_ns: int | None = None
    lane: int = 0
    """Tasks in different lanes fail independently."""
    waits: tuple[str, ...] = ()
    """Ids of the tasks that must be done before this one starts."""
    halts: tuple[str, ...] = ()
    """Ids of the tasks that wait for this one."""
    log: tuple[str, ...] = ()
    data: FrozenDict[str, Any] = dataclasses.field(default_factory=empty)
    """What the task's manager needs to know; kept over a restart of the daemon."""
    api_data: FrozenDict[str, Any] = dataclasses.field(default_factory=empty)
    """What the API shows as ``data``."""

    @property
    def ready(self) -> bool:
        return self.status in READY

    @property
    def progress(self) -> int:
        """1 once it was started."""
        return int(self.status != 'Do')


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that was asked for, and its tasks."""

    id: str
    kind: str
    summary: str
    spawn_ns: int
    status: Status = 'Hold'
    ready_ns: int | None = None
    tasks: tuple[str, ...] = ()
    """Ids, in order of creation."""
    service_names: tuple[str, ...] = ()
    """What the filter ``for=`` of the list looks at."""
    notice_data: FrozenDict[str, str] = dataclasses.field(default_factory=empty)
    """What its change-update notices say."""
    noticed: Status | None = None
    """The status of the latest change-update notice."""
    endless: bool = False
    """Never aborted for its age: checks."""

    @property
    def ready(self) -> bool:
        return self.status in READY


_TASK = Task(id='', kind='', summary='', spawn_ns=0)
_CHANGE = Change(id='', kind='', summary='', spawn_ns=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedChanges:
    """All changes and tasks at one moment."""

    changes: FrozenDict[str, Change] = dataclasses.field(default_factory=empty)
    tasks: FrozenDict[str, Task] = dataclasses.field(default_factory=empty)
    unready: tuple[str, ...] = ()
    """Ids of tasks that aren't ready."""
    last_change: int = 0
    last_task: int = 0
    last_lane: int = 0


class Changes:
    """The changes and tasks of a daemon.

    The `taskrunner.TaskRunner` changes statuses; each new status of a change records a notice.
    """

    def __init__(self, clock: Clock, notices: Notices, saved: SavedChanges):
        self._clock = clock
        self._notices = notices
        self._saved = saved
        self._changes: Draft[str, Change] = Draft(saved.changes)
        self._tasks: Draft[str, Task] = Draft(saved.tasks)
        self.unready: dict[str, None] = dict.fromkeys(saved.unready)
        """Ids of the tasks that aren't ready, in order of creation."""
        self._last_change = saved.last_change
        self._last_task = saved.last_task
        self._last_lane = saved.last_lane

    def save(self) -> SavedChanges:
        """The changes as a value; the one they were made from if nothing was touched."""
        saved = self._saved
        ids_used = self._last_task != saved.last_task or self._last_change != saved.last_change
        if ids_used or self._changes.touched or self._tasks.touched:
            self._saved = SavedChanges(
                changes=self._changes.done(),
                tasks=self._tasks.done(),
                unready=tuple(self.unready),
                last_change=self._last_change,
                last_task=self._last_task,
                last_lane=self._last_lane,
            )
        return self._saved

    def clear(self) -> None:
        """Forget all, ids included."""
        self._saved = SavedChanges()
        self._changes, self._tasks = Draft(EMPTY), Draft(EMPTY)
        self.unready.clear()
        self._last_change = self._last_task = self._last_lane = 0

    # -- looking

    def all(self) -> Sequence[Change]:
        """Every change, in order of creation."""
        return list(self._changes.values())

    def __len__(self) -> int:
        return len(self._changes)

    def get(self, change_id: str) -> Change | None:
        return self._changes.get(change_id)

    def __getitem__(self, change_id: str) -> Change:
        return self._changes[change_id]

    def get_task(self, task_id: str) -> Task | None:
        return self._tasks.get(task_id)

    def task(self, task_id: str) -> Task:
        return self._tasks[task_id]

    def tasks_of(self, change: Change) -> list[Task]:
        """A change's tasks, in order of creation."""
        return [self._tasks[task_id] for task_id in change.tasks]

    def shown(self, change: Change) -> ShownChange:
        """A change as the API shows it."""
        return ShownChange(change, tuple(self.tasks_of(change)))

    # -- making

    def new_lane(self) -> int:
        self._last_lane += 1
        return self._last_lane

    def new_task(
        self,
        kind: str,
        summary: str,
        *,
        lane: int = 0,
        waits: tuple[str, ...] = (),
        **data: Any,
    ) -> Task:
        """Make a task for `new_change`; its id is used up even if that doesn't follow."""
        self._last_task += 1
        return evolve(
            _TASK,
            id=str(self._last_task),
            kind=kind,
            summary=summary,
            spawn_ns=self._clock.now_ns,
            lane=lane,
            waits=waits,
            data=FrozenDict(data),
        )

    def new_change(
        self,
        kind: str,
        summary: str,
        tasks: Iterable[Task] = (),
        *,
        service_names: Sequence[str] = (),
        notice_data: Mapping[str, str] = EMPTY,
        endless: bool = False,
    ) -> Change:
        """Make a change of tasks; without tasks it is done at once."""
        self._last_change += 1
        tasks = list(tasks)
        change = evolve(
            _CHANGE,
            id=str(self._last_change),
            kind=kind,
            summary=summary,
            spawn_ns=self._clock.now_ns,
            status='Do' if tasks else 'Hold',
            tasks=tuple([task.id for task in tasks]),
            service_names=tuple(service_names),
            notice_data=FrozenDict({'kind': kind, **notice_data}),
            endless=endless,
        )
        self._add_notice(change)
        self._changes[change.id] = change
        self._add_tasks(change, tasks)
        if not tasks:
            self._update(change, 'Done', ready=True)
        return self._changes[change.id]

    def _add_tasks(self, change: Change, tasks: Sequence[Task]) -> None:
        halts: dict[str, list[str]] = {}
        for task in tasks:
            for waited in task.waits:
                halts.setdefault(waited, []).append(task.id)
        for task in tasks:
            fields = task.__dict__  # it was made for this change, and nobody has seen it yet
            fields['change'] = change.id
            if task.id in halts:
                fields['halts'] = tuple(halts[task.id])
            self._tasks[task.id] = task
            self.unready[task.id] = None

    # -- changing

    def update_task(self, task_id: str, **fields: Any) -> Task:
        """Replace fields of a task other than its status."""
        task = self._tasks[task_id] = evolve(self._tasks[task_id], **fields)
        return task

    def update_data(self, task_id: str, **data: Any) -> Task:
        """Replace some of what a task's manager remembers in it."""
        task = self._tasks[task_id]
        return self.update_task(task_id, data=FrozenDict({**task.data, **data}))

    def log(self, task_id: str, text: str, *, error: bool = False) -> None:
        """Append a line to a task's log, which keeps the latest ten."""
        task = self._tasks[task_id]
        time = gotext.format_seconds(self._clock.now_ns)
        line = f'{time} {"ERROR" if error else "INFO"} {text}'
        self._tasks[task_id] = evolve(task, log=(*task.log[1 - LOG_LINES :], line))

    def set_status(self, task_id: str, status: Status) -> None:
        """Change a task's status, and with it that of its change."""
        # Pebble: overlord/state/task.go changeStatus, change.go taskStatusChanged
        task = self._tasks[task_id]
        if task.status == status:
            return
        ready = status in READY
        if ready and task.status not in READY:
            del self.unready[task_id]
            self._tasks[task_id] = evolve(task, status=status, ready_ns=self._clock.now_ns)
        else:
            self.unready.setdefault(task_id)
            self._tasks[task_id] = evolve(task, status=status)
        change = self._changes[task.change]
        derived = self._derived_status(change)
        self._update(change, derived, ready=ready and self._all_ready(change))

    def _derived_status(self, change: Change) -> Status:
        if len(change.tasks) == 1:
            return self._tasks[change.tasks[0]].status
        statuses = {task.status for task in self.tasks_of(change)}
        return next(status for status in _PRECEDENCE if status in statuses)

    def _all_ready(self, change: Change) -> bool:
        unready = self.unready
        return not unready or not any(task_id in unready for task_id in change.tasks)

    def _update(self, change: Change, status: Status, *, ready: bool) -> None:
        ready_ns, noticed = change.ready_ns, change.noticed
        if ready and ready_ns is None:
            ready_ns = self._clock.now_ns
        if status != noticed and (noticed, status) != ('Doing', 'Do'):
            self._add_notice(change)
            noticed = status
        self._changes[change.id] = evolve(
            change, status=status, ready_ns=ready_ns, noticed=noticed
        )

    def _add_notice(self, change: Change) -> None:
        self._notices.add(None, 'change-update', change.id, change.notice_data)

    def remove(self, change_id: str) -> None:
        """Forget a ready change and its tasks."""
        change = self._changes[change_id]
        for task_id in change.tasks:
            del self._tasks[task_id]
            self.unready.pop(task_id, None)
        del self._changes[change_id]
