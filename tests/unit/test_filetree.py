"""The immutable file tree."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import pathlib
import pickle

import pytest
from hypothesis import given, strategies as st

from scenario_pebble.errors import StateValidationError
from scenario_pebble.filetree import Content, Directory, File, FileTree, Node, Special, Symlink

names = st.sampled_from(['a', 'b', 'c', 'd'])
paths = st.lists(names, min_size=1, max_size=4).map(lambda parts: '/' + '/'.join(parts))
owners = st.sampled_from([None, 'root', 'postgres', 'nobody', ''])
nodes = st.one_of(
    st.builds(File, st.binary(max_size=4), mode=st.sampled_from([0o644, 0o600]), user=owners),
    st.builds(Directory, mode=st.sampled_from([0o755, 0o700]), user=owners, group=owners),
    st.builds(Symlink, paths),
    st.builds(Special, st.sampled_from(['named-pipe', 'socket']), user_id=st.sampled_from([0, 7])),
)


@st.composite
def trees(draw: st.DrawFn) -> FileTree:
    tree = FileTree()
    for path, node in draw(st.lists(st.tuples(paths, nodes), max_size=8)):
        with contextlib.suppress(StateValidationError):
            tree = tree.write(path, node)
    return tree


def tree_of(**files: Content) -> FileTree:
    return FileTree.from_mapping({'/' + name.replace('_', '/'): v for name, v in files.items()})


def test_a_file_given_as_text_can_be_read_as_text_and_bytes():
    tree = FileTree.from_mapping({'/etc/app.conf': 'port=80 ü'})

    file = tree['/etc/app.conf']

    assert file.text == 'port=80 ü'
    assert file.data == 'port=80 ü'.encode()
    assert (file.mode, file.user, file.user_id, file.group, file.group_id) == (
        0o644,
        'root',
        0,
        'root',
        0,
    )


def test_a_tree_equals_a_mapping_that_would_make_it():
    tree = FileTree().write('/etc/app/app.conf', 'x').write('/run/app', Directory(mode=0o700))

    assert tree == {'/etc/app/app.conf': 'x', '/run/app': Directory(mode=0o700)}
    assert {'/etc/app/app.conf': b'x', '/run/app': Directory(mode=0o700)} == tree
    assert tree != {'/etc/app/app.conf': 'x'}
    assert tree != {'/etc/app/app.conf': 'x', '/run/app': Directory()}
    assert FileTree() == {}


@pytest.mark.parametrize('given', [{'etc': 'x'}, {5: 'x'}, {'/etc': 5}, {'/a': 'x', '/a/b': 'y'}])
def test_a_tree_does_not_equal_what_makes_no_tree(given: object):
    assert tree_of(etc='x') != given


def test_missing_parents_are_directories_of_root():
    tree = FileTree.from_mapping({'/etc/app/app.conf': 'x'})

    assert tree['/etc/app'] == Directory({'app.conf': File('x')})
    assert '/etc/app' in tree
    assert '/etc/nope' not in tree


def test_iteration_gives_what_is_needed_to_build_the_tree_again():
    tree = FileTree.from_mapping(
        {
            '/b/file': 'x',
            '/a/empty': Directory(),
            '/c': Directory(mode=0o700),
            '/c/inner': 'y',
            '/d/link': Symlink('/b/file'),
        }
    )

    assert list(tree) == ['/a/empty', '/b/file', '/c', '/c/inner', '/d/link']
    assert len(tree) == 5


@given(trees())
def test_a_tree_is_built_again_from_its_items(tree: FileTree):
    again = FileTree.from_mapping(dict(tree.items()))

    assert again == tree
    assert hash(again) == hash(tree)


@given(trees())
def test_repr_is_evaluable(tree: FileTree):
    assert eval(repr(tree)) == tree


@given(trees())
def test_pickling_and_copying_keep_the_value(tree: FileTree):
    assert pickle.loads(pickle.dumps(tree)) == tree
    assert copy.deepcopy(tree) is tree
    assert copy.copy(tree) is tree


@given(trees(), trees())
def test_changes_since_a_base_lead_from_one_tree_to_the_other(old: FileTree, new: FileTree):
    changes = list(new.changes_since(old))

    assert (not changes) == (old.root.entries == new.root.entries)
    for path, before, now in changes:
        assert old.find(path) is before
        assert new.find(path) is now
        assert before != now
    rebuilt = old
    for path, _, now in changes:
        if now is None or type(now) is not type(rebuilt.find(path)):
            rebuilt = rebuilt.remove(path) if path in rebuilt else rebuilt
    for path, _, now in changes:
        if isinstance(now, Directory):
            rebuilt = rebuilt.mkdir(path, now.holding({}))
        elif now is not None:
            rebuilt = rebuilt.write(path, now)
    assert rebuilt.root.entries == new.root.entries


def test_writing_shares_everything_beside_the_path():
    tree = tree_of(a_b_c='1', a_x_y='2', z='3')

    changed = tree.write('/a/b/c', 'new')

    assert tree['/a/b/c'].text == '1'
    assert changed['/a/b/c'].text == 'new'
    assert changed['/a/x'] is tree['/a/x']


def test_comparison_stops_at_what_is_shared():
    class Loud(bytes):
        def __eq__(self, other: object) -> bool:
            raise AssertionError('compared')

        __hash__ = bytes.__hash__

    shared = File()
    object.__setattr__(shared, 'data', Loud(b'x'))
    tree = FileTree.from_mapping({'/a/shared': shared, '/b': '1'})

    assert tree != tree.write('/b', '2')
    assert tree == tree.write('/b', '1')


def test_when_a_file_was_written_takes_no_part_in_equality():
    assert File('x', mtime_ns=1) == File('x', mtime_ns=2)
    assert hash(File('x', mtime_ns=1)) == hash(File('x', mtime_ns=2))


def test_an_owner_is_its_name_where_there_is_one():
    assert File('x', user='postgres') == File('x', user='postgres', user_id=999, group='postgres')
    assert File('x', user_id=999) != File('x', user_id=998)
    assert File('x', user='a') != File('x', user='b')
    assert File('x', user='www-data').user_id == 33
    assert File('x', user_id=33).user == 'www-data'
    assert File('x', user_id=1234).user == ''


def test_the_group_is_that_of_the_user_unless_given():
    file = File('x', user='postgres')

    assert (file.group, file.group_id) == ('postgres', file.user_id)
    assert File('x', user='postgres', group='adm').group == 'adm'


def test_replace_makes_a_changed_copy():
    file = dataclasses.replace(File('x', user='postgres'), mode=0o600)

    assert file == File('x', user='postgres', mode=0o600)


def test_a_write_is_the_newest_change_of_its_directory():
    tree = FileTree().write('/etc/a', File('x', mtime_ns=5)).write('/etc/b', File('x', mtime_ns=9))

    assert tree['/etc'].mtime_ns == 9
    assert tree.root.mtime_ns == 5
    assert tree.remove('/etc/a', mtime_ns=12)['/etc'].mtime_ns == 12


def test_overlaying_merges_directories():
    image = FileTree.from_mapping({'/etc/a': '1', '/etc/b': '1', '/usr/bin/x': 'x'})
    over = FileTree.from_mapping({'/etc': Directory(mode=0o700), '/etc/b': '2', '/var/c': '2'})

    tree = image.overlay(over)

    assert tree == FileTree.from_mapping(
        {
            '/etc': Directory(mode=0o700),
            '/etc/a': '1',
            '/etc/b': '2',
            '/usr/bin/x': 'x',
            '/var/c': '2',
        }
    )
    assert tree['/usr'] is image['/usr']
    assert FileTree().overlay(over) is over


def test_mkdir_keeps_what_is_there():
    tree = tree_of(a_b='1').mkdir('/a', Directory(mode=0o700))

    assert tree['/a'] == Directory({'b': File('1')}, mode=0o700)


def test_removing_a_directory_removes_what_is_below():
    tree = tree_of(a_b_c='1', a_d='2')

    assert tree.remove('/a/b') == tree_of(a_d='2')
    assert tree.remove('/') == FileTree()


def test_paths_may_be_pathlib_and_untidy():
    tree = FileTree.from_mapping({'/etc//app/./x/': 'y'})

    assert tree[pathlib.PurePosixPath('/etc/app/x')].text == 'y'
    assert pathlib.PurePosixPath('/etc') in tree
    assert tree['/'] is tree.root


@pytest.mark.parametrize(
    ('files', 'message'),
    [
        (
            {'etc/x': ''},
            (
                "cannot use 'etc/x' as a path in a container: it is not absolute\n"
                "  hint: did you mean '/etc/x'?"
            ),
        ),
        (
            {'/etc/../x': ''},
            (
                "cannot use '/etc/../x' as a path in a container: it holds '..'\n"
                "  hint: did you mean '/x'?"
            ),
        ),
        (
            {'/etc': '', '/etc/x': ''},
            (
                "cannot put '/etc/x' into the tree: '/etc' is a File, not a Directory\n"
                '  hint: leave one of the two paths out'
            ),
        ),
        (
            {'/etc/x': '', '/etc': ''},
            (
                "cannot put a File at '/etc': a Directory is there\n"
                '  hint: leave one of the two out, or remove the path first'
            ),
        ),
        (
            {'/etc/x': '\udc80'},
            (
                "cannot put '\\udc80' at '/etc/x': it is not Unicode text\n"
                '  hint: leave its lone surrogates out, or give bytes'
            ),
        ),
        (
            {'/etc/x': 5},
            (
                "cannot put 5 at '/etc/x': it is a int\n"
                '  hint: give a str, bytes, File, Directory, Symlink or Special'
            ),
        ),
    ],
)
def test_bad_files_are_refused_with_a_repair(files: dict[str, Content], message: str):
    with pytest.raises(StateValidationError) as raised:
        FileTree.from_mapping(files)

    assert str(raised.value) == message


def test_a_missing_path_is_named_with_a_close_match():
    tree = FileTree.from_mapping({'/etc/app.conf': ''})

    with pytest.raises(KeyError) as raised:
        tree['/etc/app.cnf']

    assert str(raised.value) == (
        "cannot find '/etc/app.cnf': no such file or directory\n"
        "  hint: did you mean '/etc/app.conf'?"
    )


def test_a_directory_has_no_text():
    with pytest.raises(AttributeError, match=r"^cannot read 'text': this is a Directory: "):
        _ = tree_of(a_b='').find('/a').text  # type: ignore[union-attr]


@pytest.mark.parametrize('node', [File('x'), Directory(), Symlink('/x'), Special()])
def test_nodes_cannot_be_changed(node: Node):
    with pytest.raises(dataclasses.FrozenInstanceError):
        node.mode = 0o777

    with pytest.raises(TypeError, match='immutable'):
        tree_of(a_b='').root.entries['x'] = node  # type: ignore[index]
