"""The hook tools about addresses and ports."""

from __future__ import annotations

from typing import Any

from ..daemon.gotext import quote
from ..state.network import BindAddress, Network
from ..state.port import KINDS, Port
from ..state.spec import CharmSpec
from .relationtools import relation_of
from .tool import Call, ToolError, UsageError

_DEFAULT = Network('default')
_MOST_PORTS = 65_535


def network_get(call: Call) -> Any:
    """Tell the addresses behind a binding."""
    binding = call.arg(0)
    if not binding:
        raise UsageError('no arguments specified')
    call.at_most(1)
    if 'relation' in call.options:
        relation_of(call)
    network = _network(call, binding)
    asked = {key for key in _ANSWERS if call.options.get(key)}
    if call.options.get('primary-address'):
        return _first_address(network, binding)
    if not asked:
        return _display(network)
    answers = {key: _ANSWERS[key](network, binding) for key in asked}
    return answers if len(asked) > 1 else next(iter(answers.values()))


def _network(call: Call, binding: str) -> Network:
    if not _is_bound(call.ledger.spec, binding):
        # Its end is what ops recognises: the charm gets a RelationNotFoundError, as from
        # ops.testing, for the endpoint of a subordinate relation too.
        raise ToolError(
            f'no network config found for binding {quote(binding)}: relation not found'
        )
    for network in call.ledger.before.networks:
        if network.binding_name == binding:
            return network
    return _DEFAULT


def _is_bound(spec: CharmSpec, binding: str) -> bool:
    if binding == 'juju-info' or binding in spec.extra_bindings:
        return True
    return binding in spec.endpoints and not spec.endpoints[binding].subordinate


def _first_address(network: Network, binding: str) -> str:
    for bind_address in network.bind_addresses:
        for address in bind_address.addresses:
            return address.value
    raise ToolError(f'no addresses attached to space for binding {quote(binding)}')


def _ingress_address(network: Network, binding: str) -> str:
    return next(iter(network.ingress_addresses), None) or _first_address(network, binding)


def _egress_subnets(network: Network, binding: str) -> list[str]:
    return list(network.egress_subnets)


_ANSWERS = {
    'bind-address': _first_address,
    'ingress-address': _ingress_address,
    'egress-subnets': _egress_subnets,
}


def _display(network: Network) -> dict[str, Any]:
    shown = {
        'bind-addresses': [_interface(address) for address in network.bind_addresses],
        'egress-subnets': list(network.egress_subnets),
        'ingress-addresses': list(network.ingress_addresses),
    }
    return {key: value for key, value in shown.items() if value}


def _interface(bind_address: BindAddress) -> dict[str, Any]:
    return {
        'mac-address': bind_address.mac_address or '',
        'interface-name': bind_address.interface_name,
        'addresses': [
            {'hostname': address.hostname, 'value': address.value, 'cidr': address.cidr}
            for address in bind_address.addresses
        ],
    }


def unit_get(call: Call) -> str:
    """Tell this unit's public or private address."""
    if call.arg(0) not in ('private-address', 'public-address'):
        raise UsageError(f'unknown setting {quote(call.arg(0) or "")}')
    return _ingress_address(_network(call, 'juju-info'), 'juju-info')


def open_port(call: Call) -> None:
    """Open a port or a range of ports."""
    ports: frozenset[Port] = call.ledger.get('opened_ports')
    call.ledger.put('opened_ports', ports | _ports(call))


def close_port(call: Call) -> None:
    """Close a port or a range of ports."""
    ports: frozenset[Port] = call.ledger.get('opened_ports')
    call.ledger.put('opened_ports', ports - _ports(call))


def opened_ports(call: Call) -> list[str]:
    """List the open ports."""
    call.at_most(0)
    ports: frozenset[Port] = call.ledger.get('opened_ports')
    # Juju: network.SortPortRanges
    ordered = sorted(ports, key=lambda port: (port.protocol, port.port or 0))
    shown = ['icmp' if port.port is None else f'{port.port}/{port.protocol}' for port in ordered]
    return [f'{port} (*)' for port in shown] if call.options.get('endpoints') else shown


def _ports(call: Call) -> frozenset[Port]:
    """The ports that ``80``, ``80/udp``, ``80-90/tcp`` or ``icmp`` names."""
    text = call.arg(0)
    if text is None:
        raise UsageError('no port or range specified')
    call.at_most(1)
    numbers, _, protocol = text.lower().partition('/')
    if numbers == 'icmp':
        return frozenset((KINDS['icmp'](),))
    protocol = protocol or 'tcp'
    if protocol not in ('tcp', 'udp'):
        raise UsageError(f'invalid protocol {quote(protocol)}, expected "tcp", "udp", or "icmp"')
    first, _, last = numbers.partition('-')
    start, end = _port(first), _port(last or first)
    if start > end:
        raise UsageError(
            f'invalid port range {start}-{end}/{protocol}; expected fromPort <= toPort'
        )
    return frozenset(KINDS[protocol](port) for port in range(start, end + 1))


def _port(text: str) -> int:
    if not text.isdigit():
        raise UsageError(
            f'invalid port {quote(text)}: strconv.Atoi: parsing {quote(text)}: invalid syntax'
        )
    number = int(text)
    if not 1 <= number <= _MOST_PORTS:
        raise UsageError(
            f'port {number} out of bounds: port range bounds must be between 1 and 65535'
        )
    return number
