"""What the core asks its shell to do, each a plain record: answer, open, close, keep the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from media_relay.stun.address import TransportAddress


class FiveTuple(NamedTuple):
    """What names an allocation (RFC 8656 section 3.2): the client's address, ours, and UDP."""

    client: TransportAddress
    server: TransportAddress


@dataclass(frozen=True, slots=True)
class Answer:
    """Send ``data`` to the client, from the address that it asked."""

    five_tuple: FiveTuple
    data: bytes


@dataclass(frozen=True, slots=True)
class OpenRelay:
    """Bind a relayed address on ``host``, then call ``relay_opened`` or ``relay_failed`` before anything else."""

    five_tuple: FiveTuple
    host: str
    even: bool
    """Whether the port must be even (EVEN-PORT, RFC 8656 section 18.7)."""


Cause = Literal["released", "expired", "displaced"]


@dataclass(frozen=True, slots=True)
class CloseRelay:
    """Close the relayed address and forget its tables."""

    five_tuple: FiveTuple
    cause: Cause


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


Effect = Answer | OpenRelay | CloseRelay | Permit | Revoke | BindChannel | UnbindChannel | SendToPeer
