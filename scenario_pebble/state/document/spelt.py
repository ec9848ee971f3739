"""How are values without parts written that JSON lacks: times, paths, enums, functions?"""

from __future__ import annotations

import datetime
import enum
import importlib
import json
import pathlib
from collections.abc import Callable
from typing import Any

from . import moments
from .form import Form, Misfit, shown, shown_data
from .scalar import TEXT, only_key


class Path(Form):
    """A path of ``pathlib``, which isn't equal to its text: ``{"path": …}``."""

    wanted = 'a path'
    example = '{"path": "/srv/data"}'

    def __init__(self, kind: type[pathlib.PurePath]):
        self._kind = kind

    def takes(self, value: Any) -> bool:
        return isinstance(value, pathlib.PurePosixPath)

    def reads(self, data: Any) -> bool:
        return only_key(data) == 'path'

    def _encode(self, value: pathlib.PurePath) -> dict[str, str]:
        return {'path': TEXT.encode(str(value))}

    def _decode(self, data: dict[str, Any]) -> pathlib.PurePath:
        return self._kind(TEXT.decode(data['path']))


class Spelt(Form):
    """A type whose values are written as text.

    Args:
        kind: The type.
        wanted: What the text must be, for people.
        example: Such a text, quoted.
        spell: Writes a value.
        parse: Reads a text, or raises ValueError or OverflowError.
    """

    def __init__(
        self,
        kind: type[Any],
        wanted: str,
        example: str,
        spell: Callable[[Any], str],
        parse: Callable[[str], Any],
    ):
        self.wanted = wanted
        self.example = example
        self._kind = kind
        self._spell = spell
        self._parse = parse

    def takes(self, value: Any) -> bool:
        return isinstance(value, self._kind)

    def reads(self, data: Any) -> bool:
        return isinstance(data, str)

    def _encode(self, value: Any) -> str:
        try:
            return self._spell(value)
        except OverflowError:
            raise Misfit(f'{shown(value)} is not {self.wanted}', f'use {self.wanted}') from None

    def _decode(self, data: str) -> Any:
        try:
            return self._parse(data)
        except (ValueError, OverflowError):
            raise Misfit(
                f'{shown_data(data)} is not {self.wanted}', f'write for example {self.example}'
            ) from None


class OneOf(Form):
    """A value of a closed set: of an enum, which is written as its value, or of a Literal."""

    def __init__(self, written: dict[Any, Any]):
        self._written = written
        self._values = {data: value for value, data in written.items()}
        self.wanted = 'one of ' + ', '.join(map(repr, self._values))
        self.example = json.dumps(next(iter(self._values)))

    @classmethod
    def of_enum(cls, kind: type[enum.Enum]) -> OneOf:
        return cls({member: member.value for member in kind})

    @classmethod
    def of_literals(cls, values: tuple[Any, ...]) -> OneOf:
        return cls({value: value for value in values})

    def takes(self, value: Any) -> bool:
        return _in(value, self._written)

    def reads(self, data: Any) -> bool:
        return _in(data, self._values)

    def _encode(self, value: Any) -> Any:
        return self._written[value]

    def _decode(self, data: Any) -> Any:
        return self._values[data]


class Function(Form):
    """A function at the top of a module, or in a class there: ``"module:qualified.name"``."""

    wanted = 'the name of a function'
    example = '"tests.handlers:dump_database"'

    def takes(self, value: Any) -> bool:
        return callable(value)

    def reads(self, data: Any) -> bool:
        return isinstance(data, str) and data.count(':') == 1

    def _encode(self, value: Any) -> str:
        name = f'{getattr(value, "__module__", "")}:{getattr(value, "__qualname__", "")}'
        try:
            found = _find(name)
        except (ImportError, AttributeError, ValueError):
            found = None
        if found is value:
            return name
        raise Misfit(
            f"{shown(value)} can't be found by its name {name!r}",
            'define the function with def at the top of a module',
        )

    def _decode(self, data: str) -> Any:
        try:
            found = _find(data)
        except (ImportError, AttributeError, ValueError) as error:
            found = error
        if callable(found):
            return found
        raise Misfit(
            f'there is no function {data!r}: {found}', 'name one that can be imported here'
        )


def _find(name: str) -> Any:
    module, _, qualified = name.partition(':')
    found: Any = importlib.import_module(module)
    for part in qualified.split('.'):
        found = getattr(found, part)
    return found


def _in(value: Any, known: dict[Any, Any]) -> bool:
    # By type too: True equals 1, and an enum of str equals its text.
    return any(type(value) is type(one) and value == one for one in known)


FUNCTION = Function()
TIME = Spelt(
    datetime.datetime,
    'a time',
    '"2026-01-31T12:00:00Z"',
    moments.time_text,
    moments.parse_time,
)
DURATION = Spelt(
    datetime.timedelta,
    'a duration in seconds',
    '"90.5s"',
    moments.duration_text,
    moments.parse_duration,
)
NANOSECONDS = Spelt(
    int, 'a time with an offset', '"2026-01-31T12:00:00Z"', moments.ns_text, moments.parse_ns
)
