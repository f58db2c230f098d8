"""Reads all that has come in at once, and knows when it did: by the kernel's clock, not by when the event loop came.

An event loop reads one datagram a turn. On a machine with other work turns take long now and then: datagrams wait in
their socket, for seconds where a turn takes longer than the pause between two, and whoever is told that they came in
late takes it for a queue on the path, and sends less and less. So the socket is emptied in each turn; and Linux keeps
the moment at which the datagram that was read last had come in (SIOCGSTAMPNS, socket(7)).
"""

from __future__ import annotations

import fcntl
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from aioice.ice import Connection

TAKE_DATA = "data_received"
TAKE_DATAGRAM = "datagram_received"
PROTOCOLS = "_protocols"
RELAYED = "_TurnTransport__inner_protocol"

SIOCGSTAMPNS = 0x8907
LONGEST_WAIT = 5.0
"""Seconds for which a datagram may have waited in its socket. Beyond that the wall clock was set."""

MOST_AT_ONCE = 50
"""Datagrams that are read in one turn: a flood must not keep the loop from everything else."""

MOST_WAITING = 4096
"""Datagrams whose moments are kept until they are read."""

LARGEST = 65536


class ArrivalTimes:
    """Of what one ICE connection receives, from its first datagram of media on. `clock`: monotonic seconds."""

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock
        self._came: float | None = None  # of the datagram that is being read
        self._reading: set[Any] = set()
        self._waiting: deque[tuple[bytes, float]] = deque(maxlen=MOST_WAITING)
        setattr(connection, TAKE_DATA, partial(self._data_received, getattr(connection, TAKE_DATA)))

    def of(self, data: bytes) -> float:
        """When this very object came in, in the clock's seconds; now, where that is not known. Each is asked for once,
        in the order in which they came."""
        while self._waiting:
            waiting, at = self._waiting.popleft()
            if waiting is data:
                return at
        return self._clock()

    def _data_received(self, take: Callable[[bytes, int], None], data: bytes, component: int) -> None:
        for protocol in getattr(self._connection, PROTOCOLS):
            if protocol not in self._reading:
                self._reading.add(protocol)
                self._read_by(protocol)
        self._waiting.append((data, self._clock() if self._came is None else self._came))
        take(data, component)

    def _read_by(self, protocol: Any) -> None:
        # What is relayed comes out of the socket to the relay.
        relayed = getattr(protocol.transport, RELAYED, None)
        taker = protocol if relayed is None else relayed
        reading = DatagramSocket(taker.transport.get_extra_info("socket"), self._clock)
        setattr(taker, TAKE_DATAGRAM, partial(self._datagram_received, reading, getattr(taker, TAKE_DATAGRAM)))

    def _datagram_received(
        self, reading: DatagramSocket, take: Callable[[bytes, Any], None], data: bytes, address: Any
    ) -> None:
        try:
            self._came = reading.came()
            take(data, address)
            for more, source in reading.more():
                self._came = reading.came()
                take(more, source)
        finally:
            self._came = None


class DatagramSocket:
    """What else there is to be known of a socket that an event loop reads. Of a stream nothing."""

    def __init__(self, read: Any, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._read = read if read is not None and read.type & socket.SOCK_DGRAM else None
        self._last = b""
        self.came()  # the kernel notes it from the first question on

    def came(self) -> float | None:
        """When the datagram that was read last came in, in the clock's seconds; None where that is not known."""
        if self._read is None or self._read.fileno() < 0:
            return None
        try:
            stamp = fcntl.ioctl(self._read.fileno(), SIOCGSTAMPNS, bytes(16))
        except OSError:  # of another system
            return None
        if stamp == self._last:  # a kernel that does not keep it anew for each
            return None
        self._last = stamp
        seconds, nanoseconds = struct.unpack("@ll", stamp)
        now, wall = self._both_clocks()
        waited = wall - seconds - nanoseconds / 1e9
        return now - waited if 0 <= waited <= LONGEST_WAIT else None

    def _both_clocks(self) -> tuple[float, float]:
        for _ in range(3):  # between the two this process may have to wait for its turn
            before, wall, after = self._clock(), time.time(), self._clock()
            if after - before < 0.0005:
                break
        return before, wall

    def more(self) -> Iterator[tuple[bytes, Any]]:
        """Datagrams that are there already, with where they are from; at most `MOST_AT_ONCE`."""
        for _ in range(MOST_AT_ONCE):
            if self._read is None or self._read.fileno() < 0:  # whoever took the one before may have closed it
                return
            try:
                # The loop's socket may not be read from: a copy of its descriptor may, for as long as this takes.
                with socket.fromfd(self._read.fileno(), self._read.family, self._read.type) as copy:
                    read = copy.recvfrom(LARGEST, socket.MSG_DONTWAIT)
            except OSError:  # nothing there, or an error that the loop will find
                return
            yield read
