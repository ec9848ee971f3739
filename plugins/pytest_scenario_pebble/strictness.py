"""Does a test that passes say more of the workload than was asked for, or let errors through?"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any

import pytest

from scenario_pebble import Container, Context, State, Timeline
from scenario_pebble.daemon.workload import Answer, Behaviour, Call, Outcome, Probe
from scenario_pebble.host import Host
from scenario_pebble.registry import Watch
from scenario_pebble.script import Script
from scenario_pebble.state.program import Exec, Program

from . import settings

_used: set[tuple[str, str, Any]] = set()
"""What the containers were asked for in the test that runs: container, field, key or Exec."""


class Strictness:
    """The hooks that look at each test that passes.

    Args:
        config: Pytest's.
    """

    def __init__(self, config: pytest.Config):
        patch = pytest.MonkeyPatch()
        config.add_cleanup(patch.undo)
        patch.setattr(Host, 'script', _Witness)
        self._watch = _Declared()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, Any, Any]:
        """Watch a test, from the setup of its fixtures on."""
        _used.clear()
        self._watch = _Declared()
        with self._watch:
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        """Fail a test that would pass, if a rule that holds for it is broken."""
        yield
        rules = settings.strict_rules(item)
        problems = [line for rule in rules for line in _RULES[rule](self._watch)]
        if problems:
            pytest.fail('\n'.join(problems), pytrace=False)


class _Declared(Watch):
    """Also knows what the States say of the workload."""

    def __init__(self) -> None:
        super().__init__()
        self.containers: dict[int, Container] = {}

    def opened(self, context: Context[Any], state: State) -> None:
        super().opened(context, state)
        self.containers |= {id(container): container for container in state.containers}


class _Witness(Script):
    """Remembers what it was asked for."""

    def outcome(self, check: str, now_ns: int) -> Outcome | None:
        _used.add((self.container.name, 'outcomes', check))
        return super().outcome(check, now_ns)

    def probe(self, probe: Probe, running: Sequence[tuple[str, Behaviour]]) -> Answer:
        for name, program in self.container.programs.items():
            if any(probe.port in each.ports for each in (program, *program.runs)):
                _used.add((self.container.name, 'programs', name))
        return super().probe(probe, running)

    def _program(self, call: Call) -> Program | None:
        _used.add((self.container.name, 'programs', call.name))
        return super()._program(call)

    def _exec(self, call: Call) -> Exec | None:
        found = super()._exec(call)
        _used.add((self.container.name, 'execs', found))
        return found


def _unused(declared: _Declared) -> Iterator[str]:
    unused = [
        f'  Container({name!r}).{field}{_shown(key)}'
        for name, field, key in _declarations(declared.containers.values())
        if (name, field, key) not in _used
    ]
    if unused:
        yield 'cannot pass: no event of this test asks for'
        yield from dict.fromkeys(sorted(unused))
        yield '  hint: leave it out, or mark the test with @pytest.mark.scenario_pebble_strict()'


def _declarations(containers: Iterable[Container]) -> Iterator[tuple[str, str, Any]]:
    for container in containers:
        yield from ((container.name, 'execs', each) for each in container.execs)
        yield from ((container.name, 'programs', each) for each in container.programs)
        yield from ((container.name, 'outcomes', each) for each in container.outcomes)


def _shown(key: Any) -> str:
    return f': Exec({list(key.command_prefix)!r})' if isinstance(key, Exec) else f'[{key!r}]'


def _uncaught(watch: Watch) -> Iterator[str]:
    errors = [line for _, timeline in watch.timelines() for line in _pebble_errors(timeline)]
    if errors:
        yield 'cannot pass: the charm lets an error of Pebble end an event'
        yield from errors
        yield (
            '  hint: catch it, as Juju would put the unit into error; '
            'or mark the test with @pytest.mark.scenario_pebble_strict()'
        )


def _pebble_errors(timeline: Timeline) -> Iterator[str]:
    where = ''
    for row in timeline:
        where = row.where or where
        if row.kind == 'error' and row.text.startswith('ops.pebble.'):
            yield f'  {row.subject}: {row.text}\n    at: {where}'


_RULES = {'unused': _unused, 'uncaught': _uncaught}
