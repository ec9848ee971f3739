"""A State, opened for a run: containers become daemons, the rest a ledger, and at the end a State
again.

The only module that knows both sides.  Its law: if nothing happens, what comes out is what went
in.
"""

from __future__ import annotations

import datetime
import functools
import zlib
from collections.abc import Callable
from typing import Any

from . import convert
from .clock import Clock
from .daemon.changes import Change
from .daemon.daemon import Daemon, Saved
from .errors import InconsistentScenarioError, ScenarioError, closest
from .filetree import FileTree
from .frozen import FrozenList
from .juju.pebblenotices import PebbleNoticer
from .log import Log
from .script import Script
from .state.container import Container
from .state.event import Event
from .state.queue import QueuedEvent
from .state.state import State
from .state.value import evolve
from .times import from_ns, to_ns
from .wire.client import Client
from .wire.exechistory import Recorded
from .wire.host import Unreachable

_SOCKETS = '/charm/containers/'
_NEVER = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)


class Host:
    """One container of a State: where clients reach its daemon, which is loaded when it is first
    needed.

    Args:
        container: As the State has it.
        clock: Shared by all containers of a run.
        log: Where rows go.
        seed: Of the run.
        juju_version: Decides which events there are.
    """

    def __init__(
        self, container: Container, clock: Clock, log: Log, *, seed: int, juju_version: str
    ):
        self.name = container.name
        self.container = container
        self.can_connect = container.can_connect
        self._clock = clock
        self._log = log
        self._seed = seed ^ zlib.crc32(container.name.encode())
        self._daemon: Daemon | None = None
        self._loaded: Any = None
        self._loaded_ns = 0
        self._ready_events: tuple[QueuedEvent, ...] = ()
        self._noticer = PebbleNoticer(container.name, self._change, juju_version)
        clock.attach(self)

    @property
    def daemon(self) -> Daemon:
        """The daemon, whether it can be connected to or not."""
        if self._daemon is None:
            self._load()
            assert self._daemon is not None
        return self._daemon

    def reach(self, method: str, path: str) -> Daemon:
        """The daemon, for a request.

        Raises:
            Unreachable: If it does not answer.
        """
        if not self.can_connect or self.daemon.exit_code is not None:
            self._record('request', f'{method} {path}', 'cannot connect')
            raise Unreachable
        self._record('request', f'{method} {path}', '')
        return self.daemon

    def next_due_ns(self) -> int | None:
        """Asked when the clock is about to move: loads a daemon to which time means something.

        The daemon then takes part in time by itself.
        """
        if self._daemon is None and convert.moves(self.container):
            self._load()
        return None

    def fire(self) -> None:
        """Nothing is ever due here."""

    @property
    def files(self) -> FileTree:
        """The files as they are now."""
        return self.container.files if self._daemon is None else self._daemon.files.tree

    @files.setter
    def files(self, tree: FileTree) -> None:
        if tree is self.files:
            return
        if self._daemon is None:
            self.container = evolve(self.container, files=tree)
        else:
            self._daemon.files.tree = tree

    def result(self) -> Container:
        """The container as it is now; the very same object if nothing happened."""
        if self._daemon is None:
            return self.container
        saved = self._daemon.save()
        if self._is_unchanged(saved):
            return self.container
        return convert.dump(
            self.container,
            self._daemon,
            saved,
            can_connect=self.can_connect,
            unseen=self._noticer.unseen,
        )

    def _is_unchanged(self, saved: Saved) -> bool:
        container, daemon = self.container, self.daemon
        if saved is not self._loaded or daemon.files.tree is not container.files:
            return False
        # A daemon that started with this run has to remember when, if time means something to it.
        started = container.runtime is None and self._clock.now_ns != self._loaded_ns
        if started and convert.moves(container):
            return False
        return self.can_connect == container.can_connect

    def events(self) -> list[QueuedEvent]:
        """The events that Juju would send for what has happened in the container.

        While Pebble does not answer, Juju sees nothing.
        """
        if not self.can_connect:
            return []
        ready, self._ready_events = self._ready_events, ()
        return [*ready, *self._noticer.events()]

    def _change(self, change_id: str) -> Change | None:
        return self.daemon.changes.get(change_id)

    def restart(self) -> None:
        """Kubernetes restarts the container: its files are those of the image again."""
        daemon = self.daemon
        assert isinstance(self.container.image, FileTree)
        daemon.files.tree = self.container.image
        daemon.restart()
        self._ready()

    def replace(self) -> None:
        """A new container takes the place of this one."""
        if self._daemon is not None:
            self._clock.detach(self._daemon)
        old = self.container
        self.container = Container(
            old.name,
            image=old.image,
            mounts=old.mounts,
            users=old.users,
            execs=old.execs,
            programs=old.programs,
            outcomes=old.outcomes,
        )
        self._load()
        self._ready()

    def _ready(self) -> None:
        """Pebble answers (again); Juju, which asks every five seconds, tells the charm."""
        self.can_connect = True
        at = from_ns(self._clock.now_ns)
        self._ready_events = (QueuedEvent('pebble_ready', self.container.name, at=at),)

    def _load(self) -> None:
        container = self.container
        self._daemon = convert.load(
            container, self._clock, self._script(), self._seed, self._record
        )
        self._daemon.notices.on_repeated.append(self._noticer.occurred)
        if container.runtime is not None:
            self._noticer.unseen = container.runtime.unseen
        self._loaded = self._daemon.save()
        self._loaded_ns = self._clock.now_ns

    def _script(self) -> Script:
        return Script(self.container, lambda: self.daemon.files.tree)

    def _record(self, kind: str, subject: str, text: str) -> None:
        self._log.add(self._clock.now_ns, self.container.name, kind, subject, text)


class MissingHost:
    """A container that the charm reaches for, and the State lacks."""

    def __init__(self, name: str, state: State, blame: Callable[[ScenarioError], None]):
        self.name = name
        self._known = sorted(c.name for c in state.containers)
        self._blame = blame

    def reach(self, method: str, path: str) -> Daemon:
        """Never answers.

        Raises:
            InconsistentScenarioError: Always.
        """
        hint = closest(self.name, self._known) or (
            f'State(containers={{Container({self.name!r}, can_connect=True)}})'
        )
        error = InconsistentScenarioError(
            f'cannot reach container {self.name!r}: the State has no such container\n'
            f'  the State has containers: {", ".join(map(repr, self._known)) or "none"}\n'
            f'  hint: {hint}'
        )
        # The charm may catch everything; the test author must learn of it all the same.
        self._blame(error)
        raise error


class World:
    """A State, opened for a run.

    Args:
        state: What Juju and Pebble know before the event.
        now_ns: When the event happens, if the State doesn't say.
        log: Where rows go.
        seed: Of the run.
        juju_version: Decides which events there are.
        ran: Is told of each command that the charm runs, and of its container.
    """

    def __init__(
        self,
        state: State,
        now_ns: int,
        log: Log,
        *,
        seed: int,
        juju_version: str,
        ran: Callable[[str, Recorded], None],
    ):
        self.state = state
        self._ran = ran
        self.clock = Clock(now_ns if state.time is None else to_ns(state.time))
        self.mistake: ScenarioError | None = None
        """What the test did wrong, found while the charm ran."""
        self.hosts = {
            container.name: Host(container, self.clock, log, seed=seed, juju_version=juju_version)
            for container in sorted(state.containers, key=lambda c: c.name)
        }
        self._found: list[QueuedEvent] = []
        self._asked = 0
        self._log = log
        self._started_ns = self.clock.now_ns

    def record(self, kind: str, subject: str, text: str = '') -> None:
        """Add a row about Juju or the charm itself to the log."""
        self._log.add(self.clock.now_ns, '', kind, subject, text)

    def connect(self, socket_path: str) -> Client:
        """The client that ops gets for a container's socket."""
        host = self.host_at(socket_path)
        return Client(socket_path, host, functools.partial(self._ran, host.name))

    def host_at(self, socket_path: str) -> Host | MissingHost:
        """The container whose socket is at a path of the charm's container."""
        name = socket_path.removeprefix(_SOCKETS).partition('/')[0]
        return self.hosts.get(name) or MissingHost(name, self.state, self._blame)

    def _blame(self, mistake: ScenarioError) -> None:
        self.mistake = self.mistake or mistake

    def close(self, state: State) -> State:
        """The State after the run.

        Args:
            state: With all that isn't in a container as it is now.
        """
        self._finish_microsecond()
        state = self._with_events(state)
        containers = {host.container.name: host.result() for host in self.hosts.values()}
        if any(containers[c.name] is not c for c in state.containers):
            state = evolve(state, containers=frozenset(containers.values()))
        if state is self.state and self.clock.now_ns == self._started_ns:
            return state
        return evolve(state, time=from_ns(self.clock.now_ns))

    def load(self) -> None:
        """Let every container that time means something to take part in it."""
        for host in self.hosts.values():
            host.next_due_ns()

    def has_events(self) -> bool:
        """Whether something became due that Juju would tell the charm."""
        self._found.extend(event for host in self.hosts.values() for event in host.events())
        return bool(self._found)

    def stirred(self) -> bool:
        """Whether anything at all has happened since this was first asked."""
        self._asked += 1
        return self.has_events() or self._asked > 1

    @property
    def events(self) -> list[QueuedEvent]:
        """What became due in the containers, in order of time; given once."""
        self.has_events()
        found, self._found = self._found, []
        return sorted(found, key=lambda event: event.at or _NEVER)

    def _with_events(self, state: State) -> State:
        events = self.events
        return evolve(state, queue=FrozenList([*state.queue, *events])) if events else state

    def _finish_microsecond(self) -> None:
        # A State's time has microseconds; nothing in it may be later than that.
        if self.clock.now_ns % 1000:
            self.clock.advance(-self.clock.now_ns % 1000)


def current(event: Event, state: State) -> Event:
    """The event on what its container, relation … has become in *state*: matched by name or id."""
    changes: dict[str, Any] = {}
    for field, parts, same in _PARTS:
        given = getattr(event, field)
        if given is not None:
            found = next((part for part in getattr(state, parts) if same(part, given)), given)
            if found is not given:
                changes[field] = found
    event = evolve(event, **changes) if changes else event
    return event if event.container is None else _current_in_container(event, event.container)


def _current_in_container(event: Event, container: Container) -> Event:
    for field, parts in (('notice', container.notices), ('check_info', container.check_infos)):
        given = getattr(event, field)
        if given is not None:
            # A notice is identified by user, type and key, a check by its name: as they are
            # hashed.
            found = next((part for part in parts if hash(part) == hash(given)), given)
            event = evolve(event, **{field: found})
    return event


_PARTS: tuple[tuple[str, str, Callable[[Any, Any], bool]], ...] = (
    ('container', 'containers', lambda part, given: part.name == given.name),
    ('relation', 'relations', lambda part, given: part.id == given.id),
    ('secret', 'secrets', lambda part, given: part.id == given.id),
    ('storage', 'storages', lambda part, given: part == given),
)
