"""What is a form: how the values of one type are written as JSON-like data, and read again?"""

from __future__ import annotations

import abc
import json
from collections.abc import Callable
from typing import Any


class Misfit(Exception):
    """A value can't be written, or data can't be read.

    Args:
        problem: What is wrong.
        hint: One way to repair it.
    """

    def __init__(self, problem: str, hint: str):
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.path = ''
        """Where; grows while the exception travels outwards."""

    @classmethod
    def of(cls, error: Exception, hint: str) -> Misfit:
        """What a constructor refused; with its own hint, if it gives one."""
        problem, _, own_hint = str(error).partition('\n  hint: ')
        return cls(problem, own_hint or hint)


def under(step: str, convert: Callable[[Any], Any], argument: Any) -> Any:
    """Convert a part; *step* leads to it from the whole."""
    try:
        return convert(argument)
    except Misfit as misfit:
        misfit.path = step + misfit.path
        raise


class Form(abc.ABC):
    """How the values of one type are written, and read again."""

    wanted: str
    """What the data must be, for people."""
    example: str
    """Such data."""

    @abc.abstractmethod
    def takes(self, value: Any) -> bool:
        """Whether a value is of the type; its parts aren't looked at."""

    @abc.abstractmethod
    def reads(self, data: Any) -> bool:
        """Whether data may be a written value; its parts aren't looked at."""

    @abc.abstractmethod
    def _encode(self, value: Any) -> Any:
        """Write a value of the type."""

    @abc.abstractmethod
    def _decode(self, data: Any) -> Any:
        """Read data that may be a written value."""

    def encode(self, value: Any) -> Any:
        """Write a value.

        Raises:
            Misfit: If it, or a part of it, is of another type.
        """
        if self.takes(value):
            return self._encode(value)
        raise Misfit(f'{shown(value)} is not {self.wanted}', f'use {self.wanted}')

    def decode(self, data: Any) -> Any:
        """Read data.

        Raises:
            Misfit: If it is no written value.
        """
        if self.reads(data):
            return self._decode(data)
        raise Misfit(
            f'{shown_data(data)} is not {self.wanted}', f'write for example {self.example}'
        )

    def leaves_out(self, value: Any, default: Any) -> bool:
        """Whether *value* need not be written where *default* is what a reader assumes."""
        return value is default or (type(value) is type(default) and value == default)


def shown(value: Any) -> str:
    """A value in a message, cut to a readable length."""
    return _cut(repr(value))


def shown_data(data: Any) -> str:
    """What was read, in a message: as JSON has it."""
    return _cut(json.dumps(data, ensure_ascii=False, default=repr))


def _cut(text: str) -> str:
    return text if len(text) <= 70 else f'{text[:69]}…'
