"""The addresses behind a binding."""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from ..dataclass import dataclass
from ..fields import check_fields
from ..frozen import Constant, FrozenList, fill
from .given import read_only_list, strings
from .value import Value

_OF_IPADDRESS = (
    ipaddress.IPv4Address,
    ipaddress.IPv6Address,
    ipaddress.IPv4Network,
    ipaddress.IPv6Network,
)


def _text(given: Any) -> Any:
    """An address or subnet as text; ops.testing takes those of ``ipaddress``."""
    return str(given) if isinstance(given, _OF_IPADDRESS) else given


def _texts(given: Iterable[str]) -> Iterable[str]:
    if isinstance(given, FrozenList) or not isinstance(given, (list, tuple, set, frozenset)):
        return given
    return [_text(each) for each in given]


@dataclass(frozen=True, repr=False)
class Address(Value):
    """One address of a network interface."""

    value: str
    """The IP address."""

    _: dataclasses.KW_ONLY

    hostname: str = ''
    """Its host name, if it has one."""

    cidr: str = ''
    """The subnet that it lies in."""

    def __post_init__(self) -> None:
        fill(self, value=_text(self.value), cidr=_text(self.cidr))
        super().__post_init__()

    @property
    def address(self) -> str:
        """Another name for `value`."""
        return self.value


@dataclass(frozen=True, init=False, repr=False)
class BindAddress(Value):
    """The addresses of one network interface."""

    addresses: Sequence[Address]
    """In Juju's order: the first is the one to bind to."""

    interface_name: str = ''
    """The name of the interface, for example ``eth0``."""

    mac_address: str | None = None
    """Its hardware address."""

    def __init__(
        self,
        addresses: Sequence[Address],
        *,
        interface_name: str = '',
        mac_address: str | None = None,
    ):
        fill(
            self,
            addresses=read_only_list(addresses, object, 'BindAddress.addresses'),
            interface_name=interface_name,
            mac_address=mac_address,
        )
        check_fields(self)


_DEFAULT_BIND_ADDRESSES: Sequence[BindAddress] = FrozenList([BindAddress([Address('192.0.2.0')])])
_DEFAULT_INGRESS_ADDRESSES: Sequence[str] = FrozenList(['192.0.2.0'])
_DEFAULT_EGRESS_SUBNETS: Sequence[str] = FrozenList(['192.0.2.0/24'])


@dataclass(frozen=True, init=False, repr=False)
class Network(Value):
    """What ``network-get`` answers for a binding; one that the State lacks has the defaults.

    Example::

        bound = BindAddress([Address('10.1.2.3')], interface_name='eth0')
        State(networks={Network('database', [bound], ingress_addresses=['203.0.113.7'])})
    """

    binding_name: str
    """A relation endpoint, an extra binding, or ``juju-info``."""

    bind_addresses: Sequence[BindAddress] = dataclasses.field(
        default_factory=Constant(_DEFAULT_BIND_ADDRESSES)
    )
    """Where the workload should listen."""

    ingress_addresses: Sequence[str] = dataclasses.field(
        default_factory=Constant(_DEFAULT_INGRESS_ADDRESSES)
    )
    """Where others reach this unit."""

    egress_subnets: Sequence[str] = dataclasses.field(
        default_factory=Constant(_DEFAULT_EGRESS_SUBNETS)
    )
    """Where this unit's connections come from."""

    def __init__(
        self,
        binding_name: str,
        bind_addresses: Iterable[BindAddress] = _DEFAULT_BIND_ADDRESSES,
        *,
        ingress_addresses: Iterable[str] = _DEFAULT_INGRESS_ADDRESSES,
        egress_subnets: Iterable[str] = _DEFAULT_EGRESS_SUBNETS,
    ):
        fill(
            self,
            binding_name=binding_name,
            bind_addresses=read_only_list(bind_addresses, object, 'Network.bind_addresses'),
            ingress_addresses=strings(_texts(ingress_addresses), 'Network.ingress_addresses'),
            egress_subnets=strings(_texts(egress_subnets), 'Network.egress_subnets'),
        )
        check_fields(self)

    def __hash__(self) -> int:
        return hash(self.binding_name)
