"""Ports that the charm opened on the unit."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

import ops

from ..dataclass import dataclass
from ..errors import StateValidationError
from ..fields import check_fields, equals_all
from ..frozen import fill
from .value import Value

Protocol = Literal['tcp', 'udp', 'icmp']


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Port(Value):
    """What all ports have.  Use `TCPPort`, `UDPPort` or `ICMPPort`.

    Example::

        State(opened_ports={TCPPort(80), UDPPort(53), ICMPPort()})
    """

    COMPARED = True

    port: int | None = None
    """The number, from 1 to 65535; ICMP has none."""

    protocol: Protocol = 'tcp'
    """What travels over it."""

    def __init__(self, port: int | None = None, *, protocol: Protocol | None = None):
        if type(self) is Port:
            raise RuntimeError(
                'cannot make a Port: it is the base of the kinds of ports\n'
                '  hint: TCPPort, UDPPort or ICMPPort'
            )
        fill(self, port=port, protocol=protocol or type(self).protocol)
        check_fields(self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (Port, ops.Port)):
            return (self.protocol, self.port) == (other.protocol, other.port)
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.protocol, self.port))


@dataclass(frozen=True, init=False, repr=False, eq=False)
class TCPPort(Port):
    """An open TCP port."""

    port: int = dataclasses.field()  # type: ignore[reportIncompatibleVariableOverride]
    """The number, from 1 to 65535."""

    protocol: Protocol = 'tcp'

    def __init__(self, port: int, protocol: Protocol = 'tcp'):
        super().__init__(port, protocol=protocol)
        _check(port)


@dataclass(frozen=True, init=False, repr=False, eq=False)
class UDPPort(Port):
    """An open UDP port."""

    port: int = dataclasses.field()  # type: ignore[reportIncompatibleVariableOverride]
    """The number, from 1 to 65535."""

    protocol: Protocol = 'udp'

    def __init__(self, port: int, protocol: Protocol = 'udp'):
        super().__init__(port, protocol=protocol)
        _check(port)


@dataclass(frozen=True, init=False, repr=False, eq=False)
class ICMPPort(Port):
    """The unit answers ICMP."""

    protocol: Protocol = 'icmp'

    def __init__(self, port: None = None, *, protocol: Protocol = 'icmp'):
        if port is not None:
            raise StateValidationError(
                f'cannot use port {port!r} for ICMP: it has no ports\n  hint: ICMPPort()'
            )
        super().__init__(None, protocol=protocol)


KINDS: dict[str, type[Any]] = {'tcp': TCPPort, 'udp': UDPPort, 'icmp': ICMPPort}


def to_port(port: Port | ops.Port) -> Port:
    """The port as one of our classes."""
    if isinstance(port, ops.Port):
        return KINDS[port.protocol](port.port)
    return port


def _check(port: int) -> None:
    if not equals_all(port) and not 1 <= port <= 65535:
        raise StateValidationError(
            f'cannot use port {port!r}: it is not in 1 to 65535\n  hint: TCPPort(8080)'
        )
