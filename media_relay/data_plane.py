"""What copies packets: one small interface, and the tables that the core pushes through it.

The core decides, the data plane only looks up. ``media_relay.packet_loop`` is the one in Python; a compiled one takes
its place by offering the same methods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from media_relay.core.effects import Abilities, FiveTuple, Transport
from media_relay.stun.address import TransportAddress


class Arrival(NamedTuple):
    """A message for the core: whatever came to a listening address and is not ChannelData."""

    data: bytes
    source: TransportAddress
    local: TransportAddress
    transport: Transport = Transport.UDP


class Gone(NamedTuple):
    """The stream of this client has ended: nothing can reach it any more."""

    five_tuple: FiveTuple


@dataclass(slots=True)
class Traffic:
    """What an allocation has carried: packets and bytes of payload, each way."""

    packets_to_peers: int = 0
    bytes_to_peers: int = 0
    packets_to_clients: int = 0
    bytes_to_clients: int = 0

    @property
    def packets(self) -> int:
        """Both ways together."""
        return self.packets_to_peers + self.packets_to_clients

    def __iadd__(self, other: Traffic) -> Traffic:
        self.packets_to_peers += other.packets_to_peers
        self.bytes_to_peers += other.bytes_to_peers
        self.packets_to_clients += other.packets_to_clients
        self.bytes_to_clients += other.bytes_to_clients
        return self


class DataPlane(Protocol):
    """The interface. Nothing in it blocks but ``poll``; nothing in it judges but by the tables."""

    @property
    def abilities(self) -> Abilities:
        """What it can do beyond the plain: the core asks nothing else of it."""

    @property
    def dropped(self) -> Mapping[str, int]:
        """Packets not passed on, by cause."""

    def listen(self, host: str, port: int, transport: Transport = Transport.UDP) -> TransportAddress:
        """Listens for clients; port 0 lets the system choose. Raises RelayPortTaken, RelayAddressMissing."""

    def stop_listening(self) -> None:
        """Closes what ``listen`` has opened: no client has come yet."""

    def open_relay(self, five_tuple: FiveTuple, host: str, ports: tuple[int, int], even: bool) -> TransportAddress:
        """Binds a relayed address for the client, on an even port if asked. The second one for the same five-tuple is
        of the other family; packets leave by that of their peer. Raises RelayPortsExhausted."""

    def open_pair(
        self, five_tuple: FiveTuple, host: str, ports: tuple[int, int]
    ) -> tuple[TransportAddress, TransportAddress]:
        """Binds one on an even port for the client, and keeps the port after it bound as well. Raises
        RelayPortsExhausted."""

    def open_reserved(self, five_tuple: FiveTuple, reserved: TransportAddress) -> TransportAddress:
        """Makes a kept address the client's relayed one."""

    def close_reserved(self, reserved: TransportAddress) -> None:
        """Closes a kept address that nobody has come for."""

    def close_relay(self, five_tuple: FiveTuple) -> Traffic:
        """Closes the relayed addresses of the client, forgets its tables, and tells what they carried."""

    def close_family(self, five_tuple: FiveTuple, relayed: TransportAddress) -> None:
        """Closes one of two; nothing hangs on it any more."""

    def permit(self, five_tuple: FiveTuple, host: str, relayed_only: bool) -> None:
        """Packets may pass to and from ``host``; ``relayed_only``: from and to live relayed addresses of ours."""

    def revoke(self, five_tuple: FiveTuple, host: str) -> None:
        """They may no more."""

    def bind_channel(self, five_tuple: FiveTuple, channel: int, peer: TransportAddress) -> None:
        """``channel`` stands for ``peer``, both ways, while its host is permitted."""

    def unbind_channel(self, five_tuple: FiveTuple, channel: int) -> None:
        """It stands for nobody."""

    def answer(self, five_tuple: FiveTuple, data: bytes) -> None:
        """Sends to the client from the listening address; dropped when the queue is full, or its stream is gone."""

    def send_to_peer(
        self, five_tuple: FiveTuple, peer: TransportAddress, data: bytes, dont_fragment: bool = False
    ) -> None:
        """Sends from the relayed address, with DF set if asked; dropped when the queue is full, and when DF forbids
        what the path would need."""

    def is_live(self, address: TransportAddress) -> bool:
        """Whether it is a relayed address in use, of this process or of another worker of the same relay."""

    def siblings_carry(self) -> bool:
        """Whether another worker of the same relay has a relayed address open."""

    def wake_on(self, fd: int) -> None:
        """Lets ``poll`` return when ``fd`` is readable; it is read empty."""

    def poll(self, timeout: float) -> list[Arrival | Gone]:
        """Copies packets; returns after at most ``timeout`` seconds, or once there is something for the core."""

    def traffic(self) -> Mapping[FiveTuple, Traffic]:
        """What each open allocation has carried so far."""

    def stream_counts(self) -> Mapping[str, Mapping[str, int]]:
        """``standing``: how many streams there are, by transport; ``ended``: how many have ended, by cause;
        ``dropped``: packets that made way in their queues, by cause."""

    def overflowed(self) -> int:
        """Packets that the kernel threw away since its receive buffers, those of our sockets, were full: of listening
        addresses so far, of relayed ones once they are closed."""

    def close(self) -> None:
        """Closes every socket."""
