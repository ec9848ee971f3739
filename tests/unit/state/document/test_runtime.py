"""What Pebble remembers is in the text too: a chain of events goes on from it as if nothing had
happened.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import typing
from collections.abc import Iterator
from typing import Any

import ops
import pytest
from ops import pebble

from scenario_pebble.context import Context
from scenario_pebble.daemon.saved import Saved
from scenario_pebble.state.container import Container
from scenario_pebble.state.document.schema import form_of
from scenario_pebble.state.program import Exec, Program
from scenario_pebble.state.state import State

LAYER: pebble.LayerDict = {
    'services': {
        'web': {'override': 'replace', 'command': 'serve', 'startup': 'enabled'},
        'bad': {'override': 'replace', 'command': 'crash', 'startup': 'enabled'},
    },
    'checks': {
        'up': {'override': 'replace', 'tcp': {'port': 80}},
        'down': {'override': 'replace', 'exec': {'command': 'false'}, 'threshold': 1},
    },
}


class Charm(ops.CharmBase):
    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on['web'].pebble_ready, self._on_pebble_ready)

    def _on_pebble_ready(self, event: ops.PebbleReadyEvent):
        web = event.workload
        web.add_layer('web', LAYER)
        web.push('/etc/web.conf', 'port = 80', make_dirs=True, permissions=0o600)
        with contextlib.suppress(pebble.ChangeError):
            web.replan()
        web.exec(['ls']).wait_output()
        web.pebble.notify(pebble.NoticeType.CUSTOM, 'example.com/done', data={'a': 'b'})


@pytest.fixture
def ctx() -> Context[Charm]:
    return Context(Charm, meta={'name': 'web', 'containers': {'web': {}}})


@pytest.fixture
def state(ctx: Context[Charm]) -> State:
    """In the middle of much: a service backs off, a check is down."""
    web = Container(
        'web',
        can_connect=True,
        programs={'web': Program(stdout='hello'), 'bad': Program(exit_after=1.2, exit_code=1)},
        execs=[Exec(['ls'], stdout='a'), Exec(['false'], return_code=1)],
    )
    state = ctx.run(ctx.on.pebble_ready(web), State(containers=[web]))
    return ctx.advance(state, 15)


def test_a_running_daemon_is_read_as_it_was_written(state: State):
    read = State.from_json(state.to_json())

    assert read == state
    assert read.get_container('web').runtime == state.get_container('web').runtime
    assert read.to_json() == State.from_yaml(state.to_yaml()).to_json() == state.to_json()


def test_time_goes_on_alike_from_a_state_and_from_its_text(ctx: Context[Charm], state: State):
    read = State.from_json(state.to_json())

    assert ctx.advance(read, 60).to_json() == ctx.advance(state, 60).to_json()


def records_behind(hint: Any) -> Iterator[Any]:
    """The dataclasses and NamedTuples that a type is made of."""
    for argument in typing.get_args(hint):
        yield from records_behind(argument)
    record: Any = hint
    if dataclasses.is_dataclass(record) or hasattr(record, '_fields'):
        yield record
        for part in typing.get_type_hints(record).values():
            yield from records_behind(part)


RECORDS = sorted({*records_behind(Saved)}, key=lambda record: record.__qualname__)


@pytest.mark.parametrize('record', RECORDS, ids=lambda record: record.__qualname__)
def test_every_record_that_a_daemon_saves_says_what_it_holds(record: type[Any]):
    hints = typing.get_type_hints(record)

    assert [name for name, hint in hints.items() if hint is Any] == []
    assert all(form_of(hint) for hint in hints.values())


def test_public_values_are_not_written_twice(state: State):
    runtime = json.loads(state.to_json())['containers'][0]['runtime']

    assert not {'layers', 'notices', 'programs', 'execs', 'check_infos'} & set(runtime)


def test_a_public_value_that_a_test_replaced_differs_from_the_remembered_one(state: State):
    text = state.to_json()
    data = json.loads(text)
    data['containers'][0]['service_statuses'] = {}
    data['containers'][0]['runtime']['service_statuses'] = {'web': 'active', 'bad': 'backoff'}

    container = State.from_json(json.dumps(data)).get_container('web')

    assert container.service_statuses == {}
    assert container.runtime.service_statuses == {
        'web': pebble.ServiceStatus.ACTIVE,
        'bad': 'backoff',
    }
