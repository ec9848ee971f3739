"""What do a recording's programs and endpoints do?  The daemon asks here.

A program's keys act in the order in which `Programs._output` reads them.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from scenario_pebble import clock
from scenario_pebble.daemon import workload

FOLDER = '/bin-under-test/'


def _line(text: str) -> bytes:
    return f'{text}\n'.encode()


class Programs:
    """The workload of a recording.

    Args:
        programs: Name to behaviour.
        endpoints: Name to port and answer.
        entry: What is at a path: ``file``, ``executable``, ``directory`` or None.
    """

    def __init__(
        self,
        programs: Mapping[str, Any],
        endpoints: Mapping[str, Any],
        entry: Callable[[str], str | None],
    ):
        self._programs = {name: dict(spec or {}) for name, spec in programs.items()}
        self._endpoints = {name: dict(spec) for name, spec in endpoints.items()}
        self._entry = entry
        self._starts: dict[str, dict[tuple[Any, ...], int]] = {}

    def update_endpoint(self, name: str, changes: Mapping[str, Any]) -> None:
        """Change how an endpoint answers from now on."""
        self._endpoints[name].update(changes)

    # -- what the daemon asks

    def find(self, executable: str, call: workload.Call) -> workload.Found:
        """There are the recording's programs and files, and nothing in $PATH."""
        kind = self._entry(executable) if executable.startswith('/') else None
        if kind is None:
            return workload.Found.MISSING
        return workload.Found.YES if kind == 'executable' else workload.Found.NOT_EXECUTABLE

    def needs_stdin(self, call: workload.Call) -> bool:
        return bool(self._spec(call).get('cat'))

    def run(self, call: workload.Call) -> workload.Behaviour:
        spec = self._spec(call)
        output = tuple(workload.Output(data, stream) for data, stream in self._output(spec, call))
        ends = 'exit-after' in spec
        code = spec.get('exit-code', 0)
        if 'kill-self' in spec:
            code = 128 + signal.Signals[spec['kill-self']].value
        return workload.Behaviour(
            exit_after_ns=clock.seconds_to_ns(spec['exit-after']) if ends else None,
            exit_code=code if ends else 0,
            output=output,
            reactions={name: _reaction(how) for name, how in spec.get('on-signal', {}).items()},
        )

    def outcome(self, check: str, now_ns: int) -> workload.Outcome | None:
        return None

    def probe(
        self, probe: workload.Probe, running: Sequence[tuple[str, workload.Behaviour]]
    ) -> workload.Answer:
        for spec in self._endpoints.values():
            if (spec.get('http') or spec.get('tcp')) == probe.port and spec.get('open', True):
                return _answer(spec, probe)
        return workload.Answer(refused=True)

    # -- programs

    def _program(self, executable: str) -> dict[str, Any] | None:
        if not executable.startswith(FOLDER):
            return None
        return self._programs.get(executable.removeprefix(FOLDER))

    def _spec(self, call: workload.Call) -> dict[str, Any]:
        """The program's behaviour at this start."""
        program = self._program(call.command[0])
        spec: dict[str, Any] = {'exit-after': 0} if program is None else program
        if runs := spec.get('runs'):
            spec = {**spec, **runs[min(self._earlier_starts(call), len(runs) - 1)]}
        special = spec.get('when-file')
        if special and self._entry(special['path']) is not None:
            spec = {**spec, **special}
        return spec

    def _earlier_starts(self, call: workload.Call) -> int:
        """How often the program was started before, by whatever service, exec or check."""
        starts = self._starts.setdefault(call.command[0], {})
        key = (call.kind, call.name, call.command, call.number, call.at_ns)
        return starts.setdefault(key, len(starts))

    def _output(self, spec: dict[str, Any], call: workload.Call) -> Iterator[tuple[bytes, Any]]:
        for line in spec.get('stdout', []):
            yield _line(line), 'stdout'
        for line in spec.get('stderr', []):
            yield _line(line), 'stderr'
        if repeat := spec.get('repeat'):
            numbers = range(1, repeat['count'] + 1)
            yield _line('\n'.join(repeat['line'] % i for i in numbers)), 'stdout'
        if text := spec.get('raw-stdout'):
            yield text.encode(), 'stdout'
        if spec.get('echo-args'):
            for argument in call.command[1:]:
                yield _line(argument), 'stdout'
        for name in spec.get('echo-env', []):
            yield _line(f'{name}={call.environment.get(name, "<unset>")}'), 'stdout'
        if spec.get('echo-cwd'):
            yield _line(call.working_dir), 'stdout'
        if spec.get('echo-ids'):
            yield _line(f'{call.user_id or 0}:{call.group_id or 0}'), 'stdout'
        if copy := spec.get('cat'):
            yield call.stdin.upper() if copy == 'upper' else call.stdin, 'stdout'


def _reaction(how: Any) -> workload.Reaction:
    if how == 'ignore':
        return workload.Reaction()
    return workload.Reaction(
        stdout=_line(how['stdout']) if 'stdout' in how else b'',
        after_ns=clock.seconds_to_ns(how.get('after', 0)),
        exit_code=how.get('exit'),
    )


def _answer(spec: Mapping[str, Any], probe: workload.Probe) -> workload.Answer:
    headers = {name.lower(): value for name, value in probe.headers.items()}
    wanted = spec.get('require-headers', {})
    allowed = all(headers.get(name.lower()) == value for name, value in wanted.items())
    return workload.Answer(
        status=spec.get('status', 200) if allowed else 403,
        body=spec.get('body', '').encode(),
        delay_ns=clock.seconds_to_ns(spec.get('delay', 0)),
    )
