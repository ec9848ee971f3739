"""Which files can a container hold?"""

from __future__ import annotations

import functools

from hypothesis import strategies as st

import scenario_pebble as scenario

from .texts import Strategy, some, words

Entry = scenario.File | scenario.Directory | scenario.Symlink

_DEEPEST = 3


@functools.cache
def paths() -> Strategy[str]:
    """Absolute paths."""
    return st.lists(words(), min_size=1, max_size=_DEEPEST).map(
        lambda parts: '/' + '/'.join(parts)
    )


@functools.cache
def entries() -> Strategy[Entry]:
    """A file, directory or symbolic link with its mode and owner."""
    owners: dict[str, Strategy[object]] = {
        'user': st.sampled_from(['root', 'www-data']),
        'user_id': st.sampled_from([0, 33]),
        'group': st.sampled_from(['root', 'www-data']),
        'group_id': st.sampled_from([0, 33]),
        'mtime_ns': st.integers(0, 2**60),
    }
    modes = st.sampled_from([0o644, 0o600, 0o755, 0o4755])
    return st.one_of(
        some(scenario.File, st.text(max_size=8) | st.binary(max_size=8), mode=modes, **owners),
        some(scenario.Directory, mode=modes, **owners),
        some(scenario.Symlink, paths(), **owners),
    )


@functools.cache
def files() -> Strategy[scenario.FileTree]:
    """Trees of files; shrinks to the empty one."""
    mappings = st.dictionaries(paths(), entries(), max_size=4)
    return mappings.map(_only_below_directories).map(scenario.FileTree.from_mapping)


def _only_below_directories(mapping: dict[str, Entry]) -> dict[str, Entry]:
    """Those entries that lie below no file or link."""
    leaves = {p for p, entry in mapping.items() if not isinstance(entry, scenario.Directory)}
    return {p: entry for p, entry in mapping.items() if not leaves & set(_parents(p))}


def _parents(path: str) -> list[str]:
    parts = path.split('/')
    return ['/'.join(parts[:end]) for end in range(2, len(parts))]
