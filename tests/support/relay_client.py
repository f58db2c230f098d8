"""A TURN client that speaks in whole acts, over whatever carries its datagrams: the core on paper, or a real socket."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from support.relay_paper import SECRET, SERVER, PaperRelay

from media_relay.core.allocating import UDP
from media_relay.core.effects import FiveTuple, Transport
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.attributes import Attribute, ErrorCode, Field
from media_relay.stun.channel import CHANNEL_HEADER
from media_relay.stun.integrity import long_term_key, long_term_key_sha256
from media_relay.stun.message import Message, MessageClass, Method, build, parse
from tawasul.access.relay_credentials import RelayCredentials, mint

T = TypeVar("T")
Exchange = Callable[[bytes], bytes | None]


REPEATED_AFTER = (1.0, 2.0, 4.0, 8.0)
"""Seconds before each repetition of a question, and before it is given up. What comes late on a busy machine is waited
for: a question that is put again is counted again by the relay, and in some tests that is what is judged."""


class NoAnswer(TimeoutError):
    """The relay kept silent."""


@dataclass
class TurnClient:
    """One client socket of one user; ``exchange`` gives a datagram to the relay and returns its answer, or None."""

    exchange: Exchange
    credentials: RelayCredentials
    realm: str = ""
    nonce: str = ""
    sha256: bool = False
    chooses: int | None = None
    """The password algorithm that it chooses; None: it knows of no choice, as browsers do."""
    offered: tuple[int, ...] = ()
    last_request: bytes = field(default=b"", repr=False)

    @property
    def key(self) -> bytes:
        """What its requests are signed with."""
        key_of = long_term_key_sha256 if self.chooses == stun.SHA256 else long_term_key
        return key_of(self.credentials.username, self.realm, self.credentials.password)

    def ask(self, method: int, *fields: Field) -> Message:
        """A request, by the whole dance: asked for credentials or a fresh nonce, it gives them. Raises NoAnswer."""
        answer = self.ask_once(method, *fields) if self.nonce else self.ask_plainly(method, *fields)
        if error(answer) in (401, 438) and answer.get(stun.NONCE) and (not self.nonce or error(answer) == 438):
            self.realm, self.nonce = value(answer, stun.REALM), value(answer, stun.NONCE)
            self.offered = answer.get(stun.PASSWORD_ALGORITHMS) or ()  # coturn offers none
            answer = self.ask_once(method, *fields)
        return answer

    def ask_plainly(self, method: int, *fields: Field) -> Message:
        """A request without credentials."""
        return self.send(build(method, MessageClass.REQUEST, os.urandom(12), fields))

    def ask_once(self, method: int, *fields: Field) -> Message:
        """A request with the credentials and the nonce that it has; the answer's integrity is checked."""
        signed = [*fields, stun.USERNAME(self.credentials.username), stun.REALM(self.realm), stun.NONCE(self.nonce)]
        if self.chooses is not None:
            signed += [stun.PASSWORD_ALGORITHM(self.chooses), stun.PASSWORD_ALGORITHMS(self.offered)]
        request = build(
            method,
            MessageClass.REQUEST,
            os.urandom(12),
            signed,
            key=self.key,
            sha256=self.sha256,
            fingerprint=True,
        )
        answer = self.send(request)
        if error(answer) not in (400, 401, 438):
            assert answer.protection.verify(self.key), "the answer is signed with the client's key"
        return answer

    def send(self, request: bytes) -> Message:
        """Any bytes, and the answer. Raises NoAnswer."""
        self.last_request = request
        answer = self.exchange(request)
        if answer is None:
            raise NoAnswer
        return parse(answer)

    def allocate(self, *fields: Field) -> Message:
        """Asks for a relayed address over UDP."""
        return self.ask(Method.ALLOCATE, stun.REQUESTED_TRANSPORT(UDP), *fields)

    def relayed(self, *fields: Field) -> TransportAddress:
        """The relayed address that it is given."""
        return value(self.allocate(*fields), stun.XOR_RELAYED_ADDRESS)

    def refresh(self, lifetime: int | None = None) -> Message:
        """Prolongs the allocation, or ends it with 0."""
        return self.ask(Method.REFRESH, *([] if lifetime is None else [stun.LIFETIME(lifetime)]))

    def permit(self, *peers: TransportAddress) -> Message:
        """Asks for permissions, by one request."""
        return self.ask(Method.CREATE_PERMISSION, *(stun.XOR_PEER_ADDRESS(peer) for peer in peers))

    def bind(self, channel: int, peer: TransportAddress) -> Message:
        """Binds a channel."""
        return self.ask(Method.CHANNEL_BIND, stun.CHANNEL_NUMBER(channel), stun.XOR_PEER_ADDRESS(peer))


def error(answer: Message) -> int | None:
    """The answer's error code, or None for success."""
    if answer.message_class is MessageClass.SUCCESS:
        return None
    assert answer.message_class is MessageClass.ERROR
    code: ErrorCode = value(answer, stun.ERROR_CODE)
    return code.number


def value(message: Message, attribute: Attribute[T]) -> T:
    """An attribute that must be there."""
    found = message.get(attribute)
    assert found is not None, f"{attribute.name} is missing"
    return found


def send_indication(peer: TransportAddress, data: bytes, *more: Field) -> bytes:
    """A Send indication."""
    fields = [stun.XOR_PEER_ADDRESS(peer), stun.DATA(data), *more]
    return build(Method.SEND, MessageClass.INDICATION, os.urandom(12), fields)


def channel_data(channel: int, data: bytes) -> bytes:
    """ChannelData without padding."""
    return CHANNEL_HEADER.pack(channel, len(data)) + data


def credentials(name: str = "kiosk", *, expires_at: float, secret: str = SECRET) -> RelayCredentials:
    """Credentials of ``name`` until ``expires_at``, unix seconds."""
    return mint(secret, name, int(expires_at))


def on_paper(
    relay: PaperRelay,
    source: TransportAddress,
    name: str = "kiosk",
    *,
    local: TransportAddress = SERVER,
    lasting: float = 900,
    secret: str = SECRET,
    sha256: bool = False,
    transport: Transport = Transport.UDP,
) -> TurnClient:
    """A client of ``relay`` at ``source``, with credentials for ``lasting`` seconds."""

    def exchange(datagram: bytes) -> bytes | None:
        answers = relay.deliver(datagram, source, local, transport)
        assert len(answers) <= 1, "one question, one answer"
        assert all(answer.five_tuple == FiveTuple(source, local, transport) for answer in answers), (
            "to whom it came from"
        )
        return answers[0].data if answers else None

    given = credentials(name, expires_at=relay.unix_now + lasting, secret=secret)
    return TurnClient(exchange, given, sha256=sha256)


class SocketClient(TurnClient):
    """A client of a real relay, over a UDP socket of its own, at ``source`` if it is to be somewhere; a question is
    repeated until it is answered."""

    def __init__(self, relay: tuple[str, int], given: RelayCredentials, source: str | None = None) -> None:
        self.socket = socket.socket(socket.AF_INET6 if ":" in relay[0] else socket.AF_INET, socket.SOCK_DGRAM)
        if source is not None:
            self.socket.bind((source, 0))
        self.socket.connect(relay)
        super().__init__(self._exchange, given)

    def _exchange(self, datagram: bytes) -> bytes | None:
        for timeout in REPEATED_AFTER:
            self.socket.settimeout(timeout)
            self.socket.send(datagram)
            try:
                while True:
                    answer = self.socket.recv(65_536)
                    if answer[:1] < b"\x40" and answer[8:20] == datagram[8:20]:
                        return answer
            except TimeoutError:
                continue
        return None

    def receive(self, timeout: float = sum(REPEATED_AFTER)) -> bytes:
        """The next datagram that the relay sends. Raises TimeoutError."""
        self.socket.settimeout(timeout)
        return self.socket.recv(65_536)

    def close(self) -> None:
        """Closes the socket; the relay is not told."""
        self.socket.close()
