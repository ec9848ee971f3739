"""How is the simulated daemon set up from a recording, and how are requests sent to it?

Nothing else in this folder knows how a daemon is made.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from typing import Any

import websocket

from scenario_pebble import clock, filetree
from scenario_pebble.daemon import daemon as pebble, message, plan, planlayers, planparse
from scenario_pebble.daemon.users import User, Users
from scenario_pebble.wire.websocket import WebSocket

from . import workload

BOOT_NS = 1_900_000_000 * clock.SECOND_NS
"""When every replay begins; no recording mentions a time near it."""

PATIENCE_NS = 30 * clock.SECOND_NS
"""How long a request is waited for."""

ROOT = '/data-under-test'
PEBBLE = '/pebble-under-test'
_USERS = Users(
    {
        'root': User(0, 0, '/root'),
        'daemon': User(1, 1, '/usr/sbin'),
        'nobody': User(65534, 65534, '/nonexistent'),
    },
    {'root': 0, 'daemon': 1, 'nogroup': 65534},
)
_DIRECTORIES = ('/root', '/usr/sbin', '/tmp', f'{PEBBLE}/layers', ROOT)


class FailedToStart(Exception):
    """The daemon ended before its API was ready."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.observed = {'exit-code': 1, 'log': f'cannot run daemon: {reason}'.splitlines()}


class Subject:
    """A daemon, its clock and its container, as a recording describes them."""

    def __init__(self, recording: Mapping[str, Any]):
        self._recording = recording
        self.environment: Mapping[str, str] = recording['daemon']['environment']
        self.clock = clock.Clock(BOOT_NS)
        self.programs = workload.Programs(
            recording.get('programs', {}), recording.get('endpoints', {}), self._kind
        )
        files = _tree(recording)
        self._files: Callable[[], filetree.FileTree] = lambda: files
        self.daemon = self._start(files)
        self._files = lambda: self.daemon.files.tree
        self.started = self.clock.now_ns / clock.SECOND_NS

    @property
    def seconds(self) -> float:
        """How long the replay has run."""
        return (self.clock.now_ns - BOOT_NS) / clock.SECOND_NS

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.advance(clock.seconds_to_ns(seconds))

    def change_endpoint(self, name: str, changes: Mapping[str, Any]) -> None:
        """Change how an endpoint answers from now on."""
        self.programs.update_endpoint(name, changes)
        self.daemon.workload_changed()

    def send(self, request: message.Request) -> message.Answered | message.Pending:
        """Hand a request over, without waiting for an answer that takes time."""
        return self.daemon.handle(request)

    def connect(self, task: str, name: str) -> WebSocket | int:
        """Connect one of an exec's websockets; the HTTP status if that is refused."""
        try:
            return WebSocket.connect(self.daemon, task, name)
        except websocket.WebSocketBadStatusException as e:
            return e.status_code

    def answer(self, pending: message.Answered | message.Pending) -> message.Answered | None:
        """Move the clock until a request is answered; None if that never happens."""
        if not isinstance(pending, message.Pending):
            return pending
        patience_ns = self.clock.now_ns + PATIENCE_NS
        deadline_ns = patience_ns if pending.deadline_ns is None else pending.deadline_ns
        self.clock.wait(
            lambda: pending.answer is not None or self.daemon.exit_code is not None,
            min(deadline_ns, patience_ns),
        )
        if pending.answer is None and pending.deadline_ns == self.clock.now_ns:
            return pending.expired()
        return pending.answer

    def wait_for_exit(self, seconds: float) -> int | None:
        """Move the clock until the daemon has ended; its exit code, or None if it goes on."""
        deadline_ns = self.clock.now_ns + clock.seconds_to_ns(seconds)
        self.clock.wait(lambda: self.daemon.exit_code is not None, deadline_ns)
        return self.daemon.exit_code

    def restart(self) -> int | None:
        """End the daemon with SIGTERM and start it again in the same folder."""
        self.daemon.terminate()
        code = self.wait_for_exit(15)
        self.daemon.restart()
        return code

    # -- the setting

    def _start(self, files: filetree.FileTree) -> pebble.Daemon:
        described = self._recording['daemon']
        arguments = described['args']
        given = '--args' in arguments and arguments.index('--args') + 1
        try:
            return pebble.Daemon(
                self.clock,
                self.programs,
                files=files,
                environment=self.environment,
                users=_USERS,
                layers=_layers(self._recording.get('layers', {})),
                hold='--hold' in arguments,
                user_id=described.get('user-id') or 0,
                service_args=arguments[given:] if given else (),
            )
        except (plan.FormatError, ValueError) as e:
            raise FailedToStart(f'cannot load plan: {e}') from e

    def _kind(self, path: str) -> str | None:
        """What the container has at a path, links followed."""
        node = self._files().find(posixpath.normpath(path))
        for _ in range(40):
            if not isinstance(node, filetree.Symlink):
                break
            path = posixpath.join(posixpath.dirname(path), node.target)
            node = self._files().find(posixpath.normpath(path))
        if node is None:
            return None
        if isinstance(node, filetree.Directory):
            return 'directory'
        return 'executable' if node.mode & 0o111 else 'file'


def _tree(recording: Mapping[str, Any]) -> filetree.FileTree:
    tree = filetree.FileTree()
    for path in _DIRECTORIES:
        tree = tree.mkdir(path, filetree.Directory(mtime_ns=BOOT_NS))
    program = filetree.File(mode=0o755, mtime_ns=BOOT_NS)
    for name in recording.get('programs', {}):
        tree = tree.write(workload.FOLDER + name, program)
    for path, spec in recording.get('files', {}).items():
        tree = tree.write(f'{ROOT}/{path}', _node(spec))
    return tree


def _node(spec: Mapping[str, Any]) -> filetree.Node:
    if 'symlink' in spec:
        return filetree.Symlink(spec['symlink'], mtime_ns=BOOT_NS)
    common: dict[str, Any] = {
        'mode': int(str(spec.get('permissions', '755' if spec.get('dir') else '644')), 8),
        'user_id': spec.get('user-id', 0),
        'group_id': spec.get('group-id', 0),
        'mtime_ns': BOOT_NS,
    }
    if spec.get('dir'):
        return filetree.Directory(**common)
    if spec.get('fifo'):
        return filetree.Special('named-pipe', **common)
    return filetree.File(spec.get('content', ''), **common)


def _layers(texts: Mapping[str, str]) -> list[plan.Layer]:
    ordered = planlayers.ordered_layers(texts)
    return [planparse.parse_layer(label, text) for label, text in ordered]
