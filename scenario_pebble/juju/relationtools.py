"""The hook tools about relations."""

from __future__ import annotations

import json
from typing import Any, cast

import yaml

from ..daemon.gotext import quote
from ..frozen import FrozenDict
from ..state.event import remote_app_name
from ..state.relation import PeerRelation, Relation, RelationBase, SubordinateRelation
from .ledger import Ledger
from .tool import Call, ToolError, UsageError

_Loader: Any = getattr(yaml, 'CBaseLoader', yaml.BaseLoader)


def relation_of(call: Call) -> RelationBase:
    """The relation that ``-r`` names, or else the one of the event.

    Raises:
        UsageError: If there is no such relation, or no default.
    """
    given: str | None = call.options.get('relation')
    if given is None:
        relation = call.ledger.event.relation
        if relation is None or relation.id not in call.ledger.relations:
            raise UsageError('no relation id specified')
        return call.ledger.relations[relation.id]
    endpoint, _, number = given.rpartition(':')
    try:
        relation = call.ledger.relations.get(int(number))
    except ValueError:
        raise _bad_relation(given, 'invalid relation id') from None
    if relation is None or endpoint not in ('', relation.endpoint):
        raise _bad_relation(given, 'relation not found')
    return relation


def _bad_relation(given: str, why: str) -> UsageError:
    return UsageError(f'invalid value {quote(given)} for option -r: {why}')


def relation_ids(call: Call) -> list[str]:
    """List the relations of an endpoint."""
    call.at_most(1)
    event = call.ledger.event
    endpoint = call.arg(0) or (event.relation.endpoint if event.relation else None)
    if endpoint is None:
        raise UsageError('no endpoint name specified')
    return sorted(
        f'{endpoint}:{relation.id}'
        for relation in call.ledger.relations.values()
        if relation.endpoint == endpoint
    )


def relation_list(call: Call) -> str | list[str]:
    """List the units on the other side, or tell the application."""
    call.at_most(0)
    relation = relation_of(call)
    app = remote_app_name(relation, call.ledger.app_name)
    if call.options.get('app'):
        return app
    names = [f'{app}/{number}' for number in relation.remote_units]
    if isinstance(relation, PeerRelation):
        names = [name for name in names if name != call.ledger.unit_name]
    names.sort()
    return names


def relation_get(call: Call) -> Any:
    """Read a databag."""
    call.at_most(2)
    relation = relation_of(call)
    key = call.arg(0)
    bag = _databag(call.ledger, relation, *_whose(call))
    return bag if key in (None, '-') else bag.get(key)


def _whose(call: Call) -> tuple[str, bool]:
    """The application or unit whose databag is meant, and whether it is an application."""
    is_app = bool(call.options.get('app'))
    name, event = call.arg(1), call.ledger.event
    if name is None:
        if event.relation is None:
            raise UsageError('no unit or application specified')
        app = remote_app_name(event.relation, call.ledger.app_name)
        unit = event.unit_number
        return (app, True) if is_app or unit is None else (f'{app}/{unit}', False)
    app, slash, number = name.partition('/')
    if is_app:
        return app, True
    if not slash:
        raise UsageError(f'expected unit name, got application name {quote(name)}')
    if not number.isdigit():
        raise UsageError(f'invalid unit name {quote(name)}')
    return name, False


def _databag(ledger: Ledger, relation: RelationBase, name: str, is_app: bool) -> dict[str, str]:
    if is_app:
        if name == ledger.app_name:
            # Juju refuses it to a follower, except among peers. So does ops where it reads a
            # single key; whole databags are read by charms and tests which ops.testing lets.
            return relation.local_app_data
        if not isinstance(relation, PeerRelation) and name == remote_app_name(relation, ''):
            return cast('Relation | SubordinateRelation', relation).remote_app_data
        raise ToolError('permission denied')
    if name == ledger.unit_name:
        return relation.local_unit_data
    app, _, number = name.partition('/')
    bag = relation.remote_units.get(int(number))
    if bag is None or app != remote_app_name(relation, ledger.app_name):
        raise ToolError(
            f'cannot read settings for unit {quote(name)} in relation '
            f'{quote(_key(ledger, relation))}: unit {quote(name)}: settings not found'
        )
    return bag


def _key(ledger: Ledger, relation: RelationBase) -> str:
    """Juju's name of a relation, of which only this side's endpoint is known."""
    local = f'{ledger.app_name}:{relation.endpoint}'
    if isinstance(relation, PeerRelation):
        return local
    return f'{local} {remote_app_name(relation, "")}:{relation.endpoint}'


def relation_set(call: Call) -> None:
    """Write a databag of this side; an empty value removes the key."""
    relation = relation_of(call)
    settings = _settings(call)
    if not call.options.get('app'):
        _write(call.ledger, relation, 'local_unit_data', settings)
    elif call.ledger.leader:
        _write(call.ledger, relation, 'local_app_data', settings)
    else:
        raise ToolError('cannot write relation settings')


def _write(ledger: Ledger, relation: RelationBase, field: str, settings: dict[str, str]) -> None:
    old: dict[str, str] = getattr(relation, field)
    new = {**old, **settings}
    if '' in settings.values():
        new = {key: value for key, value in new.items() if value != ''}
    if new != old:
        ledger.put_relation(relation, **{field: FrozenDict(new)})


def _settings(call: Call) -> dict[str, str]:
    """What to write: from the file, which the arguments override."""
    path: str | None = call.options.get('file')
    return {**(settings_file(call, path) if path else {}), **key_values(call.args)}


def key_values(args: list[str]) -> dict[str, str]:
    """Arguments of the form ``key=value``.

    Raises:
        UsageError: If one is of another form.
    """
    pairs: dict[str, str] = {}
    for arg in args:
        key, equals, value = arg.partition('=')
        if not equals or not key:
            raise UsageError(f'expected "key=value", got {quote(arg)}')
        if key in pairs:
            raise UsageError(f'key {quote(key)} specified more than once')
        pairs[key] = value
    return pairs


def settings_file(call: Call, path: str) -> dict[str, str]:
    """The strings by key in a YAML or JSON file, or in stdin if its name is ``-``.

    Raises:
        ToolError: If it can't be read or understood.
    """
    if path == '-':
        text = call.stdin or ''
    else:
        try:
            with open(path, encoding='utf-8') as file:
                text = file.read()
        except OSError as error:
            reason = (error.strerror or '').lower()
            raise ToolError(f'open {path}: {reason}') from None
    return _strings(text)


def _strings(text: str) -> dict[str, str]:
    if text.startswith('{'):  # JSON, as ops sends it; YAML takes far longer to read
        try:
            settings = json.loads(text)
        except ValueError:
            pass
        else:
            if all(type(value) is str for value in settings.values()):
                return settings
    try:
        loaded = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ToolError(f'yaml: {error}') from None
    if not loaded:
        return {}
    if not isinstance(loaded, dict) or not all(isinstance(v, str) for v in loaded.values()):  # type: ignore[reportUnknownVariableType]
        raise ToolError('yaml: unmarshal errors: cannot unmarshal into map[string]string')
    return cast('dict[str, str]', loaded)


def relation_model_get(call: Call) -> dict[str, str]:
    """Tell which model the other application lives in."""
    call.at_most(0)
    if call.ledger.juju_version < '3.6.2':
        raise ToolError('relation-model-get is only available in juju >= 3.6.2')
    relation = relation_of(call)
    uuid = relation.remote_model_uuid if isinstance(relation, Relation) else None
    return {'uuid': uuid or call.ledger.before.model.uuid}
