"""Are an event and a State something that can be run?"""

from __future__ import annotations

from typing import Any, NoReturn

from .state.event import Event
from .state.state import State


def check_run(event: Any, state: Any) -> None:
    """Refuse to run what is no event, or on what is no State.

    Raises:
        TypeError: If one of them is something else.
    """
    if not isinstance(event, Event):
        _refuse_event(event)
    if not isinstance(state, State):
        raise TypeError(
            f'cannot run {event.name!r} on {state!r}: it is no State\n'
            '  hint: ctx.run(event, State(…))'
        )


def check_state(state: Any) -> None:
    """Refuse to let time pass from what is no State.

    Raises:
        TypeError: If it is something else.
    """
    if not isinstance(state, State):
        raise TypeError(
            f'cannot let time pass from {state!r} on: it is no State\n'
            '  hint: ctx.advance(State(…), 30)'
        )


def check_limit(limit: Any) -> None:
    """Refuse a number of events or cases that isn't one.

    Raises:
        TypeError: If it is something else.
    """
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise TypeError(
            f'cannot use {limit!r} for limit: its type is {type(limit).__name__}, not int\n'
            '  hint: limit=1000'
        )


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
