"""Which layers a daemon finds in its ``layers`` directory when it starts, and in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .gotext import quote

# Pebble: plan/plan.go configEntryRegexp, whose dot matches any character
_ENTRY = re.compile(r'([0-9]{3})-([a-z](?:-?[a-z0-9]){2,})(.yaml|.d)')


def ordered_layers(files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Label and text of each layer file, from the lowest layer up.

    Args:
        files: Text by path below the directory: ``001-base.yaml``, ``002-sub.d/001-more.yaml``.

    Raises:
        ValueError: With Pebble's text.
    """
    # Pebble: plan/plan.go ReadLayersDir
    directories: dict[str, dict[str, str]] = {}
    top: dict[str, str] = {}
    for path, text in files.items():
        directory, slash, name = path.partition('/')
        if slash:
            directories.setdefault(directory, {})[name] = text
        else:
            top[path] = text
    for name, label in _entries({**dict.fromkeys(top, False), **dict.fromkeys(directories, True)}):
        if name in top:
            yield label, top[name]
            continue
        below = directories[name]
        kinds = {path.partition('/')[0]: '/' in path for path in below}
        if any(_is_entry(path) for path, is_directory in kinds.items() if is_directory):
            raise ValueError('cannot have a layers sub-directory at this level')
        for inner, inner_label in _entries(kinds):
            yield f'{label}/{inner_label}', below[inner]


def _is_entry(name: str) -> bool:
    return name.endswith(('.yaml', '.d'))


def _entries(is_directory: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
    """Name and label of what a directory holds, in order; other files are ignored."""
    # Pebble: plan/plan.go configLayerEntries
    labels: dict[str, str] = {}
    orders: dict[str, str] = {}
    for name in sorted(filter(_is_entry, is_directory)):
        match = _ENTRY.fullmatch(name)
        if match is None:
            kind, example = (
                ('sub-directory name', '123-some-label.d')
                if is_directory[name]
                else ('filename', '123-some-label.yaml')
            )
            raise ValueError(f'invalid layer {kind}: {quote(name)} (must look like "{example}")')
        order, label = match[1], match[2]
        if order in labels or label in orders:
            earlier = (order, labels[order]) if order in labels else (orders[label], label)
            raise ValueError(
                f'invalid layer filename: {quote(name)} not unique '
                f'(have "{earlier[0]}-{earlier[1]}.yaml" already)'
            )
        labels[order] = label
        orders[label] = order
        yield name, label
