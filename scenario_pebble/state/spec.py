"""What a charm declares: its metadata, options and actions, read once and viewed by concept."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, cast

import ops

from ..dataclass import dataclass
from ..frozen import EMPTY

Role = Literal['requires', 'provides', 'peers']


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A relation endpoint."""

    name: str
    role: Role
    interface: str | None
    subordinate: bool
    """Whether its scope is ``container``."""


@dataclass(frozen=True, slots=True)
class ContainerMount:
    """A place where a container sees a storage."""

    storage: str
    location: str


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """A workload container."""

    name: str
    resource: str | None
    """The resource that holds its image."""
    uid: int | None
    """The user that Pebble and its services run as; None: root."""
    gid: int | None
    mounts: tuple[ContainerMount, ...]


@dataclass(frozen=True, slots=True)
class StorageSpec:
    """A storage."""

    name: str
    kind: str
    """``filesystem`` or ``block``."""
    location: str
    """Where the unit sees it; empty: Juju decides."""


@dataclass(frozen=True, slots=True)
class Option:
    """A config option."""

    name: str
    kind: str | None
    """``string``, ``int``, ``float``, ``boolean`` or ``secret``; None if the charm doesn't say."""
    default: Any
    """None: the option is unset until somebody sets it."""


@dataclass(frozen=True, eq=False)
class CharmSpec:
    """A charm's class and all that its YAML files declare.

    Compared by identity.
    """

    charm_type: type[ops.CharmBase]
    meta: Mapping[str, Any]
    """The content of ``metadata.yaml``, or ``charmcraft.yaml`` less actions and config."""
    actions: Mapping[str, Any] | None = None
    """The content of ``actions.yaml``."""
    config: Mapping[str, Any] | None = None
    """The content of ``config.yaml``."""
    root: pathlib.Path | None = None
    """Where the files were found; None if a test gave their content."""

    @cached_property
    def all_endpoints(self) -> tuple[Endpoint, ...]:
        """The relation endpoints in the order of the metadata; a name may be there twice."""
        roles: tuple[Role, ...] = ('requires', 'provides', 'peers')
        return tuple(
            Endpoint(name, role, d.get('interface'), subordinate=d.get('scope') == 'container')
            for role in roles
            for name, d in _section(self.meta, role)
        )

    @cached_property
    def endpoints(self) -> Mapping[str, Endpoint]:
        """The relation endpoints by name."""
        return {endpoint.name: endpoint for endpoint in self.all_endpoints}

    @cached_property
    def extra_bindings(self) -> frozenset[str]:
        """The bindings that belong to no endpoint."""
        return frozenset(self.meta.get('extra-bindings') or ())

    @cached_property
    def containers(self) -> Mapping[str, ContainerSpec]:
        """The workload containers by name."""
        return {name: _container(name, d) for name, d in _section(self.meta, 'containers')}

    @cached_property
    def storages(self) -> Mapping[str, StorageSpec]:
        """The storages by name."""
        return {
            name: StorageSpec(name, d.get('type', 'filesystem'), d.get('location') or '')
            for name, d in _section(self.meta, 'storage')
        }

    @cached_property
    def resources(self) -> Mapping[str, str]:
        """The kinds of the resources, ``file`` or ``oci-image``, by name."""
        return {name: d.get('type', 'file') for name, d in _section(self.meta, 'resources')}

    @cached_property
    def options(self) -> Mapping[str, Option]:
        """The config options by name."""
        return {
            name: Option(name, d.get('type'), d.get('default'))
            for name, d in _section(self.config or EMPTY, 'options')
        }

    @cached_property
    def config_defaults(self) -> Mapping[str, Any]:
        """The defaults of those options that have one."""
        return {
            name: option.default
            for name, option in self.options.items()
            if option.default is not None
        }

    @cached_property
    def action_names(self) -> frozenset[str]:
        """The actions that the charm has."""
        return frozenset(self.actions or ())

    def action_params(self, action: str) -> Mapping[str, Mapping[str, Any]]:
        """The schemas of an action's parameters by name; empty if there is no such action."""
        details = (self.actions or EMPTY).get(action) or EMPTY
        return dict(_section(details, 'params'))

    @cached_property
    def remembered(self) -> dict[Any, Any]:
        """What the consistency checks found out about States with this charm."""
        return {}

    def stored_states(self) -> Iterator[tuple[str, str]]:
        """Names and owner paths of the ``ops.StoredState`` attributes of the charm's class."""
        for name in dir(self.charm_type):
            if isinstance(getattr(self.charm_type, name, None), ops.StoredState):
                yield name, self.charm_type.handle_kind


def _section(mapping: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The entries of a section that may be missing; an entry may be empty."""
    section = cast('Mapping[str, Mapping[str, Any] | None]', mapping.get(name) or EMPTY)
    for key, details in section.items():
        yield key, details or EMPTY


def _container(name: str, details: Mapping[str, Any]) -> ContainerSpec:
    mounts = tuple(
        ContainerMount(mount.get('storage') or '', mount.get('location') or '')
        for mount in details.get('mounts') or ()
    )
    return ContainerSpec(
        name, details.get('resource'), details.get('uid'), details.get('gid'), mounts
    )
