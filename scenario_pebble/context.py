"""The Context: a charm and its metadata, on which a test runs events."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import logging
import pathlib
import time
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar

import ops

from . import (
    charmroot,
    contextargs,
    hostdir,
    mountcopies,
    passing,
    prepared,
    registry,
    runargs,
    session,
)
from .bridge import World
from .juju import charm as juju_charm
from .juju.records import Records
from .log import Log
from .manager import Manager
from .mirror import Mirrors
from .state import queue
from .state.container import Container
from .state.event import Event
from .state.events import CharmEvents
from .state.program import Exec
from .state.spec import CharmSpec
from .state.state import State
from .stimuli import Stimuli
from .sweep import Sweeping
from .timeline import Timeline
from .times import to_ns
from .triggers import Triggers
from .wire.exechistory import ExecArgs

CharmType = TypeVar('CharmType', bound=ops.CharmBase)

logger = logging.getLogger('scenario_pebble')


class Context(Stimuli, Sweeping, Records, Generic[CharmType]):
    """A charm under test.

    Example::

        ctx = Context(MyCharm)
        out = ctx.run(ctx.on.start(), State(leader=True))
        assert out.unit_status == ActiveStatus()

    What the charm does beside changing the State is recorded here, over all runs: `juju_log`,
    `unit_status_history`, `emitted_events`, `exec_history`, `action_results`, `timeline` …

    Args:
        charm_type: The charm's class.
        meta: The content of ``metadata.yaml`` or ``charmcraft.yaml``. Without *meta*, *actions*
            and *config* the files beside the charm are read.
        actions: The content of ``actions.yaml``.
        config: The content of ``config.yaml``.
        charm_root: The directory that the charm sees as its own; by default a temporary one that
            holds the metadata.
        juju_version: What ``JUJU_VERSION`` says.
        capture_deferred_events: Record deferred events in `emitted_events` when they are emitted
            again.
        capture_framework_events: Record ops' own events in `emitted_events` too.
        app_name: The application's name; by default the charm's.
        unit_id: The unit's number.
        machine_id: What ``JUJU_MACHINE_ID`` says.
        availability_zone: What ``JUJU_AVAILABILITY_ZONE`` says.
        principal_unit: What ``JUJU_PRINCIPAL_UNIT`` says.
        app_trusted: Whether the application was deployed with ``--trust``.
        seed: Decides the jitter of restarts. Equal seeds give equal runs. None: `default_seed`.
        real_time: Leave Python's own clocks alone: the charm sees real time, and ``time.sleep``
            really waits. Pebble's time is virtual all the same.
        update_status_hook_interval: How often `advance` sends update-status, in seconds or as a
            timedelta; None: never.  Juju's default is five minutes.
        automatically_retry_hooks: Whether `advance` runs a hook that failed again, as Juju does:
            after 5 s, 10 s, 20 s … up to five minutes.  Otherwise it raises the charm's error.
        secret_triggers: Whether `advance` sends secret-rotate and secret-expired when they are
            due.  A secret's first period of rotation begins with the first `advance`.

    Raises:
        ContextSetupError: If the charm's metadata can't be found or read.
    """

    on = CharmEvents()

    default_seed: ClassVar[int] = 0
    """The seed of the Contexts that are given none; ``pytest --scenario-pebble-seed`` sets it."""

    def __init__(
        self,
        charm_type: type[CharmType],
        meta: Mapping[str, Any] | None = None,
        *,
        actions: Mapping[str, Any] | None = None,
        config: Mapping[str, Any] | None = None,
        charm_root: str | pathlib.Path | None = None,
        juju_version: str = '3.6.14',
        capture_deferred_events: bool = False,
        capture_framework_events: bool = False,
        app_name: str | None = None,
        unit_id: int | None = 0,
        machine_id: str | None = None,
        availability_zone: str | None = None,
        principal_unit: str | None = None,
        app_trusted: bool = False,
        seed: int | None = None,
        real_time: bool = False,
        update_status_hook_interval: float | datetime.timedelta | None = None,
        automatically_retry_hooks: bool = False,
        secret_triggers: bool = False,
    ):
        super().__init__()
        contextargs.check_charm_type(charm_type)
        contextargs.check_declared(meta=meta, actions=actions, config=config)
        contextargs.check_types(
            vars(Context)['__init__'],
            charm_root=charm_root,
            juju_version=juju_version,
            capture_deferred_events=capture_deferred_events,
            capture_framework_events=capture_framework_events,
            app_name=app_name,
            unit_id=unit_id,
            machine_id=machine_id,
            availability_zone=availability_zone,
            principal_unit=principal_unit,
            app_trusted=app_trusted,
            seed=seed,
            real_time=real_time,
            automatically_retry_hooks=automatically_retry_hooks,
            secret_triggers=secret_triggers,
        )
        contextargs.check_surroundings(juju_version, unit_id)
        if juju_version.startswith('2.'):
            logger.warning('Juju %s is not simulated: charms see that of version 3', juju_version)
        spec = juju_charm.charm_spec(charm_type, meta, actions=actions, config=config)
        self._prepared = prepared.prepare(spec)
        self._lent_spec: CharmSpec | None = None
        self.charm_root = None if charm_root is None else pathlib.Path(charm_root)
        self.juju_version = juju_version
        self.capture_deferred_events = capture_deferred_events
        self.capture_framework_events = capture_framework_events
        self.app_name = app_name or spec.meta.get('name') or ''
        self.unit_id = unit_id or 0
        self.machine_id = machine_id
        self.availability_zone = availability_zone
        self.principal_unit = principal_unit
        self.app_trusted = app_trusted
        self.seed = self.default_seed if seed is None else seed
        self.real_time = real_time
        self.triggers = Triggers(
            update_status=contextargs.interval(update_status_hook_interval),
            secrets=secret_triggers,
            retries=automatically_retry_hooks,
        )
        self.log = Log()
        self._make_directories()
        self.emitted_events: list[ops.EventBase] = []
        # The time that a State without one starts at: read once, so that a chain of events stays
        # together.
        self.started_ns = time.time_ns() // 1000 * 1000

    def _make_directories(self) -> None:
        directory = self.host_directory = hostdir.HostDirectory(self)
        self.mirrors = Mirrors(lambda name: directory.path('containers', name))
        charm_dir = self.charm_root or charmroot.make(directory, self._prepared.spec)
        self.charm_dir = charm_dir.resolve()

    def run(self, event: Event, state: State) -> State:
        """Run one event.

        Args:
            event: What Juju sends, made by ``ctx.on``.  If the State's queue begins with it, it is
                taken from there; all else that is queued waits.
            state: The world before it; never changed.

        Returns:
            The world after it.

        Raises:
            InconsistentScenarioError: If event, State and metadata contradict each other.
            UncaughtCharmError: If the charm raises.
            ActionFailed: If the charm fails the action.
        """
        runargs.check_run(event, state)
        with session.Session(self, event, queue.without(event, state)) as running:
            return running.finish()

    def deliver(self, event: Event, state: State) -> State:
        """Like `run`, with an event that was taken from the queue: Juju knows what it sends."""
        with session.Session(self, event, state, by_juju=True) as running:
            return running.finish()

    def advance(
        self,
        state: State,
        seconds: float | datetime.timedelta | None = None,
        *,
        until: passing.Until | None = None,
        limit: int = 1000,
    ) -> State:
        """Let time pass, dispatching to the charm whatever Juju would send meanwhile.

        First comes what waits in `State.queue`: a hook that failed, and the events that became due
        during earlier runs.  Checks, restarts after backoff and exec timeouts happen in order of
        time, as they do in Pebble.

        Example::

            state = ctx.advance(state, 30)  # a check with period 10s runs three times

        Args:
            state: The state to start from.
            seconds: How far to move: seconds, rounded to whole nanoseconds, or a timedelta.
            until: Instead of *seconds*: an aware time, or a condition on the State, asked after
                each thing that happens.  If the time is past, because the charm took longer, only
                what is queued comes.
            limit: How many events may come within an hour before the charm is taken to cause them
                itself.

        Raises:
            ValueError: If *seconds* is negative.
            ScenarioRuntimeError: If more than *limit* events come within an hour.
            UncaughtCharmError: If the charm raises.
        """
        runargs.check_state(state, 'ctx.advance(State(…), 30)')
        runargs.check_limit(limit)
        until_ns, done = passing.target(self.now_ns(state), seconds, until)
        return passing.Passing(self, limit).to(state, until_ns, done)

    def now_ns(self, state: State) -> int:
        """The time of a State, in nanoseconds since the epoch."""
        return self.started_ns if state.time is None else to_ns(state.time)

    def __call__(self, event: Event, state: State) -> Manager[CharmType]:
        """The same in two steps, with access to the charm in between.

        Example::

            with ctx(ctx.on.start(), State()) as mgr:
                mgr.charm.prepare()
                out = mgr.run()
        """
        runargs.check_run(event, state)
        return Manager(self, event, queue.without(event, state))

    if not TYPE_CHECKING:  # what there isn't is for type checkers to find

        @property
        def run_action(self) -> NoReturn:
            raise AttributeError(
                "cannot use 'run_action': actions are run like other events\n"
                "  hint: ctx.run(ctx.on.action('backup', params={…}), state)"
            )

    @property
    def exec_history(self) -> dict[str, list[ExecArgs]]:
        """The commands that the charm ran, by container."""
        return {
            name: [recorded.arguments() for recorded in execs]
            for name, execs in self.log.execs.items()
        }

    @property
    def timeline(self) -> Timeline:
        """What happened so far, and when."""
        return Timeline.of(self.log, self.prepared.spec.containers)

    @property
    def charm_spec(self) -> CharmSpec:
        """What the charm declares; a test that changes it changes it for later runs.

        Deprecated: `charm_type` and the metadata are the test's.
        """
        warnings.warn('Context.charm_spec is deprecated', DeprecationWarning, stacklevel=2)
        if self._lent_spec is None:
            self._lent_spec = prepared.lend(self._prepared.spec)
        return self._lent_spec

    @property
    def prepared(self) -> prepared.Prepared:
        """The charm as runs use it."""
        if self._lent_spec is not None:
            self._prepared = prepared.take_back(self._lent_spec, self._prepared)
        return self._prepared

    @property
    def unit_name(self) -> str:
        """For example ``db/0``."""
        return f'{self.app_name}/{self.unit_id}'

    def container_root(self, container: Container) -> pathlib.Path:
        """The real directory that shows a container's files, now or after the latest run."""
        return self.mirrors.open(container)

    def storage_root(self, name: str, index: int) -> pathlib.Path:
        """The real directory that stands for a storage instance."""
        path = self._storages / f'{name}-{index}'
        path.mkdir(parents=True, exist_ok=True)
        return path

    def open(self, state: State) -> World:
        """A State opened for a run, or for letting time pass."""
        for watch in registry.watches:
            watch.opened(self, state)
        return World(
            state,
            self.started_ns,
            self.log,
            seed=self.seed,
            juju_version=self.juju_version,
            specs=self.prepared.spec.containers,
            ran=self.log.ran,
            unanswered=self.unanswered,
        )

    def apart(self) -> Context[CharmType]:
        """A Context like this one, on which nothing was run yet."""
        other = object.__new__(type(self))
        other.__dict__ |= self.__dict__
        other._prepared, other._lent_spec = self.prepared, None
        Records.__init__(other)
        other.log = Log()
        other.emitted_events = []
        other._make_directories()
        mountcopies.replace(other.initial_storages, self._storages)
        return other

    def __copy__(self) -> Context[CharmType]:
        """A Context like this one, with a copy of what was recorded and of the storages.

        What comes from then on is recorded by the one on which it happens.
        """
        other = self.apart()
        for field in dataclasses.fields(Records):
            setattr(other, field.name, copy.copy(getattr(self, field.name)))
        other.log = copy.copy(self.log)
        other.emitted_events = list(self.emitted_events)
        other.reset_storages()
        return other

    def __deepcopy__(self, memo: Any) -> Context[CharmType]:
        return copy.copy(self)  # what the records hold stays as it is

    def reset_storages(self) -> None:
        """Give the storages what they held when this Context was set apart."""
        mountcopies.replace(self._storages, self.initial_storages)

    @property
    def initial_storages(self) -> pathlib.Path:
        """Where that is kept."""
        return self.host_directory.path('initial-storages')

    @property
    def _storages(self) -> pathlib.Path:
        return self.host_directory.path('storages')

    def unanswered(self, container: str, command: tuple[str, ...]) -> Exec | None:
        """Asked for an answer to a command that no Exec of a container answers.

        Such commands don't enter `exec_history`.

        Returns:
            None: Pebble refuses the command, as it finds no such program.
        """

    def close(self) -> None:
        """Remove the Context's temporary directory, if there is one."""
        self.host_directory.close()

    def __enter__(self) -> Context[CharmType]:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()
