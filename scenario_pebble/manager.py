"""The two-step form of a run: the live charm first, then its event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import ops

from .errors import AlreadyEmittedError
from .session import Session
from .state.event import Event
from .state.state import State

if TYPE_CHECKING:
    from .context import Context

CharmType = TypeVar('CharmType', bound=ops.CharmBase)


class Manager(Generic[CharmType]):
    """What ``with ctx(event, state) as mgr`` gives.

    Example::

        with ctx(ctx.on.start(), State()) as mgr:
            mgr.charm.prepare()
            state = mgr.run()

    Args:
        ctx: Where the charm and all settings come from.
        arg: The event: what Juju sends.
        state_in: The world before it.
    """

    def __init__(self, ctx: Context[CharmType], arg: Event, state_in: State):
        self._session = Session(ctx, arg, state_in)
        self._entered = False
        self._emitted = False

    @property
    def charm(self) -> CharmType:
        """The charm: live in the ``with`` block; afterwards it can still be asked things.

        Raises:
            RuntimeError: Before the ``with`` block.
        """
        return cast('CharmType', self._begun().run.charm)

    @property
    def ops(self) -> Any:
        """The manager of ops that drives the run; its ``state`` is the State as it is now."""
        return self._begun().run.manager

    def run(self) -> State:
        """Emit the event; without a call, leaving the block does.

        Raises:
            AlreadyEmittedError: At the second call.
        """
        if self._emitted:
            raise AlreadyEmittedError(
                'cannot run the event again: a Manager emits it once\n'
                '  hint: feed the State that run() gave to another ctx.run()'
            )
        session = self._begun()
        self._emitted = True
        return session.finish()

    def _begun(self) -> Session:
        if not self._entered:
            raise RuntimeError(
                'cannot use a Manager before its block\n  hint: with ctx(event, state) as mgr: …'
            )
        return self._session

    def __enter__(self) -> Manager[CharmType]:
        self._session.__enter__()
        self._entered = True
        return self

    def __exit__(self, exc_type: Any, exc: Any, traceback: Any) -> None:
        try:
            # As in ops.testing: a block that fails has still asked for its event.
            if not self._emitted and (exc is None or isinstance(exc, Exception)):
                self.run()
        finally:
            self._emitted = True
            self._session.__exit__(exc_type, exc, traceback)
