"""How files are written: what lies over the image."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from scenario_pebble.filetree import Content, Directory, File, FileTree, Special, Symlink
from scenario_pebble.state.container import Container
from scenario_pebble.state.document.overlay import differences, lay_over
from scenario_pebble.state.state import State

from ..states import trees

NOON_NS = 1_767_268_800_000_000_000  # 2026-01-01T12:00:00Z


def written(image: dict[str, Content], files: FileTree | dict[str, Content]) -> dict[str, Any]:
    """What the JSON has under ``files``."""
    state = State(containers=[Container('db', image=image, files=files)])
    return json.loads(state.to_json())['containers'][0].get('files', {})


@pytest.mark.parametrize(
    ('node', 'data'),
    [
        (File('port = 80'), {'content': 'port = 80'}),
        (File('é'), {'content': 'é'}),
        (File(b'\xff\x00'), {'content': {'base64': '/wA='}}),
        (File(mode=0o4755), {'mode': '4755'}),
        (File(mode=0), {'mode': '000'}),
        (File(user='postgres'), {'user': 'postgres', 'user_id': 43029}),
        (File(user_id=33), {'user': 'www-data', 'user_id': 33}),
        (File(group='tty'), {'group': 'tty', 'group_id': 46724}),
        (File(mtime_ns=NOON_NS), {'mtime': '2026-01-01T12:00:00Z'}),
        (File(mtime_ns=NOON_NS + 50), {'mtime': '2026-01-01T12:00:00.00000005Z'}),
        (Directory(mode=0o700), {'kind': 'directory', 'mode': '700'}),
        (Symlink('/run/x'), {'kind': 'symlink', 'target': '/run/x'}),
        (Special('socket', mode=0o600), {'kind': 'special', 'type': 'socket', 'mode': '600'}),
    ],
    ids=repr,
)
def test_a_node_is_written_as_what_differs_from_a_plain_one(
    node: File | Directory | Symlink | Special, data: dict[str, Any]
):
    assert written({}, {'/x': node}) == {'/x': data}


def test_directories_that_follow_from_their_files_are_left_out():
    file = File(mtime_ns=NOON_NS)

    assert written({}, {'/etc/app/a.conf': file}) == {
        '/etc/app/a.conf': {'mtime': '2026-01-01T12:00:00Z'}
    }


def test_files_of_the_image_are_written_with_it_alone():
    assert written({'/bin/ls': 'program'}, {}) == {}


def test_only_what_differs_from_the_image_is_written():
    assert written({'/a': '1', '/b': '2'}, {'/b': 'new', '/c': '3'}) == {
        '/b': {'content': 'new'},
        '/c': {'content': '3'},
    }


def test_a_file_of_the_image_that_is_gone_is_nothing():
    files = FileTree.from_mapping({'/d/a': ''})

    assert written({'/d/a': '', '/d/b': ''}, files) == {'/d/b': {'kind': 'nothing'}}


def test_a_file_written_again_at_another_time_differs():
    again = FileTree.from_mapping({'/a': File('1', mtime_ns=NOON_NS)})

    assert written({'/a': '1'}, again) == {'/a': {'content': '1', 'mtime': '2026-01-01T12:00:00Z'}}


def test_a_directory_in_the_place_of_a_file_is_written():
    files = FileTree.from_mapping({'/a/b': ''})

    assert written({'/a': ''}, files) == {'/a': {'kind': 'directory'}, '/a/b': {}}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_differences_laid_over_the_image_give_the_tree_in_every_detail(data: st.DataObject):
    image = data.draw(trees())
    tree = data.draw(trees(image))

    laid = lay_over(image, dict(differences(image, tree)))

    assert laid == tree
    assert list(differences(laid, tree)) == []
