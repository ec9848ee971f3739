"""How a service's process is started, what it does by itself, and how signals reach it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..frozen import FrozenDict, evolve
from . import effects, signals, users
from .fileerror import FileError
from .gotext import quote
from .servrecord import Process, ServiceData, ServiceStore
from .workload import Behaviour, Call, Found, Reaction

if TYPE_CHECKING:
    from .daemon import Daemon


_PROCESS = Process(number=0, started_ns=0, behaviour=Behaviour())


class CannotStart(Exception):
    """The process could not be started; the argument is Pebble's text."""


class Processes:
    """The processes of all services.

    Args:
        daemon: Whose they are.
        store: The services' records.
        exited: Called with a service's name and an exit code when its process has ended.
    """

    def __init__(self, daemon: Daemon, store: ServiceStore, exited: Callable[[str, int], None]):
        self._daemon = daemon
        self._store = store
        self._exited = exited
        daemon.timers.on('service-exit', self._exit_due)
        daemon.timers.on('service-effect', self._effect_due)

    # -- starting

    def launch(self, name: str) -> None:
        """Start the process of a service.

        Raises:
            CannotStart: With the text of Pebble's error.
        """
        # Pebble: servstate/handlers.go startInternal
        daemon, data = self._daemon, self._store[name]
        call = self._call(data)
        self._check_executable(call)
        behaviour = daemon.workload.run(call)
        self._store.runs[name] = call.number
        process = evolve(_PROCESS, number=call.number, started_ns=call.at_ns, behaviour=behaviour)
        self._store.update(
            name,
            process=process,
            start_count=data.start_count + 1,
            started_ns=call.at_ns,
            reset_ns=call.at_ns + data.config.backoff_limit_ns,
        )
        if behaviour.output:
            self.write_output(name)
        if behaviour.exit_after_ns is not None:
            due_ns = call.at_ns + behaviour.exit_after_ns
            daemon.timers.add(due_ns, 'service-exit', name, call.number, behaviour.exit_code)
        for index, effect in enumerate(behaviour.effects):
            due_ns = call.at_ns + effect.after_ns
            daemon.timers.add(due_ns, 'service-effect', name, call.number, index)
        daemon.workload_changed()

    def assume(self, name: str) -> None:
        """Take for granted that a service has a process, even if it couldn't be started."""
        try:
            self.launch(name)
        except CannotStart:
            process = Process(
                number=0, started_ns=self._daemon.clock.now_ns, behaviour=Behaviour()
            )
            self._store.update(name, process=process)

    def _call(self, data: ServiceData) -> Call:
        daemon, config = self._daemon, data.config
        try:
            command = config.args
        except ValueError as e:  # Only in a layer that a State describes.
            raise CannotStart(f'cannot parse service {quote(data.name)} command: {e}') from None
        owner = self._owner(data)
        own = self._own_environment(data, owner)
        return Call(
            kind='service',
            name=data.name,
            command=command,
            environment=FrozenDict({**daemon.environment, **own}) if own else daemon.environment,
            working_dir=config.working_dir or '/',
            user_id=owner.user_id if owner else None,
            user=owner.user if owner else None,
            group_id=owner.group_id if owner else None,
            group=owner.group if owner else None,
            number=self._store.runs.get(data.name, 0) + 1,
            at_ns=daemon.clock.now_ns,
        )

    def _owner(self, data: ServiceData) -> users.Owner | None:
        config, workload = data.config, data.workload
        user_id, user = config.user_id, config.user
        group_id, group = config.group_id, config.group
        if workload is not None:
            user_id = workload.user_id if user_id is None else user_id
            group_id = workload.group_id if group_id is None else group_id
            user, group = user or workload.user, group or workload.group
        if user_id is None and group_id is None and not user and not group:
            return None
        try:
            return users.resolve(self._daemon.users, user_id, user, group_id, group)
        except users.OwnerError as e:
            raise CannotStart(str(e)) from None

    def _own_environment(self, data: ServiceData, owner: users.Owner | None) -> dict[str, str]:
        environment: dict[str, str] = {}
        if data.workload is not None and data.workload.environment:
            environment.update(data.workload.environment)
        if data.config.environment:
            environment.update(data.config.environment)
        if owner is not None and not (environment.get('HOME') and environment.get('USER')):
            found = self._daemon.users.user_with_id(owner.user_id)
            if found is not None:
                environment['HOME'] = environment.get('HOME') or found[1].home
                environment['USER'] = environment.get('USER') or found[0]
        return environment

    def _check_executable(self, call: Call) -> None:
        if not call.command:
            return  # Unspecified, in a layer that a State describes.
        executable = call.command[0]
        found = self._daemon.workload.find(executable, call)
        if '/' not in executable and found is not Found.YES:
            raise CannotStart(
                f'cannot start service: exec: {quote(executable)}: '
                'executable file not found in $PATH'
            )
        # The child takes on its user, then its directory, then its program.
        if call.user_id is not None and not self._may_become(call.user_id, call.group_id):
            why = 'operation not permitted'
        elif wrong := self._wrong_directory(call.working_dir):
            why = wrong
        elif found is not Found.YES:
            missing = found is Found.MISSING
            why = 'no such file or directory' if missing else 'permission denied'
        else:
            return
        path = executable if '/' in executable else f'/usr/bin/{executable}'
        raise CannotStart(f'cannot start service: fork/exec {path}: {why}')

    def _may_become(self, user_id: int, group_id: int | None) -> bool:
        own = self._daemon.files.own
        return own.user_id == 0 or (user_id, group_id) == (own.user_id, own.group_id)

    def _wrong_directory(self, path: str) -> str:
        """Why a process can't be started in a directory; empty if it can."""
        if path == '/':
            return ''
        try:
            found = self._daemon.files.is_directory(path)
        except FileError as e:
            return e.message.rpartition(': ')[2]
        if found is None:
            return 'no such file or directory'
        return '' if found else 'not a directory'

    # -- what it does by itself

    def write_output(self, name: str) -> None:
        """Bring a service's log up to now; what is printed later waits for somebody to look."""
        data = self._store.get(name)
        process = data.process if data else None
        if process is None:
            return
        outputs, written = process.behaviour.output, process.written
        in_line = process.in_line
        while written < len(outputs):
            at_ns = process.started_ns + outputs[written].after_ns
            if at_ns > self._daemon.clock.now_ns:
                break
            in_line = self._daemon.logs.write(name, outputs[written].data, at_ns, in_line)
            written += 1
        if written != process.written:
            self._store.update(name, process=evolve(process, written=written, in_line=in_line))

    def _exit_due(self, name: str, number: int, code: int) -> None:
        if self._process(name, number) is not None:
            self.end(name, code)

    def _effect_due(self, name: str, number: int, index: int) -> None:
        process = self._process(name, number)
        if process is not None:
            effects.apply(self._daemon, process.behaviour.effects[index], self._user(name))

    def _user(self, name: str) -> users.Owner | None:
        try:
            return self._owner(self._store[name])
        except CannotStart:
            return None

    def _process(self, name: str, number: int) -> Process | None:
        data = self._store.get(name)
        process = data.process if data else None
        return process if process is not None and process.number == number else None

    # -- signals

    def signal(self, name: str, signal: str) -> None:
        """Send a signal; the process may end by it at once."""
        data = self._store[name]
        process = data.process
        if process is None:
            return
        reaction = None if signal == 'SIGKILL' else process.behaviour.reactions.get(signal)
        if reaction is not None:
            self._react(name, process, reaction)
        elif signals.kills(signal):
            self.end(name, signals.exit_code(signal))

    def _react(self, name: str, process: Process, reaction: Reaction) -> None:
        now_ns = self._daemon.clock.now_ns
        if reaction.stdout:
            self.write_output(name)
            process = self._store[name].process or process
            in_line = self._daemon.logs.write(name, reaction.stdout, now_ns, process.in_line)
            self._store.update(name, process=evolve(process, in_line=in_line))
        if reaction.exit_code is None:
            return
        if reaction.after_ns:
            due_ns = now_ns + reaction.after_ns
            code = reaction.exit_code
            self._daemon.timers.add(due_ns, 'service-exit', name, process.number, code)
        else:
            self.end(name, reaction.exit_code)

    def end(self, name: str, code: int) -> None:
        """A process is over."""
        self.write_output(name)
        self._store.update(name, process=None)
        self._daemon.workload_changed()
        self._exited(name, code)

    def running(self) -> list[tuple[str, Behaviour]]:
        """The services that have a process, and what it does."""
        return [(data.name, data.process.behaviour) for data in self._store if data.process]
