"""Rules that charm and State must keep with any event: one function per rule, by field."""

from __future__ import annotations

import collections
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ops import pebble
from ops.jujuversion import JujuVersion

from ..daemon import plan, plancombine
from ..errors import closest
from . import uniqueness
from .container import Container, Mount
from .model import Model
from .network import Address, BindAddress, Network
from .notice import Notice
from .problem import Problem, undeclared
from .relation import PeerRelation, RelationBase, SubordinateRelation
from .resource import Resource
from .spec import CharmSpec, Endpoint
from .storage import Storage
from .stored import StoredState


class Setting(NamedTuple):
    """What a State is checked against."""

    spec: CharmSpec
    juju_version: JujuVersion
    unit_id: int


def _endpoints_are_unique(setting: Setting) -> Iterator[Problem]:
    counts = collections.Counter(endpoint.name for endpoint in setting.spec.all_endpoints)
    for name, count in counts.items():
        if count > 1:
            yield Problem(
                f"metadata's endpoint {name!r}",
                'two endpoints have this name',
                hint='rename one of them in requires, provides or peers',
            )


def _bindings_are_no_endpoints(setting: Setting) -> Iterator[Problem]:
    for name in sorted(setting.spec.extra_bindings & set(setting.spec.endpoints)):
        yield Problem(
            f"metadata's extra-binding {name!r}",
            'an endpoint has this name too',
            hint='an endpoint is a binding already: drop the extra-binding',
        )


def _containers_are_declared(
    containers: frozenset[Container], setting: Setting
) -> Iterator[Problem]:
    for container in containers:
        if container.name not in setting.spec.containers:
            path = f'.containers[{container.name!r}]'
            yield undeclared(path, 'container', container.name, setting.spec.containers)


def _mounts_and_notices_are_such(
    containers: frozenset[Container], setting: Setting
) -> Iterator[Problem]:
    # Their constructors take what ops.testing takes: anything.
    for container in containers:
        path = f'.containers[{container.name!r}]'
        parts: Any = container
        for name, mount in parts.mounts.items():
            if not isinstance(mount, Mount):
                yield Problem(f'{path}.mounts[{name!r}]', f'{mount!r} is no Mount')
        for number, notice in enumerate(parts.notices):
            if not isinstance(notice, Notice):
                yield Problem(f'{path}.notices[{number}]', f'{notice!r} is no Notice')


def _service_statuses_exist(
    containers: frozenset[Container], setting: Setting
) -> Iterator[Problem]:
    for container in containers:
        for service, status in container.service_statuses.items():
            if status != 'backoff' and not isinstance(status, pebble.ServiceStatus):
                path = f'.containers[{container.name!r}].service_statuses[{service!r}]'
                yield _unknown(path, 'service status', status, [*pebble.ServiceStatus, 'backoff'])


def _layers_combine(containers: frozenset[Container], setting: Setting) -> Iterator[Problem]:
    for container in containers:
        if container.runtime is not None and container.runtime.layers is container.layers:
            continue  # They came from Pebble.
        try:
            plancombine.plan_of(tuple(container.layer_facts))
        except plan.FormatError as e:
            yield Problem(
                f'.containers[{container.name!r}].layers',
                str(e),
                hint='Pebble refuses these layers too; repair the service or check it names',
            )


def _check_states_exist(containers: frozenset[Container], setting: Setting) -> Iterator[Problem]:
    for container in containers:
        for info in container.check_infos:
            path = f'.containers[{container.name!r}].check_infos[{info.name!r}]'
            for field, kind in (('startup', pebble.CheckStartup), ('status', pebble.CheckStatus)):
                value: Any = getattr(info, field)
                if not isinstance(value, kind):
                    yield _unknown(f'{path}.{field}', f'check {field}', value, kind)


def _unknown(path: str, thing: str, value: Any, known: Iterable[Any]) -> Problem:
    texts = sorted(getattr(item, 'value', item) for item in known)
    facts = f'it has: {", ".join(map(repr, texts))}'
    return Problem(path, f'Pebble has no {thing} {value!r}', facts, closest(str(value), texts))


def _options_are_declared(config: Mapping[str, Any], setting: Setting) -> Iterator[Problem]:
    for name in config:
        if name not in setting.spec.options:
            yield undeclared(f'.config[{name!r}]', 'option', name, setting.spec.options)


_OPTION_TYPES: Mapping[str, tuple[type[Any], ...]] = {
    'string': (str,),
    'int': (int,),
    'float': (float, int),
    'boolean': (bool,),
    'secret': (str,),
}


def _options_have_known_types(config: Mapping[str, Any], setting: Setting) -> Iterator[Problem]:
    for name in config:
        option = setting.spec.options.get(name)
        if option is None:
            continue
        path = f"metadata's option {name!r}"
        if not option.kind:
            yield Problem(path, 'it has no type', hint='for example type: string')
        elif option.kind not in _OPTION_TYPES:
            known = ', '.join(map(repr, _OPTION_TYPES))
            yield Problem(path, f'Juju knows no type {option.kind!r}', f'it knows: {known}')
        elif option.kind == 'secret' and setting.juju_version < '3.4':
            yield Problem(
                path,
                f'Juju {setting.juju_version} knows no options of type secret',
                hint="Context(juju_version='3.4') or later",
            )


def _options_have_their_type(config: Mapping[str, Any], setting: Setting) -> Iterator[Problem]:
    for name, value in config.items():
        option = setting.spec.options.get(name)
        expected = _OPTION_TYPES.get((option and option.kind) or '')
        if option is not None and expected is not None and not isinstance(value, expected):
            yield Problem(
                f'.config[{name!r}]', f'{value!r} is no {option.kind}, which the metadata wants'
            )


_SECRET_ID = re.compile(r'secret:[0-9a-z]{20}\Z')


def _secret_options_hold_ids(config: Mapping[str, Any], setting: Setting) -> Iterator[Problem]:
    for name, value in config.items():
        option = setting.spec.options.get(name)
        if option is None or option.kind != 'secret' or not isinstance(value, str):
            continue
        if not _SECRET_ID.match(value):
            yield Problem(
                f'.config[{name!r}]',
                f'{value!r} is no id of a secret',
                hint='use the id of a Secret: secret.id',
            )


def _resources_are_declared(resources: frozenset[Resource], setting: Setting) -> Iterator[Problem]:
    for resource in resources:
        if resource.name not in setting.spec.resources:
            path = f'.resources[{resource.name!r}]'
            yield undeclared(path, 'resource', resource.name, setting.spec.resources)


def _storages_are_declared(storages: frozenset[Storage], setting: Setting) -> Iterator[Problem]:
    for storage in storages:
        if storage.name not in setting.spec.storages:
            path = f".storages['{storage.name}/{storage.index}']"
            yield undeclared(path, 'storage', storage.name, setting.spec.storages)


def _relations_are_declared(
    relations: frozenset[RelationBase], setting: Setting
) -> Iterator[Problem]:
    for relation in relations:
        if relation.endpoint not in setting.spec.endpoints:
            path = f'.relations[{relation.id}]'
            yield undeclared(path, 'endpoint', relation.endpoint, setting.spec.endpoints)


def _relations_are_of_their_kind(
    relations: frozenset[RelationBase], setting: Setting
) -> Iterator[Problem]:
    for relation in relations:
        endpoint = setting.spec.endpoints.get(relation.endpoint)
        if endpoint is None:
            continue
        given, wanted = type(relation).__name__, _kind_of(endpoint)
        # A Relation on a peer endpoint is wrong, and so is a PeerRelation of scope container; a
        # PeerRelation on any other endpoint has always been let through.
        wrong = (wanted == 'PeerRelation' and not isinstance(relation, PeerRelation)) or (
            wanted == 'SubordinateRelation'
        ) != isinstance(relation, SubordinateRelation)
        if wrong:
            yield Problem(
                f'.relations[{relation.id}]',
                f'{given} does not fit endpoint {relation.endpoint!r}',
                hint=f'{wanted}({relation.endpoint!r})',
            )


def _kind_of(endpoint: Endpoint) -> str:
    if endpoint.subordinate:
        return 'SubordinateRelation'
    return 'PeerRelation' if endpoint.role == 'peers' else 'Relation'


def _peers_are_other_units(
    relations: frozenset[RelationBase], setting: Setting
) -> Iterator[Problem]:
    for relation in relations:
        if isinstance(relation, PeerRelation) and setting.unit_id in relation.peers_data:
            yield Problem(
                f'.relations[{relation.id}].peers_data[{setting.unit_id}]',
                'this is the unit under test itself',
                hint='its databag is local_unit_data',
            )


def _networks_are_bound(networks: frozenset[Network], setting: Setting) -> Iterator[Problem]:
    bindings = {e.name for e in setting.spec.all_endpoints if not e.subordinate}
    bindings |= setting.spec.extra_bindings | {'juju-info'}
    for network in networks:
        if network.binding_name not in bindings:
            path = f'.networks[{network.binding_name!r}]'
            yield undeclared(path, 'binding', network.binding_name, bindings)


def _addresses_are_such(networks: frozenset[Network], setting: Setting) -> Iterator[Problem]:
    # Their constructors take what ops.testing takes: anything.
    for network in networks:
        path = f'.networks[{network.binding_name!r}].bind_addresses'
        interfaces: Any = network.bind_addresses
        for number, interface in enumerate(interfaces):
            if not isinstance(interface, BindAddress):
                yield Problem(f'{path}[{number}]', f'{interface!r} is no BindAddress')
                continue
            addresses: Any = interface.addresses
            for each in addresses:
                if not isinstance(each, Address):
                    yield Problem(f'{path}[{number}].addresses', f'{each!r} is no Address')


def _kubernetes_has_a_cloud_spec(model: Model, setting: Setting) -> Iterator[Problem]:
    if model.type == 'kubernetes' and model.cloud_spec and setting.juju_version < '3.6.10':
        yield Problem(
            '.model.cloud_spec',
            f'Juju {setting.juju_version} gives none on Kubernetes',
            hint="Context(juju_version='3.6.10') or later, or Model(type='lxd')",
        )


def _stored_states_are_simple(
    stored_states: frozenset[StoredState], setting: Setting
) -> Iterator[Problem]:
    for stored in stored_states:
        for key, value in stored.content.items():
            if not _is_simple(value):
                yield Problem(
                    f'.stored_states[{stored.name!r}].content[{key!r}]',
                    f'{value!r} cannot be stored',
                    'ops stores plain values, and lists, dicts and sets of them',
                )


_SIMPLE = (str, bytes, int, float, complex, bool, type(None))


def _is_simple(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_simple(k) and _is_simple(v) for k, v in value.items())  # type: ignore[reportUnknownVariableType]
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(map(_is_simple, value))  # type: ignore[reportUnknownArgumentType]
    return isinstance(value, _SIMPLE)


CHARM_RULES = (_endpoints_are_unique, _bindings_are_no_endpoints)
"""What the charm must keep by itself."""

Rule = Callable[[Any, Setting], Iterable[Problem]]

RULES: Mapping[str, tuple[Rule, ...]] = {
    'config': (
        _options_are_declared,
        _options_have_known_types,
        _options_have_their_type,
        _secret_options_hold_ids,
    ),
    'relations': (
        _relations_are_declared,
        _relations_are_of_their_kind,
        uniqueness.relations,
        _peers_are_other_units,
    ),
    'networks': (_networks_are_bound, _addresses_are_such, uniqueness.networks),
    'containers': (
        _containers_are_declared,
        _mounts_and_notices_are_such,
        _layers_combine,
        _service_statuses_exist,
        _check_states_exist,
        uniqueness.containers,
    ),
    'storages': (_storages_are_declared,),
    'resources': (_resources_are_declared, uniqueness.resources),
    'secrets': (uniqueness.secrets,),
    'model': (_kubernetes_has_a_cloud_spec,),
    'stored_states': (uniqueness.stored_states, _stored_states_are_simple),
}
"""The rules by the field of the State whose value they take."""
