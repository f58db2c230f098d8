"""The load of `make bench-relay` over TLS: a few clients in Python, which is enough for what is asked of them."""

from __future__ import annotations

import select
import socket
import ssl
import time
from dataclasses import dataclass

from support.relay_client import TurnClient, channel_data, error
from support.relay_load_sockets import CHANNEL, LASTING, PEERS, address, processor_time, sent_from, socket_of_many

from media_relay.stun.address import TransportAddress
from tawasul.access.relay_credentials import mint

FIRST = 50_000
"""Numbers of the clients over TLS and of their peers: no others have them."""
TICK = 0.001
"""Seconds: how often packets are sent, as many as are due."""
SETTLE = 0.2
"""Seconds for the last ones to arrive."""
PATIENCE = 10.0


@dataclass
class _End:
    """A client, its peer's address, and the relayed one between them."""

    stream: ssl.SSLSocket
    peer: str
    relayed: tuple[str, int]
    came: int = 0

    def drain(self) -> None:
        """Counts the bytes that have come."""
        try:
            while True:
                got = self.stream.recv(65_536)
                if not got:
                    raise AssertionError("the relay has closed a stream")
                self.came += len(got)
        except ssl.SSLWantReadError:
            return


class TlsLoad:
    """``count`` clients of a relay over TLS, each with one peer. ``pid``: the relay's process."""

    def __init__(self, relay: tuple[str, int], pid: int, secret: str, count: int, certificate: str) -> None:
        self._pid = pid
        self._peers = socket_of_many()
        self._peers.setblocking(False)
        context = ssl.create_default_context(cafile=certificate)
        self._ends = [self._end(relay, secret, context, FIRST + number) for number in range(count)]

    @property
    def agreed(self) -> str:
        """The version and the cipher."""
        stream = self._ends[0].stream
        cipher = stream.cipher()
        return f"{stream.version()} with {cipher[0] if cipher else 'no cipher'}"

    def pace(self, payload: int, rate: float, seconds: float) -> dict[str, float]:
        """``rate`` packets a second in all, every other one from a client: what was sent, what came, what it cost."""
        packet, framed = bytes(payload), channel_data(CHANNEL, bytes(payload))
        of = {end.stream.fileno(): end for end in self._ends}
        sources = [sent_from(end.peer) for end in self._ends]
        sent = came_to_peers = 0
        for end in self._ends:
            end.came = 0
        with select.epoll() as epoll:
            for descriptor in (*of, self._peers.fileno()):
                epoll.register(descriptor, select.EPOLLIN)
            processor, began = processor_time(self._pid), time.monotonic()
            ends = began + seconds
            while (now := time.monotonic()) < ends + SETTLE:
                while now < ends and sent < (now - began) * rate:
                    end = self._ends[(sent >> 1) % len(self._ends)]
                    if sent & 1:
                        self._peers.sendmsg([packet], sources[(sent >> 1) % len(self._ends)], 0, end.relayed)
                    else:
                        end.stream.sendall(framed)
                    sent += 1
                for descriptor, _ in epoll.poll(TICK):
                    if descriptor in of:
                        of[descriptor].drain()
                    else:
                        came_to_peers += self._taken(payload)
        processor = processor_time(self._pid) - processor
        received = came_to_peers + sum(end.came // len(framed) for end in self._ends)
        return {"sent": sent, "received": received, "elapsed": seconds * 1e9, "processor": processor * 1e9}

    def _end(self, relay: tuple[str, int], secret: str, context: ssl.SSLContext, number: int) -> _End:
        plain = socket.create_connection(relay, timeout=PATIENCE)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = context.wrap_socket(plain, server_hostname=relay[0])
        given = mint(secret, f"load-{number}@bench", int(time.time()) + LASTING)
        client = TurnClient(lambda request: _asked(stream, request), given)
        relayed, peer = client.relayed(), address(PEERS, number)
        refused = error(client.bind(CHANNEL, TransportAddress(peer, self._peers.getsockname()[1])))
        assert refused is None, f"the relay refuses a channel: {refused}"
        stream.setblocking(False)
        return _End(stream, peer, (relayed.host, relayed.port))

    def _taken(self, payload: int) -> int:
        count = 0
        try:
            while True:
                count += len(self._peers.recv(2048)) == payload
        except BlockingIOError:
            return count


def _asked(stream: ssl.SSLSocket, request: bytes) -> bytes:
    stream.sendall(request)
    answer = b""
    while len(answer) < 20 or len(answer) < 20 + int.from_bytes(answer[2:4]):
        more = stream.recv(2048)
        assert more, "the relay has closed a stream"
        answer += more
    return answer
