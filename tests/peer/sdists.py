"""Where the peer's tests come from: the source distributions that it publishes."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys

PEER = 'ops_scenario-8.9.0'
"""Holds the tests, and the source that tells which names are private."""

CHARMS = 'ops-3.9.0'
"""Holds the charm that some of the tests run."""


def download(directory: pathlib.Path) -> None:
    """Fetch both source distributions into *directory*, unless they are there."""
    missing = [
        name.replace('_', '-', 1).rpartition('-')
        for name in (PEER, CHARMS)
        if not (directory / f'{name}.tar.gz').exists()
    ]
    if missing:
        names = ','.join(name for name, _, _ in missing)
        wanted = [f'{name}=={version}' for name, _, version in missing]
        pip = [sys.executable, '-m', 'pip', 'download', '--quiet', '--no-deps']
        subprocess.run([*pip, '--no-binary', names, '--dest', directory, *wanted], check=True)


def unpack(directory: pathlib.Path, root: pathlib.Path) -> pathlib.Path:
    """Lay the tests out below *root* as in the repository that they come from.

    Returns:
        The directory with the source of the peer.
    """
    for name in (PEER, CHARMS):
        shutil.unpack_archive(directory / f'{name}.tar.gz', root)
    (root / PEER / 'tests').rename(root / 'tests')
    (root / CHARMS / 'test').rename(root / 'test')
    return root / PEER / 'src' / 'scenario'
