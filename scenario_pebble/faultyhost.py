"""One container of a State during a run, some of whose requests fail since the State says so."""

from __future__ import annotations

import functools
import http.client
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from .clock import seconds_to_ns
from .daemon.daemon import Daemon, DaemonGone
from .daemon.doom import doomed
from .daemon.message import Response
from .frozen import evolve
from .host import Host
from .state.container import Container
from .state.fault import CLIENT_TIMEOUT, Fault
from .wire.client import StepwiseClient
from .wire.host import Refused, Unreachable

T = TypeVar('T')


class FaultyHost(Host):
    """A `Host` whose container has faults."""

    client = StepwiseClient

    def __init__(self, container: Container, *args: Any, **kwargs: Any):
        super().__init__(container, *args, **kwargs)
        self._met = [0] * len(container.faults)
        """How many requests each fault has matched."""
        self._spent: set[int] = set()

    def call(self, method: str, path: str, act: Callable[..., T], *args: Any) -> T:
        """Make a request; the first fault whose turn it is decides what becomes of it."""
        request = f'{method} {path}'
        number = self._due(request)
        if number is None:
            return super().call(method, path, act, *args)
        played = functools.partial(self._play, number, request, act)
        return super().call(method, path, played, *args)

    def result(self) -> Container:
        """The container as it is now, less the faults that are over."""
        container = super().result()
        if not self._spent:
            return container
        left = (f for number, f in enumerate(container.faults) if number not in self._spent)
        return evolve(container, faults=tuple(left))

    def _due(self, request: str) -> int | None:
        """Count a request; the number of the fault that it meets."""
        due: list[int] = []
        for number, fault in enumerate(self.container.faults):
            if fault.matches(request):
                self._met[number] += 1
                if fault.number in (None, self._met[number]):
                    due.append(number)
        return due[0] if due else None

    def _play(
        self, number: int, request: str, act: Callable[..., T], daemon: Daemon, *args: Any
    ) -> T:
        fault = self.container.faults[number]
        began_ns = self._clock.now_ns
        act = functools.partial(act, daemon, *args)
        if fault.kind == 'change-error':
            with doomed(daemon.changes, fault.message, performed=fault.after) as changes:
                answer = act()
            if changes:
                self._hits(number, request)
            return answer
        early = [act()] if fault.after else []
        self._hits(number, request)
        self._let_pass(fault, began_ns)
        if fault.kind != 'slow':
            _fail(fault)
        return early[0] if early else act()

    def _hits(self, number: int, request: str) -> None:
        fault = self.container.faults[number]
        self._log.add(self._clock.now_ns, self.name, 'fault', request, fault.label)
        if fault.number is not None:
            self._spent.add(number)

    def _let_pass(self, fault: Fault, began_ns: int) -> None:
        if fault.kind == 'slow':
            self._clock.advance(seconds_to_ns(fault.seconds))
        elif fault.kind == 'timeout':
            over_ns = began_ns + seconds_to_ns(CLIENT_TIMEOUT)
            self._clock.advance(max(0, over_ns - self._clock.now_ns))


def _fail(fault: Fault) -> NoReturn:
    """What the front ends know as a failure of the wire, or as an error of Pebble."""
    if fault.kind == 'connection-refused':
        raise DaemonGone('connection refused')
    if fault.kind == 'socket-gone':
        raise Unreachable('no such socket')
    if fault.kind == 'connection-lost':
        # Python: http.client.HTTPResponse._read_status
        raise http.client.RemoteDisconnected('Remote end closed connection without response')
    if fault.kind == 'timeout':
        raise TimeoutError('timed out')
    result = {'message': fault.message}
    raise Refused(Response(status=fault.status, type='error', result=result))
