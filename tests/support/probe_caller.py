"""A client that keeps to nothing: it asks a relay for what it likes, as it likes, and tells an answer from silence.

Silence is not waited for: behind each datagram goes a Binding request from the same socket, and once that is answered,
whatever would have come before it has come.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass

from media_relay.errors import MalformedMessage
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.attributes import Attribute, Field
from media_relay.stun.channel import CHANNEL_HEADER
from media_relay.stun.integrity import long_term_key
from media_relay.stun.message import Message, MessageClass, Method, build, parse
from tawasul.access.relay_credentials import RelayCredentials, mint

SILENCE = "silence"
SUCCESS = "success"
FENCES = 6
"""Binding requests sent for one fence, each after twice the time; a relay that answers none of them is dead."""


class RelayDead(AssertionError):
    """The relay answers nobody any more."""


@dataclass(frozen=True)
class Target:
    """A relay that is probed. ``pid`` is its process, ``secret`` what its credentials are minted with."""

    name: str
    address: TransportAddress
    pid: int
    secret: str
    realm: str
    tls_port: int | None
    """Where it listens for TLS, if it does."""
    patience: float = 0.0
    """Seconds that an answer may come after that of a fence: coturn asks another thread for the password."""

    def credentials(self, name: str, lasting: float = 600) -> RelayCredentials:
        """Credentials of ``name`` for ``lasting`` seconds."""
        return mint(self.secret, name, int(time.time() + lasting))


class Caller:
    """One client socket, at ``source``. What it signs, it signs with ``credentials``, unless told otherwise."""

    def __init__(self, target: Target, source: TransportAddress, credentials: RelayCredentials) -> None:
        self.target = target
        self.credentials = credentials
        self.realm = self.nonce = ""
        self.received: list[bytes] = []
        """What came beside answers: Data indications and ChannelData."""
        self._fences: set[bytes] = set()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(source)
        self.socket.connect(target.address)
        self.source = TransportAddress(*self.socket.getsockname())

    def close(self) -> None:
        """Gives its allocation up, if it has one, and closes the socket."""
        with contextlib.suppress(RelayDead):
            if self.nonce:
                self.ask(Method.REFRESH, stun.LIFETIME(0))
        self.socket.close()

    def challenge(self) -> Message | None:
        """Asks without credentials, and keeps the realm and the nonce of the answer."""
        answer = self.send(build(Method.ALLOCATE, MessageClass.REQUEST, os.urandom(12), [udp()]))
        self._learn(answer)
        return answer

    def ask(self, method: int, *fields: Field) -> Message | None:
        """A lawful request, sent again when nothing comes (RFC 8489 section 6.2.1); a stale nonce is exchanged."""
        if not self.nonce:
            self.challenge()
        answer = self._twice(self.signed(method, *fields))
        if said(answer) == "438":
            self._learn(answer)
            answer = self._twice(self.signed(method, *fields))
        return answer

    def _twice(self, request: bytes) -> Message | None:
        return self.send(request) or self.send(request)

    def signed(
        self,
        method: int,
        *fields: Field,
        credentials: RelayCredentials | None = None,
        realm: str | None = None,
        nonce: str | None = None,
        key: bytes | None = None,
        lacking: Iterable[Attribute[str]] = (),
        fingerprint: bool = False,
        sha256: bool = False,
    ) -> bytes:
        """A signed request, ``lacking`` some of what belongs to the credentials, or with others than its own."""
        given = credentials or self.credentials
        realm, nonce = self.realm if realm is None else realm, self.nonce if nonce is None else nonce
        proof = [stun.USERNAME(given.username), stun.REALM(realm), stun.NONCE(nonce)]
        return build(
            method,
            MessageClass.REQUEST,
            os.urandom(12),
            [*fields, *(field for field in proof if field.attribute not in lacking)],
            key=key or long_term_key(given.username, realm, given.password),
            fingerprint=fingerprint,
            sha256=sha256,
        )

    def allocate(self, *fields: Field) -> TransportAddress:
        """A relayed address of its own."""
        answer = self.ask(Method.ALLOCATE, udp(), *fields)
        assert said(answer) == SUCCESS, f"{self.target.name} answered an honest Allocate by {said(answer)}"
        relayed = answer.get(stun.XOR_RELAYED_ADDRESS) if answer is not None else None
        assert relayed is not None
        return relayed

    def permit(self, *peers: TransportAddress) -> str:
        """Asks for permissions: what was said."""
        return said(self.ask(Method.CREATE_PERMISSION, *map(stun.XOR_PEER_ADDRESS, peers)))

    def bind(self, channel: int, peer: TransportAddress) -> str:
        """Asks for a channel: what was said."""
        return said(self.ask(Method.CHANNEL_BIND, stun.CHANNEL_NUMBER(channel), stun.XOR_PEER_ADDRESS(peer)))

    def indicate(self, peer: TransportAddress, data: bytes, *more: Field) -> None:
        """Sends a Send indication; there is no answer to one."""
        fields = [stun.XOR_PEER_ADDRESS(peer), stun.DATA(data), *more]
        self.socket.send(build(Method.SEND, MessageClass.INDICATION, os.urandom(12), fields))

    def on_channel(self, channel: int, data: bytes) -> None:
        """Sends ChannelData."""
        self.socket.send(CHANNEL_HEADER.pack(channel, len(data)) + data)

    def send(self, datagram: bytes) -> Message | None:
        """Any bytes: the answer to them, or None for silence. Raises RelayDead."""
        raw = self.send_raw(datagram) or self._late()
        return parse(raw) if raw is not None else None

    def send_raw(self, datagram: bytes) -> bytes | None:
        """The same, the answer as it came."""
        self.socket.send(datagram)
        return self.fence()

    def fence(self) -> bytes | None:
        """Waits until what was sent before has been dealt with; the answer to something of it, if one came."""
        answer, passed = None, 0
        for attempt in range(FENCES):
            fence = build(Method.BINDING, MessageClass.REQUEST, os.urandom(12))
            self._fences.add(fence[8:20])
            self.socket.send(fence)
            deadline = time.monotonic() + 0.25 * 2**attempt
            while (left := deadline - time.monotonic()) > 0:
                self.socket.settimeout(left)
                try:
                    data = self.socket.recv(65_536)
                except (TimeoutError, ConnectionRefusedError):
                    break
                if data[8:20] in self._fences:
                    passed += 1
                    break
                if _is_answer(data):
                    answer = data
                else:
                    self.received.append(data)
            # Twice, unless there is an answer: a relay with threads may let the second datagram overtake the first.
            if passed == 2 or (passed and answer is not None):
                return answer
        raise RelayDead(f"{self.target.name} answers no Binding request")

    def _late(self) -> bytes | None:
        deadline = time.monotonic() + self.target.patience
        while (left := deadline - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(65_536)
            except TimeoutError:
                break
            if data[8:20] not in self._fences:
                if _is_answer(data):
                    return data
                self.received.append(data)
        return None

    def _learn(self, answer: Message | None) -> None:
        if answer is not None:
            self.realm = answer.get(stun.REALM) or self.realm
            self.nonce = answer.get(stun.NONCE) or self.nonce


def udp() -> Field:
    """REQUESTED-TRANSPORT: UDP."""
    return stun.REQUESTED_TRANSPORT(17)


def raw(number: int, value: bytes) -> Field:
    """An attribute of any number with any value."""
    return Field(Attribute(number, "any", stun.DATA.form, ""), value)


def said(answer: Message | None) -> str:
    """What was answered, as it stands in the table: ``success``, the number of an error, or ``silence``."""
    if answer is None:
        return SILENCE
    if answer.message_class is MessageClass.SUCCESS:
        return SUCCESS
    code = answer.get(stun.ERROR_CODE)
    return str(code.number) if code is not None else "an error without a number"


def _is_answer(data: bytes) -> bool:
    try:
        return parse(data).message_class in (MessageClass.SUCCESS, MessageClass.ERROR)
    except MalformedMessage:
        return len(data) >= 2 and data[0] < 0x40 and bool(data[0] & 0x01)
