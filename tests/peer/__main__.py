"""Run the tests of ops.testing with this package in its place, and compare with what is known."""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from . import plugin, report, sdists

_ARGUMENTS = ['--quiet', '--benchmark-disable', 'tests']

HERE = pathlib.Path(__file__).resolve().parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 1 if a test differs from what is known."""
    parser = argparse.ArgumentParser(prog='python -m tests.peer', description=__doc__)
    parser.add_argument(
        '--sdists',
        metavar='DIR',
        type=pathlib.Path,
        help='where the source distributions are, or are to be kept',
    )
    parser.add_argument('--private', action='store_true', help='list the tests that are left out')
    parser.add_argument('pytest', metavar='ARG', nargs='*', help='goes to pytest')
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix='peer-') as name:
        root = pathlib.Path(name)
        downloads = chosen.sdists or root
        sdists.download(downloads)
        outcomes = run(root, sdists.unpack(downloads, root), chosen.pytest)
    print(*report.lines(outcomes, with_private=chosen.private), sep='\n')
    return int(any(report.surprises(outcomes)))


def run(root: pathlib.Path, source: pathlib.Path, arguments: Sequence[str]) -> dict[str, str]:
    """The outcome of each of the peer's tests by its id.

    Args:
        root: Where the tests are laid out.
        source: The directory of the peer's own package.
        arguments: For pytest.
    """
    written = root / 'outcomes.json'
    path = [str(HERE.parent), *filter(None, [os.environ.get('PYTHONPATH')])]
    environment = {
        **os.environ,
        'PYTHONPATH': os.pathsep.join(path),
        plugin.SOURCE: str(source),
        plugin.REPORT: str(written),
    }
    options = [
        '--scenario-pebble',
        '-p',
        'peer.plugin',
        '-p',
        'no:cacheprovider',
        '--rootdir',
        str(root),
    ]
    command = [sys.executable, '-m', 'pytest', *options, *(arguments or _ARGUMENTS)]
    subprocess.run(command, cwd=root, env=environment, check=False)
    if not written.exists():
        sys.exit('cannot run the tests of ops.testing: pytest did not start\n  hint: tox -e peer')
    return json.loads(written.read_text(encoding='utf-8'))


if __name__ == '__main__':
    sys.exit(main())
