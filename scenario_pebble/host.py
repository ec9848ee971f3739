"""One container of a State during a run: its daemon, loaded when it is first needed."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from . import convert
from .clock import SECOND_NS, Clock
from .daemon.changes import Change
from .daemon.daemon import Daemon
from .daemon.message import Answered, Request, Response
from .daemon.saved import Saved
from .errors import InconsistentScenarioError, ScenarioError, closest
from .filetree import Directory, FileTree
from .frozen import EMPTY, FrozenDict, FrozenList, evolve
from .juju.pebblenotices import PebbleNoticer
from .kubelet import Kubelet
from .log import Log, charm_caller
from .script import Script
from .state.check import CheckInfo, Fail, Pass
from .state.container import Container
from .state.program import Exec
from .state.queue import QueuedEvent
from .state.spec import ContainerSpec
from .state.state import State
from .times import from_ns
from .wire.client import Client
from .wire.host import Unreachable

T = TypeVar('T')

Unanswered = Callable[[str, tuple[str, ...]], Exec | None]


def _refuse(container: str, command: tuple[str, ...]) -> None:
    """No program of that name is there."""


class Host:
    """One container of a State: where clients reach its daemon, which is loaded when it is first
    needed.

    Args:
        container: As the State has it.
        clock: Shared by all containers of a run.
        log: Where rows go.
        seed: Of the run.
        juju_version: Decides which events there are.
        spec: What the charm's metadata says of it.
        unanswered: Asked for an answer to a command that no Exec answers.
    """

    client = Client
    """What reaches it."""

    script: ClassVar[type[Script]] = Script
    """What answers for the workload; the pytest plugin's can be strict."""

    _decided = False
    """Whether a check's outcome was changed in this run."""

    def __init__(
        self,
        container: Container,
        clock: Clock,
        log: Log,
        *,
        seed: int,
        juju_version: str,
        spec: ContainerSpec | None = None,
        unanswered: Unanswered = _refuse,
    ):
        self.name = container.name
        self.container = container
        self.can_connect = container.can_connect
        self._clock = clock
        self._log = log
        self._seed = seed ^ zlib.crc32(container.name.encode())
        self._spec = spec
        self._unanswered = unanswered
        self._daemon: Daemon | None = None
        self._loaded: Any = None
        self._loaded_files = container.files
        self._loaded_ns = 0
        self._ready_events: tuple[QueuedEvent, ...] = ()
        self._noticer = PebbleNoticer(container.name, self._change, juju_version)
        self._kubelet: Kubelet | None = None
        clock.attach(self)

    @property
    def daemon(self) -> Daemon:
        """The daemon, whether it can be connected to or not."""
        if self._daemon is None:
            self._load()
            assert self._daemon is not None
        return self._daemon

    def call(self, method: str, path: str, act: Callable[..., T], *args: Any) -> T:
        """Make a request: let *act* do it with the daemon and *args*, if the daemon answers.

        Raises:
            Unreachable: If the daemon does not answer.
            ApiError: If *act* raises it.
        """
        began_ns = self._clock.now_ns
        row = self._log.add(began_ns, self.name, 'request', f'{method} {path}', '')
        row.caller = charm_caller()
        if (
            not self.can_connect
            or (daemon := self._daemon or self.daemon).life.exit_code is not None
        ):
            row.text = 'cannot connect'
            raise Unreachable
        try:
            answer = act(daemon, *args)
            row.text = '200' if answer is None else _outcome(answer, daemon)
            return answer
        except Exception as e:
            row.text = str(e)
            raise
        finally:
            now_ns = self._clock.now_ns
            if now_ns != began_ns:
                seconds = (now_ns - began_ns) / SECOND_NS
                self._log.add(now_ns, self.name, 'wait', row.subject, f'{seconds:.3f}s')

    def ask(self, request: Request) -> Answered:
        """Make a request.

        Raises:
            Unreachable: If the daemon does not answer.
        """
        return self.call(request.method, request.path, Daemon.request, request)

    def next_due_ns(self) -> int | None:
        """Asked when the clock is about to move: loads a daemon to which time means something.

        The daemon then takes part in time by itself, and so does Kubernetes if it has to.
        """
        if self._daemon is None:
            if convert.moves(self.container):
                self._load()
        elif self._daemon.exit_code is not None:
            self._watch().look()
        return None

    def fire(self) -> None:
        """Nothing is ever due here."""

    @property
    def files(self) -> FileTree:
        """The files as they are now."""
        return self.container.files if self._daemon is None else self._daemon.tree

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
        if self._daemon.has('execs'):
            self._daemon.execs.disconnect()  # the charm's process has ended
        saved = self._daemon.save()
        if self._is_unchanged(saved):
            return self.container
        container, kubelet, files = self.container, self._kubelet, self._daemon.tree
        return convert.dump(
            container,
            self._daemon,
            saved,
            can_connect=self.can_connect,
            files=container.files if files is self._loaded_files else files,
            unseen=self._noticer.unseen,
            kubelet=convert.kubelet_of(container) if kubelet is None else kubelet.state,
        )

    def _is_unchanged(self, saved: Saved) -> bool:
        container, daemon = self.container, self.daemon
        if saved is not self._loaded or daemon.tree is not self._loaded_files or self._decided:
            return False
        if self._kubelet is not None and self._kubelet.state != convert.kubelet_of(container):
            return False
        if self._noticer.unseen != (container.runtime.unseen if container.runtime else ()):
            return False
        # A daemon that started with this run has to remember when, if time means something to it.
        started = container.runtime is None and self._clock.now_ns != self._loaded_ns
        return not (started and convert.moves(container))

    def events(self) -> list[QueuedEvent]:
        """The events that Juju would send for what has happened in the container.

        While Pebble does not answer, Juju sees nothing.
        """
        runtime = self.container.runtime
        if self._daemon is None and self.can_connect and runtime is not None and runtime.unseen:
            self._load()  # what has occurred while Pebble could not be reached
        if not self.can_connect or (self._daemon and self._daemon.exit_code is not None):
            return []
        ready, self._ready_events = self._ready_events, ()
        return [*ready, *self._noticer.events()]

    def _change(self, change_id: str) -> Change | None:
        return self.daemon.changes.get(change_id)

    # -- what happens to it from outside

    def decide(self, check: str, outcome: Pass | Fail) -> None:
        """From now on a check passes or fails."""
        daemon = self._daemon if self.container.runtime is None else self.daemon
        outcomes = FrozenDict({**self.container.outcomes, check: outcome})
        self.container = evolve(self.container, outcomes=outcomes)
        if daemon is not None:
            self._workload.container = self.container
            daemon.workload_changed()
            self._decided = True

    def disconnect(self) -> None:
        """From now on Pebble can't be reached."""
        self._set_can_connect(False)
        if self._daemon is not None:
            self._daemon.hang_up()

    def connect(self) -> None:
        """From now on Pebble can be reached."""
        self._set_can_connect(True)

    def _set_can_connect(self, can_connect: bool) -> None:
        self.can_connect = can_connect
        self.container = evolve(self.container, can_connect=can_connect)

    def terminate(self) -> None:
        """Pebble gets a SIGTERM: it stops the services, and ends."""
        self.daemon.terminate()

    def restart(self) -> None:
        """Kubernetes restarts the container: its files are those of the image again."""
        daemon, container = self.daemon, self.container
        daemon.files.tree = self._with_storages(container.image, daemon.files.tree)
        self.container = evolve(container, service_statuses=EMPTY)
        daemon.restart(container.image_layers)
        self._started()

    def replace(self) -> None:
        """A new container takes the place of this one."""
        if self._daemon is not None:
            self._daemon.hang_up()
            self._clock.detach(self._daemon)
        old = self.container
        self.container = evolve(
            old,
            files=self._with_storages(old.image, self.files),
            layers=EMPTY,
            service_statuses=EMPTY,
            notices=FrozenList(),
            check_infos=frozenset[CheckInfo](),
            runtime=None,
        )
        self._load()
        self._started()

    def _started(self) -> None:
        if self._kubelet is not None:
            self._kubelet.started()
        self._ready()

    def _ready(self) -> None:
        """Pebble answers (again); Juju, which asks every five seconds, tells the charm."""
        self.connect()
        at = from_ns(self._clock.now_ns)
        self._ready_events = (QueuedEvent('pebble_ready', container=self.container.name, at=at),)

    def _with_storages(self, tree: FileTree, before: FileTree) -> FileTree:
        """*tree*, with the container's storages as they are in *before*."""
        spec = self._spec
        if spec is None:
            return tree
        for mount in spec.mounts:
            if mount.location:
                node = before.find(mount.location)
                if not isinstance(node, Directory):
                    node = Directory(user_id=spec.uid or 0, group_id=spec.gid or 0)
                tree = tree.mkdir(mount.location, node)
        return tree

    def _load(self) -> None:
        container = self.container
        self._loaded_files = self._with_storages(container.files, container.files)
        self._workload = self._script()
        self._daemon = convert.load(
            container,
            self._clock,
            self._workload,
            files=self._loaded_files,
            seed=self._seed,
            spec=self._spec,
            log=self._note,
        )
        self._daemon.notices.on_repeated.append(self._noticer.occurred)
        if container.runtime is not None:
            self._noticer.unseen = container.runtime.unseen
        self._loaded = self._daemon.save()
        self._loaded_ns = self._clock.now_ns
        if container.liveness_probe is not None or self._daemon.exit_code is not None:
            self._watch()

    def _watch(self) -> Kubelet:
        """Let Kubernetes take part in time."""
        if self._kubelet is None:
            probe, saved = self.container.liveness_probe, convert.kubelet_of(self.container)
            self._kubelet = Kubelet(self, self._clock, probe, saved)
            self._clock.attach(self._kubelet, late=True)
        return self._kubelet

    # -- the container as Kubernetes sees it

    def is_alive(self) -> bool:
        answer = self.daemon.handle(Request('GET', '/v1/health', {'level': ('alive',)}))
        return isinstance(answer, Response) and answer.status == 200

    def begun_ns(self) -> int:
        return self.daemon.life.begun_ns

    def exit_code(self) -> int | None:
        return self.daemon.exit_code

    def _script(self) -> Script:
        unanswered = functools.partial(self._unanswered, self.name)
        return self.script(self.container, lambda: self.daemon.files.tree, unanswered)

    def note(self, kind: str, subject: str, text: str) -> None:
        """Add a row to the log."""
        self._log.add(self._clock.now_ns, self.name, kind, subject, text)

    def _note(self, kind: str, subject: str, text: str) -> None:
        """What the daemon says of itself; what a State says of it is nothing that happened."""
        if self._daemon is not None:
            self._log.add(self._clock.now_ns, self.name, kind, subject, text)


class MissingHost:
    """A container that the charm reaches for, and the State lacks."""

    client = Client

    def __init__(self, name: str, state: State, blame: Callable[[ScenarioError], None]):
        self.name = name
        self._known = sorted(c.name for c in state.containers)
        self._blame = blame

    def call(self, method: str, path: str, act: Callable[..., T], *args: Any) -> T:
        """Never answers.

        Raises:
            InconsistentScenarioError: Always.
        """
        raise self._missing()

    def ask(self, request: Request) -> Answered:
        """Never answers.

        Raises:
            InconsistentScenarioError: Always.
        """
        raise self._missing()

    def _missing(self) -> ScenarioError:
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
        return error


def _outcome(answer: Any, daemon: Daemon) -> str:
    """What a request came to: the status, and why it was refused or which change it began."""
    if not isinstance(answer, Response):
        return '200'
    if answer.status >= 400:
        return f'{answer.status} {answer.result["message"]}'
    change = answer.change and daemon.changes.get(answer.change)
    return f'{answer.status} change {change.id} ({change.kind})' if change else str(answer.status)
