"""The commands that the daemon executes for its clients: from websockets to exit code."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..clock import SECOND_NS
from ..frozen import Draft, FrozenDict, evolve
from . import cmdprocess, effects, gotext, signals
from .changes import Task
from .execrecord import Execution, Name, SavedExecs, Stream
from .message import ApiError
from .workload import Behaviour, Call, Output, Reaction

if TYPE_CHECKING:
    from .daemon import Daemon

_CONNECT_TIMEOUT_NS = 5 * SECOND_NS  # Pebble: cmdstate/handlers.go connectTimeout
_FAILED = -1


class Execs:
    """Executes commands.

    Args:
        daemon: Whose part it is.
        saved: What to go on from.
    """

    # Pebble: overlord/cmdstate

    def __init__(self, daemon: Daemon, saved: SavedExecs):
        self._daemon = daemon
        self._saved = saved
        self._executions: Draft[str, Execution] = Draft(self._saved.executions)
        self._numbers: Draft[str, int] = Draft(self._saved.numbers)
        self._streams: dict[str, dict[Name, Stream]] = {}
        self._awaited: set[str] = set()
        daemon.runner.on('exec', self._start, self._abort)
        daemon.timers.on('exec-connect', self._connect_due)
        daemon.timers.on('exec-timeout', self._timeout_due)
        daemon.timers.on('exec-output', self._flush)
        daemon.timers.on('exec-effect', self._effect_due)
        daemon.timers.on('exec-exit', self._exit_due)

    def save(self) -> SavedExecs:
        """The executions as a value; the one they were made from if nothing was touched."""
        if self._executions.touched or self._numbers.touched:
            self._saved = SavedExecs(self._executions.done(), self._numbers.done())
        return self._saved

    def restart(self) -> None:
        """The daemon begins anew: nothing runs, and how often a command ran starts again."""
        for streams in self._streams.values():
            for stream in streams.values():
                stream.closed = True
        self._streams.clear()
        self._awaited.clear()
        self._executions.clear()
        self._numbers.clear()

    # -- requests

    def next_number(self, line: str) -> int:
        """How often a command will have been started, if it is now; *line* is all of it."""
        return self._numbers.get(line, 0) + 1

    def add(self, execution: Execution) -> None:
        """Accept a command, whose task was made."""
        self._executions[execution.task] = execution

    def connect(self, task: str, name: str) -> Stream | None:
        """Connect a websocket; the process starts when those for its input and output are.

        None if the command has ended already.

        Raises:
            ApiError: If there is no such websocket, or it is connected already.
        """
        execution = self._executions.get(task)
        if execution is None:
            changes = self._daemon.changes
            if error := changes.shown(changes[changes.task(task).change]).error:
                raise ApiError(500, error)
            return None
        found: Name | None = next((n for n in execution.names if n == name), None)
        if found is None:
            raise ApiError(404, f'cannot find {name} websocket for task {gotext.quote(task)}')
        if found in execution.connected:
            raise ApiError(500, f'{name} websocket already connected')
        stream = Stream(found, functools.partial(self._act, task))
        self._streams.setdefault(task, {})[found] = stream
        execution = self._update(execution, connected=(*execution.connected, found))
        if execution.io_connected and execution.launched_ns is None:
            self._launch(execution)
        return stream

    def connect_all(self, task: str) -> dict[Name, Stream]:
        """Connect all websockets of a command that was accepted right now."""
        execution = self._executions[task]
        act = functools.partial(self._act, task)
        streams = self._streams[task] = {name: Stream(name, act) for name in execution.names}
        self._launch(execution, connected=execution.names)
        return streams

    def disconnect(self) -> None:
        """Drop all connections, as when the charm's process ends; commands are killed by it."""
        for streams in list(self._streams.values()):
            for stream in list(streams.values()):
                stream.close()

    # -- commands that read stdin

    def expect(self, change: str) -> None:
        """Somebody waits for a change."""
        for task in self._executions:
            if self._daemon.changes.task(task).change == change:
                self._awaited.add(task)

    def hurry(self) -> bool:
        """Nobody who waits for a command will write its stdin: let it run with what is there.

        Returns:
            Whether there was such a command.
        """
        tasks = [task for task in self._awaited if task in self._executions]
        self._awaited.clear()
        started = [task for task in tasks if self._run_unasked(self._executions[task])]
        if started:
            self._daemon.settle()
        return bool(started)

    def _run_unasked(self, execution: Execution) -> bool:
        """Run a process that can do without the end of stdin; whether it had not begun."""
        return not execution.reads_all and self._run_once(execution)

    def _run_once(self, execution: Execution) -> bool:
        """Run a process, if it has not begun; whether it hadn't."""
        if execution.launched_ns is None or execution.behaviour is not None:
            return False
        self._run(execution, cmdprocess.call(self._daemon, execution))
        return True

    # -- the task

    def _start(self, task: Task) -> None:
        if task.id not in self._executions:
            self._daemon.runner.finish(task.id)  # it ran when the daemon went down
            return
        due_ns = self._daemon.clock.now_ns + _CONNECT_TIMEOUT_NS
        self._daemon.timers.add(due_ns, 'exec-connect', task.id)

    def _abort(self, task: Task) -> None:
        execution = self._executions.get(task.id)
        launched = execution is not None and execution.launched_ns is not None
        self._end(task.id, _FAILED if launched else None, 'context canceled')

    def _connect_due(self, task: str) -> None:
        execution = self._executions.get(task)
        if execution is not None and not execution.io_connected:
            reason = 'timeout waiting for websocket connections: context deadline exceeded'
            self._end(task, None, f'exec {task}: {reason}')

    def _end(
        self,
        task: str,
        exit_code: int | None,
        error: str | None = None,
        *,
        wrote: Sequence[Output] = (),
    ) -> None:
        execution = self._executions.pop(task, None)
        if execution is None:
            return
        for stream in self._streams.pop(task, {}).values():
            if exit_code is None:
                stream.closed = True
            else:
                stream.finish()
        daemon = self._daemon
        if exit_code is not None:
            data = FrozenDict({'exit-code': exit_code})
            daemon.changes.update_task(task, api_data=data)
        daemon.runner.finish(task, error)
        if daemon.log is not None:
            if execution.behaviour is not None:
                wrote = execution.behaviour.output[: execution.written]
            daemon.log('exec', execution.line, cmdprocess.result(exit_code, error, wrote))

    # -- the process

    def _launch(self, execution: Execution, **fields: Any) -> None:
        daemon, task = self._daemon, execution.task
        now_ns = daemon.clock.now_ns
        number = self.next_number(execution.line)
        self._numbers[execution.line] = number
        execution = self._update(
            execution, number=number, launched_ns=now_ns, began_ns=now_ns, **fields
        )
        timeout_ns = execution.timeout_ns
        if timeout_ns:
            daemon.timers.add(now_ns + max(timeout_ns, 0), 'exec-timeout', task)
        if timeout_ns < 0:
            return
        call = cmdprocess.call(daemon, execution)
        if why := cmdprocess.obstacle(daemon, execution, call):
            path = call.command[0] if '/' in call.command[0] else f'/usr/bin/{call.command[0]}'
            self._end(task, _FAILED, f'fork/exec {path}: {why}')
            return
        needed = not execution.stdin_ended and daemon.workload.needs_stdin(call)
        if not needed:
            self._run(execution, call)
        elif needed is True:
            self._update(execution, reads_all=True)
        for signal in execution.signals:
            self._signal(task, signal)

    def _run(self, execution: Execution, call: Call) -> None:
        """Ask what the process does, and let it begin."""
        daemon, task, began_ns = self._daemon, execution.task, execution.began_ns
        behaviour = daemon.workload.run(call)
        if _ends_at_once(behaviour):
            for output in behaviour.output:
                self._write(execution, output.data, output.stream)
            self._end(task, behaviour.exit_code, wrote=behaviour.output)
            return
        if len(behaviour.output) > 1:
            output = tuple(sorted(behaviour.output, key=lambda output: output.after_ns))
            behaviour = dataclasses.replace(behaviour, output=output)
        self._update(execution, behaviour=behaviour)
        for index, effect in enumerate(behaviour.effects):
            if effect.after_ns:
                daemon.timers.add(began_ns + effect.after_ns, 'exec-effect', task, index)
            else:
                self._effect_due(task, index)
        for after_ns in sorted({o.after_ns for o in behaviour.output} - {0}):
            daemon.timers.add(began_ns + after_ns, 'exec-output', task)
        self._flush(task)
        self._exit_after(task, behaviour.exit_after_ns, behaviour.exit_code, began_ns)

    def _exit_after(self, task: str, after_ns: int | None, code: int, since_ns: int) -> None:
        if after_ns is None:
            return
        if after_ns:
            self._daemon.timers.add(since_ns + after_ns, 'exec-exit', task, code)
        else:
            self._exit_due(task, code)

    def _effect_due(self, task: str, index: int) -> None:
        execution = self._executions.get(task)
        if execution is not None and execution.behaviour is not None:
            effect = execution.behaviour.effects[index]
            effects.apply(self._daemon, effect, execution.owner)

    def _flush(self, task: str) -> None:
        """Send what the process has written up to now."""
        execution = self._executions.get(task)
        if execution is None or execution.behaviour is None:
            return
        outputs, written = execution.behaviour.output, execution.written
        while written < len(outputs):
            output = outputs[written]
            if execution.began_ns + output.after_ns > self._daemon.clock.now_ns:
                break
            self._write(execution, output.data, output.stream)
            written += 1
        if written != execution.written:
            self._update(execution, written=written)

    def _write(self, execution: Execution, data: bytes, stream: str) -> None:
        separate = stream == 'stderr' and execution.split_stderr
        if execution.terminal and not separate:
            data = data.replace(b'\n', b'\r\n')  # what a terminal does to output
        found = self._streams.get(execution.task, {}).get('stderr' if separate else 'stdio')
        if found is not None:
            found.put(data)

    def _exit_due(self, task: str, code: int) -> None:
        self._flush(task)
        self._end(task, code)

    def _timeout_due(self, task: str) -> None:
        execution = self._executions.get(task)
        if execution is not None:
            self._flush(task)
            timeout = gotext.format_duration(execution.timeout_ns)
            self._end(task, _FAILED, f'timed out after {timeout}: context deadline exceeded')

    # -- what clients do

    def _act(self, task: str, stream: Stream, what: str, data: bytes) -> None:
        execution = self._executions.get(task)
        if execution is None:
            return
        if stream.name == 'control':
            if what == 'signal':
                self._signal(task, data.decode())
            elif what == 'drop':
                # Pebble kills the process when the connection breaks without a close frame.
                self._signal(task, 'SIGKILL')
        elif what == 'wait':
            self._awaited.add(task)
            return
        elif stream.name == 'stdio' and not execution.stdin_ended:
            now_ns = self._daemon.clock.now_ns
            if what == 'stdin':
                self._update(execution, stdin=(*execution.stdin, data), began_ns=now_ns)
                return
            self._run_once(self._update(execution, stdin_ended=True, began_ns=now_ns))
        self._daemon.settle()

    def _signal(self, task: str, name: str) -> None:
        execution = self._executions.get(task)
        if execution is None or name not in signals.NUMBERS:
            return
        if execution.launched_ns is None:
            self._update(execution, signals=(*execution.signals, name))
            return
        if name != 'SIGKILL':
            self._run_unasked(execution)
        self._flush(task)
        execution = self._executions.get(task)
        if execution is None:
            return
        reaction = None if name == 'SIGKILL' else self._reaction(execution, name)
        if reaction is not None:
            self._write(execution, reaction.stdout, 'stdout')
            after_ns = None if reaction.exit_code is None else reaction.after_ns
            now_ns = self._daemon.clock.now_ns
            self._exit_after(task, after_ns, reaction.exit_code or 0, now_ns)
        elif signals.kills(name):
            self._end(task, signals.exit_code(name))

    def _reaction(self, execution: Execution, signal: str) -> Reaction | None:
        behaviour = execution.behaviour
        if behaviour is None:  # it still reads stdin, but it knows its signals already
            behaviour = self._daemon.workload.run(cmdprocess.call(self._daemon, execution))
        return behaviour.reactions.get(signal)

    def _update(self, execution: Execution, **fields: Any) -> Execution:
        new = self._executions[execution.task] = evolve(execution, **fields)
        return new


def _ends_at_once(behaviour: Behaviour) -> bool:
    """Whether all that a process does is to write and to end, and it takes no time."""
    if behaviour.exit_after_ns != 0 or behaviour.effects:
        return False
    return all(output.after_ns == 0 for output in behaviour.output)
