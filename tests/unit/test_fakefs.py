from __future__ import annotations

from scenario_pebble.fakefs import FakeFiles
from scenario_pebble.filetree import File, FileTree, Symlink


def test_files_of_the_tree_are_there_as_pathlib_paths():
    files = FakeFiles(FileTree.from_mapping({'/etc/app.conf': 'a = 1\n'}))

    path = files.path('/etc/app.conf')

    assert path.read_text() == 'a = 1\n'
    assert [entry.name for entry in path.parent.iterdir()] == ['app.conf']


def test_symlinks_are_followed():
    tree = FileTree.from_mapping({'/etc/real': 'x', '/etc/link': Symlink('real')})

    assert FakeFiles(tree).path('/etc/link').read_text() == 'x'


def test_only_what_changed_counts_as_written():
    files = FakeFiles(
        FileTree.from_mapping({'/a/same': '1', '/a/other': '1', '/b/untouched': '1'})
    )

    files.path('/a/same').write_text('1')
    files.path('/a/other').write_text('2')
    files.path('/new').mkdir()
    files.path('/new/file').write_bytes(b'3')

    assert dict(files.written()) == {'/a/other': b'2', '/new/file': b'3'}
    assert list(files.removed()) == []


def test_removed_files_and_directories_are_told_by_their_topmost_path():
    files = FakeFiles(FileTree.from_mapping({'/a/x': '1', '/a/y': '1', '/b/z': '1'}))

    files.path('/a/x').unlink()
    files.path('/b/z').unlink()
    files.path('/b').rmdir()

    assert list(files.removed()) == ['/a/x', '/b']


def test_owner_and_mode_are_kept():
    tree = FileTree.from_mapping({'/key': File('k', mode=0o600, user_id=7, group_id=8)})

    status = FakeFiles(tree).path('/key').stat()

    assert (status.st_mode & 0o777, status.st_uid, status.st_gid) == (0o600, 7, 8)


def test_a_large_tree_costs_what_is_used_of_it():
    tree = FileTree.from_mapping({f'/d{n // 100}/f{n}': 'x' for n in range(10_000)})
    files = FakeFiles(tree)

    files.path('/d7/f700').write_text('y')

    assert list(files.written()) == [('/d7/f700', b'y')]
    assert not files._system.root_dir.entries['d8'].filled  # pyright: ignore[reportPrivateUsage]
