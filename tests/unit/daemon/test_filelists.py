"""What Pebble says of files and directories."""

from __future__ import annotations

import pytest

from scenario_pebble.clock import SECOND_NS, Clock
from scenario_pebble.daemon.fileerror import FileError
from scenario_pebble.daemon.files import Files
from scenario_pebble.daemon.users import DEBIAN
from scenario_pebble.filetree import Content, Directory, File, FileTree, Special, Symlink

NOBODY = (None, None, None, None)


def files_of(files: dict[str, Content], *, user_id: int = 0, complete: bool = False) -> Files:
    clock, tree = Clock(5 * SECOND_NS), FileTree.from_mapping(files)
    return Files(clock, tree, known=DEBIAN, user_id=user_id, complete=complete)


def names(files: Files, path: str, pattern: str = '') -> list[str]:
    return [info['name'] for info in files.list(path, pattern)]


def test_an_entry_is_listed_with_all_that_is_known():
    files = files_of({'/d/f': File('abc', mode=0o4640, user='games', mtime_ns=61 * SECOND_NS)})

    assert files.list('/d') == [
        {
            'path': '/d/f',
            'name': 'f',
            'type': 'file',
            'permissions': '640',
            'last-modified': '1970-01-01T00:01:01Z',
            'user-id': 5,
            'user': 'games',
            'group-id': 60,
            'group': 'games',
            'size': 3,
        }
    ]


def test_names_are_sorted_by_their_bytes():
    files = files_of({f'/{name}': '' for name in ('b', 'B', 'ä', 'a', '.h', '10', '9')})

    assert names(files, '/') == ['.h', '10', '9', 'B', 'a', 'b', 'ä']


def test_the_types_of_entries():
    files = files_of(
        {
            '/d/d': Directory(),
            '/d/f': '',
            '/d/l': Symlink('f'),
            '/d/p': Special('named-pipe'),
            '/d/s': Special('socket'),
            '/d/x': Special('device'),
        }
    )

    types = {info['name']: info['type'] for info in files.list('/d')}

    assert types == {
        'd': 'directory',
        'f': 'file',
        'l': 'symlink',
        'p': 'named-pipe',
        's': 'socket',
        'x': 'device',
    }


@pytest.mark.parametrize(
    ('path', 'shown'), [('/a/.', '/a'), ('/a/b/..', '/a'), ('/a/..', '/'), ('/', '/')]
)
def test_a_directory_that_is_listed_itself_has_its_clean_path(path: str, shown: str):
    (info,) = files_of({'/a/b/c': ''}).list(path, itself=True)

    assert (info['path'], info['name']) == (shown, shown.rpartition('/')[2] or '/')


def test_a_link_that_is_listed_itself_shows_what_it_leads_to():
    files = files_of({'/d/f': 'abc', '/link': Symlink('d/f')})

    (info,) = files.list('/link', itself=True)

    assert (info['path'], info['name'], info['type'], info['size']) == ('/link', 'link', 'file', 3)


def test_a_bad_pattern_is_an_error_only_where_there_is_something_to_match():
    files = files_of({'/empty': Directory(), '/full/f': ''})

    assert files.list('/empty', '[') == []
    with pytest.raises(FileError, match=r'^syntax error in pattern$'):
        files.list('/full', '[')


def test_an_owner_is_shown_by_name_if_there_is_such_a_user():
    files = files_of({'/a': File(user='nobody-knows', user_id=7), '/b': File(user='games')})

    shown = [(info['user-id'], info['user']) for info in files.list('/')]

    assert shown == [(7, ''), (5, 'games')]
