"""Are an event and a State something that can be run?"""

from __future__ import annotations

from typing import Any, NoReturn

from . import typehints
from .state.event import Event
from .state.state import State


def check_run(event: Any, state: Any) -> None:
    """Refuse to run what is no event, or on what is no State.

    Raises:
        TypeError: If one of them is something else.
    """
    if not isinstance(event, Event):
        _refuse_event(event)
    check_state(state, 'ctx.run(event, State(…))')


def check_state(state: Any, example: str) -> None:
    """Refuse to start from what is no State; *example* is how one is given.

    Raises:
        TypeError: If it is something else.
    """
    if not isinstance(state, State):
        raise TypeError(f'cannot start from {state!r}: it is no State\n  hint: {example}')


def check_limit(limit: Any) -> None:
    """Refuse a number of events or cases that isn't one.

    Raises:
        TypeError: If it is something else.
    """
    if unwanted := typehints.wanted(int).unwanted(limit):
        raise TypeError(unwanted.message('limit', 'limit=1000'))


def _refuse_event(event: Any) -> NoReturn:
    if isinstance(event, str):
        name = event.replace('-', '_')
        raise TypeError(
            f'cannot run {event!r}: an event is no string\n'
            f'  hint: ctx.run(ctx.on.{name}(…), state)'
        )
    if callable(event):
        name = getattr(event, '__name__', 'event')
        raise TypeError(
            f'cannot run {name}: it was not called\n  hint: ctx.run(ctx.on.{name}(), state)'
        )
    raise TypeError(f'cannot run {event!r}: it is no event\n  hint: make one with ctx.on')
