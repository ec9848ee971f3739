"""A daemon with all that requests at random may meet, and what is seen of it as bytes."""

from __future__ import annotations

import contextlib
import os
import pathlib
import pickle
import re
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, NamedTuple

from scenario_pebble.clock import MILLISECOND_NS, Clock, seconds_to_ns
from scenario_pebble.daemon.daemon import Daemon, DaemonGone
from scenario_pebble.daemon.execrecord import Stream, Upgraded
from scenario_pebble.daemon.message import Pending, Request
from scenario_pebble.daemon.planparse import parse_layer
from scenario_pebble.daemon.saved import Saved
from scenario_pebble.daemon.users import DEBIAN
from scenario_pebble.daemon.workload import (
    Answer,
    Behaviour,
    Call,
    Found,
    HappyWorkload,
    Outcome,
    Output,
    Probe,
    RecordNotice,
    RemovePath,
    WriteFile,
)
from scenario_pebble.filetree import Directory, File, FileTree, Special, Symlink
from scenario_pebble.wire.answer import encode

from .simulated import BEGIN_NS, exits, on_term

MOST_FIRINGS = 20_000
"""A step that takes more than this would go on for ever."""

LAYER = """
services:
  steady: {override: replace, command: steady, startup: enabled}
  crashes: {override: replace, command: crashes, backoff-limit: 2s, requires: [steady]}
  stubborn:
    {override: replace, command: stubborn, kill-delay: 900ms, on-check-failure: {up: restart}}
  slow: {override: replace, command: slow, after: [steady], on-success: shutdown}
checks:
  up: {override: replace, period: 1s, threshold: 2, exec: {command: check}}
  http: {override: replace, level: alive, http: {url: 'http://localhost:80/moved'}}
  tcp: {override: replace, level: ready, period: 2s, timeout: 1s, tcp: {port: 81}}
  flaps: {override: replace, period: 3s, threshold: 1, startup: disabled, tcp: {port: 1}}
"""
TREE = FileTree.from_mapping(
    {
        '/a/b/file': 'text',
        '/a/secretless': File('x', mode=0o600, user='root'),
        '/link': Symlink('/a/b'),
        '/up': Symlink('..'),
        '/loop': Symlink('/loop'),
        '/out': Symlink('../../../data/up/outside'),
        '/fifo': Special('named-pipe'),
        '/closed': Directory(mode=0o700, user_id=33),
        '/etc/passwd': 'container',
        '/home/www-data': Directory(user='www-data'),
        '/root': Directory(mode=0o700),
    }
)
PROGRAMS: Mapping[str, Behaviour | Sequence[Behaviour]] = {
    'steady': Behaviour(
        output=(Output(b'one\ntw'), Output(b'o\n', after_ns=seconds_to_ns(1.7))),
        effects=(RecordNotice('example.com/late', after_ns=seconds_to_ns(2.5)),),
    ),
    'crashes': [exits(0.4, 1), exits(1.5, 2), exits(3, 0), exits(0.2, 1)],
    'stubborn': Behaviour(reactions=on_term(after=0.7, code=None, stdout='no\n')),
    'slow': exits(2, 3, output=(Output(b'out'), Output(b'err', 'stderr', seconds_to_ns(1)))),
    'fails': exits(0, 1, output=(Output(b'\xff<&\n'),)),
    'prints': exits(0, output=(Output(b'x' * 200_000),)),
    'writes': Behaviour(
        exit_after_ns=1,
        effects=(
            WriteFile('/data/up/outside/secret', b'written'),
            WriteFile('/a/b/new', b'written'),
            WriteFile('/data/out/new', b'written'),
            RemovePath('/data/inner'),
            RemovePath('/data/gone/../../host'),
        ),
    ),
}
ANSWERS = (
    Answer(),
    Answer(refused=True),
    Answer(status=500, body=b'a\n' * 9, delay_ns=seconds_to_ns(0.7)),
    Answer(status=302, location='http://[', steady=True),
    Answer(status=302, location='//other:99999/x', steady=True),
    Answer(status=302, location='?again', delay_ns=seconds_to_ns(0.2)),
    Answer(delay_ns=seconds_to_ns(9), steady=True),
)


class Programs(HappyWorkload):
    """What commands do, and checks meet: `mood` changes it."""

    mood = 0

    def find(self, executable: str, call: Call) -> Found:
        if executable == 'gone':
            return Found.MISSING
        return Found.NOT_EXECUTABLE if not executable.strip('/.') else Found.YES

    def needs_stdin(self, call: Call) -> bool:
        return call.command[:1] == ('cat',)

    def run(self, call: Call) -> Behaviour:
        if call.kind == 'check':
            taken_ns, code = self.mood * MILLISECOND_NS * 100, self.mood % 3
            return Behaviour(exit_after_ns=taken_ns, exit_code=code, steady=self.mood % 2 == 0)
        if self.needs_stdin(call):
            return exits(0.5, output=(Output(call.stdin),))
        behaviour = PROGRAMS.get(call.command[0], super().run(call))
        if isinstance(behaviour, Behaviour):
            return behaviour
        return behaviour[min(call.number, len(behaviour)) - 1]

    def outcome(self, check: str, now_ns: int) -> Outcome | None:
        if check != 'flaps':
            return None
        until_ns = now_ns + seconds_to_ns(5)
        error = 'down' if now_ns // seconds_to_ns(5) % 2 else None
        return Outcome(error=error, until_ns=until_ns)

    def probe(self, probe: Probe, running: Sequence[tuple[str, Behaviour]]) -> Answer:
        return ANSWERS[(self.mood + len(running)) % len(ANSWERS)]


class BoundedClock(Clock):
    """A clock that notices when time stands still."""

    fired = 0

    def step(self, deadline_ns: int | None) -> bool:
        self.fired += 1
        assert self.fired < MOST_FIRINGS, 'it goes on for ever'
        return super().step(deadline_ns)


READS = [
    Request('GET', '/v1/services'),
    Request('GET', '/v1/changes', {'select': ['all']}),
    Request('GET', '/v1/notices', {'users': ['all']}),
    Request('GET', '/v1/logs', {'n': ['-1']}),
    Request('GET', '/v1/checks'),
    Request('GET', '/v1/plan', {'format': ['yaml']}),
    Request('GET', '/v1/metrics'),
    Request('GET', '/v1/identities'),
    *(Request('GET', '/v1/files', {'action': ['list'], 'path': [path]}) for path in ('/', '/a')),
]
"""What shows all of a daemon."""


class Mount(NamedTuple):
    """A path of the host that the container sees."""

    location: str
    source: pathlib.Path


class Host:
    """Directories of the host: what is mounted, and what lies around it.

    Args:
        root: An empty directory.
    """

    def __init__(self, root: pathlib.Path):
        self.root = root
        self.mounts = (
            Mount('/data', root / 'mounted'),
            Mount('/data/inner', root / 'second'),
            Mount('/one', root / 'single'),
        )
        for name in ('mounted/inner', 'second', 'outside'):
            (root / name).mkdir(parents=True)
        (root / 'single').write_text('one')
        (root / 'outside/secret').write_text('SECRET')
        mounted = root / 'mounted'
        (mounted / 'file').write_text('on the host')
        (mounted / 'up').symlink_to('..')
        (mounted / 'out').symlink_to(root / 'outside')
        (mounted / 'etc').symlink_to('/etc')
        (mounted / 'secret').symlink_to('../outside/secret')
        (mounted / 'loop').symlink_to('loop')
        os.mkfifo(mounted / 'fifo')

    def around(self) -> list[tuple[str, int, str]]:
        """What is there beside the mounts: name, mode, content."""
        found = [(entry.name, entry.lstat().st_mode, '') for entry in self.root.iterdir()]
        found = [entry for entry in found if entry[0] != 'single']
        return sorted(found) + [
            (entry.name, entry.lstat().st_mode, entry.read_text())
            for entry in sorted((self.root / 'outside').iterdir())
        ]


class Socket(NamedTuple):
    """Something done to the websockets that were connected, or a try to connect one."""

    number: int
    """Which one: counted from the latest."""
    what: str
    """``connect``, ``receive``, ``send``, ``command``, ``close`` or ``drop``."""
    text: str


class Unanswered(NamedTuple):
    """A request whose answer nobody waits for."""

    request: Request


OPTIONS: Mapping[str, Mapping[str, Any]] = {
    'defaults': {},
    'users declared': {'users': DEBIAN, 'hold': False},
    'another user': {'user_id': 1000, 'users': DEBIAN},
    'rootless': {'user_id': 33, 'seed': 7},
    'forgetful': {'environment': {'PEBBLE_PERSIST': 'never'}, 'complete': True, 'boot_id': 'x'},
}
"""Arguments of a daemon."""


def pickled(saved: Saved) -> Saved:
    """A copy that went through bytes."""
    return pickle.loads(pickle.dumps(saved))


class World:
    """A daemon, and what was seen of it.

    Args:
        host: What is mounted.
        options: Names arguments of the daemon.
        carried: What becomes of a saved daemon until it is restored.
    """

    def __init__(self, host: Host, options: str, carried: Callable[[Saved], Saved] = pickled):
        self.host = host
        self._carried = carried
        self._options = dict(OPTIONS[options])
        self._streams: list[Stream] = []
        self._tasks: list[str] = []
        self._open: list[Pending] = []
        self.seen: list[Any] = []
        self.programs = Programs()
        self.clock = BoundedClock(BEGIN_NS)
        self.daemon = self._daemon(TREE)

    def _daemon(self, files: FileTree, **more: Any) -> Daemon:
        return Daemon(
            self.clock,
            self.programs,
            files=files,
            mounts=self.host.mounts,
            layers=[parse_layer('base', LAYER)],
            name='web',
            log=self._log,
            **self._options,
            **more,
        )

    def _log(self, *row: str) -> None:
        self.seen.append((self.clock.now_ns, *row))

    # -- steps

    def perform(self, step: Any) -> None:
        """Do a step, and note what is seen of it.

        A daemon that had ended before is restarted after it.
        """
        self.clock.fired = 0
        had_ended = self.daemon.exit_code is not None
        if isinstance(step, Request):
            self._attempt(lambda: self.daemon.request(step))
        elif isinstance(step, Unanswered):
            self._attempt(lambda: self.daemon.handle(step.request))
        elif isinstance(step, Socket):
            self._use(step)
        elif isinstance(step, (int, float)):
            self.clock.advance(seconds_to_ns(step))
        else:
            {
                'restart': self.daemon.restart,
                'terminate': self.daemon.terminate,
                'workload': self._change_mood,
                'disconnect': self._disconnect,
                'reload': self.reload,
            }[step]()
        self._collect()
        if had_ended and self.daemon.exit_code is not None:
            self.seen.append(('exited', self.daemon.exit_code))
            self.daemon.restart()

    def perform_all(self, steps: Sequence[Any], saves: Sequence[bool], between: str) -> None:
        """Do steps, and look at what has become of the daemon.

        Args:
            steps: What to do.
            saves: Before which steps *between* is done; before those for which it says nothing,
                too.
            between: Another step.
        """
        for number, step in enumerate(steps):
            if number >= len(saves) or saves[number]:
                self.perform(between)
            self.perform(step)
        for step in [*READS, between, 3.3, *READS]:
            self.perform(step)

    def _collect(self) -> None:
        """Note the late answers."""
        answered = [pending for pending in self._open if pending.answer is not None]
        self._open = [pending for pending in self._open if pending.answer is None]
        for pending in answered:
            self.seen.append((self.clock.now_ns, str(pending.answer)))

    def _attempt(self, ask: Callable[[], Any]) -> None:
        try:
            answer = ask()
        except DaemonGone as e:
            self.seen.append(('gone', str(e)))
            return
        if isinstance(answer, Pending):
            self._open.append(answer)
        elif isinstance(answer, Upgraded):
            self._streams.append(answer.stream)
        else:
            encoded = encode(answer)
            self.seen.append((encoded.status, sorted(encoded.headers.items()), encoded.body))
            self._remember(encoded.body)

    def _remember(self, body: bytes) -> None:
        if found := re.search(rb'"task-id":"([0-9]+)"', body):
            self._tasks.append(found[1].decode())

    def _use(self, socket: Socket) -> None:
        if socket.what == 'connect':
            if self._tasks:
                task = self._tasks[-1 - socket.number % len(self._tasks)]
                path = f'/v1/tasks/{task}/websocket/{socket.text}'
                self._attempt(
                    lambda: self.daemon.handle(
                        Request('GET', path, headers={'upgrade': 'websocket'})
                    )
                )
        elif self._streams:
            stream = self._streams[-1 - socket.number % len(self._streams)]
            self.seen.append((socket.what, _used(stream, socket)))

    def _change_mood(self) -> None:
        self.programs.mood += 1
        self.daemon.workload_changed()

    def _disconnect(self) -> None:
        self.daemon.execs.disconnect()
        self._streams.clear()

    def reload(self) -> None:
        """Drop all connections, save the daemon, and go on with another one."""
        self._disconnect()
        saved = self._carried(self.daemon.save())
        assert saved == self.daemon.save()
        self.clock = BoundedClock(self.clock.now_ns)
        self.daemon = self._daemon(self.daemon.files.tree, saved=saved)


def _used(stream: Stream, socket: Socket) -> Any:
    if socket.what == 'receive':
        return str(stream.receive())[:50]
    if socket.what == 'send':
        return stream.send(socket.text.encode())
    if socket.what == 'command':
        return stream.command(socket.text)
    return stream.close(orderly=socket.what == 'close')


@contextlib.contextmanager
def worlds(
    *options: str, carried: Callable[[Saved], Saved] = pickled
) -> Generator[tuple[World, ...]]:
    """Worlds with these options, and hosts of their own."""
    with tempfile.TemporaryDirectory() as folder:
        yield tuple(
            World(Host(pathlib.Path(folder, str(number))), chosen, carried)
            for number, chosen in enumerate(options)
        )


def history_of(world: World) -> list[str]:
    """What was seen, except when files on the host were written."""
    return [re.sub(r'"last-modified":"[^"]*"', '', str(row)) for row in world.seen]
