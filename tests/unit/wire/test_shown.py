from __future__ import annotations

from typing import Any

import pytest
from ops import pebble

from scenario_pebble.daemon.filelisting import Entry
from scenario_pebble.daemon.users import ROOT
from scenario_pebble.wire import shown as shown_

TASK: dict[str, Any] = {
    'id': '7',
    'kind': 'start',
    'summary': 'Start service "web"',
    'status': 'Done',
    'progress': {'label': '', 'done': 1, 'total': 1},
    'spawn-time': '2026-01-02T03:04:05Z',
    'ready-time': '2026-01-02T03:04:06.5Z',
    'log': ['2026-01-02T03:04:06Z INFO well'],
    'data': {'exit-code': 0},
}
CHANGE: dict[str, Any] = {
    'id': '3',
    'kind': 'replan',
    'summary': 'Replan service "web"',
    'status': 'Error',
    'tasks': [TASK],
    'ready': True,
    'err': 'cannot perform the following tasks:',
    'spawn-time': '2026-01-02T03:04:05.123456789Z',
    'ready-time': '2026-01-02T03:04:06.9999999Z',
}
BARE: dict[str, Any] = {
    **{key: CHANGE[key] for key in ('id', 'kind', 'summary', 'status', 'ready')},
    'spawn-time': '2026-01-02T03:04:05.000000001Z',
}
DOING = {key: value for key, value in TASK.items() if key not in ('log', 'data', 'ready-time')}


@pytest.mark.parametrize('shown', [CHANGE, BARE, {**CHANGE, 'tasks': [DOING, TASK]}])
def test_a_change_is_read_as_ops_reads_it(shown: dict[str, Any]):
    expected = pebble.Change.from_dict(shown)  # type: ignore[arg-type]

    assert repr(shown_.change(shown)) == repr(expected)


@pytest.mark.parametrize('kind', ['file', 'directory', 'unknown'])
def test_a_file_is_read_as_ops_reads_it(kind: str):
    size = 3 if kind == 'file' else None
    entry = Entry('/etc/x', 'x', kind, size, 0o100640, 1_767_323_045_900_000_000, ROOT)

    expected = pebble.FileInfo.from_dict(entry.info())  # type: ignore[arg-type]

    assert repr(shown_.file_info(entry)) == repr(expected)
