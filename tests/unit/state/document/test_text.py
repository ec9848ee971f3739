"""What the text of a State looks like, and which texts are refused."""

from __future__ import annotations

import datetime
import sys
from typing import Any

import pytest

from scenario_pebble.errors import StateValidationError
from scenario_pebble.state.check import Fail, Pass
from scenario_pebble.state.container import Container
from scenario_pebble.state.port import ICMPPort, TCPPort, UDPPort
from scenario_pebble.state.program import Exec, ExecCall
from scenario_pebble.state.relation import PeerRelation, Relation, SubordinateRelation
from scenario_pebble.state.state import State
from scenario_pebble.state.status import BlockedStatus
from scenario_pebble.state.stored import StoredState

HALF_TWO = datetime.timezone(datetime.timedelta(hours=1, minutes=30))

STATE = State(
    config={'port': 80, 'debug': False},
    relations=[PeerRelation('cluster', id=7, peers_data={1: {'ip': '192.0.2.1'}})],
    containers=[
        Container(
            'db',
            can_connect=True,
            layers={'z': {'services': {'web': {'command': 'serve'}}}, 'a': {}},  # type: ignore[dict-item]
            files={'/etc/app.conf': 'port = 80\nuser = me\n'},
            outcomes={'up': Fail('refused'), 'ready': Pass()},
        )
    ],
    opened_ports=[UDPPort(53), ICMPPort(), TCPPort(80)],
    unit_status=BlockedStatus('no database'),
    time=datetime.datetime(2026, 1, 1, 1, 30, tzinfo=HALF_TWO),
)

YAML = """\
config:
  debug: false
  port: 80
containers:
- can_connect: true
  files:
    /etc/app.conf:
      content: |
        port = 80
        user = me
  layers:
  - label: z
    services:
      web:
        command: serve
  - label: a
  name: db
  outcomes:
    ready:
      kind: pass
    up:
      error: refused
      kind: fail
opened_ports:
- kind: udp
  port: 53
- kind: tcp
  port: 80
- kind: icmp
relations:
- endpoint: cluster
  id: 7
  kind: peer
  peers_data:
    '1':
      ip: 192.0.2.1
schema: 1
time: '2026-01-01T00:00:00Z'
unit_status:
  message: no database
  name: blocked
"""


def test_yaml_is_sorted_and_leaves_defaults_out():
    assert STATE.to_yaml() == YAML


def test_yaml_is_read_whatever_the_author_leaves_unquoted():
    by_hand = YAML.replace("'1'", '1').replace("'2026-01-01T00:00:00Z'", '2026-01-01T00:00:00Z')

    assert State.from_yaml(by_hand) == State.from_yaml(YAML) == STATE


def test_json_is_indented_sorted_and_leaves_defaults_out():
    state = State(leader=True, config={'name': 'Zoë'})

    assert state.to_json() == (
        '{\n  "config": {\n    "name": "Zoë"\n  },\n  "leader": true,\n  "schema": 1\n}'
    )


def test_equal_states_give_equal_text():
    one = State(config={'a': 1, 'b': 2}, relations=[Relation('x', id=i) for i in range(20)])
    other = State(
        config={'b': 2, 'a': 1}, relations=[Relation('x', id=i) for i in reversed(range(20))]
    )

    assert one.to_json() == other.to_json()


def test_kinds_of_relations_are_kept():
    state = State(relations=[Relation('a'), SubordinateRelation('b'), PeerRelation('c')])

    read = State.from_json(state.to_json())

    assert {type(relation) for relation in read.relations} == {
        *(Relation, SubordinateRelation, PeerRelation)
    }


def test_the_order_of_layers_is_kept():
    read = State.from_json(STATE.to_json())

    assert list(read.get_container('db').layers) == ['z', 'a']


def handler(call: ExecCall) -> str:
    return call.stdin


def test_a_handler_is_found_by_its_name():
    state = State(containers=[Container('db', execs=[Exec(['cat'], handler=handler)])])

    assert f'"handler": "{__name__}:handler"' in state.to_json()
    assert State.from_json(state.to_json()) == state


def refusal(action: Any, *arguments: Any) -> str:
    with pytest.raises(StateValidationError) as caught:
        action(*arguments)
    return str(caught.value)


def test_a_local_function_is_refused_by_its_place_in_the_state():
    def answer(call: ExecCall) -> str:
        return ''

    state = State(containers=[Container('db', execs=[Exec(['tr', 'a'], handler=answer)])])
    qualname = 'test_a_local_function_is_refused_by_its_place_in_the_state.<locals>.answer'

    message = refusal(state.to_json).split(' as text: ')

    assert message[0] == "cannot write State.containers['db'].execs['tr a'].handler"
    assert message[1].endswith(
        f" can't be found by its name '{__name__}:{qualname}'\n"
        '  hint: define the function with def at the top of a module'
    )


@pytest.mark.parametrize(
    ('state', 'problem'),
    [
        (
            State(config={'rate': float('inf')}),
            ".config['rate'] as text: JSON has no number inf\n  hint: use a finite number",
        ),
        (
            State(config={'a': '\ud800'}),
            ".config['a'] as text: '\\ud800' is not Unicode text\n"
            '  hint: leave its lone surrogates out',
        ),
    ],
)
def test_what_cannot_be_written_is_refused(state: State, problem: str):
    assert refusal(state.to_json) == f'cannot write State{problem}'


@pytest.mark.parametrize(
    ('text', 'problem'),
    [
        ('[]', '[] is not an object\n  hint: write {"schema": 1}'),
        ('{}', 'State needs the key \'schema\'\n  hint: write "schema": 1'),
        (
            '{"schema": 2}',
            'its schema is 2, and this version of scenario-pebble reads 1\n'
            '  hint: use the version of scenario-pebble that wrote it, or write it again',
        ),
        (
            '{"schema": 1, "schema": 1}',
            "key 'schema' is twice in one object\n  hint: leave one out",
        ),
        ('{"schema": NaN}', 'JSON has no NaN\n  hint: use a finite number'),
        (
            '{"schema": 1',
            "it is no JSON: Expecting ',' delimiter: line 1 column 13 (char 12)\n"
            '  hint: see State.to_json() for what it looks like',
        ),
    ],
)
def test_a_text_that_is_no_state_is_refused(text: str, problem: str):
    assert refusal(State.from_json, text) == f'cannot read State from JSON: {problem}'


@pytest.mark.parametrize(
    ('text', 'problem'),
    [
        ('a: 1\na: 2', "key 'a' is twice in one object\n  hint: leave one out"),
        ('? [a]\n: 1', '["a"] is no key\n  hint: write text'),
        ('- 1', '[1] is not an object\n  hint: write {"schema": 1}'),
    ],
)
def test_yaml_that_is_no_state_is_refused(text: str, problem: str):
    assert refusal(State.from_yaml, text) == f'cannot read State from YAML: {problem}'


def test_text_that_is_no_yaml_is_refused():
    assert refusal(State.from_yaml, 'a: [').startswith(
        'cannot read State from YAML: it is no YAML: '
    )


def test_without_dataclasses_json_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    from scenario_pebble.state.document import schema

    monkeypatch.setitem(sys.modules, 'dataclasses_json', None)
    schema.form_of.cache_clear()

    with pytest.raises(ImportError) as caught:
        State().to_json()

    assert str(caught.value) == (
        'cannot write or read a State as JSON or YAML: dataclasses-json is not installed\n'
        '  hint: pip install scenario-pebble[json]'
    )


def test_members_of_one_name_are_written_in_the_order_of_their_texts():
    contents = [{'b': 1, 'a': 1}, {'a': 1}, {'a': 2, 'b': 1}, {'b': 2, 'a': 1}]
    texts = {
        State(stored_states=[StoredState('db', content=c) for c in order]).to_json()
        for order in (contents, contents[::-1], [dict(sorted(c.items())) for c in contents])
    }

    assert len(texts) == 1
