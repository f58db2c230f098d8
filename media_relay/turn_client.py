"""A small TURN client, for looking at a relay from outside (RFC 8656 over UDP, TCP and TLS): one question at a time.

The calls of people are made by libraries; this one exists to tell where and why something does not get through, which
libraries do not. It sends by Send indications only, and never binds a channel.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
from collections import deque
from typing import Protocol

from media_relay.errors import AnswerNotStun, MalformedAttribute, MalformedMessage, RequestRefused
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.attributes import Field
from media_relay.stun.channel import FIRST_CHANNEL
from media_relay.stun.framing import LONGEST, StreamDecoder
from media_relay.stun.integrity import long_term_key
from media_relay.stun.message import Message, MessageClass, Method, build, parse
from tawasul.access.relay_credentials import RelayCredentials

TIMEOUTS = (0.25, 0.5, 1.0, 2.0)
"""Seconds before each repetition over UDP (RFC 8489 section 6.2.1), and before it is given up; a stream, which repeats
by itself, is given as long in all."""
UDP = 17
"""The transport of relayed addresses, as REQUESTED-TRANSPORT has it (RFC 8656 section 18.8)."""


class Wire(Protocol):
    """What carries whole messages to a relay and back. Closing it is idempotent."""

    @property
    def reliable(self) -> bool:
        """Whether nothing need be repeated."""

    @property
    def local(self) -> TransportAddress:
        """Our own end."""

    @property
    def certificate(self) -> bytes | None:
        """What the relay showed over TLS (DER)."""

    def send(self, message: bytes) -> None:
        """Sends one message."""

    async def receive(self) -> bytes:
        """The next one. Raises OSError, AnswerNotStun."""

    def close(self) -> None:
        """Ends it."""


class TurnClient:
    """One client, with at most one allocation. Whatever it waits for raises TimeoutError when it does not come, OSError
    when the network says so, AnswerNotStun when something else answers, and RequestRefused when the relay does."""

    def __init__(self, wire: Wire, credentials: RelayCredentials | None = None) -> None:
        self.wire = wire
        self.relayed: TransportAddress | None = None
        """The relayed address, as long as there is one."""
        self._credentials = credentials
        self._realm = ""
        self._nonce = ""
        self._arrived: deque[tuple[TransportAddress, bytes]] = deque()

    async def binding(self) -> TransportAddress:
        """Our address, as the relay sees it."""
        answer = await self._exchange(build(Method.BINDING, MessageClass.REQUEST, os.urandom(12), fingerprint=True))
        return _required(answer, stun.XOR_MAPPED_ADDRESS)

    async def allocate(self) -> TransportAddress:
        """A relayed address of our own."""
        answer = await self._ask(Method.ALLOCATE, stun.REQUESTED_TRANSPORT(UDP))
        self.relayed = _required(answer, stun.XOR_RELAYED_ADDRESS)
        return self.relayed

    async def permit(self, peer: TransportAddress) -> None:
        """Lets ``peer`` send to our relayed address."""
        await self._ask(Method.CREATE_PERMISSION, stun.XOR_PEER_ADDRESS(peer))

    async def release(self) -> None:
        """Ends the allocation."""
        await self._ask(Method.REFRESH, stun.LIFETIME(0))
        self.relayed = None

    def send(self, data: bytes, peer: TransportAddress) -> None:
        """From our relayed address to ``peer``; whether it arrives is not told."""
        fields = (stun.XOR_PEER_ADDRESS(peer), stun.DATA(data))
        self.wire.send(build(Method.SEND, MessageClass.INDICATION, os.urandom(12), fields))

    async def receive(self) -> tuple[TransportAddress, bytes]:
        """What has come to our relayed address, and from whom. It waits for ever."""
        while not self._arrived:
            self._take(_parsed(await self.wire.receive()))
        return self._arrived.popleft()

    async def _ask(self, method: int, *fields: Field) -> Message:
        request = self._signed(method, *fields) if self._nonce else _request(method, *fields)
        try:
            return await self._exchange(request)
        except RequestRefused as refused:
            # RFC 8489 section 9.2.5: once for the first challenge, once for a nonce that has become stale.
            if self._credentials is None or (refused.number != 438 and (refused.number != 401 or self._nonce)):
                raise
            self._realm, self._nonce = refused.realm, refused.nonce
            return await self._exchange(self._signed(method, *fields))

    def _signed(self, method: int, *fields: Field) -> bytes:
        assert self._credentials is not None
        username, password = self._credentials.username, self._credentials.password
        named = (*fields, stun.USERNAME(username), stun.REALM(self._realm), stun.NONCE(self._nonce))
        return _request(method, *named, key=long_term_key(username, self._realm, password))

    async def _exchange(self, request: bytes) -> Message:
        for timeout in (sum(TIMEOUTS),) if self.wire.reliable else TIMEOUTS:
            self.wire.send(request)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    return await self._answer(request[8:20])
        raise TimeoutError

    async def _answer(self, transaction_id: bytes) -> Message:
        while True:
            message = _parsed(await self.wire.receive())
            if message is None or message.transaction_id != transaction_id:
                self._take(message)
            elif message.message_class is MessageClass.SUCCESS:
                return message
            elif message.message_class is MessageClass.ERROR:
                raise _refusal(message)

    def _take(self, message: Message | None) -> None:
        if message is None or (message.method, message.message_class) != (Method.DATA, MessageClass.INDICATION):
            return
        with contextlib.suppress(MalformedAttribute):
            peer, data = message.get(stun.XOR_PEER_ADDRESS), message.get(stun.DATA)
            if peer is not None and data is not None:
                self._arrived.append((peer, data))


async def udp_wire(address: TransportAddress) -> Wire:
    """A socket of our own that speaks to ``address`` alone."""
    loop = asyncio.get_running_loop()
    transport, arrivals = await loop.create_datagram_endpoint(_Arrivals, remote_addr=address)
    return _UdpWire(transport, arrivals.came)


async def stream_wire(address: TransportAddress, context: ssl.SSLContext | None, name: str) -> Wire:
    """A connection to ``address``; with ``context`` over TLS, to who can show a certificate of ``name``."""
    async with asyncio.timeout(sum(TIMEOUTS)):
        reader, writer = await asyncio.open_connection(
            *address, ssl=context, server_hostname=name if context is not None else None
        )
    return _StreamWire(reader, writer)


class _Arrivals(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.came: asyncio.Queue[bytes | Exception] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.came.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        self.came.put_nowait(exc)


class _UdpWire:
    reliable = False
    certificate = None

    def __init__(self, transport: asyncio.DatagramTransport, came: asyncio.Queue[bytes | Exception]) -> None:
        self._transport = transport
        self._came = came

    @property
    def local(self) -> TransportAddress:
        return TransportAddress(*self._transport.get_extra_info("sockname")[:2])

    def send(self, message: bytes) -> None:
        self._transport.sendto(message)

    async def receive(self) -> bytes:
        came = await self._came.get()
        if isinstance(came, Exception):
            raise came
        return came

    def close(self) -> None:
        self._transport.close()


class _StreamWire:
    reliable = True

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._decoder = StreamDecoder(LONGEST)
        self._frames: deque[bytes] = deque()

    @property
    def local(self) -> TransportAddress:
        return TransportAddress(*self._writer.get_extra_info("sockname")[:2])

    @property
    def certificate(self) -> bytes | None:
        session: ssl.SSLObject | None = self._writer.get_extra_info("ssl_object")
        return session.getpeercert(binary_form=True) if session is not None else None

    def send(self, message: bytes) -> None:
        self._writer.write(message)

    async def receive(self) -> bytes:
        while not self._frames:
            data = await self._reader.read(LONGEST)
            if not data:
                raise ConnectionResetError("closed by the other side")
            if not self._decoder.half and data[0] >= FIRST_CHANNEL >> 8:
                raise AnswerNotStun  # we never bind a channel; but "HTTP" begins as the data of one would
            self._frames.extend(self._decoder.feed(data))
            if self._decoder.broken is not None and not self._frames:
                raise AnswerNotStun
        return self._frames.popleft()

    def close(self) -> None:
        self._writer.transport.abort()  # a farewell over TLS would wait for the other's


def _request(method: int, *fields: Field, key: bytes | None = None) -> bytes:
    return build(method, MessageClass.REQUEST, os.urandom(12), fields, key=key, fingerprint=True)


def _parsed(datagram: bytes) -> Message | None:
    # A single odd datagram may be anybody's: the answer may still come.
    try:
        return parse(datagram)
    except MalformedMessage:
        return None


def _required(answer: Message, attribute: stun.Attribute[TransportAddress]) -> TransportAddress:
    try:
        address = answer.get(attribute)
    except MalformedAttribute:
        address = None
    if address is None:
        raise AnswerNotStun
    return address


def _refusal(answer: Message) -> Exception:
    try:
        code = answer.get(stun.ERROR_CODE)
        if code is not None:
            return RequestRefused(code.number, answer.get(stun.REALM) or "", answer.get(stun.NONCE) or "")
    except MalformedAttribute:
        pass
    return AnswerNotStun()
