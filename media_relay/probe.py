"""Asks a STUN server what address it sees (a Binding round trip): is a relay alive, as a client would find it."""

from __future__ import annotations

import asyncio
import os

from media_relay.errors import MalformedAttribute, MalformedMessage
from media_relay.stun.address import TransportAddress
from media_relay.stun.attributes import XOR_MAPPED_ADDRESS
from media_relay.stun.message import MessageClass, Method, build, parse

ATTEMPTS = 4
FIRST_TIMEOUT = 0.25
"""Seconds; doubled at each attempt (RFC 8489 section 6.2.1), so that all of them take less than 4."""


async def binding(host: str, port: int, *, attempts: int = ATTEMPTS) -> TransportAddress | None:
    """Our address as the STUN server at ``host``, ``port`` sees it; None when no valid answer comes. Never raises."""
    loop = asyncio.get_running_loop()
    transaction_id = os.urandom(12)
    try:
        transport, probe = await loop.create_datagram_endpoint(lambda: _Probe(transaction_id), remote_addr=(host, port))
    except OSError:
        return None
    try:
        timeout = FIRST_TIMEOUT
        for _ in range(attempts):
            transport.sendto(build(Method.BINDING, MessageClass.REQUEST, transaction_id, fingerprint=True))
            done, _pending = await asyncio.wait([probe.answer], timeout=timeout)
            if done:
                return probe.answer.result()
            timeout *= 2
        return None
    finally:
        transport.close()


class _Probe(asyncio.DatagramProtocol):
    def __init__(self, transaction_id: bytes) -> None:
        self._transaction_id = transaction_id
        self.answer: asyncio.Future[TransportAddress | None] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: object) -> None:
        try:
            message = parse(data)
            if message.transaction_id != self._transaction_id or self.answer.done():
                return
            success = message.message_class is MessageClass.SUCCESS
            self.answer.set_result(message.get(XOR_MAPPED_ADDRESS) if success else None)
        except (MalformedMessage, MalformedAttribute):
            return

    def error_received(self, exc: Exception) -> None:
        # Connection refused: the kernel says that nobody listens there.
        if not self.answer.done():
            self.answer.set_result(None)
