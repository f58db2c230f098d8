"""One TCP or TLS client: its bytes cut into frames, and frames written to it as fast as it takes them, and no faster.

Nothing here waits. What the kernel does not take at once stands in a queue that is bounded by age, and ``on_waiting``
tells when there begins to be something in it, and when there is nothing any more.
"""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable

from media_relay.core.effects import FiveTuple
from media_relay.core.write_queue import WriteQueue
from media_relay.stun.framing import LONGEST, LONGEST_OF_A_STRANGER, StreamDecoder
from media_relay.tls import TlsSession

TOGETHER = 16_384
"""Bytes of several frames that are sent by one call, and as one TLS record (RFC 8446 section 5.1): the packets of one
picture come together."""
TURN, READ = 64, 4096
"""Frames taken of a client, and bytes read, before the others have their turn: as many as packets of a UDP socket, and
more than a call has to say between two turns."""
TURN_OF_A_STRANGER, READ_OF_A_STRANGER = 4, 1024
"""The same of one without an allocation. It has little to say, and two thousand of them together must not hold up the
calls; a KiB of what costs the most, changes of TLS keys, takes half a millisecond."""
NOT_SENT = 32_768
"""Bytes that the kernel holds for a client before they are on their way. By itself it would take megabytes, and what
lies there can no more make way for what is newer."""

UNSENT = 2 * LONGEST
"""Bytes of ciphertext that may wait to be sent: of the longest frame, and of what TLS answers by itself. A client may
ask for a change of keys with every record, and take none of the answers."""
STUCK = 10.0
"""Seconds in which not one byte could be sent, although some wait: the client is gone."""


class StreamEnded(Exception):
    """The stream is to be closed: by the client (``closed``), or because of what it sent (the other causes)."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Stream:
    """A connection of ``five_tuple``; ``session``: its TLS, or None. It owns ``sock``, which does not block."""

    def __init__(
        self,
        sock: socket.socket,
        five_tuple: FiveTuple,
        session: TlsSession | None,
        on_waiting: Callable[[Stream, bool], None],
    ) -> None:
        self.five_tuple = five_tuple
        self.decoder = StreamDecoder()
        self.more = False
        """Whether frames may be left that have come, and were more than a turn: epoll does not tell of them."""
        self.came = 0
        """Bytes that ``receive`` has last read from the socket."""
        self.queue = WriteQueue()
        self.closed = False
        """Whether ``close`` was called; from then on nothing is to be asked of it."""
        self._sock = sock
        self._session = session
        self._turn, self._most = TURN_OF_A_STRANGER, READ_OF_A_STRANGER
        self._on_waiting = on_waiting
        self._waiting = False
        self._moved_at = 0.0
        """When something was last sent, or began to wait."""
        self._unsent = b""
        """Ciphertext that has begun to be sent: it can neither be dropped nor overtaken."""
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, NOT_SENT)

    @property
    def fileno(self) -> int:
        """For epoll."""
        return self._sock.fileno()

    @property
    def half(self) -> bool:
        """Whether something has begun and not ended: a frame, or the handshake."""
        return self.decoder.half or (self._session is not None and not self._session.established)

    def has_allocation(self, it_has: bool) -> None:
        """Whether the client has an allocation, from now on: then it may say more at a time, and longer frames."""
        self.decoder.limit = LONGEST if it_has else LONGEST_OF_A_STRANGER
        self._turn, self._most = (TURN, READ) if it_has else (TURN_OF_A_STRANGER, READ_OF_A_STRANGER)

    def receive(self, buffer: memoryview, now: float) -> list[bytes]:
        """The frames that have come, a turn of them at most, read by way of ``buffer``; ``decoder`` tells if more can.
        Nothing is read while there are ``more``: then the client waits, and its kernel. Raises StreamEnded."""
        self.came = 0
        data = b"" if self.more else self._read(buffer, now)
        frames = self.decoder.feed(data, self._turn)
        self.more = len(frames) == self._turn
        return frames

    def write(self, frame: bytes, now: float, *, media: bool) -> None:
        """Sends ``frame``, padded as a stream wants it, or lets it wait; ``media``: it may grow too old to be sent."""
        self.queue.push(frame, now, media=media)
        self.send_waiting(now)

    def send_waiting(self, now: float) -> None:
        """Sends what was pushed to ``queue``, unless it has to wait for its turn."""
        if not self._waiting:
            self.flush(now)

    def flush(self, now: float) -> None:
        """Sends what waits, as far as the kernel takes it."""
        try:
            if self._session is None:
                while (front := self.queue.front(now, TOGETHER)) is not None:
                    self.queue.written(self._sock.send(front))
                    self._moved_at = now
            else:
                while self._unsent or self._encrypt_more(self._session, now):
                    self._unsent = self._unsent[self._sock.send(self._unsent) :]
                    self._moved_at = now
        except BlockingIOError:
            pass
        except OSError:
            return  # the connection is broken, which epoll tells of: here others may be at it
        self._note_waiting(now)

    def is_stuck(self, now: float) -> bool:
        """Whether the client has taken nothing for too long, or too little: close the stream."""
        return self._waiting and (self._moved_at + STUCK <= now or self.queue.overfull)

    def close(self, *, abruptly: bool) -> None:
        """``abruptly``: by a reset, so that the kernel keeps nothing for somebody who may never take it."""
        self.closed = True
        if abruptly:
            reset(self._sock)
        self._sock.close()

    def _read(self, buffer: memoryview, now: float) -> bytes | memoryview:
        try:
            self.came = size = self._sock.recv_into(buffer, self._most)
        except BlockingIOError:
            return b""
        except OSError:
            raise StreamEnded("closed") from None
        if not size:
            raise StreamEnded("closed")
        return buffer[:size] if self._session is None else self._decrypted(self._session, buffer[:size], now)

    def _decrypted(self, session: TlsSession, data: memoryview, now: float) -> bytes:
        try:
            clear = session.received(data)
        except ssl.SSLError:
            raise StreamEnded("tls") from None
        if session.pending:  # of the handshake, or a change of keys
            self._unsent += session.to_send()
            self.flush(now)
            if len(self._unsent) > UNSENT:
                raise StreamEnded("stuck")
        if clear is None:
            raise StreamEnded("closed")
        return clear

    def _encrypt_more(self, session: TlsSession, now: float) -> bool:
        """Whether there is something to send again. It is one record, or the few of a long frame: what is encrypted can
        no more make way."""
        front = self.queue.front(now, TOGETHER)
        if front is None:
            return False
        session.encrypt(front)
        self.queue.written(len(front))
        self._unsent = session.to_send()
        return True

    def _note_waiting(self, now: float) -> None:
        waiting = bool(self._unsent) or len(self.queue) > 0
        if waiting != self._waiting:
            self._waiting, self._moved_at = waiting, now
            self._on_waiting(self, waiting)


def reset(sock: socket.socket) -> None:
    """Lets ``sock`` be closed by a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
