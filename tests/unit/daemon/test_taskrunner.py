"""Which task runs when, and what a failure or an abort does to the others."""

from __future__ import annotations

import pytest

from scenario_pebble.clock import Clock
from scenario_pebble.daemon.changes import Changes, SavedChanges, Task
from scenario_pebble.daemon.notices import Notices, SavedNotices
from scenario_pebble.daemon.taskrunner import TaskRunner


class Engine:
    """Changes with tasks of one kind, which end when the test says so."""

    def __init__(self, saved: SavedChanges | None = None):
        clock = Clock(0)
        self.changes = Changes(clock, Notices(clock, SavedNotices()), saved or SavedChanges())
        self.runner = TaskRunner(self.changes)
        self.started: list[str] = []
        self.aborted: list[str] = []
        self.runner.on('work', self._start, self._abort)

    def _start(self, task: Task) -> None:
        self.started.append(task.id)

    def _abort(self, task: Task) -> None:
        self.aborted.append(task.id)

    def change(self, *lanes: int, waits: dict[int, int] | None = None) -> str:
        """A change with a task in each of these lanes; *waits* says which waits for which."""
        tasks: list[Task] = []
        for number, lane in enumerate(lanes, 1):
            awaited = (waits or {}).get(number)
            ids = (tasks[awaited - 1].id,) if awaited else ()
            summary = f'task {number}'
            tasks.append(self.changes.new_task('work', summary, lane=lane, waits=ids))
        change = self.changes.new_change('test', 'Test', tasks)
        self.runner.wake()
        self.runner.ensure()
        return change.id

    def finish(self, task: str, error: str | None = None) -> None:
        self.runner.finish(task, error)
        self.runner.ensure()

    def statuses(self, change: str) -> list[str]:
        """The status of the change, and those of its tasks."""
        found = self.changes[change]
        return [found.status, *(task.status for task in self.changes.tasks_of(found))]


@pytest.fixture
def engine() -> Engine:
    return Engine()


def test_tasks_that_wait_for_nothing_run_together(engine: Engine):
    change = engine.change(1, 2)

    assert (engine.started, engine.statuses(change)) == (['1', '2'], ['Doing', 'Doing', 'Doing'])


def test_none_ends_before_all_that_can_begin_have_begun(engine: Engine):
    statuses: list[str] = []

    def fail(task: Task) -> None:
        change = engine.changes[task.change]
        statuses.extend(other.status for other in engine.changes.tasks_of(change))
        engine.runner.finish(task.id, 'no')

    engine.runner.on('work', fail, lambda task: None)
    engine.change(1, 2)

    # With a Do among them, the change would be Do again, and record one more notice.
    assert statuses == ['Doing', 'Doing', 'Error', 'Doing']


def test_a_task_runs_once_those_it_waits_for_are_done(engine: Engine):
    change = engine.change(1, 1, waits={2: 1})
    assert engine.statuses(change) == ['Doing', 'Doing', 'Do']

    engine.finish('1')

    assert engine.statuses(change) == ['Doing', 'Done', 'Doing']


def test_a_change_is_done_when_all_its_tasks_are(engine: Engine):
    change = engine.change(1, 2)
    engine.finish('1')
    assert engine.changes[change].ready_ns is None

    engine.finish('2')

    assert engine.statuses(change) == ['Done', 'Done', 'Done']
    assert engine.changes[change].ready_ns == 0


def test_a_failure_holds_what_waits_and_undoes_what_is_done_in_its_lane(engine: Engine):
    change = engine.change(1, 1, 1, waits={2: 1, 3: 2})
    engine.finish('1')

    engine.finish('2', 'no luck')

    # Without an undo handler a task that was undone counts as done.
    assert engine.statuses(change) == ['Error', 'Done', 'Error', 'Hold']
    assert engine.changes.task('2').log == ('1970-01-01T00:00:00Z ERROR no luck',)


def test_a_failure_asks_running_tasks_of_its_lane_to_stop(engine: Engine):
    change = engine.change(1, 1)

    engine.finish('1', 'no luck')

    assert (engine.aborted, engine.statuses(change)) == (['2'], ['Abort', 'Error', 'Abort'])
    engine.finish('2')
    assert engine.statuses(change) == ['Error', 'Error', 'Done']


def test_a_failure_leaves_other_lanes_alone(engine: Engine):
    change = engine.change(1, 2)

    engine.finish('1', 'no luck')

    assert engine.statuses(change) == ['Doing', 'Error', 'Doing']
    engine.finish('2')
    assert engine.statuses(change) == ['Error', 'Error', 'Done']


def test_a_failure_holds_what_waits_for_it_in_other_lanes(engine: Engine):
    change = engine.change(1, 2, 2, waits={2: 1, 3: 2})

    engine.finish('1', 'no luck')

    assert engine.statuses(change) == ['Error', 'Error', 'Hold', 'Hold']


def test_a_failure_stops_the_lanes_of_what_waits_for_it(engine: Engine):
    change = engine.change(1, 2, 2, waits={2: 1})

    engine.finish('1', 'no luck')

    assert (engine.aborted, engine.statuses(change)) == (
        ['3'],
        ['Abort', 'Error', 'Hold', 'Abort'],
    )


def test_an_abort_stops_what_runs_and_holds_the_rest(engine: Engine):
    change = engine.change(1, 1, 2, waits={2: 1})
    engine.finish('3')

    engine.runner.abort(change)

    assert engine.statuses(change) == ['Abort', 'Abort', 'Hold', 'Undo']
    engine.runner.ensure()
    assert (engine.aborted, engine.statuses(change)) == (['1'], ['Abort', 'Abort', 'Hold', 'Done'])
    engine.finish('1', 'stopped')
    assert engine.statuses(change) == ['Error', 'Error', 'Hold', 'Done']


def test_what_was_done_is_undone_only_when_what_waited_for_it_has_ended(engine: Engine):
    change = engine.change(1, 1, waits={2: 1})
    engine.finish('1')

    engine.runner.abort(change)
    engine.runner.ensure()

    assert engine.statuses(change) == ['Abort', 'Undo', 'Abort']
    engine.finish('2')
    assert engine.statuses(change) == ['Done', 'Done', 'Done']


def test_a_task_is_asked_to_stop_only_once(engine: Engine):
    change = engine.change(1, 2)
    engine.runner.abort(change)
    engine.runner.ensure()

    engine.finish('2')

    assert engine.aborted == ['1', '2']


def test_ending_a_task_twice_changes_nothing(engine: Engine):
    change = engine.change(1)
    engine.finish('1')

    engine.finish('1', 'too late')

    assert engine.statuses(change) == ['Done', 'Done']


def test_a_change_without_tasks_is_done_at_once(engine: Engine):
    change = engine.changes.new_change('test', 'Nothing to do')

    assert (change.status, change.ready_ns) == ('Done', 0)


def test_a_task_log_keeps_the_latest_ten_lines(engine: Engine):
    engine.change(1)

    for number in range(12):
        engine.changes.log('1', f'line {number}')

    lines = [line.split(' ', 1)[1] for line in engine.changes.task('1').log]
    assert lines == [f'INFO line {number}' for number in range(2, 12)]


def test_the_error_of_a_change_lists_every_error_line_of_its_failed_tasks(engine: Engine):
    change = engine.change(1, 2)
    engine.changes.log('1', 'once', error=True)
    engine.changes.log('2', 'not failed', error=True)
    engine.finish('1', 'twice')
    engine.finish('2')

    assert engine.changes.shown(engine.changes[change]).error == (
        'cannot perform the following tasks:\n- task 1 (once)\n- task 1 (twice)'
    )


def test_ids_count_changes_and_tasks_separately(engine: Engine):
    engine.change(1, 2)

    change = engine.change(1)

    assert (change, engine.changes[change].tasks) == ('2', ('3',))


def test_a_saved_engine_goes_on_where_it_was(engine: Engine):
    change = engine.change(1, 1, 2, waits={2: 1})
    engine.runner.abort(change)
    engine.runner.ensure()

    other = Engine(engine.changes.save())
    other.runner.wake()
    other.runner.ensure()
    other.finish('1')
    other.finish('3')

    assert (other.started, other.aborted) == ([], [])
    assert other.statuses(change) == ['Done', 'Done', 'Hold', 'Done']


def test_a_restarted_engine_begins_again_with_what_was_being_done(engine: Engine):
    change = engine.change(1, 1, waits={2: 1})

    engine.runner.restart()
    engine.runner.ensure()

    assert (engine.started, engine.statuses(change)) == (['1', '1'], ['Doing', 'Doing', 'Do'])


def test_a_restarted_engine_holds_what_was_being_aborted(engine: Engine):
    change = engine.change(1)
    engine.runner.abort(change)

    engine.runner.restart()
    engine.runner.ensure()

    assert engine.statuses(change) == ['Hold', 'Hold']


def test_a_task_that_fails_because_the_daemon_ends_stays_as_it_is(engine: Engine):
    change = engine.change(1, 2)
    ends = {'1': None, '2': 'context canceled'}
    engine.runner.on('work', lambda task: None, lambda task: engine.finish(task.id, ends[task.id]))

    engine.runner.stop()

    assert engine.statuses(change) == ['Doing', 'Done', 'Doing']


def test_saving_untouched_changes_gives_what_they_were_made_from(engine: Engine):
    engine.change(1)
    saved = engine.changes.save()

    assert Engine(saved).changes.save() is saved
