"""The mounts of a State as copies, so that runs change no real file, and each starts afresh;
likewise the directories of storages.
"""

from __future__ import annotations

import os
import pathlib
import shutil
from collections.abc import Callable

from .frozen import FrozenDict, evolve
from .state.container import Container, Mount
from .state.state import State

Place = Callable[[], pathlib.Path]
"""Gives a path in a directory that exists, at which nothing is yet."""


def copied(state: State, place: Place) -> State:
    """The State with each mount leading to a copy of what it leads to.

    Args:
        state: With mounts that lead to real files.
        place: Where the copies go.
    """
    if not any(container.mounts for container in state.containers):
        return state
    return evolve(state, containers=frozenset(_copied(c, place) for c in state.containers))


def _copied(container: Container, place: Place) -> Container:
    mounts = {name: _copied_mount(mount, place) for name, mount in container.mounts.items()}
    return evolve(container, mounts=FrozenDict(mounts)) if mounts else container


def _copied_mount(mount: Mount, place: Place) -> Mount:
    source, copy = pathlib.Path(mount.source), place()
    if source.is_dir():
        shutil.copytree(source, copy, symlinks=True)
    elif source.is_file():
        shutil.copy2(source, copy)
    else:
        return mount
    return evolve(mount, source=copy)


def replace(directory: pathlib.Path, by: pathlib.Path) -> None:
    """Make a directory a copy of another; if that is missing, it is removed."""
    if directory.exists():
        shutil.rmtree(directory)
    if by.exists():
        shutil.copytree(by, directory, symlinks=True)


def contents(container: Container) -> dict[str, bytes]:
    """What the files on the mounts of a container hold, by their paths in the container."""
    found: dict[str, bytes] = {}
    for mount in container.mounts.values():
        source, location = pathlib.Path(mount.source), pathlib.PurePosixPath(mount.location)
        if source.is_file():
            found[str(location)] = source.read_bytes()
        for folder, _, names in os.walk(source):
            for path in (pathlib.Path(folder, name) for name in names):
                if path.is_file():
                    found[str(location / path.relative_to(source))] = path.read_bytes()
    return found
