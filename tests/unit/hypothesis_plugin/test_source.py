from __future__ import annotations

import datetime
import pathlib
from typing import Any

from hypothesis import given, strategies as st
from hypothesis_scenario_pebble import containers, states
from hypothesis_scenario_pebble.source import WIDTH, Writer, wrapped

import scenario_pebble as scenario

from .charms import Careful, context
from .shrinking import quickly

NAMES = {'scenario': scenario, 'datetime': datetime, 'pathlib': pathlib}


def answer(call: scenario.ExecCall) -> str:
    """A handler that has a name."""
    return 'answer'


def read(text: str) -> Any:
    """What an expression stands for."""
    return eval(text, NAMES)


@quickly
@given(states(context(), containers=st.tuples(containers('app'))))
def test_what_is_written_is_the_value(state: scenario.State):
    statement = f'value = {Writer().write(state)}'

    found: dict[str, Any] = {}
    exec('if True:\n' + '\n'.join(wrapped(statement)), NAMES, found)

    assert read(Writer().write(state)) == state
    assert found['value'] == state


def test_fields_that_have_their_defaults_are_left_out():
    state = scenario.State(
        leader=True, containers={scenario.Container('web', can_connect=True)}, config={'port': 8}
    )

    assert Writer().write(state) == (
        "scenario.State(config={'port': 8}, "
        "containers={scenario.Container('web', can_connect=True)}, leader=True)"
    )


def test_what_has_a_name_is_imported():
    writer = Writer()

    text = writer.write(scenario.Exec(['app'], handler=answer))

    assert text == "scenario.Exec(('app',), handler=answer)"
    assert f'from {__name__} import answer' in writer.imports


def test_what_has_no_name_is_left_open():
    text = Writer().write(scenario.Exec(['app'], handler=lambda call: 'x'))

    assert text == "scenario.Exec(('app',), handler=...)"


def test_times_and_paths_bring_their_modules():
    writer = Writer()
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    mount = scenario.Mount(location='/data', source=pathlib.Path('/tmp'))

    assert read(writer.write([moment, mount])) == [moment, mount]
    assert writer.imports == {
        'import scenario_pebble as scenario',
        'import datetime',
        'import pathlib',
    }


def test_a_class_is_called_as_in_its_module():
    writer = Writer()

    assert writer.name(Careful) == 'Careful'
    assert f'from {Careful.__module__} import Careful' in writer.imports


def test_long_statements_are_broken_in_their_brackets():
    program = scenario.Program(exit_after=2.0, exit_code=137, stdout='x' * 20)
    container = scenario.Container('web', programs={'server': program}, files={'/etc/a': 'b'})
    statement = f'state = {Writer().write(scenario.State(containers={container}))}'

    lines = list(wrapped(statement))

    assert lines == [
        '    state = scenario.State(',
        '        containers={',
        '            scenario.Container(',
        "                'web',",
        "                files=scenario.FileTree.from_mapping({'/etc/a': scenario.File('b')}),",
        '                programs={',
        "                    'server': scenario.Program(",
        "                        exit_after=2.0, exit_code=137, stdout='" + 'x' * 20 + "'",
        '                    ),',
        '                },',
        '            ),',
        '        },',
        '    )',
    ]
    assert max(map(len, lines)) <= WIDTH
