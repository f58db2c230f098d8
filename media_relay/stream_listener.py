"""A listening TCP socket: its clients are taken as they come, but no faster than calls that run can bear."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable

from media_relay.poller import Poller
from media_relay.stun.address import TransportAddress

BATCH = 16
"""Connections taken before the packets have their turn: a TLS handshake costs as much as some hundred packets."""
A_SECOND = 250
"""Connections taken in a second, beside those that are refused at once, as of a source that comes too often. The others
wait in the kernel: a flood of handshakes leaves three quarters of the processor to the calls, and all who come back
after a restart are served within seconds."""

_NONE_LEFT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

Take = Callable[[socket.socket, TransportAddress, float], bool]
"""Given the socket, which it is to own, the client, and the time; whether the client may stay."""


class Acceptor:
    """Gives each client of ``sock`` to ``take``, and owns ``sock``."""

    def __init__(self, sock: socket.socket, poller: Poller, take: Take) -> None:
        self.paused = False
        """Whether nobody is taken until ``go_on``."""
        self._sock = sock
        self._poller = poller
        self._take = take
        self._second = 0
        self._taken = 0
        poller.watch(sock.fileno(), self._accept)

    def go_on(self) -> None:
        """Takes clients again; to be called about every second while it is ``paused``."""
        if self.paused:
            self.paused = False
            self._poller.watch(self._sock.fileno(), self._accept)

    def close(self) -> None:
        """Listens no more."""
        if not self.paused:
            self._poller.unwatch(self._sock.fileno())
        self._sock.close()

    def _accept(self) -> None:
        now = time.monotonic()
        if int(now) != self._second:
            self._second, self._taken = int(now), 0
        for _ in range(BATCH):
            if self._taken >= A_SECOND:
                return self._pause()
            try:
                sock, source = self._sock.accept()
            except OSError as error:
                # No file handle left: the client waits, and would wake us without end. Or it has gone again.
                return self._pause() if error.errno in _NONE_LEFT else None
            if len(source) == 4 and source[3]:
                sock.close()  # link-local: its answer would need the interface, and it can be nobody's citizen
            elif self._take(sock, TransportAddress(*source[:2]), now):
                self._taken += 1
        return None

    def _pause(self) -> None:
        self.paused = True
        self._poller.unwatch(self._sock.fileno())
