"""A State, opened for a run: containers become daemons, the rest a ledger, and at the end a State.

Its law: if nothing happens, what comes out is what went in.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .clock import Clock
from .errors import ScenarioError
from .frozen import FrozenList, evolve
from .state import opaque
from .state.container import Container
from .state.event import Event
from .state.queue import QueuedEvent
from .state.spec import ContainerSpec
from .state.state import State
from .times import from_ns, to_ns

if TYPE_CHECKING:
    from .host import Host, MissingHost, Unanswered
    from .log import Log
    from .schedule import Schedule
    from .state.program import Exec
    from .wire.client import Client
    from .wire.exechistory import Recorded

_SOCKETS = '/charm/containers/'
_NEVER = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)


class World:
    """A State, opened for a run.

    Args:
        state: What Juju and Pebble know before the event.
        now_ns: When the event happens, if the State doesn't say.
        log: Where rows go.
        seed: Of the run.
        juju_version: Decides which events there are.
        specs: What the charm's metadata says of the containers.
        ran: Is told of each command that the charm runs, and of its container.
        unanswered: Asked for an answer to a command that no Exec answers.
    """

    def __init__(
        self,
        state: State,
        now_ns: int,
        log: Log,
        *,
        seed: int,
        juju_version: str,
        specs: Mapping[str, ContainerSpec],
        ran: Callable[[str, Recorded], None],
        unanswered: Unanswered,
    ):
        self.state = state
        self._ran = ran
        self._answer = unanswered
        self._unexpected: set[tuple[str, tuple[str, ...]]] = set()
        self.clock = Clock(now_ns if state.time is None else to_ns(state.time))
        self.mistake: ScenarioError | None = None
        """What the test did wrong, found while the charm ran."""
        self.hosts = {
            container.name: _host_class(container)(
                container,
                self.clock,
                log,
                seed=seed,
                juju_version=juju_version,
                spec=_attached(specs.get(container.name), state),
                unanswered=self._unanswered,
            )
            for container in sorted(state.containers, key=lambda c: c.name)
        }
        self._schedule: Schedule | None = None
        if state.schedule:
            from .schedule import Schedule

            self._schedule = Schedule(state.schedule, self.clock, self.hosts, self._blame)
            self._schedule.catch_up()
        self._found: list[QueuedEvent] = []
        self._asked = 0
        self._log = log
        self._started_ns = self.clock.now_ns

    def record(self, kind: str, subject: str, text: str = '') -> None:
        """Add a row about Juju or the charm itself to the log."""
        self._log.add(self.clock.now_ns, '', kind, subject, text)

    def _unanswered(self, container: str, command: tuple[str, ...]) -> Exec | None:
        missing = f'Container({container!r}, execs={{Exec({list(command)!r})}})'
        self._log.add(self.clock.now_ns, container, 'hint', command[0], missing)
        self._unexpected.add((container, command))
        return self._answer(container, command)

    def _started(self, container: str, command: Recorded) -> None:
        # As in ops.testing, the history is one of the commands that a test expects.
        if (container, tuple(command.command)) not in self._unexpected:
            self._ran(container, command)

    def connect(self, socket_path: str) -> Client:
        """The client that ops gets for a container's socket."""
        host = self.host_at(socket_path)
        return host.client(socket_path, host, functools.partial(self._started, host.name))

    def own_host_at(self, socket_path: str) -> Host | MissingHost | None:
        """Likewise, for any path: None if it's no container's."""
        return self.host_at(socket_path) if socket_path.startswith(_SOCKETS) else None

    def host_at(self, socket_path: str) -> Host | MissingHost:
        """The container whose socket is at a path of the charm's container."""
        name = socket_path.removeprefix(_SOCKETS).partition('/')[0]
        host = self.hosts.get(name)
        if host is not None:
            return host
        from .host import MissingHost

        return MissingHost(name, self.state, self._blame)

    def _blame(self, mistake: ScenarioError) -> None:
        self.mistake = self.mistake or mistake

    def close(self, state: State) -> State:
        """The State after the run.

        Args:
            state: With all that isn't in a container as it is now.
        """
        self._finish_microsecond()
        state = self.present(self._with_events(state))
        if self._schedule is not None and self._schedule.stimuli is not state.schedule:
            state = evolve(state, schedule=self._schedule.stimuli)
        if self.clock.now_ns == self._started_ns and (
            state is self.state or not (state.schedule or any(map(_goes_on, state.containers)))
        ):
            return state
        return evolve(state, time=from_ns(self.clock.now_ns))

    def present(self, state: State) -> State:
        """*state* with its containers as they are now."""
        containers = {host.container.name: host.result() for host in self.hosts.values()}
        if any(containers[c.name] is not c for c in state.containers):
            state = evolve(state, containers=frozenset(containers.values()))
        return state

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


def _host_class(container: Container) -> type[Host]:
    # The daemon is most of this package: a test without containers doesn't load it.
    if container.faults:
        from .faultyhost import FaultyHost

        return FaultyHost
    from .host import Host

    return Host


@opaque.runtime
def _runtime_class() -> type[Any]:
    from .convert import Runtime

    return Runtime


def _goes_on(container: Container) -> bool:
    """Whether something in a container depends on when the next event comes."""
    if container.runtime is None:
        return False
    from .convert import moves

    return moves(container)


def _attached(spec: ContainerSpec | None, state: State) -> ContainerSpec | None:
    """What the metadata says of a container, with the places of those storages only that the
    State has.
    """
    if spec is None or not spec.mounts:
        return spec
    attached = {storage.name for storage in state.storages}
    return dataclasses.replace(spec, mounts=tuple(m for m in spec.mounts if m.storage in attached))


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
