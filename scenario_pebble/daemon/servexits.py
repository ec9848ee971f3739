"""What happens when a service's process ends, or a check that it cares for fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..clock import MILLISECOND_NS, SECOND_NS
from .plan import Service
from .servprocess import CannotStart, Processes
from .servrecord import ServiceData, ServiceStore
from .servtasks import ServiceTasks

if TYPE_CHECKING:
    from .daemon import Daemon

LEAST_BACKOFF_NS = MILLISECOND_NS
"""No program starts and ends in less; with a backoff-delay of 0 time would stand still."""

# Pebble: cli/cmd_run.go
SERVICE_FAILURE = 10
CHECK_FAILURE = 11


class ServiceExits:
    """What services do on their own account, after they were started."""

    # Pebble: servstate/handlers.go

    def __init__(self, daemon: Daemon, store: ServiceStore):
        self._daemon = daemon
        self._store = store
        self.processes = Processes(daemon, store, self._exited)
        self.tasks = ServiceTasks(daemon, store, self.processes)
        daemon.timers.on('service-backoff', self._backoff_elapsed)

    def _exited(self, name: str, code: int) -> None:
        data = self._store.settle(name)
        if data.state == 'starting':
            action = action_on(data.config, code)
            self.tasks.failed(name, f'exited quickly with code {code}, will {action}')
            self._act(self._store[name], code)
        elif data.state == 'running':
            self._act(data, code)
        elif data.state in ('terminating', 'killing'):
            if data.restarting:
                self.back_off(data, f'exit {code}')
            else:
                self._store.transition(name, 'stopped', why=f'exit {code}')
                self.tasks.stopped(name)

    def _act(self, data: ServiceData, code: int) -> None:
        """Do what the configuration says about an exit."""
        action, why = action_on(data.config, code), f'exit {code}'
        if action == 'restart':
            self.back_off(data, why)
        elif action == 'ignore':
            self._store.transition(data.name, 'exited' if code else 'stopped', why=why)
        else:
            failed = action == 'failure-shutdown' or (action == 'shutdown' and code != 0)
            self._daemon.shutdown.request(SERVICE_FAILURE if failed else 0)
            self._store.transition(data.name, 'exited', why=why)

    # -- backoff

    def back_off(self, data: ServiceData, why: str) -> None:
        """Wait, longer each time, and then start the process again."""
        backoff_ns = next_backoff_ns(data.config, data.backoff_ns)
        self._store.transition(
            data.name,
            'backoff',
            why=why,
            backoff_number=data.backoff_number + 1,
            backoff_ns=backoff_ns,
        )
        jitter_ns = self._daemon.dice.below(backoff_ns // 10)
        delay_ns = max(backoff_ns + jitter_ns, LEAST_BACKOFF_NS)
        self._daemon.timers.add(self._daemon.clock.now_ns + delay_ns, 'service-backoff', data.name)

    def _backoff_elapsed(self, name: str) -> None:
        data = self._store.get(name)
        if data is None or data.state != 'backoff':
            return
        try:
            self.processes.launch(name)
        except CannotStart as e:
            # Pebble logs it, and the service stays in backoff until it is stopped or started.
            if self._daemon.log is not None:
                self._daemon.log('service', name, f'cannot restart: {e}')
        else:
            self._store.transition(name, 'running', why='restarted')

    # -- checks

    def check_failed(self, check: str) -> None:
        """A check went down: each service that was started does what its on-check-failure says."""
        for data in self._store:
            action = (data.config.on_check_failure or {}).get(check)
            if action is not None and data.state in ('running', 'backoff', 'exited'):
                self._act_on_check(self._store.settle(data.name), check, action)

    def _act_on_check(self, data: ServiceData, check: str, action: str) -> None:
        if action == 'shutdown':
            self._daemon.shutdown.request(CHECK_FAILURE)
        elif action == 'success-shutdown':
            self._daemon.shutdown.request(0)
        elif action == 'restart' and data.state == 'running':
            self.tasks.terminate(data, why=f'check {check} failed', restarting=True)
        elif action == 'restart' and data.state == 'exited':
            self.back_off(data, f'check {check} failed')


def action_on(config: Service, code: int) -> str:
    """What is done when a service's process ends with that exit code."""
    return (config.on_failure if code else config.on_success) or 'restart'


def next_backoff_ns(config: Service, current_ns: int) -> int:
    """The length of the backoff that follows one of that length; 0: there was none."""
    # Pebble: servstate/handlers.go calculateNextBackoff, with its floating-point arithmetic
    if current_ns == 0:
        return config.backoff_delay_ns
    if current_ns >= config.backoff_limit_ns:
        return config.backoff_limit_ns
    grown = current_ns / SECOND_NS * config.backoff_factor
    return int(min(grown * SECOND_NS, config.backoff_limit_ns))
