"""What Pebble does with files, on the tree alone."""

from __future__ import annotations

import pytest

from scenario_pebble.clock import SECOND_NS, Clock
from scenario_pebble.daemon.fileerror import FileError
from scenario_pebble.daemon.files import Files
from scenario_pebble.daemon.message import ApiError
from scenario_pebble.daemon.users import DEBIAN, Owner
from scenario_pebble.filetree import Content, Directory, File, FileTree, Special, Symlink

NOBODY = (None, None, None, None)


def files_of(files: dict[str, Content], *, user_id: int = 0, complete: bool = False) -> Files:
    clock, tree = Clock(5 * SECOND_NS), FileTree.from_mapping(files)
    return Files(clock, tree, known=DEBIAN, user_id=user_id, complete=complete)


def names(files: Files, path: str, pattern: str = '') -> list[str]:
    return [info['name'] for info in files.list(path, pattern)]


def test_a_pushed_file_is_pulled_and_is_in_the_tree():
    files = files_of({'/etc': Directory()})

    files.push('/etc/app.conf', b'port=80')

    assert files.pull('/etc/app.conf') == b'port=80'
    assert files.tree['/etc/app.conf'] == File('port=80')
    assert files.tree['/etc/app.conf'].mtime_ns == 5 * SECOND_NS


def test_a_pushed_file_gets_the_default_mode_and_owner_whatever_was_there():
    files = files_of({'/etc/app.conf': File('old', mode=0o600, user='daemon')})

    files.push('/etc/app.conf', b'new')

    assert files.tree['/etc/app.conf'] == File('new')


def test_permissions_and_owner_are_kept():
    files = files_of({'/etc': Directory()})

    files.push('/etc/a', b'', permissions='600', user='daemon', group='nogroup')

    assert files.tree['/etc/a'] == File('', mode=0o600, user='daemon', group='nogroup')


def test_made_directories_belong_to_the_owner_of_the_file():
    files = files_of({})

    files.push('/a/b/c', b'', make_dirs=True, permissions='600', user='daemon')

    assert files.tree['/a'].user == files.tree['/a/b'].user == 'daemon'
    assert files.tree['/a'].mode == 0o755


def test_pushing_to_a_link_replaces_the_link():
    files = files_of({'/real': 'old', '/link': Symlink('/real')})

    files.push('/link', b'new')

    assert files.tree['/link'] == File('new')
    assert files.tree['/real'] == File('old')


def test_links_to_directories_are_followed_on_the_way():
    files = files_of({'/real': Directory(), '/link': Symlink('real'), '/up/x': Symlink('../link')})

    files.push('/up/x/file', b'1')

    assert files.tree['/real/file'] == File('1')
    assert files.pull('/link/../link/./file') == b'1'
    assert names(files, '/up/x') == ['file']
    assert files.list('/up/x')[0]['path'] == '/up/x/file'


@pytest.mark.parametrize(
    ('path', 'message', 'kind'),
    [
        ('/f/x', 'open /f/x.{}~: not a directory', 'generic-file-error'),
        ('/no/x', 'open /no/x.{}~: no such file or directory', 'not-found'),
        ('/dangling/x', 'open /dangling/x.{}~: no such file or directory', 'not-found'),
        ('/loop/x', 'open /loop/x.{}~: too many levels of symbolic links', 'generic-file-error'),
        ('/dir', 'rename /dir.{}~ /dir: file exists', 'generic-file-error'),
        ('/dir/', 'rename /dir/dir.{}~ /dir/: file exists', 'generic-file-error'),
        ('/', 'createtemp /.*~: pattern contains path separator', 'generic-file-error'),
        (
            '/dir/' + 'x' * 250,
            'open /dir/' + 'x' * 250 + '.{}~: file name too long',
            'generic-file-error',
        ),
        (
            '/no/' + 'x' * 256 + '/y',
            'open /no/' + 'x' * 256 + '/y.{}~: no such file or directory',
            'not-found',
        ),
        (
            '/dir/' + 'ü' * 128 + '/y',
            'open /dir/' + 'ü' * 128 + '/y.{}~: file name too long',
            'generic-file-error',
        ),
        ('/dir/a\0', 'open /dir/a\0.{}~: invalid argument', 'generic-file-error'),
        ('relative', 'paths must be absolute, got "relative"', 'generic-file-error'),
        (
            '/dir/*.txt',
            'cannot create tempfile for filename containing \'*\': "*.txt"',
            'generic-file-error',
        ),
    ],
)
def test_where_a_file_cannot_be_pushed(path: str, message: str, kind: str):
    files = files_of(
        {'/f': '', '/dir': Directory(), '/dangling': Symlink('x'), '/loop': Symlink('/loop')}
    )
    before = files.tree

    with pytest.raises(ApiError) as raised:
        files.push(path, b'')

    random = raised.value.message.partition('~')[0].rpartition('.')[2]
    assert raised.value.message == message.replace('{}', random)
    assert raised.value.kind == kind
    assert files.tree is before


@pytest.mark.parametrize(
    ('path', 'message', 'kind'),
    [
        ('/nope', 'stat /nope: no such file or directory', 'not-found'),
        ('/f/', 'stat /f/: not a directory', 'generic-file-error'),
        ('/f/..', 'stat /f/..: not a directory', 'generic-file-error'),
        ('/dir', 'can only read a regular file: "/dir"', 'generic-file-error'),
        ('/fifo', 'can only read a regular file: "/fifo"', 'generic-file-error'),
        ('/loop', 'stat /loop: too many levels of symbolic links', 'generic-file-error'),
        ('f', 'paths must be absolute, got "f"', 'generic-file-error'),
    ],
)
def test_what_cannot_be_pulled(path: str, message: str, kind: str):
    files = files_of(
        {'/f': '', '/dir': Directory(), '/fifo': Special(), '/loop': Symlink('/loop')}
    )

    with pytest.raises(ApiError) as raised:
        files.pull(path)

    assert (raised.value.message, raised.value.kind) == (message, kind)


def test_the_parent_of_the_root_is_the_root():
    files = files_of({'/f': '1', '/link': Symlink('../../../../f')})

    assert files.pull('/../../f') == b'1'
    assert files.pull('/link') == b'1'


def test_forty_links_are_followed_and_no_more():
    chain: dict[str, Content] = {f'/l{i}': Symlink(f'/l{i + 1}') for i in range(41)}
    files = files_of({**chain, '/l41': 'end'})

    assert files.pull('/l1') == b'end'
    with pytest.raises(ApiError, match=r'^stat /l0: too many levels of symbolic links$'):
        files.pull('/l0')


def test_a_directory_is_not_made_over_a_dangling_link():
    files = files_of({'/link': Symlink('nowhere')})

    with pytest.raises(FileError, match=r'^rename /link\.mkdir-new /link: not a directory$'):
        files.make_directory('/link', False, None, NOBODY)

    assert list(files.tree) == ['/link', '/link.mkdir-new']


def test_making_an_existing_directory_with_parents_changes_nothing():
    files = files_of({'/d': Directory(mode=0o700)})
    before = files.tree

    files.make_directory('/d', True, '755', (1, None, 1, None))

    assert files.tree is before


class TestAsAnotherUserThanRoot:
    """The daemon runs as daemon (1)."""

    def test_only_what_permissions_allow_is_read(self):
        files = files_of(
            {
                '/own': File('1', mode=0o400, user='daemon'),
                '/group': File('2', mode=0o040, group='daemon'),
                '/others': File('3', mode=0o004),
                '/denied': File('4', mode=0o077, user='daemon'),
                '/closed': Directory(mode=0o644),
                '/closed/f': '5',
            },
            user_id=1,
        )

        assert [files.pull(path) for path in ('/own', '/group', '/others')] == [b'1', b'2', b'3']
        for path in ('/denied', '/closed/f'):
            with pytest.raises(ApiError, match=r': permission denied$') as raised:
                files.pull(path)
            assert raised.value.kind == 'permission-denied'
        assert names(files, '/closed') == ['f']

    def test_what_is_written_belongs_to_it(self):
        files = files_of({'/own': Directory(user='daemon')}, user_id=1)

        files.push('/own/f', b'', make_dirs=True)

        assert files.tree['/own/f'].user == 'daemon'

    def test_nothing_can_be_given_to_others(self):
        files = files_of({'/own': Directory(user='daemon')}, user_id=1)

        files.push('/own/mine', b'', user='daemon')
        with pytest.raises(ApiError, match=r'^operation not permitted$') as raised:
            files.push('/own/f', b'', user='root')
        with pytest.raises(FileError, match=r'^operation not permitted$'):
            files.make_directory('/own/d', False, None, (None, 'root', None, None))

        assert raised.value.kind == 'permission-denied'
        # Pebble leaves the directory behind under its first name.
        assert list(files.tree) == ['/own', '/own/d.mkdir-new', '/own/mine']

    def test_what_a_failure_left_behind_is_used_the_next_time(self):
        files = files_of({'/own': Directory(user='daemon')}, user_id=1)
        with pytest.raises(FileError):
            files.make_directory('/own/d', False, None, (None, 'root', None, None))

        files.make_directory('/own/d', False, '700', NOBODY)

        assert list(files.tree) == ['/own', '/own/d']
        assert files.tree['/own/d'].mode == 0o700

    def test_in_a_sticky_directory_only_ones_own_files_are_removed(self):
        files = files_of(
            {
                '/tmp': Directory(mode=0o1777),
                '/tmp/mine': File(user='daemon'),
                '/tmp/yours': File(user='games'),
            },
            user_id=1,
        )

        files.remove('/tmp/mine', recursive=False)
        with pytest.raises(FileError, match=r'^remove /tmp/yours: operation not permitted$'):
            files.remove('/tmp/yours', recursive=False)

        assert list(files.tree) == ['/tmp', '/tmp/yours']

    def test_removing_recursively_goes_on_after_a_failure(self):
        files = files_of(
            {
                '/d': Directory(user='daemon'),
                '/d/closed': Directory(),
                '/d/closed/x': '',
                '/d/z': '',
            },
            user_id=1,
        )

        with pytest.raises(FileError, match=r'^unlinkat //d/closed/x: permission denied$'):
            files.remove('/d', recursive=True)

        assert list(files.tree) == ['/d', '/d/closed/x']


def test_a_program_writes_through_links_and_keeps_mode_and_owner():
    files = files_of({'/f': File('old', mode=0o600, user='games'), '/link': Symlink('f')})

    files.write_as('/link', b'new')
    files.write_as('/a/b', b'1', Owner(1, 'daemon', 1, 'daemon'))
    files.write_as('/f/x', b'never')

    assert files.tree['/f'] == File('new', mode=0o600, user='games')
    assert files.tree['/a/b'] == File('1', user='daemon')
    assert files.tree['/a'].user == 'daemon'


def test_what_changes_is_told():
    told: list[tuple[str, str]] = []
    clock = Clock()
    files = Files(clock, FileTree(), changed=lambda path, text: told.append((path, text)))

    files.push('/f', b'abc')
    files.remove('/f', recursive=False)

    assert told == [('/f', 'pushed, 3 bytes'), ('/f', 'removed')]


def test_directories_are_presupposed_unless_the_tree_is_complete():
    assert files_of({}).is_directory('/srv/app') is True
    assert files_of({}, complete=True).is_directory('/srv/app') is None
    assert files_of({'/srv': ''}).is_directory('/srv') is False


def test_what_is_made_for_a_presupposed_user_has_its_name():
    files = Files(Clock(), FileTree())

    files.push('/f', b'', user='postgres')

    assert files.tree['/f'] == File('', user='postgres')
    assert files.list('/f')[0]['user'] == 'postgres'
