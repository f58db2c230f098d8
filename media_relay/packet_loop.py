"""The data plane in Python: a tight epoll loop that copies packets from socket to socket.

Payloads are received into one buffer with room before them for the longest prefix, and sent from it: no packet is
copied in Python. The loop knows sockets and dictionaries, and nothing of RFC 8656 but two framings. Clients by TCP and
TLS are looked after by ``media_relay.streams`` in the same loop.
"""

from __future__ import annotations

import errno
import math
import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from media_relay.core.connections import StreamLimits
from media_relay.core.effects import Abilities, FiveTuple, Transport
from media_relay.core.shares import UNSHARED
from media_relay.data_plane import Arrival, Gone, Traffic
from media_relay.kernel import receive_drops
from media_relay.live_ports import LivePorts
from media_relay.poller import Poller
from media_relay.relaying import BATCH, Listener, Relay, Turn
from media_relay.siblings import Siblings
from media_relay.sockets import (
    SocketAddress,
    listening_socket,
    listening_stream_socket,
    relayed_pair,
    relayed_socket,
    send_whole,
    socket_address,
)
from media_relay.streams import Streams
from media_relay.stun.address import TransportAddress
from media_relay.stun.channel import CHANNEL_HEADER, INDICATION_PREFIX_LIMIT, data_indication_prefix
from media_relay.stun.framing import padded
from media_relay.tls import Certificate

_ROOM = INDICATION_PREFIX_LIMIT
_CHANNEL_AT = _ROOM - CHANNEL_HEADER.size


class PacketLoop:
    """A ``DataPlane``: everything happens inside ``poll``, in the thread that calls it.

    ``bandwidth``: bytes of payload a second that an allocation may carry, each way. It is granted a second's worth at a
    time, so that twice as much may pass at once after a pause. ``limits`` and ``certificate`` are of its streams:
    without a certificate it must not be asked to listen for TLS. ``siblings``: other workers on the same port.
    """

    def __init__(
        self,
        bandwidth: float = math.inf,
        limits: StreamLimits = StreamLimits(),  # noqa: B008 - it is frozen
        certificate: Certificate | None = None,
        siblings: Siblings | None = None,
    ) -> None:
        # The client of the kept port has another five-tuple, and might come to a sibling.
        self.abilities = Abilities(two_families=True, reservations=siblings is None, dont_fragment=True)
        self.dropped: Counter[str] = Counter()
        self._siblings = siblings
        self._bandwidth = bandwidth
        self._poller = Poller()
        shares = UNSHARED if siblings is None else siblings.shares
        self._streams = Streams(self._poller, limits, certificate, shares, deliver=self._from_stream, gone=self._gone)
        self._listeners: dict[TransportAddress, Listener] = {}
        self._relays: dict[FiveTuple, Relay] = {}
        self._reserved: dict[TransportAddress, socket.socket] = {}
        self._live: set[SocketAddress] | LivePorts = set() if siblings is None else siblings.live
        self._arrivals: list[Arrival | Gone] = []
        self._buffer = bytearray(_ROOM + 65536)
        self._view = memoryview(self._buffer)
        self._payload = self._view[_ROOM:]
        self._transaction = int.from_bytes(os.urandom(12), "big")
        self._overflowed = 0

    def listen(self, host: str, port: int, transport: Transport = Transport.UDP) -> TransportAddress:
        """See ``DataPlane.listen``."""
        if transport is not Transport.UDP:
            shared = self._siblings is not None
            return self._streams.listen(listening_stream_socket(host, port, shared=shared), transport)
        sock = (self._siblings.listening if self._siblings is not None else listening_socket)(host, port)
        listener = Listener(sock, TransportAddress(host, sock.getsockname()[1]))
        self._listeners[listener.address] = listener
        self._poller.watch(sock.fileno(), self._from_clients(listener).__next__)
        return listener.address

    def stop_listening(self) -> None:
        """See ``DataPlane.stop_listening``."""
        self._streams.stop_listening()
        for listener in self._listeners.values():
            self._poller.unwatch(listener.sock.fileno())
            listener.sock.close()
        self._listeners.clear()

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
        if relay.listener is not None:
            del relay.listener.relays[relay.client]
        self._streams.closed(five_tuple)
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
        if five_tuple.transport is not Transport.UDP:
            self._streams.answer(five_tuple, data)
            return
        try:
            self._listeners[five_tuple.server].sock.sendto(data, socket_address(five_tuple.client))
        except OSError as error:
            self._not_sent(error)

    def send_to_peer(
        self, five_tuple: FiveTuple, peer: TransportAddress, data: bytes, dont_fragment: bool = False
    ) -> None:
        """See ``DataPlane.send_to_peer``."""
        relay, size = self._relays[five_tuple], len(data)
        sock, destination, traffic = relay.socks[peer.family], socket_address(peer), relay.traffic
        if traffic.bytes_to_peers + size > relay.to_peers_until and not self._within(relay, to_peers=size):
            return
        try:
            if dont_fragment:
                send_whole(sock, data, destination)
            else:
                sock.sendto(data, destination)
        except OSError as error:
            self._not_sent(error)
            return
        traffic.packets_to_peers += 1
        traffic.bytes_to_peers += size

    def is_live(self, address: TransportAddress) -> bool:
        """See ``DataPlane.is_live``."""
        return socket_address(address) in self._live

    def siblings_carry(self) -> bool:
        """See ``DataPlane.siblings_carry``."""
        return self._siblings is not None and self._siblings.live.others_have_any()

    def watch(self, fd: int, ready: Callable[[], None]) -> None:
        """Lets ``poll`` call ``ready`` when ``fd`` can be read, as long as it is so."""
        self._poller.watch(fd, ready)

    def wake_on(self, fd: int) -> None:
        """See ``DataPlane.wake_on``."""
        self._poller.wake_on(fd)

    def poll(self, timeout: float) -> list[Arrival | Gone]:
        """See ``DataPlane.poll``."""
        now = time.monotonic()
        if now >= self._streams.deadline:
            self._streams.look_round(now)
        until, poll = min(now + timeout, self._streams.deadline), self._poller.poll
        while not poll(until - now) and not self._arrivals and (now := time.monotonic()) < until:
            pass  # packets, and nothing else is looked at between one and the next
        arrivals, self._arrivals = self._arrivals, []
        return arrivals

    def traffic(self) -> Mapping[FiveTuple, Traffic]:
        """See ``DataPlane.traffic``."""
        return {five_tuple: relay.traffic for five_tuple, relay in self._relays.items()}

    def stream_counts(self) -> Mapping[str, Mapping[str, int]]:
        """See ``DataPlane.stream_counts``."""
        return self._streams.counts()

    def overflowed(self) -> int:
        """See ``DataPlane.overflowed``."""
        # A question a socket: of ten thousand relayed addresses they would hold every packet up for 40 ms.
        return self._overflowed + sum(receive_drops(listener.sock) for listener in self._listeners.values())

    def close(self) -> None:
        """See ``DataPlane.close``."""
        for five_tuple in list(self._relays):
            self.close_relay(five_tuple)
        for reserved in list(self._reserved):
            self.close_reserved(reserved)
        self.stop_listening()
        self._streams.close()
        self._poller.close()

    def _from_clients(self, listener: Listener) -> Iterator[None]:  # goes on where it was: what stays is looked up once
        receive, buffer, view, turn = listener.sock.recvfrom_into, self._payload, self._payload, listener.turn
        relays, dropped, channel_data = listener.relays, self.dropped, self._channel_data
        while True:
            for taken in turn.packets():
                try:
                    size, source = receive(buffer)
                except BlockingIOError:
                    turn.ended_after(taken)
                    break
                except OSError:
                    dropped["receive-failed"] += 1
                    break
                first = view[0] if size else 0xFF
                if first < 0x40:  # RFC 8656 section 12: the first two bits tell STUN from ChannelData
                    self._arrive(bytes(view[:size]), source, listener)
                    continue
                relay = relays.get(source)
                if relay is None or first > 0x4F or size < 4:
                    dropped["no-allocation" if relay is None else "not-stun"] += 1
                    continue
                channel_data(relay, view, size)
            yield

    def _from_stream(self, five_tuple: FiveTuple, frames: list[bytes]) -> None:
        relay = self._relays.get(five_tuple)
        for frame in frames:
            if frame[0] < 0x40:
                self._arrivals.append(Arrival(frame, *five_tuple))
            elif relay is None:
                self.dropped["no-allocation"] += 1
            else:
                self._channel_data(relay, frame, len(frame))

    def _channel_data(self, relay: Relay, frame: bytes | memoryview, size: int) -> None:
        bound = relay.channels.get(frame[0] << 8 | frame[1])
        length = frame[2] << 8 | frame[3]
        if bound is None or length > size - 4:
            self.dropped["no-channel" if bound is None else "channel-data-cut"] += 1
            return
        peer, sock = bound
        relayed_only = relay.permitted.get(peer[0])
        if relayed_only is None or (relayed_only and peer not in self._live):
            self.dropped["no-permission"] += 1
            return
        traffic = relay.traffic
        if traffic.bytes_to_peers + length > relay.to_peers_until and not self._within(relay, to_peers=length):
            return
        try:
            sock.sendto(frame[4 : 4 + length], peer)
        except OSError as error:
            self._not_sent(error)
            return
        traffic.packets_to_peers += 1
        traffic.bytes_to_peers += length

    def _from_peers(self, relay: Relay, sock: socket.socket, turn: Turn) -> Iterator[None]:
        receive, payload, view, buffer = sock.recvfrom_into, self._payload, self._view, self._buffer
        permitted, live, dropped = relay.permitted, self._live, self.dropped
        client_sock = relay.listener.sock if relay.listener is not None else None
        client, channel_of, traffic = relay.client, relay.channel_of, relay.traffic
        while True:
            for taken in turn.packets():
                try:
                    size, peer = receive(payload)
                except BlockingIOError:
                    turn.ended_after(taken)
                    break
                except OSError:
                    dropped["receive-failed"] += 1
                    break
                relayed_only = permitted.get(peer[0])
                if relayed_only is None or (relayed_only and peer not in live):
                    dropped["no-permission"] += 1
                    continue
                total = traffic.bytes_to_clients + size
                if total > relay.to_clients_until and not self._within(relay, to_clients=size):
                    continue
                channel = channel_of.get(peer)
                if channel is not None:
                    CHANNEL_HEADER.pack_into(buffer, _CHANNEL_AT, channel, size)
                    packet = view[_CHANNEL_AT : _ROOM + size]
                else:
                    packet = self._indication(peer, size)
                try:
                    if client_sock is not None:
                        client_sock.sendto(packet, client)
                    elif not self._to_stream(relay, packet):
                        continue
                except OSError as error:
                    self._not_sent(error)
                    continue
                traffic.packets_to_clients += 1
                traffic.bytes_to_clients = total
            yield

    def _from_peers_to_stream(self, relay: Relay, sock: socket.socket, turn: Turn) -> Iterator[None]:
        for _ in self._from_peers(relay, sock, turn):
            if relay.stream is not None and not relay.stream.closed:
                relay.stream.send_waiting(time.monotonic())  # all that came together, by one call
            yield

    def _to_stream(self, relay: Relay, packet: memoryview) -> bool:
        if relay.stream is None or relay.stream.closed:
            return False  # its end is about to be told
        relay.stream.queue.push(padded(bytes(packet)), time.monotonic(), media=True)
        return True

    def _indication(self, peer: SocketAddress, size: int) -> memoryview:
        self._transaction = (self._transaction + 1) % (1 << 96)
        address = TransportAddress(peer[0], peer[1])
        prefix = data_indication_prefix(address, size, self._transaction.to_bytes(12, "big"))
        start, end = _ROOM - len(prefix), _ROOM + size + -size % 4
        self._buffer[start:_ROOM] = prefix
        self._buffer[_ROOM + size : end] = bytes(end - _ROOM - size)
        return self._view[start:end]

    def _arrive(self, data: bytes, source: SocketAddress, listener: Listener) -> None:
        if len(source) == 4 and source[3]:
            self.dropped["link-local"] += 1  # its answer would need the interface, and it can be nobody's citizen
            return
        self._arrivals.append(Arrival(data, TransportAddress(source[0], source[1]), listener.address))

    def _not_sent(self, error: OSError) -> None:
        cause = {errno.EAGAIN: "queue-full", errno.EMSGSIZE: "too-long"}.get(error.errno or 0, "send-failed")
        self.dropped[cause] += 1

    def _serve(self, five_tuple: FiveTuple, host: str, sock: socket.socket) -> TransportAddress:
        """Takes up a bound socket as the relayed address of its family."""
        relay = self._relays.get(five_tuple)
        if relay is None:
            relay = self._relays[five_tuple] = self._made(five_tuple)
        address = TransportAddress(host, sock.getsockname()[1])
        relay.socks[address.family] = sock
        self._live.add(socket_address(address))
        pass_on = self._from_peers if relay.stream is None else self._from_peers_to_stream
        turn = Turn() if relay.stream is None else Turn(BATCH, least=BATCH)
        self._poller.watch(sock.fileno(), pass_on(relay, sock, turn).__next__)
        return address

    def _made(self, five_tuple: FiveTuple) -> Relay:
        client = socket_address(five_tuple.client)
        udp = five_tuple.transport is Transport.UDP
        listener = self._listeners[five_tuple.server] if udp else None
        stream = None if udp else self._streams.opened(five_tuple)
        relay = Relay(listener, stream, client, time.monotonic(), self._bandwidth, self._bandwidth)
        if listener is not None:
            listener.relays[client] = relay
        return relay

    def _within(self, relay: Relay, *, to_peers: int = 0, to_clients: int = 0) -> bool:
        if relay.grant(self._bandwidth, time.monotonic(), to_peers=to_peers, to_clients=to_clients):
            return True
        self.dropped["over-bandwidth"] += 1
        return False

    def _close(self, sock: socket.socket) -> None:
        self._live.discard(sock.getsockname())
        self._overflowed += receive_drops(sock)
        self._poller.unwatch(sock.fileno())
        sock.close()

    def _gone(self, five_tuple: FiveTuple) -> None:
        self._arrivals.append(Gone(five_tuple))
