"""The snippets of the section "Manage files"."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping

import pytest
from ops import pebble

import scenario_pebble as scenario

from .src.files import FilesCharm

CONFIG = '\nport = 7777\nmax_connections = 1000\n'


def after(
    use: Callable[[FilesCharm], object],
    files: Mapping[str, str | scenario.Directory] | None = None,
    **services: str,
) -> tuple[scenario.Context[FilesCharm], scenario.Container]:
    """What *use* leaves of a container."""
    ctx = scenario.Context(FilesCharm)
    layer = pebble.Layer(
        {'services': {name: {'override': 'replace', 'command': name} for name in services}}
    )
    main = scenario.Container(
        'main',
        can_connect=True,
        files=files or {},
        layers={'services': layer},
        service_statuses={name: pebble.ServiceStatus(s) for name, s in services.items()},
    )
    with ctx(ctx.on.update_status(), scenario.State(containers={main})) as mgr:
        use(mgr.charm)
        state = mgr.run()
    return ctx, state.get_container('main')


def test_push_writes_a_file_and_its_directories():
    _, main = after(FilesCharm.push)

    assert main.files['/etc/pg/postgresql.conf'].text == CONFIG
    assert main.files['/etc/pg'] == scenario.Directory(main.files['/etc/pg'].entries)


@pytest.mark.parametrize(
    ('before', 'expected'),
    [(CONFIG, CONFIG), ('max_connections = 5', 'max_connections = 5\nport = 8888\n')],
)
def test_pull_and_push_update_a_file(before: str, expected: str):
    ctx, main = after(FilesCharm.update, {'/etc/pg/postgresql.conf': before}, postgresql='active')

    assert main.files['/etc/pg/postgresql.conf'].text == expected
    assert [row.text for row in ctx.timeline.filter(kind='service')] == [
        'active → inactive',
        'inactive (exit 143)',
        'inactive → active',
    ]


@pytest.fixture
def source(tmp_path: pathlib.Path) -> pathlib.Path:
    """A directory of the host with a file and a directory."""
    (tmp_path / 'dir' / 'sub').mkdir(parents=True)
    (tmp_path / 'dir' / 'one').write_text('1')
    (tmp_path / 'dir' / 'sub' / 'two').write_text('2')
    return tmp_path / 'dir'


def test_push_path_copies_a_directory(source: pathlib.Path):
    _, main = after(lambda charm: charm.push_directory(str(source)))

    assert main.files['/destination/dir/one'].text == '1'
    assert main.files['/destination/dir/sub/two'].text == '2'


def test_push_path_copies_what_a_directory_holds(source: pathlib.Path):
    _, main = after(lambda charm: charm.push_content(str(source)))

    assert main.files['/destination/one'].text == '1'
    assert main.files['/destination/sub/two'].text == '2'


FILES = {'/source/dir/one': '1', '/source/dir/sub/two': '2'}


def test_pull_path_copies_a_directory(tmp_path: pathlib.Path):
    after(lambda charm: charm.pull_directory(str(tmp_path)), FILES)

    assert (tmp_path / 'dir' / 'one').read_text() == '1'
    assert (tmp_path / 'dir' / 'sub' / 'two').read_text() == '2'


def test_pull_path_copies_what_a_directory_holds(tmp_path: pathlib.Path):
    after(lambda charm: charm.pull_content(str(tmp_path)), FILES)

    assert (tmp_path / 'one').read_text() == '1'
    assert (tmp_path / 'sub' / 'two').read_text() == '2'


def test_list_files_filters_by_a_pattern():
    files = {'/etc/host.conf': 'abc', '/etc/other.conf': 'de', '/etc/passwd': 'root'}

    ctx, _ = after(FilesCharm.list, files)

    assert scenario.JujuLogLine('INFO', 'total size of config files: 5') in ctx.juju_log


def test_list_files_shows_that_a_file_is_missing():
    with pytest.raises(Exception, match=r'This charm requires /etc/host\.conf!'):
        after(FilesCharm.list, {'/etc/other.conf': 'de'})


def test_make_dir_sets_owners_and_makes_parents():
    _, main = after(FilesCharm.make_directories, {'/etc': scenario.Directory()})

    made = main.files['/etc/pg']
    assert (made.user, made.group, made.mode) == ('postgres', 'postgres', 0o755)
    assert main.files['/some/other/nested/dir'] == scenario.Directory()


def test_remove_path_removes_files_and_trees():
    files = {'/var/log/apache/access.log': 'GET /', '/tmp/mysubdir/deep/file': 'x'}

    _, main = after(FilesCharm.remove, files)

    assert '/var/log/apache/access.log' not in main.files
    assert '/var/log/apache' in main.files
    assert '/tmp/mysubdir' not in main.files


def test_exists_and_isdir_tell_files_from_directories():
    found: dict[str, tuple[bool, bool]] = {}

    after(
        lambda charm: found.update(charm.look()),
        {'/tmp/myfile': '', '/tmp/mydir': scenario.Directory()},
    )

    assert found == {
        '/tmp/myfile': (True, False),
        '/tmp/mydir': (True, True),
        '/tmp/nothing': (False, False),
    }
