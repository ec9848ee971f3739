"""What Pebble removes."""

from __future__ import annotations

import pytest

from scenario_pebble.clock import SECOND_NS, Clock
from scenario_pebble.daemon.fileerror import FileError
from scenario_pebble.daemon.files import Files
from scenario_pebble.daemon.users import DEBIAN
from scenario_pebble.filetree import Content, Directory, FileTree, Symlink

NOBODY = (None, None, None, None)


def files_of(files: dict[str, Content], *, user_id: int = 0, complete: bool = False) -> Files:
    clock, tree = Clock(5 * SECOND_NS), FileTree.from_mapping(files)
    return Files(clock, tree, known=DEBIAN, user_id=user_id, complete=complete)


@pytest.mark.parametrize(
    ('path', 'message'),
    [
        ('/nope', 'remove /nope: no such file or directory'),
        ('/f/x', 'remove /f/x: not a directory'),
        ('/f/', 'remove /f/: not a directory'),
        ('/link/', 'remove /link/: not a directory'),
        ('/full', 'remove /full: directory not empty'),
        ('/', 'remove /: device or resource busy'),
        ('f', 'paths must be absolute, got "f"'),
    ],
)
def test_what_cannot_be_removed(path: str, message: str):
    files = files_of({'/f': '', '/full/x': '', '/link': Symlink('full')})
    before = files.tree

    with pytest.raises(FileError) as raised:
        files.remove(path, recursive=False)

    assert str(raised.value) == message
    assert files.tree is before


def test_removing_takes_links_and_empty_directories_but_not_what_links_lead_to():
    files = files_of({'/f': '', '/empty': Directory(), '/link': Symlink('f')})

    files.remove('/link', recursive=False)
    files.remove('/empty/', recursive=False)

    assert list(files.tree) == ['/f']


def test_removing_recursively_takes_all_and_minds_nothing_missing():
    files = files_of({'/d/a/b': '', '/d/c': '', '/f': '', '/link': Symlink('d')})

    files.remove('/d', recursive=True)
    files.remove('/nope/x', recursive=True)
    files.remove('/link', recursive=True)

    assert list(files.tree) == ['/f']
    with pytest.raises(FileError, match=r'^unlinkat /f/x: not a directory$'):
        files.remove('/f/x', recursive=True)
    with pytest.raises(FileError, match=r'^open /\./f/a: not a directory$'):
        files.remove('/./f/a/..', recursive=True)
    with pytest.raises(FileError, match=r'^RemoveAll /f/\.: invalid argument$'):
        files.remove('/f/.', recursive=True)


@pytest.mark.parametrize(
    ('path', 'recursive', 'message'),
    [
        ('/d/.', False, 'remove /d/.: invalid argument'),
        ('/d/..', False, 'remove /d/..: directory not empty'),
        ('/d/./', True, 'unlinkat /d/.: invalid argument'),
        ('/d/a/..', True, 'unlinkat /d/a/..: directory not empty'),
        ('/', True, 'unlinkat .//: device or resource busy'),
    ],
)
def test_a_directory_is_not_removed_by_dots(path: str, recursive: bool, message: str):
    files = files_of({'/d/a/b': ''})

    with pytest.raises(FileError) as raised:
        files.remove(path, recursive=recursive)

    assert str(raised.value) == message
