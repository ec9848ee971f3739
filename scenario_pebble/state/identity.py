"""What tells the members of a State's sets apart?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .check import CheckInfo
from .container import Container
from .network import Network
from .port import Port
from .program import Exec
from .relation import RelationBase
from .resource import Resource
from .secret import Secret
from .storage import Storage
from .stored import StoredState

_IDENTITIES: dict[type[Any], Callable[[Any], str | int]] = {
    Container: lambda container: container.name,
    CheckInfo: lambda info: info.name,
    Exec: lambda exec_: ' '.join(map(str, exec_.command_prefix)),
    Network: lambda network: network.binding_name,
    Port: lambda port: f'{port.port}/{port.protocol}' if port.port else port.protocol,
    RelationBase: lambda relation: relation.id,
    Resource: lambda resource: resource.name,
    Secret: lambda secret: secret.id,
    Storage: lambda storage: f'{storage.name}/{storage.index}',
    StoredState: lambda stored: stored.handle_path,
}


def identity(member: Any) -> str | int:
    """The name or number of a member of a set; of other values, what they look like."""
    for kind, identify in _IDENTITIES.items():
        if isinstance(member, kind):
            return identify(member)
    return member if isinstance(member, str) else repr(member)
