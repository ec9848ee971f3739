"""How is a value with named fields written: as an object with a key per field?

dataclasses-json does it, given a *document* for each class: a dataclass with the same fields whose
metadata say how each is written.  The classes themselves stay as they are, so that importing them
doesn't import dataclasses-json, which takes longer than all the rest.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ...dataclass import dataclass
from ...errors import ScenarioError, closest
from .collection import step
from .form import Form, Misfit, under

ABSENT: Any = type('Absent', (), {})()
"""In place of a value: there is no key for it. In place of a default: there is none."""


@dataclass(frozen=True)
class Part:
    """How one field is written."""

    form: Form
    default: Any = ABSENT
    """What it is if its key is absent."""
    optional: bool = False
    """Whether the key may be absent even so: then the class decides."""

    @property
    def required(self) -> bool:
        return self.default is ABSENT and not self.optional

    def leaves_out(self, value: Any) -> bool:
        if value is ABSENT:
            return True
        return self.default is not ABSENT and self.form.leaves_out(value, self.default)


class Record(Form):
    """A dataclass, or a NamedTuple.

    Args:
        kind: The class.
        parts: Gives its fields; asked when they are needed, as a class may contain itself.
    """

    def __init__(self, kind: type[Any], parts: Callable[[], Mapping[str, Part]]):
        self._kind = kind
        self._make_parts = parts
        self.wanted = f'an object that describes a {kind.__name__}'
        self.example = '{}'

    @cached_property
    def _parts(self) -> Mapping[str, Part]:
        return self._make_parts()

    @cached_property
    def _document(self) -> Any:
        return _document(self._kind.__name__, self._parts)

    def takes(self, value: Any) -> bool:
        return type(value) is self._kind

    def reads(self, data: Any) -> bool:
        return isinstance(data, dict)

    def _encode(self, value: Any) -> dict[str, Any]:
        return self._document(**self._values(value)).to_dict()

    def _decode(self, data: dict[str, Any]) -> Any:
        self._check_keys(data)
        for key, entry in data.items():
            if entry is None:
                # dataclasses-json lets null pass everywhere.
                under(step(key), self._parts[key].form.decode, None)
        document = self._document.from_dict(data)
        values = {name: getattr(document, name) for name in self._parts}
        return self._made({name: v for name, v in values.items() if v is not ABSENT})

    def _values(self, value: Any) -> dict[str, Any]:
        """What the fields of a document hold."""
        return {name: getattr(value, name) for name in self._parts}

    def _build(self, values: dict[str, Any]) -> Any:
        """The value with these fields; those that were absent have their defaults."""
        return self._kind(**values)

    def _made(self, values: dict[str, Any]) -> Any:
        try:
            return self._build(values)
        except (ScenarioError, ValueError, TypeError) as error:
            raise Misfit.of(error, f'see the arguments of {self._kind.__name__}()') from error

    def _check_keys(self, data: dict[str, Any]) -> None:
        for key in data:
            if key not in self._parts:
                known = ', '.join(sorted(self._parts))
                hint = closest(str(key), self._parts) or f'it may have {known}'
                raise Misfit(f'{self._kind.__name__} has no key {key!r}', hint)
        for name, part in self._parts.items():
            if part.required and name not in data:
                hint = f'write for example "{name}": {part.form.example}'
                raise Misfit(f'{self._kind.__name__} needs the key {name!r}', hint)


def _document(name: str, parts: Mapping[str, Part]) -> Any:
    library = _dataclasses_json()
    fields: Any = [
        (
            field,
            Any,
            dataclasses.field(
                default=ABSENT,
                metadata=library.config(
                    encoder=_at(f'.{field}', part.form.encode),
                    decoder=_at(f'.{field}', part.form.decode),
                    exclude=part.leaves_out,
                ),
            ),
        )
        for field, part in parts.items()
    ]
    document = dataclasses.make_dataclass(f'{name}Document', fields)
    return library.dataclass_json(document, undefined=library.Undefined.RAISE)


def _at(path: str, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    # The decoder also gets what stands for an absent key.
    return lambda value: value if value is ABSENT else under(path, convert, value)


def _dataclasses_json() -> Any:
    try:
        import dataclasses_json
    except ImportError as error:
        raise ImportError(
            'cannot write or read a State as JSON or YAML: dataclasses-json is not installed\n'
            '  hint: pip install scenario-pebble[json]'
        ) from error
    return dataclasses_json
