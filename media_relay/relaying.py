"""What the data plane in Python keeps of a listening socket, and of an allocation: tables, looked up by packets."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

from media_relay.data_plane import Traffic
from media_relay.sockets import SocketAddress
from media_relay.stream import Stream
from media_relay.stun.address import TransportAddress

BATCH = 64
"""Packets taken from one socket, at most, before the others have their turn."""
STEADY = 4
"""Full turns, one after the other, after which the next one is longer."""


@dataclass(slots=True)
class Turn:
    """How many packets are taken from a socket before the others have theirs: about as many as it had of late.

    To find a socket empty costs half as much as a packet, so that where packets come one at a time a second one is not
    asked for each time. What is left over is not lost: the socket is ready again at once. ``least``: of each turn; many
    for a stream, since what comes together for it is sent by one call.
    """

    limit: int = 1
    full: int = 0
    least: int = 1

    def packets(self) -> range:
        """For one turn, which is taken to be a full one unless ``ended_after`` follows."""
        self.full += 1
        if self.full > STEADY and self.limit < BATCH:
            self.limit, self.full = self.limit * 2, 0
        return range(self.limit)

    def ended_after(self, taken: int) -> None:
        """The socket was empty after so many."""
        self.limit, self.full = max(taken, self.least), 0


@dataclass(slots=True)
class Listener:
    """A UDP socket for clients, and the allocations of those who come to it."""

    sock: socket.socket
    address: TransportAddress
    relays: dict[SocketAddress, Relay] = field(default_factory=dict)
    turn: Turn = field(default_factory=Turn)


@dataclass(slots=True)
class Relay:
    """One allocation: a socket for each family of peers, and what may pass."""

    listener: Listener | None
    stream: Stream | None
    """By what its client is reached: one of the two."""
    client: SocketAddress
    granted_at: float
    to_peers_until: float
    """How many bytes may have gone to peers before the clock is asked again; so for a packet within its allocation's
    bandwidth there is one comparison more, and no look at the clock."""
    to_clients_until: float
    socks: dict[int, socket.socket] = field(default_factory=dict)
    permitted: dict[str, bool] = field(default_factory=dict)
    channels: dict[int, tuple[SocketAddress, socket.socket]] = field(default_factory=dict)
    channel_of: dict[SocketAddress, int] = field(default_factory=dict)
    traffic: Traffic = field(default_factory=Traffic)

    def grant(self, bandwidth: float, now: float, *, to_peers: int = 0, to_clients: int = 0) -> bool:
        """Grants what has become due since the last time; whether that many bytes more may pass now."""
        traffic, due = self.traffic, (now - self.granted_at) * bandwidth
        self.granted_at = now
        self.to_peers_until = min(self.to_peers_until + due, traffic.bytes_to_peers + bandwidth)
        self.to_clients_until = min(self.to_clients_until + due, traffic.bytes_to_clients + bandwidth)
        return (
            traffic.bytes_to_peers + to_peers <= self.to_peers_until
            and traffic.bytes_to_clients + to_clients <= self.to_clients_until
        )
