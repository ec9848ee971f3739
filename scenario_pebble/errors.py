"""The exceptions that a test author meets, one tree.

::

    ScenarioError
    ├── ContextSetupError            the Context could not be built
    │   └── MetadataNotFoundError    no charmcraft.yaml or metadata.yaml beside the charm
    ├── AlreadyEmittedError          a Manager ran its event twice
    ├── StateValidationError         a value in the State can't exist
    ├── NoObserverError              nothing observes the event that a test defers or emits
    ├── BadOwnerPath                 an owner path names no object
    ├── NotFoundError                what the test asks a State for is not there
    ├── NotSimulatedError            the test asks for what the simulation lacks
    └── ScenarioRuntimeError
        ├── UncaughtCharmError       the charm raised
        └── InconsistentScenarioError  event, State and metadata contradict each other
    ActionMissingFromContextError    an action hook tool outside of an action
    ActionFailed                     the charm called ``event.fail()``

These are the *test author's* errors.  A failure that the simulation plays (a Pebble ``APIError``,
Juju's ``ModelError``) is raised by the real ops, in Pebble's or Juju's own words.  Names and
bases follow ``ops.testing``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .dataclass import dataclass

if TYPE_CHECKING:
    from .state.state import State


class ScenarioError(RuntimeError):
    """Base of what is wrong with a test."""


class ContextSetupError(ScenarioError):
    """The Context could not be built."""


class MetadataNotFoundError(ContextSetupError):
    """No ``charmcraft.yaml`` or ``metadata.yaml`` was found beside the charm."""


class AlreadyEmittedError(ScenarioError):
    """A Manager was asked to run its event a second time."""


class StateValidationError(ScenarioError):
    """A value given to a State component can't exist."""


class NoObserverError(ScenarioError):
    """The charm does not observe an event that the test relies on."""


class BadOwnerPath(ScenarioError):
    """An owner path names no object of the charm."""


class NotFoundError(ScenarioError, KeyError):
    """What the test asks a State or a Container for is not there."""

    def __str__(self) -> str:
        return self.args[0]  # a KeyError would show the repr


class NotSimulatedError(ScenarioError):
    """The test asks for something that the simulation lacks."""


class ScenarioRuntimeError(ScenarioError):
    """Base of what goes wrong while an event runs."""


class UncaughtCharmError(ScenarioRuntimeError):
    """The charm raised; the charm's own exception is the cause of this one.

    Example::

        db = Container(
            'db', can_connect=True, faults=[Fault('POST /v1/files', 'connection-refused')]
        )
        with pytest.raises(UncaughtCharmError) as caught:
            ctx.run(ctx.on.pebble_ready(db), State(containers={db}))
        state = ctx.advance(caught.value.state, 0)  # Juju runs the hook again

    Attributes:
        state: What Juju is left with: what the charm did to its containers stays, as do the
            statuses and the workload's version; all else that a hook writes is dropped.  The event
            is the first in its queue (actions excepted), as Juju runs a failed hook again:
            ``ctx.advance(error.state, 0)``.
    """

    def __init__(self, *args: Any, state: State | None = None):
        super().__init__(*args)
        self.state = state


class InconsistentScenarioError(ScenarioRuntimeError):
    """Event, State and charm metadata contradict each other."""


class ActionMissingFromContextError(Exception):
    """The charm used an action hook tool while no action was running."""


@dataclass(frozen=True)
class ActionOutput:
    """What an action told the user before it failed."""

    logs: list[str] = dataclasses.field(default_factory=list[str])
    results: dict[str, Any] = dataclasses.field(default_factory=dict[str, Any])


class ActionFailed(Exception):
    """The charm called ``event.fail()``.

    Example::

        with pytest.raises(ActionFailed) as failed:
            ctx.run(ctx.on.action('backup'), state)
        assert failed.value.message == 'no space left'
        assert failed.value.output.logs == []

    Args:
        message: What the charm said.
        output: What the action logged and gave.
        state: The State after the action: failing it undoes nothing.
    """

    def __init__(
        self, message: str, output: ActionOutput | None = None, *, state: State | None = None
    ):
        super().__init__(message)
        self.message = message
        self.output = output or ActionOutput()
        self.state = state

    def __str__(self) -> str:
        return self.message


def closest(name: str, known: Iterable[str]) -> str:
    """The hint ``did you mean …?`` for a misspelt name, or an empty string."""
    import difflib

    matches = difflib.get_close_matches(name, list(known), n=1)
    return f'did you mean {matches[0]!r}?' if matches else ''
