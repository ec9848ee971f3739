"""One event on one State: open the State, run ops on it, and give the State that comes out."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING, Any

from . import bridge, dispatch
from .errors import ScenarioError, UncaughtCharmError
from .state.event import Event
from .state.state import State

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
    """

    def __init__(self, context: Context[Any], event: Event, state: State):
        self._context = context
        self._event = event
        self._state = state
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Session:
        with contextlib.ExitStack() as stack:
            stack.enter_context(_lock)
            self.world = bridge.World(self._context, self._event, self._state)
            stack.enter_context(self.world)
            self._run = self._context.new_run(self._event, self.world)
            with self._translated():
                stack.enter_context(self._run)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._stack.__exit__(*exc)

    @property
    def run(self) -> dispatch.Run:
        """The run of ops."""
        return self._run

    def finish(self) -> State:
        """Emit the event and close the State.

        Raises:
            UncaughtCharmError: If the charm raised.
            ActionFailed: If the charm failed the action.
        """
        with self._translated():
            self._run.emit()
        self.world.raise_mistake()
        state = self.world.result(self._run.storage)
        self.world.raise_action_failure(state)
        return state

    @contextlib.contextmanager
    def _translated(self) -> Any:
        """The charm's errors leave a run as UncaughtCharmError, the test's own as they are."""
        try:
            yield
        except ScenarioError:
            raise
        except Exception as e:
            self.world.raise_mistake()
            if _bare_errors():
                raise
            raise UncaughtCharmError(_explained(e, self._event)) from e


def _bare_errors() -> bool:
    """Whether ``SCENARIO_BARE_CHARM_ERRORS`` asks for the charm's own exceptions."""
    value = os.environ.get('SCENARIO_BARE_CHARM_ERRORS', '').lower()
    return value == 'true' or (value.lstrip('-').isdigit() and int(value) != 0)


def _explained(error: Exception, event: Event) -> str:
    return (
        f'cannot finish {event.name!r}: the charm raised {type(error).__name__}: {error}\n'
        "  hint: the traceback above is the charm's own; with SCENARIO_BARE_CHARM_ERRORS=true "
        "the charm's exception is raised as it is"
    )
