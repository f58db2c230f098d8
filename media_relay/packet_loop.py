"""The data plane in Python: a tight epoll loop that copies packets from socket to socket.

Payloads are received into one buffer with room before them for the longest prefix, and sent from it: no packet is
copied in Python. The loop knows sockets and dictionaries, and nothing of RFC 8656 but two framings.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from media_relay.core.effects import Abilities, FiveTuple
from media_relay.data_plane import Arrival, Traffic
from media_relay.kernel import receive_drops
from media_relay.sockets import (
    SocketAddress,
    listening_socket,
    relayed_pair,
    relayed_socket,
    send_whole,
    socket_address,
)
from media_relay.stun.address import TransportAddress
from media_relay.stun.channel import CHANNEL_HEADER, INDICATION_PREFIX_LIMIT, data_indication_prefix

BATCH = 64
"""Packets taken from one socket before the others have their turn."""

_ROOM = INDICATION_PREFIX_LIMIT
_CHANNEL_AT = _ROOM - CHANNEL_HEADER.size


@dataclass(slots=True)
class _Listener:
    sock: socket.socket
    address: TransportAddress
    relays: dict[SocketAddress, _Relay] = field(default_factory=dict)


@dataclass(slots=True)
class _Relay:
    """One allocation: a socket for each family of peers, and what may pass."""

    listener: _Listener
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


class PacketLoop:
    """A ``DataPlane``: everything happens inside ``poll``, in the thread that calls it.

    ``bandwidth``: bytes of payload a second that an allocation may carry, each way. It is granted a second's worth at a
    time, so that twice as much may pass at once after a pause.
    """

    abilities = Abilities(two_families=True, reservations=True, dont_fragment=True)

    def __init__(self, bandwidth: float = math.inf) -> None:
        self.dropped: Counter[str] = Counter()
        self._bandwidth = bandwidth
        self._epoll = select.epoll()
        self._ready: dict[int, Callable[[], None]] = {}
        self._listeners: dict[TransportAddress, _Listener] = {}
        self._relays: dict[FiveTuple, _Relay] = {}
        self._reserved: dict[TransportAddress, socket.socket] = {}
        self._live: set[SocketAddress] = set()
        self._arrivals: list[Arrival] = []
        self._buffer = bytearray(_ROOM + 65536)
        self._view = memoryview(self._buffer)
        self._payload = self._view[_ROOM:]
        self._transaction = int.from_bytes(os.urandom(12), "big")
        self._overflowed = 0

    def listen(self, host: str, port: int) -> TransportAddress:
        """See ``DataPlane.listen``."""
        sock = listening_socket(host, port)
        listener = _Listener(sock, TransportAddress(host, sock.getsockname()[1]))
        self._listeners[listener.address] = listener
        self._watch(sock.fileno(), lambda: self._from_clients(listener))
        return listener.address

    def open_relay(self, five_tuple: FiveTuple, host: str, ports: tuple[int, int], even: bool) -> TransportAddress:
        """See ``DataPlane.open_relay``."""
        return self._serve(five_tuple, host, relayed_socket(host, ports, even=even))

    def open_pair(
        self, five_tuple: FiveTuple, host: str, ports: tuple[int, int]
    ) -> tuple[TransportAddress, TransportAddress]:
        """See ``DataPlane.open_pair``."""
        sock, beside = relayed_pair(host, ports)
        reserved = TransportAddress(host, beside.getsockname()[1])
        self._reserved[reserved] = beside
        return self._serve(five_tuple, host, sock), reserved

    def open_reserved(self, five_tuple: FiveTuple, reserved: TransportAddress) -> TransportAddress:
        """See ``DataPlane.open_reserved``."""
        return self._serve(five_tuple, reserved.host, self._reserved.pop(reserved))

    def close_reserved(self, reserved: TransportAddress) -> None:
        """See ``DataPlane.close_reserved``."""
        self._reserved.pop(reserved).close()

    def close_relay(self, five_tuple: FiveTuple) -> Traffic:
        """See ``DataPlane.close_relay``."""
        relay = self._relays.pop(five_tuple)
        del relay.listener.relays[relay.client]
        for sock in relay.socks.values():
            self._close(sock)
        return relay.traffic

    def close_family(self, five_tuple: FiveTuple, relayed: TransportAddress) -> None:
        """See ``DataPlane.close_family``."""
        self._close(self._relays[five_tuple].socks.pop(relayed.family))

    def permit(self, five_tuple: FiveTuple, host: str, relayed_only: bool) -> None:
        """See ``DataPlane.permit``."""
        self._relays[five_tuple].permitted[host] = relayed_only

    def revoke(self, five_tuple: FiveTuple, host: str) -> None:
        """See ``DataPlane.revoke``."""
        del self._relays[five_tuple].permitted[host]

    def bind_channel(self, five_tuple: FiveTuple, channel: int, peer: TransportAddress) -> None:
        """See ``DataPlane.bind_channel``."""
        relay = self._relays[five_tuple]
        destination = socket_address(peer)
        relay.channels[channel] = destination, relay.socks[peer.family]
        relay.channel_of[destination] = channel

    def unbind_channel(self, five_tuple: FiveTuple, channel: int) -> None:
        """See ``DataPlane.unbind_channel``."""
        relay = self._relays[five_tuple]
        peer, _ = relay.channels.pop(channel)
        del relay.channel_of[peer]

    def answer(self, five_tuple: FiveTuple, data: bytes) -> None:
        """See ``DataPlane.answer``."""
        self._send(self._listeners[five_tuple.server].sock, data, socket_address(five_tuple.client))

    def send_to_peer(
        self, five_tuple: FiveTuple, peer: TransportAddress, data: bytes, dont_fragment: bool = False
    ) -> None:
        """See ``DataPlane.send_to_peer``."""
        relay, size = self._relays[five_tuple], len(data)
        sock, destination, traffic = relay.socks[peer.family], socket_address(peer), relay.traffic
        if traffic.bytes_to_peers + size > relay.to_peers_until and not self._grant(relay, to_peers=size):
            return
        if self._send_whole(sock, data, destination) if dont_fragment else self._send(sock, data, destination):
            traffic.packets_to_peers += 1
            traffic.bytes_to_peers += size

    def wake_on(self, fd: int) -> None:
        """See ``DataPlane.wake_on``."""
        self._watch(fd, lambda: _read_empty(fd))

    def poll(self, timeout: float) -> list[Arrival]:
        """See ``DataPlane.poll``."""
        for fd, _ in self._epoll.poll(max(timeout, 0)):
            self._ready[fd]()
        arrivals, self._arrivals = self._arrivals, []
        return arrivals

    def traffic(self) -> Mapping[FiveTuple, Traffic]:
        """See ``DataPlane.traffic``."""
        return {five_tuple: relay.traffic for five_tuple, relay in self._relays.items()}

    def overflowed(self) -> int:
        """See ``DataPlane.overflowed``."""
        listening = sum(receive_drops(listener.sock) for listener in self._listeners.values())
        relayed = sum(receive_drops(sock) for relay in self._relays.values() for sock in relay.socks.values())
        return self._overflowed + listening + relayed

    def close(self) -> None:
        """See ``DataPlane.close``."""
        for five_tuple in list(self._relays):
            self.close_relay(five_tuple)
        for reserved in list(self._reserved):
            self.close_reserved(reserved)
        for listener in self._listeners.values():
            listener.sock.close()
        self._listeners.clear()
        self._epoll.close()

    def _from_clients(self, listener: _Listener) -> None:
        receive, buffer, view = listener.sock.recvfrom_into, self._payload, self._payload
        relays, live, dropped = listener.relays, self._live, self.dropped
        for _ in range(BATCH):
            try:
                size, source = receive(buffer)
            except BlockingIOError:
                return
            except OSError:
                dropped["receive-failed"] += 1
                return
            first = view[0] if size else 0xFF
            if first < 0x40:  # RFC 8656 section 12: the first two bits tell STUN from ChannelData
                self._arrive(bytes(view[:size]), source, listener)
                continue
            relay = relays.get(source)
            if relay is None or first > 0x4F or size < 4:
                dropped["no-allocation" if relay is None else "not-stun"] += 1
                continue
            bound = relay.channels.get(first << 8 | view[1])
            length = view[2] << 8 | view[3]
            if bound is None or length > size - 4:
                dropped["no-channel" if bound is None else "channel-data-cut"] += 1
                continue
            peer, sock = bound
            relayed_only = relay.permitted.get(peer[0])
            if relayed_only is None or (relayed_only and peer not in live):
                dropped["no-permission"] += 1
                continue
            traffic = relay.traffic
            if traffic.bytes_to_peers + length > relay.to_peers_until and not self._grant(relay, to_peers=length):
                continue
            if self._send(sock, view[4 : 4 + length], peer):
                traffic.packets_to_peers += 1
                traffic.bytes_to_peers += length

    def _from_peers(self, relay: _Relay, sock: socket.socket) -> None:
        receive, payload, view, buffer = sock.recvfrom_into, self._payload, self._view, self._buffer
        permitted, live, dropped = relay.permitted, self._live, self.dropped
        client_sock, client, channel_of, traffic = relay.listener.sock, relay.client, relay.channel_of, relay.traffic
        for _ in range(BATCH):
            try:
                size, peer = receive(payload)
            except BlockingIOError:
                return
            except OSError:
                dropped["receive-failed"] += 1
                return
            relayed_only = permitted.get(peer[0])
            if relayed_only is None or (relayed_only and peer not in live):
                dropped["no-permission"] += 1
                continue
            if traffic.bytes_to_clients + size > relay.to_clients_until and not self._grant(relay, to_clients=size):
                continue
            channel = channel_of.get(peer)
            if channel is not None:
                CHANNEL_HEADER.pack_into(buffer, _CHANNEL_AT, channel, size)
                packet = view[_CHANNEL_AT : _ROOM + size]
            else:
                packet = self._indication(peer, size)
            if self._send(client_sock, packet, client):
                traffic.packets_to_clients += 1
                traffic.bytes_to_clients += size

    def _indication(self, peer: SocketAddress, size: int) -> memoryview:
        self._transaction = (self._transaction + 1) % (1 << 96)
        address = TransportAddress(peer[0], peer[1])
        prefix = data_indication_prefix(address, size, self._transaction.to_bytes(12, "big"))
        start, end = _ROOM - len(prefix), _ROOM + size + -size % 4
        self._buffer[start:_ROOM] = prefix
        self._buffer[_ROOM + size : end] = bytes(end - _ROOM - size)
        return self._view[start:end]

    def _arrive(self, data: bytes, source: SocketAddress, listener: _Listener) -> None:
        if len(source) == 4 and source[3]:
            self.dropped["link-local"] += 1  # its answer would need the interface, and it can be nobody's citizen
            return
        self._arrivals.append(Arrival(data, TransportAddress(source[0], source[1]), listener.address))

    def _send(self, sock: socket.socket, data: bytes | memoryview, destination: SocketAddress) -> bool:
        try:
            sock.sendto(data, destination)
        except BlockingIOError:
            self.dropped["queue-full"] += 1
            return False
        except OSError:
            self.dropped["send-failed"] += 1
            return False
        return True

    def _send_whole(self, sock: socket.socket, data: bytes, destination: SocketAddress) -> bool:
        try:
            send_whole(sock, data, destination)
        except BlockingIOError:
            self.dropped["queue-full"] += 1
            return False
        except OSError as error:
            self.dropped["too-long" if error.errno == errno.EMSGSIZE else "send-failed"] += 1
            return False
        return True

    def _serve(self, five_tuple: FiveTuple, host: str, sock: socket.socket) -> TransportAddress:
        """Takes up a bound socket as the relayed address of its family."""
        relay = self._relays.get(five_tuple)
        if relay is None:
            listener, client = self._listeners[five_tuple.server], socket_address(five_tuple.client)
            relay = _Relay(listener, client, time.monotonic(), self._bandwidth, self._bandwidth)
            self._relays[five_tuple] = listener.relays[client] = relay
        address = TransportAddress(host, sock.getsockname()[1])
        relay.socks[address.family] = sock
        self._live.add(socket_address(address))
        self._watch(sock.fileno(), lambda: self._from_peers(relay, sock))
        return address

    def _grant(self, relay: _Relay, *, to_peers: int = 0, to_clients: int = 0) -> bool:
        """Grants what has become due since the last time; whether that many bytes more may pass now."""
        now = time.monotonic()
        traffic, bandwidth = relay.traffic, self._bandwidth
        due = (now - relay.granted_at) * bandwidth
        relay.granted_at = now
        relay.to_peers_until = min(relay.to_peers_until + due, traffic.bytes_to_peers + bandwidth)
        relay.to_clients_until = min(relay.to_clients_until + due, traffic.bytes_to_clients + bandwidth)
        if (
            traffic.bytes_to_peers + to_peers <= relay.to_peers_until
            and traffic.bytes_to_clients + to_clients <= relay.to_clients_until
        ):
            return True
        self.dropped["over-bandwidth"] += 1
        return False

    def _close(self, sock: socket.socket) -> None:
        self._live.discard(sock.getsockname())
        self._overflowed += receive_drops(sock)
        self._unwatch(sock.fileno())
        sock.close()

    def _watch(self, fd: int, ready: Callable[[], None]) -> None:
        self._ready[fd] = ready
        self._epoll.register(fd, select.EPOLLIN)

    def _unwatch(self, fd: int) -> None:
        self._epoll.unregister(fd)
        del self._ready[fd]


def _read_empty(fd: int) -> None:
    with contextlib.suppress(BlockingIOError):
        while os.read(fd, 512):
            pass
