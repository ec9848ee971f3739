"""What does the real ``pebble`` command print when it talks to the simulated daemon?"""

from __future__ import annotations

import os
import pathlib
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from scenario_pebble.daemon.daemon import Daemon
from scenario_pebble.wire.server import Server

_TIMEOUT = 30


def why_not() -> str:
    """Why there is no such command; empty if there is."""
    return '' if os.environ.get('PEBBLE_BIN') else '$PEBBLE_BIN does not name the pebble command'


def run(
    daemon: Daemon, environment: Mapping[str, str], arguments: Sequence[str]
) -> dict[str, Any]:
    """Run the command, with the daemon on a socket and in real time meanwhile."""
    with tempfile.TemporaryDirectory() as directory:
        path = str(pathlib.Path(directory) / 'pebble.socket')
        with Server(daemon, path) as server:
            thread = threading.Thread(target=server.serve)
            thread.start()
            try:
                done = subprocess.run(
                    [os.environ['PEBBLE_BIN'], *arguments],
                    env={**environment, 'PEBBLE_SOCKET': path},
                    capture_output=True,
                    text=True,
                    timeout=_TIMEOUT,
                    check=False,
                )
            finally:
                server.stop()
                thread.join()
    return {'exit-code': done.returncode, 'stdout': done.stdout, 'stderr': done.stderr}
