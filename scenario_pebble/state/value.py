"""What all components of a State share: copying is free, and the repr shows what differs from the
default.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from ..fields import check_fields
from ..frozen import Constant

if TYPE_CHECKING:
    from typing_extensions import Self


class Value:
    """Base of the immutable components; each is a frozen dataclass."""

    TAKEN: ClassVar[Mapping[str, Any]] = {}
    """Types of fields that are taken though the annotations say less: ops.testing takes them."""

    COMPARED: ClassVar[bool] = False
    """Whether tests compare what a run gave with such values, and leave fields open: these take
    ``mock.ANY``."""

    def __post_init__(self) -> None:
        check_fields(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __repr__(self) -> str:
        shown = [f'{name}={plain_repr(value)}' for name, value in self._shown()]
        return f'{type(self).__name__}({", ".join(shown)})'

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Hypothesis and IPython show the same, on as many lines as it takes."""
        with printer.group(4, f'{type(self).__name__}(', ')'):
            for number, (name, value) in enumerate(self._shown()):
                if number:
                    printer.text(',')
                    printer.breakable()
                printer.text(f'{name}=')
                if isinstance(value, (Value, frozenset, tuple)):
                    printer.pretty(value)
                else:
                    printer.text(plain_repr(value))

    def _shown(self) -> Iterator[tuple[str, Any]]:
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            if field.repr and (value := getattr(self, field.name)) != default_of(field):
                yield field.name, value


def default_of(field: dataclasses.Field[Any]) -> Any:
    """A field's default; `NOTHING` if it has none, or a new one each time."""
    if isinstance(field.default_factory, Constant):
        return field.default_factory.value
    return NOTHING if field.default is dataclasses.MISSING else field.default


def plain_repr(value: Any) -> str:
    """A repr that can be evaluated: enums are shown as their values, which the constructors
    accept.
    """
    if isinstance(value, enum.Enum):
        return repr(value.value)
    if isinstance(value, str):
        return str.__repr__(value)  # an id has a class of its own
    if isinstance(value, dict):
        items = cast('dict[Any, Any]', value).items()
        return '{' + ', '.join(f'{k!r}: {plain_repr(v)}' for k, v in items) + '}'
    if isinstance(value, (frozenset, list, tuple)):
        items = [plain_repr(v) for v in value]  # type: ignore[reportUnknownVariableType]
        if isinstance(value, frozenset):
            return 'frozenset({' + ', '.join(sorted(items)) + '})' if items else 'frozenset()'
        if isinstance(value, list):
            return '[' + ', '.join(items) + ']'
        return '(' + ''.join(f'{item}, ' for item in items).rstrip(' ') + ')'
    return repr(value)


NOTHING = object()
"""Equals no value."""
