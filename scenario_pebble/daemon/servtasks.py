"""How start and stop tasks move a service, and what their timers do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..clock import SECOND_NS
from ..frozen import evolve
from . import plan, servicelog
from .changes import Task
from .gotext import quote
from .servprocess import CannotStart, Processes
from .servrecord import ServiceData, ServiceStore

if TYPE_CHECKING:
    from .daemon import Daemon

# Pebble: servstate/handlers.go okayDelay
OKAY_DELAY_NS = SECOND_NS


_SERVICE = ServiceData(config=plan.Service(name=''))


class ServiceTasks:
    """Performs the tasks ``start`` and ``stop``."""

    # Pebble: servstate/handlers.go doStart, doStop

    def __init__(self, daemon: Daemon, store: ServiceStore, processes: Processes):
        self._daemon = daemon
        self._store = store
        self._processes = processes
        daemon.runner.on('start', self._start, self._abort_start)
        daemon.runner.on('stop', self._stop, self._abort_stop)
        daemon.timers.on('service-okay', self._okay_elapsed)
        daemon.timers.on('service-terminate', self._terminate_elapsed)

    # -- start

    def _start(self, task: Task) -> None:
        runner, name = self._daemon.runner, task.data['service']
        if 'started' in task.data:
            runner.finish(task.id, 'service already started, not retrying')
            return
        config = self._daemon.plan.plan.services.get(name)
        if config is None:
            runner.finish(task.id, f'cannot find service {quote(name)} in plan')
            return
        old = self._store.get(name)
        self._take_over(config, old)
        if old is not None and old.state in ('starting', 'running'):
            self._finish(task, f'Service {quote(name)} already started.')
            return
        self._daemon.changes.update_data(task.id, started=True)
        if old is not None and old.state in ('terminating', 'killing'):
            runner.finish(task.id, f'cannot start service while {old.state}')
            return
        self._launch(task, name)

    def _take_over(self, config: plan.Service, data: ServiceData | None) -> None:
        """Whenever a service is started, its configuration comes from the plan."""
        workload = self._daemon.plan.plan.workloads.get(config.workload)
        if data is None:
            self._store.add(evolve(_SERVICE, config=config, workload=workload))
        else:
            self._store.update(config.name, config=config, workload=workload or data.workload)

    def _launch(self, task: Task, name: str) -> None:
        if self._store[name].state != 'initial':
            self._store.transition(name, 'initial', backoff_number=0, backoff_ns=0)
        try:
            self._processes.launch(name)
        except CannotStart as e:
            self._store.transition(name, 'stopped', why=str(e))
            self._daemon.runner.finish(task.id, str(e))
            return
        self._store.transition(name, 'starting', start_task=task.id)
        self._daemon.timers.add(self._daemon.clock.now_ns + OKAY_DELAY_NS, 'service-okay', name)

    def _okay_elapsed(self, name: str) -> None:
        data = self._store.get(name)
        if data is not None and data.state == 'starting':
            self._store.transition(name, 'running', start_task='')
            self._daemon.runner.finish(data.start_task)

    def failed(self, name: str, error: str) -> None:
        """A start has failed: the task that waits for it ends."""
        task_id = self._store[name].start_task
        self._store.update(name, start_task='')
        self._processes.write_output(name)
        excerpt = servicelog.last_lines(self._daemon.logs.text(name))
        self._daemon.changes.log(task_id, f'Most recent service output:\n{excerpt}')
        self._daemon.runner.finish(task_id, f'service start attempt: {error}')

    def _abort_start(self, task: Task) -> None:
        name = task.data['service']
        data = self._store.get(name)
        if data is not None and data.start_task == task.id:
            self._store.transition(name, 'stopped', why='start aborted', start_task='')
            self._processes.signal(name, 'SIGKILL')
        self._daemon.runner.finish(task.id, 'start aborted, sent SIGKILL to process')

    # -- stop

    def _stop(self, task: Task) -> None:
        name = task.data['service']
        data = self._store.get(name)
        service = f'Service {quote(name)}'
        if data is None:
            self._finish(task, f'{service} has never been started.')
        elif data.state in ('terminating', 'killing'):
            self._finish(task, f'{service} already stopping.')
        elif data.state == 'stopped':
            self._finish(task, f'{service} already stopped.')
        elif data.state == 'exited':
            self._store.transition(name, 'stopped')
            self._finish(task, f'{service} had already exited.')
        elif data.state == 'backoff':
            self._store.transition(name, 'stopped')
            self._daemon.runner.finish(task.id)
        else:
            if data.state == 'starting':
                self.failed(name, 'stopped before the 1s okay delay')
            self._store.update(name, stop_task=task.id)
            self.terminate(data)

    def terminate(self, data: ServiceData, *, why: str = '', restarting: bool = False) -> None:
        """Ask a process to end; it is killed if it takes too long."""
        name = data.name
        self._store.transition(name, 'terminating', why=why, restarting=restarting)
        due_ns = self._daemon.clock.now_ns + data.config.kill_delay_ns
        self._daemon.timers.add(due_ns, 'service-terminate', name)
        self._processes.signal(name, 'SIGTERM')

    def _terminate_elapsed(self, name: str) -> None:
        data = self._store.get(name)
        if data is not None and data.state == 'terminating':
            # Pebble gives up after failDelay; here SIGKILL always ends the process at once.
            self._store.transition(name, 'killing', restarting=data.restarting)
            self._processes.signal(name, 'SIGKILL')

    def stopped(self, name: str) -> None:
        """A process that was asked to end has ended: the task that waits for it is done."""
        task_id = self._store[name].stop_task
        self._store.update(name, stop_task='')
        self._daemon.runner.finish(task_id)

    def _abort_stop(self, task: Task) -> None:
        """The signals have been sent: nothing can be done about it."""

    def _finish(self, task: Task, text: str) -> None:
        self._daemon.changes.log(task.id, text)
        self._daemon.runner.finish(task.id)
