"""A DTLS handshake that repeats what was lost soon. Which and when is decided by `core.flights`.

aiortc leaves the repeating to OpenSSL, whose timer begins at a second; its bindings have nothing to set that by.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from aiortc.rtcdtlstransport import RTCDtlsTransport

from kiosk_client.aiortc_private.repeating import Timer
from kiosk_client.core.flights import Flights

SEND = "_send"
SSL = "_ssl"
OUT, IN = "bio_read", "bio_write"
"""By which aiortc takes what OpenSSL has to say, a datagram at a time, and gives it what came."""


class QuickHandshake:
    """Of one transport, whose handshake has not begun. `clock`: monotonic seconds."""

    def __init__(self, transport: RTCDtlsTransport, clock: Callable[[], float]) -> None:
        self.flights = Flights()
        self._transport = transport
        self._clock = clock
        self._timer = Timer(lambda: self.flights.deadline, self._rang, clock)
        self._sending: set[asyncio.Task[None]] = set()
        transport.on("statechange", self._on_state)

    def _on_state(self) -> None:
        match self._transport.state:
            case "connecting":  # there is an `_ssl` now, and it has said nothing yet
                ssl = getattr(self._transport, SSL)
                setattr(ssl, OUT, partial(self._out, getattr(ssl, OUT)))
                setattr(ssl, IN, partial(self._in, getattr(ssl, IN)))
            case _:
                self.flights.complete()
                self._timer.look()

    def _out(self, read: Callable[[int], bytes], size: int) -> bytes:
        datagram = read(size)
        self.flights.sent(datagram, self._clock())
        self._timer.look()
        return datagram

    def _in(self, write: Callable[[bytes], int], datagram: bytes) -> int:
        self._send(self.flights.came(datagram, self._clock()))
        return write(datagram)

    def _rang(self) -> None:
        self._send(self.flights.due(self._clock()))

    def _send(self, datagrams: list[bytes]) -> None:
        if datagrams:
            task = asyncio.get_running_loop().create_task(self._send_quietly(datagrams))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _send_quietly(self, datagrams: list[bytes]) -> None:
        try:
            for datagram in datagrams:
                await getattr(self._transport.transport, SEND)(datagram)
        except ConnectionError:
            return  # the path has ended, which others tell
