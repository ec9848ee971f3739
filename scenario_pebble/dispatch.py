"""One run of ops: install the wires, construct the charm, emit the event, put everything back.

This is one of the three modules that know names which ops keeps private.  It relies on:

- ``ops._main._Manager``: its constructor's ``model_backend`` and ``juju_context``, the methods
  overridden here, ``run()`` and ``destroy()``; ``_Abort`` with ``exit_code``;
- ``ops.model._ModelBackend``: ``get_pebble(socket_path)``;
- ``ops.framework.Framework``: ``_emit``, ``_reemit``, and in ``observe`` the lists ``_observer``
  and ``_observers``;
- ``ops.log._get_juju_log_and_app_id`` (ops ≥ 3.5) caching the backend of the first security event.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import ops
import ops._main
import ops.framework
import ops.log
import ops.model
from ops import pebble

from . import customevent
from .errors import NoObserverError
from .state.event import Event
from .state.state import State
from .wire.storage import StateStorage

_FRAMEWORK_EVENTS = (ops.PreCommitEvent, ops.CommitEvent, ops.CollectStatusEvent)
_JujuContext: Any = getattr(ops._main, 'JujuContext', None) or getattr(ops._main, '_JujuContext')


class Capture(Protocol):
    """Which emitted events a Context records, and where."""

    capture_framework_events: bool
    capture_deferred_events: bool
    emitted_events: list[ops.EventBase]


def juju_context(environment: Mapping[str, str]) -> Any:
    """What ops makes of the JUJU_* environment."""
    parse = getattr(_JujuContext, '_from_dict', None) or _JujuContext.from_dict
    return parse(environment)


class Spec(Protocol):
    """What stays the same in all runs of a Context."""

    capture: Capture
    charm_class: type[ops.CharmBase]
    """As `own_events` made it."""
    charm_meta: ops.CharmMeta


class Run:
    """One run of ops, from the charm's construction to the commit.

    Args:
        spec: What the Context knows.
        event: What Juju sends.
        state: Where deferred events and stored state come from.
        environment: The JUJU_* variables.
        connect: Gives a Pebble client for a socket path.
    """

    def __init__(
        self,
        spec: Spec,
        event: Event,
        state: State,
        environment: Mapping[str, str],
        connect: Callable[[str], pebble.Client],
    ):
        self.storage = StateStorage(state)
        self._environment = environment
        self._stack = contextlib.ExitStack()
        self._manager: _Manager | None = None
        self._make = lambda: _Manager(spec, event, self.storage, environment, connect)

    def __enter__(self) -> Run:
        with contextlib.ExitStack() as stack:
            stack.enter_context(_environment(self._environment))
            stack.enter_context(_global_hooks())
            self._manager = stack.enter_context(contextlib.closing(self._make()))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._stack.__exit__(*exc)

    @property
    def charm(self) -> ops.CharmBase:
        """The live charm.

        Raises:
            RuntimeError: If its constructor ended the run.
        """
        manager = self._started()
        if manager.aborted:
            raise RuntimeError('cannot give the charm: its constructor ended the run')
        return manager.charm

    @property
    def manager(self) -> ops._main._Manager:
        """The manager of ops that drives the run."""
        return self._started()

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

    def _started(self) -> _Manager:
        if self._manager is None:
            raise RuntimeError('cannot use a run before it is entered')
        return self._manager


class _Manager(ops._main._Manager):
    """Ops' own manager, with its inputs and outputs in memory."""

    def __init__(
        self,
        spec: Spec,
        event: Event,
        storage: StateStorage,
        environment: Mapping[str, str],
        connect: Callable[[str], pebble.Client],
    ):
        self._spec = spec
        self._event = event
        self._state_storage = storage
        self._ran = False
        self.aborted = False
        context = juju_context(environment)
        backend = _Backend(context, connect)
        try:
            super().__init__(spec.charm_class, backend, juju_context=context)
        except ops._main._Abort as e:
            # The charm's constructor ends the run in order, as after
            # load_config(errors='blocked').
            if e.exit_code != 0:
                self.close()
                raise
            self.aborted = True
        except BaseException:
            self.close()
            raise

    def run(self) -> None:
        self._ran = True
        super().run()

    def close(self) -> None:
        """Release what ops opened."""
        if not self._ran and 'framework' in self.__dict__:
            self.framework.close()
        if '_tracing_context' in self.__dict__:
            self.destroy()

    def _setup_root_logging(self) -> None:
        showwarning, excepthook = warnings.showwarning, sys.excepthook
        super()._setup_root_logging()
        # Warnings and uncaught errors belong to the test runner, not to the Juju log.
        warnings.showwarning, sys.excepthook = showwarning, excepthook

    def _load_charm_meta(self) -> ops.CharmMeta:
        return self._spec.charm_meta

    def _make_storage(self, dispatcher: Any) -> Any:
        return self._state_storage

    def _make_framework(self, dispatcher: Any) -> ops.Framework:
        framework = super()._make_framework(dispatcher)
        framework.__class__ = _Framework
        framework.__dict__['_capture'] = self._spec.capture
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


class _Backend(ops.model._ModelBackend):
    """Ops' own backend: it runs hook tools.  Only the way to Pebble is another one."""

    def __init__(self, context: Any, connect: Callable[[str], pebble.Client]):
        super().__init__(juju_context=context)
        self._connect = connect

    def get_pebble(self, socket_path: str) -> pebble.Client:
        return self._connect(socket_path)


# Methods whose signature was found to fit an observer; checking it is most of what observe()
# costs.
_fitting: weakref.WeakSet[Callable[..., Any]] = weakref.WeakSet()


class _Framework(ops.Framework):
    """Ops' own framework; it also records which events are emitted."""

    _capture: Capture

    def set_breakpointhook(self) -> None:
        """Leave ``breakpoint()`` as the test runner wants it."""

    def observe(self, bound_event: ops.BoundEvent, observer: Callable[[Any], None]) -> None:
        function = getattr(observer, '__func__', None)
        if function not in _fitting or not isinstance(bound_event, ops.BoundEvent):
            super().observe(bound_event, observer)
            _fitting.add(function)  # type: ignore[arg-type]  # a method, or observe() fails
            return
        emitter, kind = bound_event.emitter, bound_event.event_kind
        self.register_type(bound_event.event_type, emitter, kind)
        observing: ops.Object = observer.__self__  # type: ignore[attr-defined]
        path = observing.handle.path
        self._observer[path] = observing
        self._observers.append((path, observer.__name__, emitter.handle.path, kind))

    def _emit(self, event: ops.EventBase) -> None:
        capture = self._capture
        if capture.capture_framework_events or not isinstance(event, _FRAMEWORK_EVENTS):
            _record(event, capture)
        super()._emit(event)

    def _reemit(self, single_event_path: str | None = None) -> None:
        if self._capture.capture_deferred_events and single_event_path is None:
            for event_path, _, _ in self._storage.notices(None):
                self._record_deferred(event_path)
        super()._reemit(single_event_path)

    def _record_deferred(self, event_path: str) -> None:
        try:
            event: Any = self.load_snapshot(ops.Handle.from_path(event_path))
        except ops.framework.NoTypeError:
            return
        event.deferred = False
        self._forget(event)  # it is about to be loaded once more
        _record(event, self._capture)


def _record(event: ops.EventBase, capture: Capture) -> None:
    # Some events set attributes only when they are restored.
    event.restore(event.snapshot())
    capture.emitted_events.append(event)


def own_events(charm_type: type[ops.CharmBase]) -> type[ops.CharmBase]:
    """The charm with a private ``on``, whose events may be defined again by each run.

    CharmBase defines the events of containers, relations … on the class of ``on`` whenever a
    charm is constructed.
    """

    class Events(type(charm_type.on)):
        defined: set[str] = set()
        """In this run."""

        @classmethod
        def define_event(cls, event_kind: str, event_type: type[ops.EventBase]) -> None:
            if event_kind in cls.defined or event_kind not in cls.__dict__:
                super().define_event(event_kind, event_type)
            cls.defined.add(event_kind)

    Events.__name__ = Events.__qualname__ = type(charm_type.on).__name__
    own = type(charm_type.__name__, (charm_type,), {'on': Events(), '__doc__': charm_type.__doc__})
    own.__module__ = charm_type.__module__
    own.__qualname__ = charm_type.__qualname__
    return own


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables; afterwards the whole environment is as it was."""
    saved = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        if os.environ != saved:
            for name in [name for name in os.environ if name not in saved]:
                del os.environ[name]
            os.environ.update({k: v for k, v in saved.items() if os.environ.get(k) != v})


@contextlib.contextmanager
def _global_hooks() -> Iterator[None]:
    """Logging, warnings and the interpreter's hooks are as they were afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    saved_excepthook, saved_breakpointhook = sys.excepthook, sys.breakpointhook
    try:
        with warnings.catch_warnings():
            yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        sys.excepthook, sys.breakpointhook = saved_excepthook, saved_breakpointhook
        if _forget_backend is not None:
            _forget_backend()


_forget_backend: Callable[[], None] | None = getattr(
    getattr(ops.log, '_get_juju_log_and_app_id', None), 'cache_clear', None
)
