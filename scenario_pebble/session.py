"""One event on one State: open the State, run ops on it, and give the State that comes out."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import traceback
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from . import bridge, dispatch
from .charmroot import LentRoot
from .errors import ActionFailed, ActionOutput, ScenarioError, UncaughtCharmError
from .filetree import FileTree
from .frozen import FrozenList, evolve
from .juju import environment
from .juju.ledger import Ledger
from .state import consistency
from .state.event import Event
from .state.queue import QueuedEvent
from .state.state import State
from .times import from_ns
from .wire import tracing
from .wire.hooktools import HookTools
from .wire.ownclients import OwnClients
from .wire.pytime import frozen

if TYPE_CHECKING:
    from .context import Context

# Environment, logging and the wires belong to the process: runs in other threads wait.
_lock = threading.RLock()


class Session:
    """A run in progress; a context manager.

    Args:
        context: Where the charm and all settings come from.
        event: What Juju sends.
        state: The world before it.
        by_juju: Whether Juju sends it by itself: then what it is about may be gone.
    """

    def __init__(
        self, context: Context[Any], event: Event, state: State, *, by_juju: bool = False
    ):
        self._by_juju = by_juju
        self._context = context
        self._event = bridge.current(event, state)
        self._state = state
        self._entered: list[contextlib.AbstractContextManager[Any]] = []
        self._charm_root = LentRoot(context.charm_root, context.prepared.spec)

    def __enter__(self) -> Session:
        _lock.acquire()
        try:
            self._open()
            self._read_directories()
        except BaseException:
            _lock.release()
            raise
        try:
            self._enter(self._charm_root)
            self._enter(HookTools(self._ledger))
            self._enter(OwnClients(self.world.own_host_at))
            if not self._context.real_time:
                self._enter(frozen(self.world.clock))
            if tracing.is_installed:
                self._enter(tracing.collected(self._context.trace_data))
            with _Translation(self):
                self._enter(self.run)
                self.run.manager.present = self._present
        except BaseException:
            self._leave(*sys.exc_info())
            raise
        return self

    def _enter(self, part: contextlib.AbstractContextManager[Any]) -> None:
        # An ExitStack, which looks at each part more closely, costs a twentieth of an empty run.
        part.__enter__()
        self._entered.append(part)

    def _leave(self, *exc: Any) -> None:
        """Leave what was entered, the latest first, whatever fails on the way."""
        try:
            while self._entered:
                self._entered.pop().__exit__(*exc)
        except BaseException:
            self._leave(*sys.exc_info())
            raise
        try:
            self._show_directories()
        finally:
            _lock.release()

    def _open(self) -> None:
        context, event, state = self._context, self._event, self._state
        consistency.check(
            event,
            state,
            context.prepared.spec,
            juju_version=context.juju_version,
            unit_id=context.unit_id,
            by_juju=self._by_juju,
        )
        if event.action is not None:
            context.start_action()
        self.world = context.open(state)
        self.world.record('event', event.name)
        self._ledger = Ledger(
            state,
            context.prepared.spec,
            event,
            unit_name=context.unit_name,
            records=context,
            clock=self.world.clock,
            juju_version=context.juju_version,
            app_trusted=context.app_trusted,
            storage_root=context.storage_root,
            note=self.world.record,
        )
        variables = environment.variables(
            event,
            state.model,
            unit_name=context.unit_name,
            juju_version=context.juju_version,
            charm_dir=context.charm_dir,
            machine_id=context.machine_id,
            availability_zone=context.availability_zone,
            principal_unit=context.principal_unit,
        )
        self.run = dispatch.Run(
            context.prepared,
            context,
            event,
            state,
            variables,
            context.charm_dir,
            self.world.connect,
            self._ledger,
            bare=context.charm_root is None,
        )

    def __exit__(self, *exc: Any) -> None:
        self._leave(*exc)
        self.run.outlive(self._wires)

    @contextlib.contextmanager
    def _wires(self) -> Generator[None, None, None]:
        with _lock, HookTools(self._ledger):
            yield

    def _present(self) -> State:
        return self.world.present(self.run.storage.result(self._ledger.result()))

    def _read_directories(self) -> None:
        """Take over what the test has written into the containers' directories."""
        mirrors = self._context.mirrors
        for name, host in self.world.hosts.items():
            host.files = mirrors.read_onto(name, host.files)
        mirrors.live = self._live_files

    def _live_files(self, name: str) -> FileTree | None:
        host = self.world.hosts.get(name)
        return None if host is None else host.files

    def _show_directories(self) -> None:
        mirrors = self._context.mirrors
        mirrors.live = None
        for name, host in self.world.hosts.items():
            mirrors.show(name, host.files)

    def finish(self) -> State:
        """Emit the event and close the State.

        Raises:
            UncaughtCharmError: If the charm raised.
            ActionFailed: If the charm failed the action.
        """
        self._read_directories()
        with _Translation(self):
            self.run.emit()
        self._charm_root.restore()
        self._raise_mistake()
        if self.run.rebooting:
            return self._left()
        state = self.world.close(self.run.storage.result(self._ledger.result()))
        self._raise_action_failure(state)
        return state

    def _raise_mistake(self) -> None:
        if self.world.mistake is not None:
            raise self.world.mistake

    def _raise_action_failure(self, state: State) -> None:
        context = self._context
        if self._event.action is None or context.action_failure is None:
            return
        output = ActionOutput(list(context.action_logs), dict(context.action_results or {}))
        raise ActionFailed(context.action_failure, output, state=state)

    def uncaught(self, error: Exception) -> Exception:
        """What the test gets for an error of the charm's."""
        self._raise_mistake()
        self.world.record('error', self._event.name, _named(error))
        if _bare_errors():
            return error
        return UncaughtCharmError(
            f'cannot finish {self._event.name!r}: the charm raised {type(error).__name__}: '
            f'{str(error).rstrip()}\n'
            "  hint: the traceback above is the charm's own; "
            "SCENARIO_BARE_CHARM_ERRORS=true raises the charm's exception itself",
            state=self._left(failures=1),
        )

    def _left(self, *, failures: int = 0) -> State:
        """What Juju is left with when the charm doesn't finish; it runs the hook again."""
        # Juju: worker/uniter/runner/context, Flush; what has no buffer there is written at once.
        result = self._ledger.result()
        written = {field: getattr(result, field) for field in _UNBUFFERED}
        again = QueuedEvent.of(self._event)
        queue = self._state.queue
        if again is not None:
            at = from_ns(self.world.clock.now_ns)
            queue = FrozenList([evolve(again, at=at, failures=failures), *queue])
        return self.world.close(evolve(self._state, **written, queue=queue))


_UNBUFFERED = ('unit_status', 'app_status', 'workload_version')
"""The parts of a State that hook tools write at once."""


def _named(error: Exception) -> str:
    """The first line that a traceback ends with, for example ``ops.pebble.PathError: …``."""
    return traceback.format_exception_only(error)[0].partition('\n')[0]


class _Translation:
    """The charm's errors leave a run as UncaughtCharmError, the test's own as they are."""

    def __init__(self, session: Session):
        self._session = session

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: BaseException | None, _: Any) -> None:
        if isinstance(error, Exception) and not isinstance(error, ScenarioError):
            uncaught = self._session.uncaught(error)
            if uncaught is not error:
                raise uncaught from error


def _bare_errors() -> bool:
    """Whether ``SCENARIO_BARE_CHARM_ERRORS`` asks for the charm's own exceptions."""
    value = os.environ.get('SCENARIO_BARE_CHARM_ERRORS', '').lower()
    return value == 'true' or (value.isdecimal() and int(value) != 0)
