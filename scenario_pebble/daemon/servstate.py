"""The service manager: what requests and other managers ask of the services."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from ..clock import MILLISECOND_NS, SECOND_NS
from . import plan, servreplan, signals
from .gotext import format_time, quote
from .servexits import ServiceExits
from .servrecord import SavedServices, ServiceData, ServiceStore, Status
from .servreplan import Lanes
from .workload import Behaviour

if TYPE_CHECKING:
    from .daemon import Daemon

# Pebble: servstate/handlers.go failDelay
_FAIL_DELAY_NS = 5 * SECOND_NS


class Services:
    """The services that were started, and the plan's others."""

    # Pebble: servstate/manager.go

    def __init__(self, daemon: Daemon, saved: SavedServices):
        self._daemon = daemon
        self._store = ServiceStore(daemon, saved)
        self._exits = ServiceExits(daemon, self._store)
        self.save = self._store.save

    def restart(self) -> None:
        """The daemon was restarted."""
        self._store.clear()

    # -- looking

    def get(self, name: str) -> ServiceData | None:
        """A service that was started since the daemon was."""
        return self._store.get(name)

    def all(self) -> list[ServiceData]:
        """The services that were started since the daemon was, by name."""
        return list(self._store)

    def infos(self, names: Collection[str] = ()) -> list[dict[str, Any]]:
        """The plan's services as the API shows them, all or those named."""
        services = self._daemon.plan.plan.services
        return [
            self._info(services[name]) for name in sorted(services) if not names or name in names
        ]

    def _info(self, config: plan.Service) -> dict[str, Any]:
        data = self._store.get(config.name)
        shown: dict[str, Any] = {
            'name': config.name,
            'startup': 'enabled' if config.enabled else 'disabled',
            'current': 'inactive' if data is None else data.status,
        }
        if data is not None and data.current_since_ns is not None:
            shown['current-since'] = format_time(data.current_since_ns)
        return shown

    def running(self) -> list[tuple[str, Behaviour]]:
        """The services that have a process, and what it does."""
        return self._exits.processes.running()

    def write_output(self, names: Iterable[str]) -> None:
        """Bring the services' logs up to now."""
        for name in names:
            self._exits.processes.write_output(name)

    # -- acting

    def replan(self) -> tuple[Lanes, Lanes]:
        """What a replan stops and starts, see `servreplan.replan`."""
        return servreplan.replan(self._daemon, self._store)

    def check_failed(self, check: str) -> None:
        """A check went down: do what the services' on-check-failure says."""
        self._exits.check_failed(check)

    def signal(self, names: Iterable[str], signal: str) -> None:
        """Send a signal to services.

        Raises:
            ValueError: With Pebble's text about each that didn't get it.
        """
        # Pebble: servstate/manager.go SendSignal
        failures: list[str] = []
        for name in names:
            data = self._store.get(name)
            if data is None or data.state not in ('starting', 'running'):
                failures.append(f'{quote(name)}: service is not running')
            elif signal not in signals.NUMBERS:
                failures.append(f'{quote(name)}: invalid signal name {quote(signal)}')
            else:
                if self._daemon.log is not None:
                    self._daemon.log('service', name, signal)
                self._exits.processes.signal(name, signal)
        if failures:
            raise ValueError('; '.join(f'cannot send signal to {failure}' for failure in failures))

    def end_process(self, name: str, exit_code: int) -> None:
        """The process of a running service ends by itself."""
        self._exits.processes.end(name, exit_code)
        self._daemon.settle()

    # -- facts

    def assume(self, name: str, status: Status) -> None:
        """Take for granted that a service is in a state, whatever led to it."""
        if status == 'inactive' and self.get(name) is None:
            return  # As good as never started.
        config = self._daemon.plan.plan.services.get(name) or plan.Service(name=name)
        old = self.get(name)
        if old is not None:
            self._daemon.runner.finish(old.start_task)
            self._daemon.runner.finish(old.stop_task)
        self._store.add(ServiceData(config=config))
        if status == 'backoff':
            self._exits.back_off(self._store[name], 'assumed')
        elif status == 'active':
            self._exits.processes.assume(name)
            self._store.transition(name, 'running', why='assumed')
        else:
            self._store.transition(name, 'exited' if status == 'error' else 'stopped')

    # -- the daemon's end

    def lanes_to_shut_down(self) -> Lanes:
        """What has to be stopped before the daemon ends."""
        return servreplan.lanes_to_shut_down(self._daemon, self._store)

    def stop_timeout_ns(self) -> int:
        """How long the daemon waits for its services to stop."""
        # Pebble: servstate/manager.go StopTimeout
        delays = [
            data.config.kill_delay_ns
            for data in self._store
            if data.state in ('starting', 'running', 'terminating')
        ]
        longest_ns = max([plan.DEFAULT_KILL_DELAY_NS, *delays])
        return longest_ns + _FAIL_DELAY_NS + 100 * MILLISECOND_NS

    def prune(self, before_ns: int, most: int) -> None:
        """Forget services that were inactive before a time, and the oldest above a number."""
        # Pebble: servstate/manager.go Prune
        services = self.all()
        inactive = sorted(
            (data for data in services if data.status == 'inactive'),
            key=lambda data: data.current_since_ns or 0,
        )
        old = [data for data in inactive if (data.current_since_ns or 0) < before_ns]
        if len(services) - len(old) > most:
            old = inactive[: max(len(old), len(inactive) - most)]
        for data in old:
            self._store.remove(data.name)
            self._daemon.logs.remove(data.name)
