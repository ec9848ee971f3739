"""Rules that an event must keep with State and charm: one function per rule, by kind of event."""

from __future__ import annotations

import collections
import numbers
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..errors import closest
from .container import Container
from .event import Event, EventKind
from .problem import Problem, undeclared
from .relation import RelationBase
from .state import State
from .staterules import Setting


def _relation_exists(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    given = event.relation
    if given is None:
        return
    found = _relation(state, given.id)
    if found is None:
        known = ', '.join(f'{r.id} ({r.endpoint})' for r in _by_id(state)) or 'none'
        yield Problem(
            'event.relation',
            f'the State has no relation {given.id} ({given.endpoint})',
            f'it has relations: {known}',
            'State(relations={relation})',
        )
    elif (type(found), found.endpoint) != (type(given), given.endpoint):
        yield Problem(
            'event.relation',
            f'{type(given).__name__} {given.id} ({given.endpoint}) is another one in the State',
            f'.relations[{given.id}] is {type(found).__name__} ({found.endpoint})',
        )


def _remote_unit_exists(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    needs_unit = event.suffix in ('relation_joined', 'relation_changed', 'relation_departed')
    if not needs_unit or event.relation is None or event.remote_unit is not None:
        return
    found = _relation(state, event.relation.id)
    if found is not None and not found.remote_units:
        yield Problem(
            'event.remote_unit',
            f'no unit is meant: relation {found.id} ({found.endpoint}) has none',
            hint=f'ctx.on.{event.suffix}(relation, remote_unit=0)',
        )


def _relation(state: State, relation_id: int) -> RelationBase | None:
    for relation in state.relations:
        if relation.id == relation_id:
            return relation
    return None


def _by_id(state: State) -> list[RelationBase]:
    return sorted(state.relations, key=lambda relation: relation.id)


def _container_exists(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    if event.container is None:
        return
    name = event.container.name
    if name not in setting.spec.containers:
        yield undeclared('event.container', 'container', name, setting.spec.containers)
    if _container(event, state) is None:
        known = sorted(container.name for container in state.containers)
        yield Problem(
            'event.container',
            f'the State has no container {name!r}',
            f'it has containers: {", ".join(map(repr, known)) or "none"}',
            closest(name, known) or 'State(containers={container})',
        )


def _execs_are_unique(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    if event.container is None or len(event.container.execs) < 2:
        return
    counts = collections.Counter(exec.command_prefix for exec in event.container.execs)
    for prefix, count in counts.items():
        if count > 1:
            yield Problem(
                f'.containers[{event.container.name!r}].execs',
                f'{count} of them have the command prefix {list(prefix)!r}',
                hint='keep one; a longer prefix wins over a shorter one',
            )


def _notice_exists(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    notice = event.notice
    if notice is None:
        return
    everywhere = [n for container in state.containers for n in container.notices]
    if any(n.id == notice.id or (n.type, n.key) == (notice.type, notice.key) for n in everywhere):
        return
    keys = sorted({n.key for n in everywhere})
    yield Problem(
        'event.notice',
        f'no container has a notice with key {notice.key!r}',
        f'there are: {", ".join(map(repr, keys)) or "none"}',
        closest(notice.key, keys) or 'Container(notices=[notice])',
    )


def _check_exists(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    info, container = event.check_info, _container(event, state)
    if info is None or container is None:
        return
    if any(known.name == info.name for known in container.check_infos):
        return
    planned = sorted(container.plan.checks)
    if info.name not in planned:
        names = sorted({*planned, *(known.name for known in container.check_infos)})
        yield Problem(
            'event.check_info',
            f'container {container.name!r} has no check {info.name!r}',
            f'it has checks: {", ".join(map(repr, names)) or "none"}',
            closest(info.name, names)
            or 'Container(check_infos={info}), or a layer with the check',
        )


def _container(event: Event, state: State) -> Container | None:
    """The container of the event as it is in the State."""
    for container in state.containers:
        if event.container is not None and container.name == event.container.name:
            return container
    return None


def _storage_exists(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    storage = event.storage
    if storage is None:
        return
    if storage.name not in setting.spec.storages:
        yield undeclared('event.storage', 'storage', storage.name, setting.spec.storages)
    elif storage not in state.storages:
        known = sorted(f'{s.name}/{s.index}' for s in state.storages)
        yield Problem(
            'event.storage',
            f"the State has no storage '{storage.name}/{storage.index}'",
            f'it has storages: {", ".join(map(repr, known)) or "none"}',
            'State(storages={storage})',
        )


def _secret_exists(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    secret = event.secret
    if secret is not None and all(known.id != secret.id for known in state.secrets):
        known = sorted(known.id for known in state.secrets)
        yield Problem(
            'event.secret',
            f'the State has no secret {secret.id!r}',
            f'it has secrets: {", ".join(map(repr, known)) or "none"}',
            'State(secrets={secret})',
        )


def _juju_has_secrets(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    if setting.juju_version < '3.0.0':
        yield Problem(
            'event.secret',
            f'Juju {setting.juju_version} has no secrets',
            hint="Context(juju_version='3.0.2') or later",
        )


def _action_is_declared(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    if event.action is not None and event.action.name not in setting.spec.action_names:
        yield undeclared('event.action', 'action', event.action.name, setting.spec.action_names)


PARAM_TYPES: Mapping[str, Any] = {
    'string': str,
    'boolean': bool,
    'integer': int,
    'number': numbers.Number,
    'array': Sequence,
    'object': dict,
}


def _declared_params_have_types(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    if event.action is None:
        return
    for name, schema in setting.spec.action_params(event.action.name).items():
        if not schema.get('type'):
            yield Problem(
                f"metadata's parameter {name!r} of action {event.action.name!r}",
                'it has no type',
                hint='for example type: string',
            )


def _params_are_declared(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    action = event.action
    if action is None or action.name not in setting.spec.action_names:
        return
    declared = setting.spec.action_params(action.name)
    for name in action.params:
        if name not in declared:
            yield undeclared(f'event.action.params[{name!r}]', 'parameter', name, declared)


def _params_have_their_type(event: Event, state: State, setting: Setting) -> Iterator[Problem]:
    if event.action is None:
        return
    declared = setting.spec.action_params(event.action.name)
    for name, value in event.action.params.items():
        kind: str = declared.get(name, {}).get('type', '')
        if kind in PARAM_TYPES and not isinstance(value, PARAM_TYPES[kind]):
            yield Problem(
                f'event.action.params[{name!r}]',
                f'{value!r} is no {kind}, which the metadata wants',
            )


Rule = Callable[[Event, State, Setting], Iterable[Problem]]

RULES: Mapping[EventKind, tuple[Rule, ...]] = {
    EventKind.RELATION: (_relation_exists, _remote_unit_exists),
    EventKind.WORKLOAD: (
        _container_exists,
        _execs_are_unique,
        _notice_exists,
        _check_exists,
    ),
    EventKind.STORAGE: (_storage_exists,),
    EventKind.SECRET: (_secret_exists, _juju_has_secrets),
    EventKind.ACTION: (
        _action_is_declared,
        _declared_params_have_types,
        _params_are_declared,
        _params_have_their_type,
    ),
}
"""The rules by kind of event; nothing is known of custom events."""
