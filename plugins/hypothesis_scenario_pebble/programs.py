"""What can commands and the programs of services do?"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from hypothesis import strategies as st

import scenario_pebble as scenario
from scenario_pebble.arguments import checked

from .files import paths
from .notices import notice_keys
from .texts import Strategy, databags, some, texts, words

_EXIT_CODES = (0, 1, 2, 137)


@functools.cache
def programs() -> Strategy[scenario.Program]:
    """Programs of services: they run, end, crash now and then, answer, ignore signals.

    Shrinks to the program that runs until it is told to stop.
    """
    simple = _simple_programs()
    return simple | st.builds(scenario.Program, runs=st.lists(simple, min_size=1, max_size=3))


def _simple_programs() -> Strategy[scenario.Program]:
    answers = st.dictionaries(st.just('/health'), st.sampled_from([200, 500]), max_size=1)
    on_signal = some(scenario.OnSignal, st.none() | st.sampled_from(_EXIT_CODES), seconds())
    return some(
        scenario.Program,
        exit_after=seconds(),
        exit_code=st.sampled_from(_EXIT_CODES),
        stdout=texts(),
        stderr=texts(),
        signals=st.dictionaries(st.sampled_from(['SIGTERM', 'SIGHUP']), on_signal, max_size=1),
        ports=st.dictionaries(st.just(8080), st.none() | answers, max_size=1),
        files=st.dictionaries(paths(), texts(), max_size=1),
        notices=st.dictionaries(notice_keys(), databags(), max_size=1),
        missing=st.booleans(),
    )


@functools.cache
def failing_programs() -> Strategy[scenario.Program]:
    """Programs that crash: at once, later, the first time only, or that aren't there at all."""
    crash = st.builds(
        scenario.Program,
        exit_after=st.sampled_from([0.1, 2.0, 60.0]),
        exit_code=st.sampled_from([1, 137]),
    )
    once = crash.map(lambda program: scenario.Program(runs=[program, scenario.Program()]))
    return crash | once | st.just(scenario.Program(missing=True))


@functools.cache
def seconds() -> Strategy[float]:
    """How long things take: from an instant to a minute."""
    return st.sampled_from([0.1, 1.0, 5.0, 60.0])


@checked
def execs(command_prefix: Sequence[str] | None = None) -> Strategy[scenario.Exec]:
    """Commands, with whatever comes of them.

    Args:
        command_prefix: What the command begins with; by default one or two words.
    """
    prefixes = st.lists(words(), min_size=1, max_size=2)
    outputs = st.text(max_size=8) | st.binary(max_size=8)
    return some(
        scenario.Exec,
        prefixes if command_prefix is None else st.just(list(command_prefix)),
        return_code=st.sampled_from(_EXIT_CODES),
        stdout=outputs,
        stderr=outputs,
        duration=seconds(),
    )


@functools.cache
def exec_lists() -> Strategy[list[scenario.Exec]]:
    """The commands of a container: no two with the same prefix."""
    return st.lists(execs(), max_size=3, unique_by=lambda e: tuple(e.command_prefix))
