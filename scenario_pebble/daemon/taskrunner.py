"""Which task runs when: waiting, finishing, failing and aborting, lane by lane."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .changes import Change, Changes, Task
from .doom import DOOM, REFUSAL

_ROUNDS = 10_000
"""After so many rounds without settling, tasks start each other for ever."""


Handler = Callable[[Task], None]


class TaskRunner:
    """Runs the tasks of all changes.

    They wait for each other, and fail lane by lane.  Each request and each timer calls `ensure`.

    Args:
        changes: Whose tasks.
        make_performer: Asked to call `on` for a kind of tasks that nobody has called it for.
    """

    # Pebble: overlord/state/taskrunner.go

    def __init__(self, changes: Changes, make_performer: Callable[[str], None] | None = None):
        self._changes = changes
        self._make_performer = make_performer
        self._handlers: dict[str, tuple[Handler, Handler]] = {}
        self._running: set[str] = set()
        self._begun: list[str] = []
        self._told: set[str] = set()
        self._stirred = False
        self._stopping = False
        for task_id in changes.unready:
            task = changes.task(task_id)
            if task.status in ('Doing', 'Abort'):
                self._running.add(task_id)
                if task.status == 'Abort':
                    self._told.add(task_id)

    def on(self, kind: str, start: Handler, abort: Handler) -> None:
        """Say what performs tasks of a kind.

        Args:
            kind: Of the tasks.
            start: Begins a task.  It calls `finish`, at once or later.  Once the daemon was
                restarted it is called again for what was Doing: ``task.data`` tells.
            abort: Asks a running task to stop.  It calls `finish`, or lets the task go on.
        """
        self._handlers[kind] = (start, abort)

    def _handlers_of(self, kind: str) -> tuple[Handler, Handler]:
        if kind not in self._handlers and self._make_performer is not None:
            self._make_performer(kind)
        return self._handlers[kind]

    def wake(self) -> None:
        """Look for tasks to run at the next `ensure`: a change was made."""
        self._stirred = True

    def ensure(self) -> None:
        """Start, hold and end tasks until nothing moves any more."""
        rounds = 0
        while self._stirred:
            self._stirred = False
            for task_id in list(self._changes.unready):
                self._consider(task_id)
            # Pebble's handlers run beside it: none ends before all that can begin have begun.
            begun, self._begun = self._begun, []
            for task_id in begun:
                self._start(self._changes.task(task_id))
            rounds += 1
            if rounds > _ROUNDS:
                raise RuntimeError(f"tasks don't settle: {list(self._changes.unready)[:10]}")

    def _consider(self, task_id: str) -> None:
        task = self._changes.get_task(task_id)
        if task is None or task.ready:
            return
        if task.status == 'Abort':
            self._consider_aborted(task)
        elif task.status == 'Undo':
            if all(halted.ready for halted in map(self._changes.task, task.halts)):
                self._changes.set_status(task_id, 'Done')
                self._stirred = True
        elif task_id not in self._running and self._may_run(task):
            self._running.add(task_id)
            self._changes.set_status(task_id, 'Doing')
            self._begun.append(task_id)

    def _consider_aborted(self, task: Task) -> None:
        if task.id not in self._running:
            self._changes.set_status(task.id, 'Hold')
            self._stirred = True
        elif task.id not in self._told:
            self._told.add(task.id)
            self._handlers_of(task.kind)[1](task)

    def _may_run(self, task: Task) -> bool:
        if not task.waits or task.status == 'Doing':
            return True
        return all(self._changes.task(waited).status == 'Done' for waited in task.waits)

    def _start(self, task: Task) -> None:
        start, abort = self._handlers_of(task.kind)
        if REFUSAL in task.data:
            self.finish(task.id, task.data[REFUSAL])
            abort(task)
        else:
            start(task)

    def finish(self, task_id: str, error: str | None = None) -> None:
        """End a running task; its log gets the error, and its lanes are aborted."""
        if task_id not in self._running:
            return
        self._running.discard(task_id)
        self._told.discard(task_id)
        self._stirred = True
        task = self._changes.task(task_id)
        if error is None:
            error = task.data.get(DOOM)
        if error is None:
            self._changes.set_status(task_id, 'Done' if task.status == 'Doing' else 'Undo')
        elif self._stopping:
            if task.status == 'Abort':
                self._changes.set_status(task_id, 'Hold')
        else:
            self._abort_lanes(self._changes[task.change], {task.lane}, set(), set())
            self._changes.set_status(task_id, 'Error')
            self._changes.log(task_id, error, error=True)

    def running(self, task_id: str) -> bool:
        """Whether a task was started and hasn't finished."""
        return task_id in self._running

    def forget(self, task_id: str) -> None:
        """A task is about to be removed: it neither runs nor ends."""
        self._running.discard(task_id)
        self._told.discard(task_id)

    # -- the daemon's end and new beginning

    def stop(self) -> None:
        """The daemon ends: ask all running tasks to stop; those that fail by it stay Doing."""
        self._stopping = True
        for task_id in sorted(self._running, key=int):
            task = self._changes.task(task_id)
            if task_id not in self._told:
                self._handlers_of(task.kind)[1](task)
        self._stopping = False

    def restart(self) -> None:
        """The daemon begins anew: nothing runs; what is Doing will be started again."""
        self._running.clear()
        self._told.clear()
        self._stirred = True

    # -- aborting

    def abort(self, change_id: str) -> None:
        """Ask for the end of all that a change has not finished."""
        change = self._changes[change_id]
        self._abort_tasks(change, self._changes.tasks_of(change), set(), set())
        self._stirred = True

    def abort_unready_lanes(self, change_id: str) -> None:
        """Ask for the end of those lanes that have not finished."""
        change = self._changes[change_id]
        tasks = self._changes.tasks_of(change)
        lanes = {task.lane for task in tasks if not task.ready}
        self._abort_lanes(change, lanes, set(), set())
        self._stirred = True

    def _abort_lanes(
        self, change: Change, lanes: set[int], aborted: set[int], seen: set[str]
    ) -> None:
        # Pebble: overlord/state/change.go abortLanes, where a task may be in several lanes
        aborted |= lanes
        doomed = [task for task in self._changes.tasks_of(change) if task.lane in lanes]
        self._abort_tasks(change, doomed, aborted, seen)

    def _abort_tasks(
        self, change: Change, tasks: Iterable[Task], aborted: set[int], seen: set[str]
    ) -> None:
        # Pebble: overlord/state/change.go abortTasks
        pending = [task.id for task in tasks]
        lanes: set[int] = set()
        for task_id in pending:
            if task_id in seen:
                continue
            seen.add(task_id)
            task = self._changes.task(task_id)
            if task.status == 'Do':
                self._changes.set_status(task_id, 'Hold')
            elif task.status == 'Doing':
                self._changes.set_status(task_id, 'Abort')
            elif task.status == 'Done':
                self._changes.set_status(task_id, 'Undo')
            if task.lane not in aborted:
                lanes.add(task.lane)
            pending.extend(halted for halted in task.halts if halted not in seen)
        if lanes:
            self._abort_lanes(change, lanes, aborted, seen)
