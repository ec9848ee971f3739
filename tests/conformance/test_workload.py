"""Programs and endpoints of a recording behave as the recorder's own did."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_pebble import clock
from scenario_pebble.daemon.workload import Answer, Call, Found, Output, Probe, Reaction

from .workload import Programs

FILES = {
    '/data-under-test/broken': 'file',
    '/data-under-test': 'directory',
    '/bin-under-test/a': 'executable',
    '/bin/sh': 'executable',
}


def programs(endpoints: dict[str, Any] | None = None, **specs: Any) -> Programs:
    return Programs(specs, endpoints or {}, FILES.get)


def call(name: str, *arguments: str, **rest: Any) -> Call:
    return Call(kind='exec', name='', command=(f'/bin-under-test/{name}', *arguments), **rest)


@pytest.mark.parametrize(
    ('executable', 'found'),
    [
        ('/bin-under-test/a', Found.YES),
        ('/bin-under-test/b', Found.MISSING),
        ('a', Found.MISSING),
        ('/bin/sh', Found.YES),
        ('/data-under-test', Found.NOT_EXECUTABLE),
        ('/data-under-test/broken', Found.NOT_EXECUTABLE),
    ],
)
def test_only_programs_and_executable_files_are_found(executable: str, found: Found):
    assert programs(a=None).find(executable, call('a')) is found


def test_a_program_without_exit_runs_for_ever():
    assert programs(a=None).run(call('a')).exit_after_ns is None


def test_a_program_can_exit_by_a_signal():
    behaviour = programs(a={'exit-after': 0.5, 'kill-self': 'SIGTERM'}).run(call('a'))

    assert behaviour.exit_after_ns == clock.seconds_to_ns(0.5)
    assert behaviour.exit_code == 143


def test_output_has_its_order():
    spec = {
        'raw-stdout': 'raw',
        'stdout': ['one'],
        'stderr': ['two'],
        'repeat': {'line': 'n %d', 'count': 2},
        'echo-args': True,
        'echo-env': ['SET', 'UNSET'],
        'echo-cwd': True,
        'echo-ids': True,
    }

    behaviour = programs(a=spec).run(
        call('a', 'x', 'y', environment={'SET': '1'}, working_dir='/tmp', user_id=7, group_id=8)
    )

    assert behaviour.output == (
        Output(b'one\n'),
        Output(b'two\n', 'stderr'),
        Output(b'n 1\nn 2\n'),
        Output(b'raw'),
        Output(b'x\n'),
        Output(b'y\n'),
        Output(b'SET=1\n'),
        Output(b'UNSET=<unset>\n'),
        Output(b'/tmp\n'),
        Output(b'7:8\n'),
    )


def test_stdin_is_copied():
    copier = programs(a={'cat': 'upper', 'exit-after': 0})

    assert copier.needs_stdin(call('a'))
    assert copier.run(call('a', stdin=b'abc')).output == (Output(b'ABC'),)


def test_each_start_has_its_own_behaviour_and_the_last_repeats():
    flaky = programs(a={'exit-after': 0, 'runs': [{'exit-code': 1}, {'exit-code': 2}]})

    codes = [flaky.run(call('a', at_ns=at_ns)).exit_code for at_ns in (1, 2, 2, 3)]

    assert codes == [1, 2, 2, 2]


def test_a_file_changes_the_behaviour():
    special = {'path': '/data-under-test/broken', 'exit-code': 3}

    assert programs(a={'exit-after': 0, 'when-file': special}).run(call('a')).exit_code == 3


def test_signals_are_ignored_or_handled():
    handlers = {'SIGHUP': 'ignore', 'SIGTERM': {'stdout': 'bye', 'after': 0.2, 'exit': 5}}

    behaviour = programs(a={'on-signal': handlers}).run(call('a'))

    assert behaviour.reactions == {
        'SIGHUP': Reaction(),
        'SIGTERM': Reaction(b'bye\n', clock.seconds_to_ns(0.2), 5),
    }


def test_an_endpoint_answers_on_its_port_while_it_is_open():
    web = programs({'web': {'http': 80, 'status': 500, 'body': 'no', 'delay': 1}})
    probe = Probe(check='c', port=80, url='http://localhost:80/')

    before = web.probe(probe, ())
    web.update_endpoint('web', {'open': False})

    assert before == Answer(status=500, body=b'no', delay_ns=clock.SECOND_NS)
    assert web.probe(probe, ()) == Answer(refused=True)


@pytest.mark.parametrize(('headers', 'status'), [({'x-token': 'abc'}, 200), ({}, 403)])
def test_an_endpoint_can_require_headers(headers: dict[str, str], status: int):
    web = programs({'web': {'http': 80, 'require-headers': {'X-Token': 'abc'}}})

    answer = web.probe(Probe(check='c', port=80, url='http://localhost/', headers=headers), ())

    assert answer.status == status
