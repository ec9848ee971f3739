"""Paths of the host that appear in the container, and nothing else of the host."""

from __future__ import annotations

import os
import pathlib
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from scenario_pebble.clock import Clock
from scenario_pebble.daemon.fileerror import FileError
from scenario_pebble.daemon.files import Files
from scenario_pebble.daemon.message import ApiError
from scenario_pebble.filetree import Content, Directory, File, FileTree, Symlink

from .simulated import Pebble


class Mount(NamedTuple):
    location: str
    source: pathlib.Path


def files_of(mounts: dict[str, pathlib.Path], files: dict[str, Content] | None = None) -> Files:
    tree = FileTree.from_mapping(files)
    return Files(Clock(), tree, [Mount(location, source) for location, source in mounts.items()])


def names(files: Files, path: str) -> list[str]:
    return [info['name'] for info in files.list(path)]


@pytest.fixture
def host(tmp_path: pathlib.Path) -> pathlib.Path:
    """A mounted directory beside a secret that must stay one."""
    (tmp_path / 'secret').write_text('secret')
    (tmp_path / 'source').mkdir()
    return tmp_path / 'source'


def test_reading_is_lazy(host: pathlib.Path):
    files = files_of({'/data': host})

    (host / 'new').write_text('1')

    assert files.pull('/data/new') == b'1'
    assert names(files, '/data') == ['new']


def test_writing_goes_to_the_host(host: pathlib.Path):
    files = files_of({'/data': host})

    files.push('/data/a/b', b'1', make_dirs=True, permissions='600')

    assert (host / 'a' / 'b').read_bytes() == b'1'
    assert (host / 'a' / 'b').stat().st_mode & 0o777 == 0o600
    assert files.tree == FileTree()
    assert os.listdir(host / 'a') == ['b']


def test_nothing_is_touched_where_nothing_is_pushed(host: pathlib.Path):
    for name in ('read', 'pushed'):
        (host / name).write_text('1')
        os.utime(host / name, ns=(1, 1))
    files = files_of({'/data': host})

    files.pull('/data/read')
    files.list('/data')
    files.push('/data/pushed', b'2')

    assert (host / 'read').stat().st_mtime_ns == 1
    assert (host / 'pushed').stat().st_mtime_ns != 1


def test_a_mount_looks_like_a_directory(host: pathlib.Path):
    files = files_of({'/var/lib/data': host})

    assert [(info['name'], info['type']) for info in files.list('/var/lib')] == [
        ('data', 'directory')
    ]
    assert names(files, '/') == ['var']
    assert files.list('/var/lib/data', itself=True)[0]['path'] == '/var/lib/data'


def test_a_mounted_file_is_read_and_written_in_place(host: pathlib.Path):
    source = host / 'real.conf'
    source.write_text('old')
    inode = source.stat().st_ino
    files = files_of({'/etc/app.conf': source})

    assert files.pull('/etc/app.conf') == b'old'
    files.push('/etc/app.conf', b'new')

    assert source.read_text() == 'new'
    assert source.stat().st_ino == inode
    assert files.list('/etc')[0]['type'] == 'file'


def test_a_mounted_file_that_is_missing_is_made(host: pathlib.Path):
    files = files_of({'/etc/app.conf': host / 'real.conf'})

    files.push('/etc/app.conf', b'new')

    assert (host / 'real.conf').read_text() == 'new'


def test_a_mount_hides_what_the_tree_has_there(host: pathlib.Path):
    files = files_of({'/data': host}, {'/data/hidden': '1', '/data2': '2'})

    assert names(files, '/data') == []
    assert names(files, '/') == ['data', 'data2']


def test_mounts_can_be_nested(host: pathlib.Path, tmp_path: pathlib.Path):
    (tmp_path / 'inner').mkdir()
    files = files_of({'/data': host, '/data/deep/inner': tmp_path / 'inner'})
    (host / 'deep').mkdir()

    files.push('/data/deep/inner/f', b'1')
    files.push('/data/deep/inner/../g', b'2')

    assert (tmp_path / 'inner' / 'f').read_text() == '1'
    assert (host / 'deep' / 'g').read_text() == '2'
    assert names(files, '/data/deep') == ['g', 'inner']


def test_an_owner_is_remembered_and_not_set_on_the_host(host: pathlib.Path):
    files = files_of({'/data': host})

    files.push('/data/f', b'', user='postgres', group='adm')

    info = files.list('/data/f')[0]
    assert (info['user'], info['group']) == ('postgres', 'adm')
    assert (host / 'f').stat().st_uid == os.getuid()
    files.remove('/data/f', recursive=False)
    files.push('/data/f', b'')
    assert files.list('/data/f')[0]['user'] == 'root'


def test_remembered_owners_survive_saving(host: pathlib.Path):
    files = files_of({'/data': host})
    files.push('/data/f', b'', user='postgres')

    again = Files(Clock(), files.tree, [Mount('/data', host)], owners=files.owners)

    assert again.list('/data/f')[0]['user'] == 'postgres'


def test_a_mount_cannot_be_removed_but_emptied(host: pathlib.Path):
    (host / 'a').mkdir()
    (host / 'a' / 'f').write_text('')
    files = files_of({'/data': host}, {'/data2': ''})

    with pytest.raises(FileError, match=r'^remove /data: device or resource busy$'):
        files.remove('/data', recursive=False)
    with pytest.raises(FileError, match=r'^unlinkat //data: device or resource busy$'):
        files.remove('/data', recursive=True)

    assert list(host.iterdir()) == []


@pytest.mark.parametrize('path', ['/etc/certs/key', '/etc/certs'])
def test_a_mounted_file_can_be_removed_and_stays_on_the_host(host: pathlib.Path, path: str):
    (host / 'key').write_text('secret')
    files = files_of({'/etc/certs/key': host / 'key'})

    files.remove(path, recursive=True)

    assert names(files, str(pathlib.PurePath(path).parent)) == []
    with pytest.raises(ApiError, match=r'^stat /etc/certs/key: no such file or directory$'):
        files.pull('/etc/certs/key')
    assert (host / 'key').read_text() == 'secret'


def test_what_is_written_in_place_of_a_mounted_file_that_was_removed_stays_in_the_container(
    host: pathlib.Path,
):
    (host / 'key').write_text('old')
    files = files_of({'/etc/key': host / 'key'})

    files.remove('/etc/key', recursive=False)
    files.push('/etc/key', b'new')

    assert files.pull('/etc/key') == b'new'
    assert (host / 'key').read_text() == 'old'


def test_a_removed_mount_is_gone_until_the_container_restarts(host: pathlib.Path):
    (host / 'key').write_text('secret')
    pebble = Pebble(mounts=[Mount('/etc/key', host / 'key')])
    pebble.daemon.files.remove('/etc/key', recursive=False)

    pebble.reload()
    pebble.daemon.files.push('/etc/key', b'new')
    assert pebble.daemon.files.pull('/etc/key') == b'new'
    pebble.daemon.restart()

    assert pebble.daemon.files.pull('/etc/key') == b'secret'


def test_links_of_the_host_are_followed_within_the_container(host: pathlib.Path):
    (host / 'f').write_text('in the mount')
    (host / 'relative').symlink_to('f')
    (host / 'absolute').symlink_to('/data/f')
    (host / 'outside').symlink_to('../etc/app.conf')
    files = files_of({'/data': host}, {'/etc/app.conf': 'in the tree'})

    assert files.pull('/data/relative') == b'in the mount'
    assert files.pull('/data/absolute') == b'in the mount'
    assert files.pull('/data/outside') == b'in the tree'


@pytest.mark.parametrize(
    'path',
    [
        '/data/../secret',
        '/data/x/../../secret',
        '/data/up/secret',
        '/data/up2/secret',
        '/data/absolute',
        '/data/file',
        '/data/chain',
        '/link/../secret',
        '/link/file',
    ],
)
def test_what_lies_beside_a_mount_is_out_of_reach(host: pathlib.Path, path: str):
    (host / 'x').mkdir()
    (host / 'up').symlink_to('..')
    (host / 'up2').symlink_to(host.parent)
    (host / 'absolute').symlink_to(host.parent / 'secret')
    (host / 'file').symlink_to('../secret')
    (host / 'chain').symlink_to('up/secret')
    files = files_of({'/data': host}, {'/link': Symlink('data')})

    with pytest.raises(ApiError, match=r': no such file or directory$'):
        files.pull(path)

    mtime_ns = (host.parent / 'secret').stat().st_mtime_ns
    files.push('/data/file', b'overwritten')
    files.write_as('/data/absolute', b'overwritten')
    files.write_as('/data/up/secret', b'overwritten')
    for each in ('/data/../secret', '/data/chain', '/data/absolute', '/data/up'):
        files.remove_all(each)
    assert (host.parent / 'secret').read_text() == 'secret'
    assert (host.parent / 'secret').stat().st_mtime_ns == mtime_ns


def test_a_directory_that_turns_into_a_link_is_not_followed(host: pathlib.Path):
    (host / 'd').mkdir()
    files = files_of({'/data': host})
    files.push('/data/d/f', b'1')

    (host / 'd' / 'f').unlink()
    (host / 'd').rmdir()
    (host / 'd').symlink_to(host.parent)

    with pytest.raises(ApiError):
        files.pull('/data/d/secret')


def test_a_source_that_turns_into_a_link_is_not_followed(host: pathlib.Path):
    files = files_of({'/data': host})

    host.rmdir()
    host.symlink_to(host.parent)

    with pytest.raises(ApiError):
        files.pull('/data/secret')


@pytest.mark.parametrize('source', ['link', 'link/../source', 'behind/source'])
def test_a_source_may_be_a_link_or_lie_behind_one(host: pathlib.Path, source: str):
    (host.parent / 'link').symlink_to('source')
    (host.parent / 'behind').symlink_to('.')
    files_of({'/data': host.parent / source}).push('/data/f', b'new')
    assert (host / 'f').read_bytes() == b'new'


def test_a_mounted_file_may_be_a_link_on_the_host(host: pathlib.Path):
    (host / 'f').write_bytes(b'old')
    (host.parent / 'link').symlink_to('source/f')
    files_of({'/data/f': host.parent / 'link'}).push('/data/f', b'new')
    assert (host / 'f').read_bytes() == b'new'


@pytest.mark.parametrize('path', ['/data/d/../f', '/data//f', '/data/./f'])
def test_a_path_is_cleaned_before_a_file_of_a_mount_is_replaced(host: pathlib.Path, path: str):
    (host / 'd').mkdir()
    (host / 'f').write_bytes(b'old')
    files_of({'/data': host}).push(path, b'new')
    assert (host / 'f').read_bytes() == b'new'


def test_a_pipe_does_not_hang(host: pathlib.Path):
    os.mkfifo(host / 'pipe')
    files = files_of({'/data': host})

    with pytest.raises(ApiError, match=r'^can only read a regular file: "/data/pipe"$'):
        files.pull('/data/pipe')
    assert files.list('/data')[0]['type'] == 'named-pipe'


def test_names_that_are_not_text_are_listed(host: pathlib.Path):
    with open(os.path.join(os.fsencode(host), b'a\xff'), 'wb'):
        pass
    files = files_of({'/data': host})

    assert names(files, '/data') == ['a\ufffd']


pieces = st.sampled_from(['data', 'd', 'f', '..', '.', '', 'up', 'out', 'etc', 'secret', 'x'])
anywhere = st.lists(pieces, min_size=1, max_size=7).map(lambda parts: '/' + '/'.join(parts))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 5), anywhere), max_size=8))
def test_no_sequence_of_requests_reaches_beside_a_mount(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str]]
):
    beside = tmp_path_factory.mktemp('beside')
    (beside / 'secret').write_text('secret')
    host = beside / 'source'
    (host / 'd').mkdir(parents=True)
    (host / 'up').symlink_to('..')
    (host / 'd' / 'out').symlink_to(beside)
    files = files_of({'/data': host}, {'/x': Symlink('data/d'), '/etc': Directory()})

    for action, path in steps:
        try:
            if action == 0:
                assert files.pull(path) != b'secret'
            elif action == 1:
                files.push(path, b'1', make_dirs=True)
            elif action == 2:
                files.remove(path, recursive=True)
            elif action == 3:
                files.make_directory(path, True, None, (None, None, None, None))
            elif action == 4:
                files.write_as(path, b'2')
            else:
                assert 'source' not in [info['name'] for info in files.list(path)]
        except (ApiError, FileError):
            pass

    assert sorted(os.listdir(beside)) == ['secret', 'source']
    assert (beside / 'secret').read_text() == 'secret'


def test_a_file_of_the_tree_can_stand_beside_a_mount(host: pathlib.Path):
    files = files_of({'/var/data': host})

    files.push('/var/f', b'1')

    assert files.tree['/var/f'] == File('1')
    assert names(files, '/var') == ['data', 'f']


inner = st.lists(st.sampled_from(['a', 'b', 'l', 'k', '..', '.', '']), max_size=4).map('/'.join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 5), inner), max_size=10))
def test_a_mount_behaves_like_the_tree(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str]]
):
    host = tmp_path_factory.mktemp('host')
    host.chmod(0o755)
    (host / 'a').mkdir()
    (host / 'l').symlink_to('a/b')
    (host / 'k').symlink_to('../m/a')
    tree: dict[str, Content] = {
        '/m/a': Directory(),
        '/m/l': Symlink('a/b'),
        '/m/k': Symlink('../m/a'),
    }
    on_host, in_tree = files_of({'/m': host}), files_of({}, tree)

    for action, path in steps:
        # Above its location a mount is allowed to differ: it can't be removed, for example.
        assert outcome(on_host, action, path) == outcome(in_tree, action, path)


def outcome(files: Files, action: int, inner: str) -> object:
    """What comes of an action, without times."""
    path = f'/m/{inner}'
    if os.path.normpath(path) in ('/', '/m') and action != 0:
        return None
    try:
        if action == 0:
            return [{**info, 'last-modified': ''} for info in files.list(path)]
        if action == 1:
            return files.pull(path)
        if action == 2:
            return files.push(path, path.encode(), make_dirs=len(inner) % 2 == 0)
        if action == 3:
            return files.remove(path, recursive=len(inner) % 2 == 0)
        if action == 4:
            return files.make_directory(path, len(inner) % 2 == 0, '750', (1, None, 1, None))
        return files.write_as(path, b'program')
    except (ApiError, FileError) as e:
        return str(e)
