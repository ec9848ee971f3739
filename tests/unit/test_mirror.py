from __future__ import annotations

import pathlib

import ops
import pytest

from scenario_pebble.context import Context
from scenario_pebble.filetree import File, FileTree
from scenario_pebble.mirror import Mirror
from scenario_pebble.state.container import Container, Mount
from scenario_pebble.state.state import State


class FileCharm(ops.CharmBase):
    """Appends to a file at each event."""

    def __init__(self, framework: ops.Framework):
        super().__init__(framework)
        framework.observe(self.on.update_status, self._on_update_status)

    def _on_update_status(self, _: ops.EventBase):
        container = self.unit.get_container('db')
        old = container.pull('/etc/log').read() if container.exists('/etc/log') else ''
        container.push('/etc/log', f'{old}+', make_dirs=True)


@pytest.fixture
def ctx():
    with Context(FileCharm, meta={'name': 'db', 'containers': {'db': {}}}) as ctx:
        yield ctx


@pytest.fixture
def mirror(tmp_path: pathlib.Path) -> Mirror:
    return Mirror(tmp_path / 'root', ())


def test_a_tree_is_shown_with_contents_and_modes(mirror: Mirror):
    mirror.show(FileTree.from_mapping({'/etc/a': File('1', mode=0o600), '/b': '2'}))

    assert (mirror.root / 'etc/a').read_text() == '1'
    assert (mirror.root / 'etc/a').stat().st_mode & 0o777 == 0o600
    assert (mirror.root / 'b').read_text() == '2'


def test_a_later_tree_takes_the_place_of_an_earlier_one(mirror: Mirror):
    mirror.show(FileTree.from_mapping({'/a/b': '1', '/c': '1', '/d': '1'}))

    mirror.show(FileTree.from_mapping({'/a': 'now a file', '/c/x': 'now a directory', '/d': '1'}))

    assert (mirror.root / 'a').read_text() == 'now a file'
    assert (mirror.root / 'c/x').read_text() == 'now a directory'


def test_an_unchanged_file_is_not_written_again(mirror: Mirror):
    tree = FileTree.from_mapping({'/a': '1'})
    mirror.show(tree)
    before = (mirror.root / 'a').stat().st_mtime_ns

    mirror.show(tree.write('/b', '2'))

    assert (mirror.root / 'a').stat().st_mtime_ns == before


def test_what_a_test_does_in_the_directory_is_read_back(mirror: Mirror):
    shown = FileTree.from_mapping({'/a': '1', '/b': '1'})
    mirror.show(shown)
    (mirror.root / 'a').unlink()
    (mirror.root / 'new').mkdir()
    (mirror.root / 'new/file').write_text('2')

    other = shown.write('/b', 'by the charm')

    assert mirror.read_onto(other) == FileTree.from_mapping(
        {'/b': 'by the charm', '/new/file': '2'}
    )


def test_nothing_is_written_through_a_mount(tmp_path: pathlib.Path):
    source = tmp_path / 'source'
    source.mkdir()
    mirror = Mirror(tmp_path / 'root', [Mount(location='/etc', source=source)])

    mirror.show(FileTree.from_mapping({'/etc/hidden': 'x'}))

    assert list(source.iterdir()) == []


def test_the_directory_shows_the_latest_run(ctx: Context[FileCharm]):
    container = Container('db', can_connect=True)

    state = ctx.run(ctx.on.update_status(), State(containers={container}))
    root = container.get_filesystem(ctx)

    assert (root / 'etc/log').read_text() == '+'
    ctx.run(ctx.on.update_status(), state)
    assert (root / 'etc/log').read_text() == '++'


def test_files_written_before_a_run_are_imported(ctx: Context[FileCharm]):
    container = Container('db', can_connect=True)
    root = container.get_filesystem(ctx)
    (root / 'etc').mkdir()
    (root / 'etc/log').write_text('mine')

    out = ctx.run(ctx.on.update_status(), State(containers={container}))

    assert out.get_container('db').files['/etc/log'].text == 'mine+'


def test_what_a_test_writes_into_the_directory_lies_over_the_files_of_the_container(
    ctx: Context[FileCharm],
):
    container = Container('db', can_connect=True, files={'/etc/log': 'given', '/etc/other': 'x'})
    root = container.get_filesystem(ctx)
    (root / 'etc').mkdir(exist_ok=True)
    (root / 'etc/log').write_text('written')

    out = ctx.run(ctx.on.update_status(), State(containers={container}))

    assert out.get_container('db').files == {'/etc/log': 'written+', '/etc/other': 'x'}


def test_the_directory_can_be_written_inside_a_manager_block(ctx: Context[FileCharm]):
    container = Container('db', can_connect=True, files={'/etc/log': 'before'})

    with ctx(ctx.on.update_status(), State(containers={container})) as mgr:
        (container.get_filesystem(ctx) / 'etc/log').write_text('inside')
        out = mgr.run()

    assert out.get_container('db').files['/etc/log'].text == 'inside+'
