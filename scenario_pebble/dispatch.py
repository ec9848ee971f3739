"""One run of ops: install the wires, construct the charm, emit the event, put everything back.

This is one of the modules that know names which ops keeps private.  It relies on:

- ``ops._main._Manager``: its constructor's ``model_backend`` and ``juju_context``, the methods
  overridden here, ``run()`` and ``destroy()``; ``_Abort`` with ``exit_code``;
- ``ops._main._Dispatcher``: ``run_any_legacy_hook()``;
- ``ops._private.tracer``: the one tracer of all ops.
"""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import functools
import pathlib
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import ops
import ops._main
import ops._private

from . import customevent
from .backend import Backend, Connect, LateBackend, Wires
from .errors import NoObserverError
from .framework import Capture, Framework
from .frozen import evolve
from .juju.ledger import Ledger
from .juju.unittools import Rebooting
from .mainlog import MainLog
from .prepared import Prepared
from .released import release
from .state.event import Event
from .state.state import State
from .surroundings import Surroundings
from .wire.storage import StateStorage
from .wire.tracing import no_span

_tracer = ops._private.tracer
_main: Any = ops._main
_JujuContext: Any = getattr(_main, 'JujuContext', None) or _main._JujuContext

_parse_environment: Any = getattr(_JujuContext, '_from_dict', None) or _JujuContext.from_dict


@functools.lru_cache(maxsize=256)
def _parsed(environment: tuple[tuple[str, str], ...]) -> Any:
    return _parse_environment(dict(environment))


def juju_context(environment: Mapping[str, str], charm_dir: pathlib.Path) -> Any:
    """What ops makes of the JUJU_* environment.

    Args:
        environment: All variables.
        charm_dir: What ``JUJU_CHARM_DIR`` names, without links.
    """
    # Parsing takes longer than all else that prepares a run, and only the directory is new.
    others = {**environment}
    others.pop('JUJU_CHARM_DIR', None)
    parsed = _parsed(tuple(others.items()))
    return evolve(parsed, charm_dir=charm_dir)


class Run:
    """One run of ops, from the charm's construction to the commit.

    Args:
        prepared: The charm.
        capture: What the Context records.
        event: What Juju sends.
        state: Where deferred events and stored state come from.
        environment: The JUJU_* variables.
        charm_dir: Where the charm's files are, without links.
        connect: Gives a Pebble client for a socket path.
        ledger: What the hook tools read and write.
        bare: Whether the charm's directory holds metadata alone.
    """

    def __init__(
        self,
        prepared: Prepared,
        capture: Capture,
        event: Event,
        state: State,
        environment: Mapping[str, str],
        charm_dir: pathlib.Path,
        connect: Connect,
        ledger: Ledger,
        *,
        bare: bool,
    ):
        self.storage = StateStorage(state, environment['JUJU_UNIT_NAME'].partition('/')[0])
        self._inputs = prepared, capture, event, self.storage, bare
        self._context = juju_context(environment, charm_dir)
        self._surroundings = Surroundings(environment)
        self._backend = Backend(self._context, connect, ledger)
        self._log = MainLog(self._backend.juju_log)
        self._manager: _Manager | None = None

    def __enter__(self) -> Run:
        self._surroundings.__enter__()
        self._log.__enter__()
        if self._backend.untraced:
            vars(_tracer)['start_as_current_span'] = no_span
        try:
            self._manager = _Manager(*self._inputs, self._backend, self._context)
        except BaseException:
            self._leave(*sys.exc_info())
            raise
        return self

    def __exit__(self, *exc: Any) -> None:
        try:
            if self._manager is not None:
                self._manager.close()
        finally:
            self._leave(*exc)

    def _leave(self, *exc: Any) -> None:
        vars(_tracer).pop('start_as_current_span', None)
        self._log.__exit__()
        self._surroundings.__exit__(*exc)

    def outlive(self, wires: Wires) -> None:
        """Let a charm that a test keeps after the run go on asking Juju.

        Args:
            wires: Entered around each of its calls.
        """
        if self._manager is not None:
            release(self._manager.framework)
        self._backend.__class__ = LateBackend
        self._backend.__dict__['wires'] = wires

    @property
    def charm(self) -> ops.CharmBase:
        """The live charm.

        Raises:
            RuntimeError: If its constructor ended the run.
        """
        manager = self._started()
        if manager.aborted:
            raise RuntimeError('cannot give the charm: it exited early, in its constructor')
        return manager.charm

    @property
    def manager(self) -> _Manager:
        """The manager of ops that drives the run."""
        return self._started()

    @property
    def rebooting(self) -> bool:
        """Whether the charm has asked Juju to reboot its machine at once."""
        return self._started().rebooting

    def emit(self) -> None:
        """Re-emit deferred events, emit the event, evaluate the status and commit."""
        manager = self._started()
        if manager.aborted:
            return
        try:
            manager.run()
        except ops._main._Abort as e:
            if e.exit_code != 0:
                raise
        except Rebooting:
            manager.rebooting = True

    def _started(self) -> _Manager:
        if self._manager is None:
            raise RuntimeError('cannot use a run before it is entered')
        return self._manager


class _Manager(ops._main._Manager):
    """Ops' own manager, with its inputs and outputs in memory."""

    present: Callable[[], State]

    def __init__(
        self,
        prepared: Prepared,
        capture: Capture,
        event: Event,
        storage: StateStorage,
        bare: bool,
        backend: Backend,
        context: Any,
    ):
        self._prepared = prepared
        self._bare = bare
        self._capture = capture
        self._event = event
        self._state_storage = storage
        self._ran = False
        self.aborted = False
        self.rebooting = False
        prepared.defined.clear()
        try:
            super().__init__(prepared.charm_class, backend, juju_context=context)
        except ops._main._Abort as e:
            # The charm's constructor ends the run in order, as after
            # load_config(errors='blocked'); without a framework it was ops itself.
            if e.exit_code != 0 or 'framework' not in self.__dict__:
                self.close()
                raise
            self.aborted = True
        except Rebooting:
            self.aborted = self.rebooting = True
        except BaseException:
            self.close()
            raise

    @property
    def state(self) -> State:
        """The State as it is just now, as tests for ops.testing ask for it."""
        return self.present()

    def run(self) -> None:
        self._ran = True
        super().run()

    def close(self) -> None:
        """Release what ops opened."""
        if not self._ran and 'framework' in self.__dict__:
            self.framework.close()
        if '_tracing_context' in self.__dict__:
            self.destroy()

    # Ops makes its dispatcher and uses it at once.

    @property
    def dispatcher(self) -> ops._main._Dispatcher:
        return self._dispatcher

    @dispatcher.setter
    def dispatcher(self, made: Any) -> None:
        if self._bare:
            made.__class__ = _HooklessDispatcher
        self._dispatcher: ops._main._Dispatcher = made

    def _setup_root_logging(self) -> None:
        showwarning, excepthook = warnings.showwarning, sys.excepthook
        super()._setup_root_logging()
        # Warnings and uncaught errors belong to the test runner, not to the Juju log.
        warnings.showwarning, sys.excepthook = showwarning, excepthook

    def _load_charm_meta(self) -> ops.CharmMeta:
        return self._prepared.charm_meta

    def _make_storage(self, dispatcher: Any) -> Any:
        return self._state_storage

    def _make_framework(self, dispatcher: Any) -> ops.Framework:
        breakpointhook = sys.breakpointhook
        framework = super()._make_framework(dispatcher)
        # Leave breakpoint() as the test runner wants it.
        sys.breakpointhook = breakpointhook
        framework.__class__ = Framework
        framework.__dict__['capture'] = self._capture
        return framework

    def _get_event_to_emit(self, event_name: str) -> ops.BoundEvent:
        if self._event.custom_event is not None:
            return customevent.bound(self.charm, self._event.custom_event)
        try:
            return getattr(self.charm.on, event_name)
        except AttributeError:
            raise NoObserverError(
                f'cannot emit {event_name!r}: {type(self.charm).__name__}.on has no such event\n'
                "  hint: is the container, relation, storage or action in the charm's metadata?"
            ) from None

    def _get_event_args(self, bound_event: ops.BoundEvent) -> tuple[list[Any], dict[str, Any]]:
        args, kwargs = super()._get_event_args(bound_event)
        return customevent.arguments(self.charm, self._event, args, kwargs)


class _HooklessDispatcher(ops._main._Dispatcher):
    """Ops' own dispatcher, which doesn't look for a legacy hook: the disk is slow."""

    def run_any_legacy_hook(self) -> None:
        pass
