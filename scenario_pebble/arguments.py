"""Are the arguments of a call of the types that the function's parameters name?"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar, cast

from . import typehints
from .typehints import Wanted

F = TypeVar('F', bound=Callable[..., Any])


def checked(function: F) -> F:
    """Let a function refuse arguments of other types than its parameters name.

    It takes microseconds: not for what charms or the simulation call.

    Raises:
        TypeError: If an argument has another type.
    """

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        parameters = _parameters(function)
        _check(function, zip(parameters.by_position, args, strict=False), parameters)
        if kwargs:
            _check(function, kwargs.items(), parameters)
        return function(*args, **kwargs)

    return cast('F', call)


class _Parameters(NamedTuple):
    by_position: tuple[str, ...]
    """The names of those that can be given without their name."""
    wanted: Mapping[str, Wanted]
    others: Wanted | None
    """What keyword arguments without a parameter of their own are to be."""


@functools.cache
def _parameters(function: Callable[..., Any]) -> _Parameters:
    # Not when the function is made: names in its annotations may be made later.
    wanted = typehints.of_function(function)
    kinds = {name: each.kind for name, each in inspect.signature(function).parameters.items()}
    named = {name: wanted[name] for name in wanted if kinds.get(name) in _NAMED}
    others = next((wanted.get(name) for name in kinds if kinds[name] is _OTHERS), None)
    by_position = tuple(name for name in kinds if kinds[name] in _BY_POSITION)
    return _Parameters(by_position, {'self': _ANYTHING, **named}, others)


_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_NAMED = (*_BY_POSITION, inspect.Parameter.KEYWORD_ONLY)
_OTHERS = inspect.Parameter.VAR_KEYWORD
_ANYTHING = typehints.wanted(object)


def _check(
    function: Callable[..., Any], given: Iterable[tuple[str, Any]], parameters: _Parameters
) -> None:
    for name, value in given:
        wanted = parameters.wanted.get(name, parameters.others)
        if wanted is None or value.__class__ in wanted.fast:
            continue
        unwanted = wanted.unwanted(value)
        if unwanted is not None:
            place = f'{name}{unwanted.path} of {function.__name__}()'
            raise TypeError(unwanted.message(place, f'{name}={wanted.example}'))
