from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, strategies as st
from ops import pebble

from scenario_pebble.daemon.changes import Change, Task
from scenario_pebble.daemon.filelisting import Entry
from scenario_pebble.daemon.shownchange import ShownChange
from scenario_pebble.daemon.users import ROOT
from scenario_pebble.frozen import FrozenDict
from scenario_pebble.wire import shown as shown_

AT_NS = 1_767_323_045_000_000_000
TASK = Task(
    id='7',
    kind='start',
    summary='Start service "web"',
    status='Done',
    spawn_ns=AT_NS,
    ready_ns=AT_NS + 1_500_000_000,
    log=('2026-01-02T03:04:06Z INFO well',),
    api_data=FrozenDict({'exit-code': 0}),
)
DOING = Task(id='8', kind='start', summary='', status='Doing', spawn_ns=AT_NS)
FAILED = Task(
    id='9', kind='start', summary='Go', status='Error', spawn_ns=AT_NS, log=('t ERROR x',)
)
CHANGE = Change(
    id='3',
    kind='replan',
    summary='Replan service "web"',
    status='Error',
    spawn_ns=AT_NS + 123_456_789,
    ready_ns=AT_NS + 1_999_999_999,
)
BARE = Change(id='3', kind='replan', summary='', spawn_ns=AT_NS + 1)


@pytest.mark.parametrize(
    'shown',
    [
        ShownChange(BARE, ()),
        ShownChange(CHANGE, (TASK,)),
        ShownChange(CHANGE, (DOING, FAILED)),
    ],
)
def test_a_change_is_what_ops_reads_from_its_json(shown: ShownChange):
    info: Any = shown.info()

    assert repr(shown_.change(shown)) == repr(pebble.Change.from_dict(info))


@given(st.integers(0, 4_102_444_800 * 10**9))
@example(AT_NS + 500)
@example(AT_NS + 1_500)
@example(AT_NS + 999_999_499)
@example(AT_NS + 999_999_999)
def test_a_time_is_what_ops_reads_from_its_text(at_ns: int):
    shown = ShownChange(Change(id='1', kind='', summary='', spawn_ns=at_ns), ())
    info: Any = shown.info()

    assert shown_.change(shown).spawn_time == pebble.Change.from_dict(info).spawn_time


@pytest.mark.parametrize('kind', ['file', 'directory', 'unknown'])
def test_a_file_is_read_as_ops_reads_it(kind: str):
    size = 3 if kind == 'file' else None
    entry = Entry('/etc/x', 'x', kind, size, 0o100640, 1_767_323_045_900_000_000, ROOT)

    expected = pebble.FileInfo.from_dict(entry.info())  # type: ignore[arg-type]

    assert repr(shown_.file_info(entry)) == repr(expected)
