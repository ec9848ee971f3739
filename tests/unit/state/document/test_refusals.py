"""What is said about a State that was written by hand, and written wrongly."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scenario_pebble.errors import StateValidationError
from scenario_pebble.state.state import State


def container(**fields: Any) -> dict[str, Any]:
    return {'containers': [{'name': 'db', **fields}]}


def exec_(**fields: Any) -> dict[str, Any]:
    return container(execs=[{'command_prefix': ['ls'], **fields}])


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    'unknown key': ({'leder': True}, "State has no key 'leder'\n  hint: did you mean 'leader'?"),
    'unlike any key': (
        {'opened_ports': [{'kind': 'icmp', 'zzz': 1}]},
        "ICMPPort has no key 'zzz'\n  at: .opened_ports[0]\n  hint: it may have port, protocol",
    ),
    'missing key': (
        {'containers': [{}]},
        "Container needs the key 'name'\n"
        '  at: .containers[0]\n'
        '  hint: write for example "name": "abc"',
    ),
    'null': (
        {'leader': None},
        'null is not true or false\n  at: .leader\n  hint: write for example true',
    ),
    'a number for a bool': (
        {'leader': 1},
        '1 is not true or false\n  at: .leader\n  hint: write for example true',
    ),
    'a bool for a number': (
        {'planned_units': True},
        'true is not a whole number\n  at: .planned_units\n  hint: write for example 3',
    ),
    'an object for a list': (
        {'containers': {'db': {}}},
        '{"db": {}} is not a list\n  at: .containers\n  hint: write for example []',
    ),
    'a name that Juju refuses': (
        {'containers': [{'name': 'A_'}]},
        "cannot name a container 'A_': not an RFC 1123 label\n"
        '  at: .containers[0]\n'
        '  hint: use at most 63 lower-case letters, digits and inner hyphens',
    ),
    'unknown kind': (
        {'relations': [{'kind': 'pear'}]},
        '{"kind": "pear"} is not an object of kind relation or peer or subordinate\n'
        '  at: .relations[0]\n'
        '  hint: write for example {"kind": "relation"}',
    ),
    'a databag of numbers': (
        {'relations': [{'kind': 'peer', 'endpoint': 'x', 'id': 1, 'peers_data': {'0': {'a': 1}}}]},
        '1 is not text\n  at: .relations[0].peers_data[\'0\'].a\n  hint: write for example "abc"',
    ),
    'a unit that is no number': (
        {'relations': [{'kind': 'peer', 'endpoint': 'x', 'id': 1, 'peers_data': {'x': {}}}]},
        '"x" is not a whole number\n  at: .relations[0].peers_data.x\n  hint: write for example 3',
    ),
    'an empty secret': (
        {'secrets': [{'id': 's', 'tracked_content': {}, 'latest_content': {'a': 'b'}}]},
        'cannot use an empty tracked_content for a secret: Juju wants at least one key\n'
        '  at: .secrets[0]\n'
        "  hint: {'password': '…'}",
    ),
    'unknown status': (
        {'unit_status': {'name': 'busy'}},
        '"busy" is not one of '
        "'unknown', 'error', 'active', 'blocked', 'maintenance', 'waiting'\n"
        '  at: .unit_status.name\n'
        '  hint: write for example "unknown"',
    ),
    'a time in words': (
        {'time': 'today'},
        '"today" is not a time\n  at: .time\n  hint: write for example "2026-01-31T12:00:00Z"',
    ),
    'a duration in hours': (
        container(notices=[{'key': 'a.b/c', 'repeat_after': '1h'}]),
        '"1h" is not a duration in seconds\n'
        '  at: .containers[0].notices[0].repeat_after\n'
        '  hint: write for example "90.5s"',
    ),
    'a number as output': (
        exec_(stdout=5),
        '5 is not text or bytes\n'
        '  at: .containers[0].execs[0].stdout\n'
        '  hint: write for example "abc"',
    ),
    'a function that is not there': (
        exec_(handler='nowhere:answer'),
        "there is no function 'nowhere:answer': No module named 'nowhere'\n"
        '  at: .containers[0].execs[0].handler\n'
        '  hint: name one that can be imported here',
    ),
    'an unknown key of a service': (
        container(layers=[{'label': 'base', 'services': {'web': {'comand': 'serve'}}}]),
        "services have no key 'comand'\n"
        '  at: .containers[0].layers[0].services.web\n'
        "  hint: did you mean 'command'?",
    ),
    'a layer without a label': (
        container(layers=[{}]),
        "a layer needs the key 'label'\n"
        '  at: .containers[0].layers[0]\n'
        '  hint: write for example "label": "base"',
    ),
    'two layers of one label': (
        container(layers=[{'label': 'base'}, {'label': 'base'}]),
        "there are two layers 'base'\n"
        '  at: .containers[0].layers\n'
        '  hint: give each layer a label of its own',
    ),
    'a relative path': (
        container(files={'etc': {'content': ''}}),
        "cannot use 'etc' as a path in a container: it is not absolute\n"
        '  at: .containers[0].files\n'
        "  hint: did you mean '/etc'?",
    ),
    'a file below a file': (
        container(files={'/a': {'content': ''}, '/a/b': {'content': ''}}),
        "'/a' is no directory\n  at: .containers[0].files\n  hint: leave '/a' or '/a/b' out",
    ),
    'a mode that is not octal': (
        container(files={'/a': {'mode': '888'}}),
        '"888" is not permissions, as three or four octal digits\n'
        "  at: .containers[0].files['/a'].mode\n"
        '  hint: write for example "644"',
    ),
    'bytes that are not base64': (
        container(files={'/a': {'content': {'base64': '?'}}}),
        '"?" is not base64\n'
        "  at: .containers[0].files['/a'].content\n"
        '  hint: write what the command base64 prints, without line breaks',
    ),
    'an unknown form of data': (
        {'stored_states': [{'content': {'a': {'$sett': []}}}]},
        '{"$sett": []} is no plain data\n'
        '  at: .stored_states[0].content.a\n'
        '  hint: objects with "$" are {"$bytes": …}, {"$tuple": […]}, {"$set": […]}, '
        '{"$dict": [[key, value], …]}',
    ),
    'a list as a member of a set': (
        {'stored_states': [{'content': {'a': {'$dict': [1]}}}]},
        '{"$dict": [1]} is no dict\n'
        '  at: .stored_states[0].content.a\n'
        '  hint: give keys and values in pairs',
    ),
    'a runtime without what was saved': (
        container(runtime={'moves': True}),
        "Runtime needs the key 'saved'\n"
        '  at: .containers[0].runtime\n'
        '  hint: write for example "saved": {}',
    ),
}


@pytest.mark.parametrize('case', WRONG)
def test_what_is_wrong_is_said_with_its_path_and_one_repair(case: str):
    data, problem = WRONG[case]

    with pytest.raises(StateValidationError) as caught:
        State.from_json(json.dumps({'schema': 1, **data}))

    assert str(caught.value) == f'cannot read State from JSON: {problem}'
