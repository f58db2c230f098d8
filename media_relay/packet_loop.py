"""The data plane in Python: a tight epoll loop that copies packets from socket to socket.

Payloads are received into one buffer with room before them for the longest prefix, and sent from it: no packet is
copied in Python. The loop knows sockets and dictionaries, and nothing of RFC 8656 but two framings.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import select
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from media_relay.core.effects import Abilities, FiveTuple
from media_relay.data_plane import Arrival, Traffic
from media_relay.errors import RelayAddressMissing, RelayPortsExhausted, RelayPortTaken
from media_relay.stun.address import IPV6, TransportAddress
from media_relay.stun.channel import CHANNEL_HEADER, INDICATION_PREFIX_LIMIT, data_indication_prefix

BATCH = 64
"""Packets taken from one socket before the others have their turn."""
BUFFER = 4 << 20
"""Bytes asked of the kernel for a listening socket: it holds a burst of video while a request is being judged."""
RELAY_BUFFER = 512 << 10
"""Bytes asked of the kernel for a relayed address: the traffic of one peer."""

SYSTEM_CHOICES = 64
"""How often the system is asked for a port; an even one comes every second time."""

_ROOM = INDICATION_PREFIX_LIMIT
_CHANNEL_AT = _ROOM - CHANNEL_HEADER.size

SocketAddress = tuple[Any, ...]
"""As the socket module has it: (host, port), and for IPv6 (host, port, flow, scope)."""


@dataclass(slots=True)
class _Listener:
    sock: socket.socket
    address: TransportAddress
    relays: dict[SocketAddress, _Relay] = field(default_factory=dict)


@dataclass(slots=True)
class _Relay:
    sock: socket.socket
    listener: _Listener
    client: SocketAddress
    relayed: SocketAddress
    permitted: dict[str, bool] = field(default_factory=dict)
    channels: dict[int, SocketAddress] = field(default_factory=dict)
    channel_of: dict[SocketAddress, int] = field(default_factory=dict)
    traffic: Traffic = field(default_factory=Traffic)


class PacketLoop:
    """A ``DataPlane``: everything happens inside ``poll``, in the thread that calls it."""

    abilities = Abilities()

    def __init__(self) -> None:
        self.dropped: Counter[str] = Counter()
        self._epoll = select.epoll()
        self._ready: dict[int, Callable[[], None]] = {}
        self._listeners: dict[TransportAddress, _Listener] = {}
        self._relays: dict[FiveTuple, _Relay] = {}
        self._live: set[SocketAddress] = set()
        self._arrivals: list[Arrival] = []
        self._buffer = bytearray(_ROOM + 65536)
        self._view = memoryview(self._buffer)
        self._payload = self._view[_ROOM:]
        self._transaction = int.from_bytes(os.urandom(12), "big")

    def listen(self, host: str, port: int) -> TransportAddress:
        """See ``DataPlane.listen``."""
        try:
            sock = _bound(host, port, BUFFER)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise RelayPortTaken(host, port) from None
            raise RelayAddressMissing(host, error.strerror or "unknown") from None
        listener = _Listener(sock, TransportAddress(host, sock.getsockname()[1]))
        self._listeners[listener.address] = listener
        self._watch(sock.fileno(), lambda: self._from_clients(listener))
        return listener.address

    def open_relay(self, five_tuple: FiveTuple, host: str, ports: tuple[int, int], even: bool) -> TransportAddress:
        """See ``DataPlane.open_relay``. The port is random within ``ports``: a guessable one invites injection."""
        sock = _bound_within(host, ports, even)
        listener = self._listeners[five_tuple.server]
        address = TransportAddress(host, sock.getsockname()[1])
        relay = _Relay(sock, listener, _sockaddr(five_tuple.client), _sockaddr(address))
        self._relays[five_tuple] = listener.relays[relay.client] = relay
        self._live.add(relay.relayed)
        self._watch(sock.fileno(), lambda: self._from_peers(relay))
        return address

    def close_relay(self, five_tuple: FiveTuple) -> Traffic:
        """See ``DataPlane.close_relay``."""
        relay = self._relays.pop(five_tuple)
        del relay.listener.relays[relay.client]
        self._live.discard(relay.relayed)
        self._unwatch(relay.sock.fileno())
        relay.sock.close()
        return relay.traffic

    def permit(self, five_tuple: FiveTuple, host: str, relayed_only: bool) -> None:
        """See ``DataPlane.permit``."""
        self._relays[five_tuple].permitted[host] = relayed_only

    def revoke(self, five_tuple: FiveTuple, host: str) -> None:
        """See ``DataPlane.revoke``."""
        del self._relays[five_tuple].permitted[host]

    def bind_channel(self, five_tuple: FiveTuple, channel: int, peer: TransportAddress) -> None:
        """See ``DataPlane.bind_channel``."""
        relay = self._relays[five_tuple]
        relay.channels[channel] = _sockaddr(peer)
        relay.channel_of[_sockaddr(peer)] = channel

    def unbind_channel(self, five_tuple: FiveTuple, channel: int) -> None:
        """See ``DataPlane.unbind_channel``."""
        relay = self._relays[five_tuple]
        del relay.channel_of[relay.channels.pop(channel)]

    def answer(self, five_tuple: FiveTuple, data: bytes) -> None:
        """See ``DataPlane.answer``."""
        self._send(self._listeners[five_tuple.server].sock, data, _sockaddr(five_tuple.client))

    def send_to_peer(self, five_tuple: FiveTuple, peer: TransportAddress, data: bytes) -> None:
        """See ``DataPlane.send_to_peer``."""
        relay = self._relays[five_tuple]
        if self._send(relay.sock, data, _sockaddr(peer)):
            relay.traffic.packets_to_peers += 1
            relay.traffic.bytes_to_peers += len(data)

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

    def close(self) -> None:
        """See ``DataPlane.close``."""
        for five_tuple in list(self._relays):
            self.close_relay(five_tuple)
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
            peer = relay.channels.get(first << 8 | view[1])
            length = view[2] << 8 | view[3]
            if peer is None or length > size - 4:
                dropped["no-channel" if peer is None else "channel-data-cut"] += 1
                continue
            relayed_only = relay.permitted.get(peer[0])
            if relayed_only is None or (relayed_only and peer not in live):
                dropped["no-permission"] += 1
            elif self._send(relay.sock, view[4 : 4 + length], peer):
                relay.traffic.packets_to_peers += 1
                relay.traffic.bytes_to_peers += length

    def _from_peers(self, relay: _Relay) -> None:
        receive, payload, view, buffer = relay.sock.recvfrom_into, self._payload, self._view, self._buffer
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

    def _watch(self, fd: int, ready: Callable[[], None]) -> None:
        self._ready[fd] = ready
        self._epoll.register(fd, select.EPOLLIN)

    def _unwatch(self, fd: int) -> None:
        self._epoll.unregister(fd)
        del self._ready[fd]


def _bound_within(host: str, ports: tuple[int, int], even: bool) -> socket.socket:
    for port in _candidates(*ports, even):
        try:
            sock = _bound(host, port, RELAY_BUFFER)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise RelayPortsExhausted(f"no relayed address on {host}: {error.strerror}") from None
            continue
        if not even or sock.getsockname()[1] % 2 == 0:
            return sock
        sock.close()
    raise RelayPortsExhausted(f"no port from {ports[0]} to {ports[1]} of {host} is free")


def _candidates(low: int, high: int, even: bool) -> Iterator[int]:
    if high == 0:
        yield from [0] * SYSTEM_CHOICES
        return
    start = secrets.randbelow(high - low + 1)
    ports = (low + (start + step) % (high - low + 1) for step in range(high - low + 1))
    yield from (port for port in ports if not even or port % 2 == 0)


def _bound(host: str, port: int, buffer: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def _sockaddr(address: TransportAddress) -> SocketAddress:
    return (address.host, address.port, 0, 0) if address.family == IPV6 else (address.host, address.port)


def _read_empty(fd: int) -> None:
    with contextlib.suppress(BlockingIOError):
        while os.read(fd, 512):
            pass
