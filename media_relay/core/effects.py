"""What the core asks its shell to do, each a plain record: answer, open, close, keep the tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

from media_relay.stun.address import TransportAddress


class Transport(StrEnum):
    """By what the client speaks to us (RFC 8656 section 3.1). To peers it is always UDP."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class FiveTuple(NamedTuple):
    """What names an allocation (RFC 8656 section 3.2): the client's address, ours, and the transport between them. The
    same two addresses are two clients over UDP and over TCP."""

    client: TransportAddress
    server: TransportAddress
    transport: Transport = Transport.UDP


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the data plane in use can do: the core promises nothing else."""

    two_families: bool = False
    """An IPv4 and an IPv6 relayed address in one allocation (ADDITIONAL-ADDRESS-FAMILY)."""
    reservations: bool = False
    """Keeping the port after an even one for a later allocation (EVEN-PORT with R, RESERVATION-TOKEN)."""
    dont_fragment: bool = False
    """Sending to a peer with DF set (DONT-FRAGMENT)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Send ``data`` to the client, from the address that it asked."""

    five_tuple: FiveTuple
    data: bytes


@dataclass(frozen=True, slots=True)
class OpenRelay:
    """Bind a relayed address on ``host``, then call ``relay_opened`` or ``relay_failed`` before anything else.

    The second one for the same five-tuple is of the other family, and belongs to the same allocation.
    """

    five_tuple: FiveTuple
    host: str
    even: bool = False
    """Whether the port must be even (EVEN-PORT, RFC 8656 section 18.7)."""
    reserve: bool = False
    """Whether the port after it must be bound too and kept, until it is asked for or ``CloseReserved``."""
    reserved: TransportAddress | None = None
    """The kept address to be taken, in place of binding one."""


@dataclass(frozen=True, slots=True)
class CloseReserved:
    """Nobody has come for the kept address: close it."""

    address: TransportAddress


Cause = Literal["released", "expired", "displaced", "disconnected"]


@dataclass(frozen=True, slots=True)
class CloseRelay:
    """Close the relayed addresses of the allocation and forget its tables."""

    five_tuple: FiveTuple
    cause: Cause


@dataclass(frozen=True, slots=True)
class CloseFamily:
    """Close ``relayed``, one of an allocation's two; what hung on it is gone already."""

    five_tuple: FiveTuple
    relayed: TransportAddress


@dataclass(frozen=True, slots=True)
class Permit:
    """Let packets pass between the allocation and ``host``; ``relayed_only``: and there only live relayed addresses."""

    five_tuple: FiveTuple
    host: str
    relayed_only: bool


@dataclass(frozen=True, slots=True)
class Revoke:
    """The reverse of ``Permit``."""

    five_tuple: FiveTuple
    host: str


@dataclass(frozen=True, slots=True)
class BindChannel:
    """Packets of ``channel`` go to ``peer``, and packets of ``peer`` come back in it (while the host is permitted)."""

    five_tuple: FiveTuple
    channel: int
    peer: TransportAddress


@dataclass(frozen=True, slots=True)
class UnbindChannel:
    """The reverse of ``BindChannel``."""

    five_tuple: FiveTuple
    channel: int


@dataclass(frozen=True, slots=True)
class SendToPeer:
    """Send ``data`` from the relayed address to ``peer``: what a Send indication asked for, already judged."""

    five_tuple: FiveTuple
    peer: TransportAddress
    data: bytes
    dont_fragment: bool = False
    """Whether DF must be set on it (asked for only of a data plane that can)."""


Effect = (
    Answer
    | OpenRelay
    | CloseReserved
    | CloseRelay
    | CloseFamily
    | Permit
    | Revoke
    | BindChannel
    | UnbindChannel
    | SendToPeer
)
