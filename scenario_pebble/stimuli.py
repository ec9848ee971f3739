"""What a test does to a unit between events: notices, failing checks, crashes, lost connections.

Each method takes a State and gives a State, like ``Context.run``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .daemon.message import Request, Response
from .errors import InconsistentScenarioError, StateValidationError, closest
from .frozen import EMPTY, FrozenDict, evolve
from .state.check import Fail, Pass
from .state.container import Container
from .state.state import State

if TYPE_CHECKING:
    from .bridge import Host, World


class Stimuli:
    """The part of a Context that acts on a State without an event."""

    if TYPE_CHECKING:

        def open(self, state: State) -> World: ...
        def advance(self, state: State, seconds: float) -> State: ...

    def notify(
        self,
        state: State,
        container: str,
        key: str,
        *,
        data: Mapping[str, str] = EMPTY,
        repeat_after: datetime.timedelta | None = None,
        user_id: int = 0,
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

        Raises:
            InconsistentScenarioError: If there is no such container.
            StateValidationError: If Pebble refuses the notice.
        """
        body: dict[str, Any] = {'action': 'add', 'type': 'custom', 'key': key, 'data': dict(data)}
        if repeat_after is not None:
            body['repeat-after'] = f'{repeat_after.total_seconds()}s'
        request = Request('POST', '/v1/notices', body=body, user_id=user_id)

        def record(host: Host) -> None:
            answer = host.daemon.request(request)
            if isinstance(answer, Response) and answer.status >= 400:
                raise StateValidationError(
                    f'cannot record notice {key!r}: {answer.result["message"]}'
                )

        return self.advance(self._act(state, container, record), 0)

    def fail_check(
        self, state: State, container: str, check: str, error: str = 'connection refused'
    ) -> State:
        """From now on a check fails, whatever the workload does.

        The charm hears of it once the check's threshold is reached; see ``Context.advance``.
        """
        return self._set_outcome(state, container, check, Fail(error))

    def pass_check(self, state: State, container: str, check: str) -> State:
        """From now on a check passes, whatever the workload does."""
        return self._set_outcome(state, container, check, Pass())

    def _set_outcome(self, state: State, name: str, check: str, outcome: Pass | Fail) -> State:
        container = _container(state, name)
        known = {*container.plan.checks, *(info.name for info in container.check_infos)}
        if check not in known:
            raise InconsistentScenarioError(
                f'cannot decide on check {check!r}: container {name!r} has no such check\n'
                f'  it has: {", ".join(map(repr, sorted(known))) or "none"}\n'
                f'  hint: {closest(check, known) or "has the charm added its layer?"}'
            )
        outcomes = FrozenDict({**container.outcomes, check: outcome})
        return _replaced(state, evolve(container, outcomes=outcomes))

    def crash_service(
        self, state: State, container: str, service: str, *, exit_code: int = 137
    ) -> State:
        """The process of a service ends by itself, now.

        Args:
            state: The State to start from.
            container: The container's name.
            service: The service; it must be running.
            exit_code: 128 + N if signal N kills it; by default, SIGKILL does.

        Raises:
            InconsistentScenarioError: If the service does not run.
        """

        def crash(host: Host) -> None:
            running = dict(host.daemon.services.running())
            if service not in running:
                raise InconsistentScenarioError(
                    f'cannot crash service {service!r}: it does not run in container {container!r}'
                    f'\n  running: {", ".join(map(repr, running)) or "none"}'
                )
            host.daemon.services.end_process(service, exit_code)

        return self._act(state, container, crash)

    def disconnect(self, state: State, container: str) -> State:
        """From now on Pebble can't be reached, though it goes on."""
        return _replaced(state, evolve(_container(state, container), can_connect=False))

    def connect(self, state: State, container: str) -> State:
        """Pebble can be reached again; the charm gets what it missed."""
        state = _replaced(state, evolve(_container(state, container), can_connect=True))
        return self.advance(self._act(state, container, lambda host: None), 0)

    def restart_container(self, state: State, container: str) -> State:
        """Kubernetes restarts a container; then the charm gets pebble-ready.

        The files go back to the image, mounts excepted.  Layers that were added through the API
        and logs are lost; changes, notices and their ids are kept (Juju ≥ 3.5 keeps Pebble's
        directory on a volume of the pod).
        """
        return self.advance(self._act(state, container, lambda host: host.restart()), 0)

    def replace_container(self, state: State, container: str) -> State:
        """A new pod takes the place of the old one; then the charm gets pebble-ready.

        All that is left of the container is its image and its mounts.
        """
        return self.advance(self._act(state, container, lambda host: host.replace()), 0)

    def _act(self, state: State, name: str, act: Callable[[Host], None]) -> State:
        _container(state, name)
        world = self.open(state)
        act(world.hosts[name])
        return world.close(state)


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


def _replaced(state: State, container: Container) -> State:
    others = (c for c in state.containers if c.name != container.name)
    return evolve(state, containers=frozenset([*others, container]))
