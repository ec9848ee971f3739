"""What a State says that its programs do, in the daemon's terms: a `daemon.workload.Workload`
made from a Container.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Literal

from .clock import seconds_to_ns
from .daemon.workload import (
    Answer,
    Behaviour,
    Call,
    Found,
    Listener,
    Outcome,
    Output,
    Probe,
    Reaction,
    RecordNotice,
    RemovePath,
    WriteFile,
)
from .errors import ScenarioRuntimeError
from .filetree import FileTree
from .frozen import FrozenDict
from .state.container import Container
from .state.program import Exec, ExecResult, OnSignal, Program

_SUCCESS = Behaviour(exit_after_ns=0, steady=True)
_FOREVER = Behaviour()


def _rank(execs: Collection[Exec]) -> Callable[[Exec], Any]:
    """What decides which Exec is asked first."""
    if len({each.command_prefix for each in execs}) == len(execs):
        return lambda each: -len(each.command_prefix)
    # A set has no order, but the same one must answer in each run.
    return lambda each: (-len(each.command_prefix), repr(each))


class Script:
    """The workload of one container, as its State describes it.

    Args:
        container: Its ``execs``, ``programs`` and ``outcomes`` are used.
        files: The container's files as they are now, for the handlers of execs.
        unanswered: Asked for an answer to a command of the charm's that no Exec answers.
    """

    def __init__(
        self,
        container: Container,
        files: Callable[[], FileTree],
        unanswered: Callable[[tuple[str, ...]], Exec | None],
    ):
        self.container = container
        self._files = files
        self._unanswered = unanswered
        # The longest prefix first; an empty one (match all) last.
        execs = sorted(container.execs, key=_rank(container.execs))
        self._execs = [(tuple(e.command_prefix), len(e.command_prefix), e) for e in execs]

    def find(self, executable: str, call: Call) -> Found:
        """A service's program exists unless declared missing; a command must match an Exec."""
        if call.kind == 'service':
            program = self._program(call)
            return Found.MISSING if program is not None and program.missing else Found.YES
        if call.kind == 'check':
            return Found.YES
        if self._exec(call) is not None:
            return Found.YES
        answer = self._unanswered(call.command)
        if answer is None:
            return Found.MISSING
        self._execs.append((call.command, len(call.command), answer))
        return Found.YES

    def needs_stdin(self, call: Call) -> bool | Literal['if-sent']:
        """Only a handler looks at stdin, and it does not have to."""
        found = self._exec(call)
        return 'if-sent' if found is not None and found.handler is not None else False

    def run(self, call: Call) -> Behaviour:
        """What the process does."""
        if call.kind == 'service':
            program = self._program(call)
            return _FOREVER if program is None else _behaviour(program)
        found = self._exec(call)
        if found is None:
            return _SUCCESS
        if found.handler is None:
            return _steady_behaviour(found)
        return self._handled(found, call)

    def outcome(self, check: str, now_ns: int) -> Outcome | None:
        """The outcome that the State sets for a check."""
        outcome = self.container.outcomes.get(check)
        return None if outcome is None else Outcome(error=outcome.error)

    def probe(self, probe: Probe, running: Sequence[tuple[str, Behaviour]]) -> Answer:
        """The listener on the port; if no program declares the port at all, the check passes."""
        for _, behaviour in running:
            for listener in behaviour.listeners:
                if listener.port == probe.port:
                    return _answer(listener, probe)
        return Answer(refused=self._declares(probe.port), steady=True)

    def _declares(self, port: int) -> bool:
        programs = self.container.programs.values()
        return any(port in p.ports for q in programs for p in (q, *q.runs))

    def _program(self, call: Call) -> Program | None:
        program = self.container.programs.get(call.name)
        if program is None or not program.runs:
            return program
        return program.runs[min(call.number, len(program.runs)) - 1]

    def _exec(self, call: Call) -> Exec | None:
        for prefix, length, candidate in self._execs:
            # `Exec([])` answers every command of the charm, but not the checks.
            if call.command[:length] == prefix and (prefix or call.kind == 'exec'):
                return candidate
        return None

    def _handled(self, found: Exec, call: Call) -> Behaviour:
        from .execcall import View  # needs pyfakefs only when a handler runs

        assert found.handler is not None
        view = View(call, self._files())
        try:
            value = found.handler(view)
        except Exception as e:
            raise ScenarioRuntimeError(
                f'cannot run the handler of Exec({list(found.command_prefix)!r}): '
                f'it raised {type(e).__name__}: {e}\n'
                '  hint: the error above is its own; for a command that fails, return '
                'ExecResult(1, stderr=…)'
            ) from e
        return _exec_behaviour(_result(value), view.effects())


def _result(value: Any) -> ExecResult:
    if isinstance(value, ExecResult):
        return value
    if value is None:
        return ExecResult()
    if isinstance(value, (str, bytes)):
        return ExecResult(stdout=value)
    if isinstance(value, int) and not isinstance(value, bool):
        return ExecResult(return_code=value)
    raise ScenarioRuntimeError(
        f'cannot use what the handler of an Exec returned: {value!r}\n'
        '  hint: return an ExecResult, the stdout (str or bytes), the return code (int), or None'
    )


@functools.lru_cache(maxsize=256)
def _steady_behaviour(found: Exec) -> Behaviour:
    return dataclasses.replace(_exec_behaviour(found), steady=True)


def _exec_behaviour(
    result: Exec | ExecResult, effects: tuple[WriteFile | RemovePath, ...] = ()
) -> Behaviour:
    after_ns = seconds_to_ns(result.duration)
    output = (Output(_bytes(result.stdout)), Output(_bytes(result.stderr), 'stderr'))
    return Behaviour(
        exit_after_ns=after_ns,
        exit_code=result.return_code,
        output=_written(output),
        effects=effects,
    )


def _written(output: tuple[Output, ...]) -> tuple[Output, ...]:
    """What is not empty."""
    return tuple(each for each in output if each.data)


def _behaviour(program: Program) -> Behaviour:
    after = program.exit_after
    output = (Output(_bytes(program.stdout)), Output(_bytes(program.stderr), 'stderr'))
    return Behaviour(
        exit_after_ns=None if after is None else seconds_to_ns(after),
        exit_code=program.exit_code,
        output=_written(output),
        reactions=FrozenDict({name: _reaction(how) for name, how in program.signals.items()}),
        effects=tuple(_effects(program)),
        listeners=tuple(Listener(port, paths) for port, paths in program.ports.items()),
    )


def _effects(program: Program) -> Iterator[WriteFile | RecordNotice]:
    for path, content in program.files.items():
        yield WriteFile(path, _bytes(content))
    for key, data in program.notices.items():
        yield RecordNotice(key, data)


def _reaction(how: OnSignal) -> Reaction:
    return Reaction(_line(how.stdout), seconds_to_ns(how.after), how.exit_code)


def _answer(listener: Listener, probe: Probe) -> Answer:
    if listener.paths is None or probe.url is None:
        return Answer(steady=True)
    path = '/' + probe.url.split('://', 1)[-1].partition('/')[2].partition('?')[0]
    return Answer(status=listener.paths.get(path, 404), steady=True)


def _line(text: str) -> bytes:
    return f'{text}\n'.encode() if text and not text.endswith('\n') else text.encode()


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
