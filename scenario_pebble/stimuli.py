"""What a test does to a unit between events: notices, failing checks, crashes, lost connections.

Each method takes a State and gives a State, like ``Context.run``.  Each is also a value for
`State.schedule`: `FailCheck`, `Disconnect` …
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .arguments import checked
from .errors import InconsistentScenarioError, closest
from .frozen import EMPTY, FrozenList, evolve
from .state.container import Container
from .state.liveness import LivenessProbe
from .state.state import State
from .state.stimulus import (
    Connect,
    CrashService,
    Disconnect,
    Every,
    FailCheck,
    Notify,
    PassCheck,
    ReplaceContainer,
    RestartContainer,
    Stimulus,
    When,
)
from .times import from_ns

if TYPE_CHECKING:
    from .bridge import World


class Stimuli:
    """The part of a Context that acts on a State without an event.

    All methods take *at* and *every*.  Without them something happens at once; with *at* it is
    added to `State.schedule`, and happens while time passes, be it in `advance` or during an
    event.  *every* lets it happen again and again after so long, from *at* on; in seconds, or as a
    timedelta.

    Example::

        state = ctx.fail_check(state, 'db', 'up', at=30, every=600)
        state = ctx.pass_check(state, 'db', 'up', at=90, every=600)
        state = ctx.advance(state, 3600)  # six times the check is down for a minute
    """

    if TYPE_CHECKING:

        def open(self, state: State) -> World: ...
        def advance(self, state: State, seconds: float) -> State: ...
        def now_ns(self, state: State) -> int: ...

    @checked
    def notify(
        self,
        state: State,
        container: str,
        key: str,
        *,
        data: Mapping[str, str] = EMPTY,
        repeat_after: datetime.timedelta | float | None = None,
        user_id: int = 0,
        at: When | None = None,
        every: Every | None = None,
    ) -> State:
        """Record a notice as ``pebble notify`` does in the container, and let the charm handle it.

        Example::

            key = 'canonical.com/postgresql/backup-done'
            state = ctx.notify(state, 'db', key, data={'path': '/tmp/mydb.sql'})

        Args:
            state: The State to start from.
            container: The container's name.
            key: In the form ``domain.tld/path``.
            data: What the notice says.
            repeat_after: Within this time since it last repeated, the charm gets no further event.
            user_id: The user who runs the command.
            at: When; None: now.
            every: How long after that it happens again, in seconds or as a timedelta.

        Raises:
            InconsistentScenarioError: If there is no such container.
            StateValidationError: If Pebble refuses the notice.
        """
        notice = Notify(container, key, data=data, repeat_after=repeat_after, user_id=user_id)
        return self._stimulate(state, notice, at, every, dispatch=True)

    @checked
    def fail_check(
        self,
        state: State,
        container: str,
        check: str,
        error: str = 'connection refused',
        *,
        at: When | None = None,
        every: Every | None = None,
    ) -> State:
        """From now on a check fails, whatever the workload does.

        The charm hears of it once the check's threshold is reached; see ``Context.advance``.

        Raises:
            InconsistentScenarioError: If there is no such container, or now no such check.
        """
        failing = FailCheck(container, check, error)
        if at is None and every is None:
            _check_check(_container(state, container), check)
        return self._stimulate(state, failing, at, every)

    @checked
    def pass_check(
        self,
        state: State,
        container: str,
        check: str,
        *,
        at: When | None = None,
        every: Every | None = None,
    ) -> State:
        """From now on a check passes, whatever the workload does.

        Raises:
            InconsistentScenarioError: If there is no such container, or now no such check.
        """
        passing = PassCheck(container, check)
        if at is None and every is None:
            _check_check(_container(state, container), check)
        return self._stimulate(state, passing, at, every)

    @checked
    def crash_service(
        self,
        state: State,
        container: str,
        service: str,
        *,
        exit_code: int = 137,
        at: When | None = None,
        every: Every | None = None,
    ) -> State:
        """The process of a service ends by itself.

        Args:
            state: The State to start from.
            container: The container's name.
            service: The service; now it must be running, and if it isn't at a later time nothing
                happens.
            exit_code: 128 + N if signal N kills it; by default, SIGKILL does.
            at: When; None: now.
            every: How long after that it happens again, in seconds or as a timedelta.

        Raises:
            InconsistentScenarioError: If the service does not run.
        """
        crash = CrashService(container, service, exit_code)
        return self._stimulate(state, crash, at, every)

    @checked
    def disconnect(
        self,
        state: State,
        container: str,
        *,
        at: When | None = None,
        every: Every | None = None,
    ) -> State:
        """From now on Pebble can't be reached, though it goes on.

        At a time when the charm waits for an answer, it gets a ``pebble.ConnectionError``.
        """
        return self._stimulate(state, Disconnect(container), at, every)

    @checked
    def connect(
        self,
        state: State,
        container: str,
        *,
        at: When | None = None,
        every: Every | None = None,
    ) -> State:
        """Pebble can be reached again; the charm gets what it missed."""
        return self._stimulate(state, Connect(container), at, every, dispatch=True)

    @checked
    def restart_container(
        self,
        state: State,
        container: str,
        *,
        graceful: bool = False,
        at: When | None = None,
        every: Every | None = None,
    ) -> State:
        """Kubernetes restarts a container; then the charm gets pebble-ready.

        The files go back to the image, mounts excepted.  Layers that were added through the API
        and logs are lost; changes, notices and their ids are kept (Juju ≥ 3.5 keeps Pebble's
        directory on a volume of the pod).

        Args:
            state: The State to start from.
            container: The container's name.
            graceful: Whether Pebble gets a SIGTERM, and stops the services in order before.  If
                they take their time over it, the container comes back in a later `advance`.
            at: When; None: now.
            every: How long after that it happens again, in seconds or as a timedelta.
        """
        restart = RestartContainer(container, graceful=graceful)
        return self._stimulate(state, restart, at, every, dispatch=True)

    @checked
    def replace_container(
        self,
        state: State,
        container: str,
        *,
        at: When | None = None,
        every: Every | None = None,
    ) -> State:
        """A new pod takes the place of the old one; then the charm gets pebble-ready.

        All that is left of the container is its image and its mounts.
        """
        return self._stimulate(state, ReplaceContainer(container), at, every, dispatch=True)

    @checked
    def probe_liveness(
        self, state: State, container: str, probe: LivenessProbe | None = None
    ) -> State:
        """From now on Kubernetes asks whether a container is alive, and restarts it if not.

        Args:
            state: The State to start from.
            container: The container's name.
            probe: How it asks; None: as Juju has it ask.
        """
        found = _container(state, container)
        return state.with_container(evolve(found, liveness_probe=probe or LivenessProbe()))

    def _stimulate(
        self,
        state: State,
        stimulus: Stimulus,
        at: When | None,
        every: Every | None,
        *,
        dispatch: bool = False,
    ) -> State:
        _container(state, stimulus.container)
        if at is not None or every is not None:
            return self._scheduled(state, stimulus, 0.0 if at is None else at, every)
        from .schedule import happen

        world = self.open(state)
        happen(stimulus, world.hosts[stimulus.container])
        state = world.close(state)
        return self.advance(state, 0) if dispatch else state

    def _scheduled(self, state: State, stimulus: Stimulus, at: When, every: Every | None) -> State:
        from .schedule import anchored

        now_ns = self.now_ns(state)
        stimulus = dataclasses.replace(stimulus, at=at, every=every)
        schedule = anchored(FrozenList([*state.schedule, stimulus]), now_ns)
        return evolve(state, schedule=schedule, time=from_ns(now_ns))


def _check_check(container: Container, check: str) -> None:
    known = {*container.plan.checks, *(info.name for info in container.check_infos)}
    if check not in known:
        raise InconsistentScenarioError(
            f'cannot decide on check {check!r}: container {container.name!r} has no such check\n'
            f'  it has: {", ".join(map(repr, sorted(known))) or "none"}\n'
            f'  hint: {closest(check, known) or "has the charm added its layer?"}'
        )


def _container(state: State, name: str) -> Container:
    for container in state.containers:
        if container.name == name:
            return container
    known = sorted(container.name for container in state.containers)
    raise InconsistentScenarioError(
        f'cannot find container {name!r}: the State has no such container\n'
        f'  it has: {", ".join(map(repr, known)) or "none"}\n'
        f'  hint: {closest(name, known) or "State(containers={Container(...)})"}'
    )
