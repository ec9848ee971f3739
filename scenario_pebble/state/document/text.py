"""How does a State become text, and text a State?

The text is the same for equal States but for what isn't compared, whatever the order in which
they were made.  What equals its default isn't in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, cast

import yaml

from ...errors import StateValidationError
from ..state import State
from .form import Misfit, shown_data
from .schema import form_of

SCHEMA = 1
"""The version of the form of the text.

A new field with a default leaves it as it is.  It changes when a text would be read wrongly
otherwise: when a default, a name or a form changes.
"""


def to_json(state: State) -> str:
    """The State as JSON text."""
    return json.dumps(_written(state), indent=2, sort_keys=True, ensure_ascii=False)


def from_json(text: str) -> State:
    """The State that a JSON text describes."""
    return _read(text, 'JSON', _parse_json)


def to_yaml(state: State) -> str:
    """The State as YAML text."""
    return dump_yaml(_written(state))


def dump_yaml(data: Any) -> str:
    """Plain data as YAML text: keys sorted, texts of several lines as blocks."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=True, allow_unicode=True, width=99)


def from_yaml(text: str) -> State:
    """The State that a YAML text describes."""
    return _read(text, 'YAML', _parse_yaml)


def _written(state: State) -> dict[str, Any]:
    try:
        return {'schema': SCHEMA, **form_of(State).encode(state)}
    except Misfit as misfit:
        raise StateValidationError(
            f'cannot write State{misfit.path} as text: {misfit.problem}\n  hint: {misfit.hint}'
        ) from misfit


def _read(text: str, language: str, parse: Callable[[str], Any]) -> State:
    try:
        data = parse(text)
        _check_schema(data)
        return form_of(State).decode({k: v for k, v in data.items() if k != 'schema'})
    except Misfit as misfit:
        where = f'\n  at: {misfit.path}' if misfit.path else ''
        raise StateValidationError(
            f'cannot read State from {language}: {misfit.problem}{where}\n  hint: {misfit.hint}'
        ) from misfit


def _check_schema(data: Any) -> None:
    if not isinstance(data, dict):
        raise Misfit(f'{shown_data(data)} is not an object', f'write {{"schema": {SCHEMA}}}')
    version: Any = cast('dict[str, Any]', data).get('schema')
    if version is None:
        raise Misfit("State needs the key 'schema'", f'write "schema": {SCHEMA}')
    if type(version) is not int or version != SCHEMA:
        raise Misfit(
            f'its schema is {version!r}, and this version of scenario-pebble reads {SCHEMA}',
            'use the version of scenario-pebble that wrote it, or write it again',
        )


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except ValueError as error:
        raise Misfit(
            f'it is no JSON: {error}', 'see State.to_json() for what it looks like'
        ) from None


def _parse_yaml(text: str) -> Any:
    try:
        return yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise Misfit(
            f'it is no YAML: {error}', 'see State.to_yaml() for what it looks like'
        ) from None


def _object(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for key, value in pairs:
        if not isinstance(key, (str, int, float)):
            raise Misfit(f'{shown_data(key)} is no key', 'write text')
        if key in made:
            raise Misfit(f'key {key!r} is twice in one object', 'leave one out')
        made[key] = value
    return made


def _refuse_constant(name: str) -> None:
    raise Misfit(f'JSON has no {name}', 'use a finite number')


# In C where PyYAML was built with libyaml.
_DumperBase: Any = getattr(yaml, 'CSafeDumper', yaml.SafeDumper)
_LoaderBase: Any = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)


class _Dumper(_DumperBase):
    """Writes texts of several lines as blocks, and everything where it is."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_text(self, text: str) -> Any:
        return self.represent_scalar(
            'tag:yaml.org,2002:str', text, style='|' if '\n' in text else None
        )


_Dumper.add_representer(str, _Dumper.represent_text)


class _Loader(_LoaderBase):
    """Reads times as the texts that they are, and refuses repeated keys."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(':timestamp')]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        return _object(
            (self.construct_object(key, deep=True), self.construct_object(value, deep=True))
            for key, value in node.value
        )
