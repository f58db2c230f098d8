"""The relay's TCP and TLS clients, all in the epoll loop of the data plane: accepted, read, written to, and closed.

A stream that leads to nothing is closed by what ``Connections`` allows, and nothing is left of it. What its frames mean
is not judged here: they are handed to the data plane, and so is the news that a stream has ended.
"""

from __future__ import annotations

import logging
import math
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from media_relay.core.connections import Connections, StreamLimits
from media_relay.core.effects import FiveTuple, Transport
from media_relay.core.prefix import prefix_of
from media_relay.core.shares import Shares
from media_relay.poller import Poller
from media_relay.stream import READ, Stream, StreamEnded, reset
from media_relay.stream_listener import Acceptor
from media_relay.stun.address import TransportAddress
from media_relay.stun.framing import padded
from media_relay.tls import Certificate

LOOK = 1.0
"""Seconds between two looks at who is overdue."""

logger = logging.getLogger("media_relay")


class Streams:
    """``deliver`` is given the frames that came from a client, ``gone`` the client whose stream has ended, in the order
    in which it happened. ``certificate``: for TLS; ``shares``: the streams of other workers."""

    def __init__(
        self,
        poller: Poller,
        limits: StreamLimits,
        certificate: Certificate | None,
        shares: Shares,
        *,
        deliver: Callable[[FiveTuple, list[bytes]], None],
        gone: Callable[[FiveTuple], None],
    ) -> None:
        self._ended: Counter[str] = Counter()
        self._poller = poller
        self._certificate = certificate
        self._deliver = deliver
        self._gone = gone
        self._connections = Connections(limits, shares)
        self._acceptors: list[Acceptor] = []
        self._streams: dict[FiveTuple, Stream] = {}
        self._writing: set[Stream] = set()
        self._late = 0
        self._buffer = memoryview(bytearray(READ))
        self._next_look = math.inf

    def listen(self, sock: socket.socket, transport: Transport) -> TransportAddress:
        """Takes the clients of ``sock``, which listens, and owns it from here on. Returns where it listens."""
        address = TransportAddress(*sock.getsockname()[:2])
        self._acceptors.append(Acceptor(sock, self._poller, partial(self._accepted, address, transport)))
        self._next_look = time.monotonic()
        return address

    def opened(self, five_tuple: FiveTuple) -> Stream | None:
        """The client has an allocation: it may say what a call says. Its stream, while it stands."""
        stream = self._streams.get(five_tuple)
        if stream is not None:
            self._connections.allocated(five_tuple)
            stream.has_allocation(True)
        return stream

    def closed(self, five_tuple: FiveTuple) -> None:
        """It has none any more."""
        stream = self._streams.get(five_tuple)
        if stream is not None:
            self._connections.released(five_tuple, time.monotonic())
            stream.has_allocation(False)

    def answer(self, five_tuple: FiveTuple, data: bytes) -> None:
        """Sends to the client, if its stream still stands: this is not dropped, however long it waits."""
        stream = self._streams.get(five_tuple)
        if stream is not None:
            stream.write(padded(data), time.monotonic(), media=False)

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """See ``DataPlane.stream_counts``."""
        standing = Counter(five_tuple.transport.value for five_tuple in self._streams)
        late = self._late + sum(stream.queue.dropped for stream in self._streams.values())
        return {"standing": dict(standing), "ended": dict(sorted(self._ended.items())), "dropped": {"late": late}}

    @property
    def deadline(self) -> float:
        """When ``look_round`` is to be called, in seconds of the monotonic clock; infinity while nobody listens."""
        return self._next_look

    def look_round(self, now: float) -> None:
        """Closes who is overdue, and who takes nothing of what waits."""
        for five_tuple in self._connections.overdue(now):
            self._end(self._streams[five_tuple], "overdue")
        for stream in [stream for stream in self._writing if stream.is_stuck(now)]:
            self._end(stream, "stuck")
        for acceptor in self._acceptors:
            acceptor.go_on()
        self._next_look = now + LOOK

    def close(self) -> None:
        """Closes everything, and tells nobody."""
        for stream in list(self._streams.values()):
            self._forget(stream)
            stream.close(abruptly=False)
        self.stop_listening()

    def stop_listening(self) -> None:
        """Takes no more clients; those who stand, stay."""
        for acceptor in self._acceptors:
            acceptor.close()
        self._acceptors.clear()

    def _accepted(
        self, server: TransportAddress, transport: Transport, sock: socket.socket, client: TransportAddress, now: float
    ) -> bool:
        five_tuple = FiveTuple(client, server, transport)
        former = self._streams.get(five_tuple)
        if former is not None:
            self._end(former, "closed")  # its client is known to have gone by its coming again from the same port
        if not self._connections.opened(five_tuple, now):
            self._ended["refused"] += 1
            reset(sock)
            sock.close()
            return False
        makes_way = self._connections.surplus()
        if makes_way is not None:
            self._end(self._streams[makes_way], "displaced")
        try:
            session = self._certificate.session() if transport is Transport.TLS and self._certificate else None
            stream = Stream(sock, five_tuple, session, self._note_waiting)
        except OSError:  # the client has gone already, or there is no memory for its session
            self._ended["failed"] += 1
            self._connections.closed(five_tuple)
            sock.close()
            return True
        self._streams[five_tuple] = stream
        self._connections.received(five_tuple, now, size=0, frames=0, half=stream.half)
        self._poller.watch(stream.fileno, partial(self._ready, stream))
        return True

    def _ready(self, stream: Stream) -> None:
        five_tuple, now = stream.five_tuple, time.monotonic()
        try:
            if stream in self._writing:
                stream.flush(now)
            frames = stream.receive(self._buffer, now)
        except StreamEnded as ended:
            self._end(stream, ended.cause)
            return
        except Exception:
            # Whatever one client has upset, it must not end everybody's call. Nothing is known to reach this line.
            logger.exception("a stream from %s was given up", prefix_of(five_tuple.client))
            self._end(stream, "failed")
            return
        received = self._connections.received
        if not received(five_tuple, now, size=stream.came, frames=len(frames), half=stream.half):
            self._end(stream, "too-much")
            return
        if frames:
            self._deliver(five_tuple, frames)
        if stream.decoder.broken is not None:
            self._end(stream, "garbage")
        elif stream.more:
            self._poller.again(stream.fileno)

    def _note_waiting(self, stream: Stream, waiting: bool) -> None:
        self._poller.watch_writing(stream.fileno, waiting)
        if waiting:
            self._writing.add(stream)
        else:
            self._writing.discard(stream)

    def _end(self, stream: Stream, cause: str) -> None:
        self._ended[cause] += 1
        self._forget(stream)
        stream.close(abruptly=cause != "closed")
        self._gone(stream.five_tuple)

    def _forget(self, stream: Stream) -> None:
        self._poller.unwatch(stream.fileno)
        self._writing.discard(stream)
        self._connections.closed(stream.five_tuple)
        self._late += stream.queue.dropped
        del self._streams[stream.five_tuple]
