"""How is a databag written and read whose values are JSON, as most charm libraries have them?

The rules are those of ``ops.Relation.save`` and ``ops.Relation.load``.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, TypeVar, cast, overload

from ..arguments import checked

T = TypeVar('T')


def dump_databag(content: Mapping[str, Any] | object) -> dict[str, str]:
    """The databag that holds each value as JSON text.

    Example::

        Relation('database', remote_app_data=dump_databag({'endpoints': ['db:3306'], 'tls': True}))

    Args:
        content: A mapping, a dataclass, or a pydantic model; a field's ``alias`` is its key.

    Raises:
        TypeError: If it is something else, or if JSON lacks a value.
    """
    return {key: json.dumps(value) for key, value in _entries(content).items()}


@overload
def load_databag(databag: Mapping[str, str]) -> dict[str, Any]: ...
@overload
def load_databag(databag: Mapping[str, str], kind: type[T]) -> T: ...
@checked
def load_databag(databag: Mapping[str, str], kind: type[Any] | None = None) -> Any:
    """What a databag says.

    Example::

        out = ctx.run(ctx.on.relation_changed(relation), state)
        assert 'endpoints' not in load_databag(out.get_relation(relation).local_app_data)

    Args:
        databag: Of a relation, for example ``local_app_data``.
        kind: A dataclass or pydantic model to make of it, from those keys that are fields of it;
            a field's ``alias`` is its key. Without it a dict comes back, in which text that is no
            JSON stays as it is.

    Raises:
        ValueError: If a field's value is no JSON, or if *kind* refuses it.
    """
    if kind is None:
        return {key: _decoded(text) for key, text in databag.items()}
    keys = _keys(kind)
    if keys is None:
        raise _no_fields(kind)
    found = {key: name for key, name in keys.items() if key in databag}
    return kind(**{name: _parsed(key, databag[key]) for key, name in found.items()})


def _entries(content: Any) -> Mapping[str, Any]:
    if isinstance(content, Mapping):
        return cast('Mapping[str, Any]', content)
    keys = None if isinstance(content, type) else _keys(cast('Any', type(content)))
    if keys is None:
        raise _no_fields(content)
    model: Any = content
    if not dataclasses.is_dataclass(content):
        return model.model_dump(mode='json', by_alias=True)
    values = dataclasses.asdict(model)
    return {key: values[name] for key, name in keys.items()}


def _keys(kind: Any) -> dict[str, str] | None:
    """What the constructor calls the value of each key; None if the class has no fields."""
    if dataclasses.is_dataclass(kind):
        return {f.metadata.get('alias', f.name): f.name for f in dataclasses.fields(kind)}
    fields: Mapping[str, Any] | None = getattr(kind, 'model_fields', None)
    if fields is None:
        return None
    keys = [field.alias or name for name, field in fields.items()]
    return dict(zip(keys, keys, strict=True))


def _parsed(key: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError(
            f'cannot read {key!r} of the databag: it is no JSON: {text!r}\n'
            '  hint: without a class, load_databag() leaves such text as it is'
        ) from None


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _no_fields(given: Any) -> TypeError:
    return TypeError(
        f'cannot tell the keys of a databag from {given!r}\n'
        '  hint: give a dict, a dataclass or a pydantic model'
    )
