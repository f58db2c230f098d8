"""Asks a STUN server what address it sees (a Binding round trip): is a relay alive, as a client would find it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address
from typing import Any, Literal

from media_relay.errors import MalformedAttribute, MalformedMessage
from media_relay.stun.address import TransportAddress
from media_relay.stun.attributes import XOR_MAPPED_ADDRESS
from media_relay.stun.framing import StreamDecoder
from media_relay.stun.message import MessageClass, Method, build, parse

ATTEMPTS = 4
FIRST_TIMEOUT = 0.25
"""Seconds; doubled at each attempt (RFC 8489 section 6.2.1), so that all of them take less than 4."""

_NAMES = ThreadPoolExecutor(8, thread_name_prefix="relay-name")
# While no name server answers, a thread waits for each name for as long as the system does, and nobody can call it off.
# In the event loop's own executor those threads would be missing to signing in and to documents.


async def binding(
    host: str,
    port: int,
    *,
    attempts: int = ATTEMPTS,
    transport: Literal["udp", "tcp", "tls"] = "udp",
    context: ssl.SSLContext | None = None,
) -> TransportAddress | None:
    """Our address as the STUN server at ``host``, ``port`` sees it; None when no valid answer comes. Never raises.

    ``context``: whom to trust over TLS; by default, as the system does, a certificate that names ``host``. On a stream
    the question is put once, and waited for as long as over UDP all ``attempts`` take; finding out what ``host`` means
    is a part of that time.
    """
    question = build(Method.BINDING, MessageClass.REQUEST, transaction_id := os.urandom(12), fingerprint=True)
    if transport == "tls" and context is None:
        context = ssl.create_default_context()
    try:
        async with asyncio.timeout(FIRST_TIMEOUT * (2**attempts - 1)):
            for address in await _addresses(host):
                with contextlib.suppress(OSError):  # no way there, or no certificate that is trusted
                    if transport == "udp":
                        return await _by_datagram(address, port, question, transaction_id, attempts)
                    trusting = {"ssl": context, "server_hostname": host} if transport == "tls" else {}
                    return await _by_stream(address, port, question, transaction_id, trusting)
    except (OSError, ValueError):  # no answer in time; no such name; what cannot be a name
        pass
    return None


async def _addresses(host: str) -> list[str]:
    """By number, as the system prefers them. Raises OSError, ValueError."""
    with contextlib.suppress(ValueError):
        return [str(ip_address(host))]
    ask = partial(socket.getaddrinfo, host, None, type=socket.SOCK_DGRAM)
    found = await asyncio.get_running_loop().run_in_executor(_NAMES, ask)
    return [str(address[0]) for *_, address in found]


async def _by_datagram(
    host: str, port: int, question: bytes, transaction_id: bytes, attempts: int
) -> TransportAddress | None:
    loop = asyncio.get_running_loop()
    transport, probe = await loop.create_datagram_endpoint(lambda: _Probe(transaction_id), remote_addr=(host, port))
    try:
        timeout = FIRST_TIMEOUT
        for _ in range(attempts):
            transport.sendto(question)
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
        answered, mapped = _mapped(data, self._transaction_id)
        if answered and not self.answer.done():
            self.answer.set_result(mapped)

    def error_received(self, exc: Exception) -> None:
        # Connection refused: the kernel says that nobody listens there.
        if not self.answer.done():
            self.answer.set_result(None)


async def _by_stream(
    host: str, port: int, question: bytes, transaction_id: bytes, trusting: Mapping[str, Any]
) -> TransportAddress | None:
    reader, writer = await asyncio.open_connection(host, port, **trusting)
    try:
        writer.write(question)
        decoder = StreamDecoder()
        while data := await reader.read(4096):
            for frame in decoder.feed(data):
                answered, mapped = _mapped(frame, transaction_id)
                if answered:
                    return mapped
        return None
    finally:
        writer.transport.abort()  # a farewell over TLS would wait for the other's


def _mapped(data: bytes, transaction_id: bytes) -> tuple[bool, TransportAddress | None]:
    """Whether ``data`` answers the question, and the address in it; an answer without one is None."""
    try:
        message = parse(data)
        if message.transaction_id != transaction_id:
            return False, None
        return True, message.get(XOR_MAPPED_ADDRESS) if message.message_class is MessageClass.SUCCESS else None
    except (MalformedMessage, MalformedAttribute):
        return False, None
