"""The handshake of one attempt: what goes in, what comes out, and what both ends have in common. Pure.

::

    citizen's end (handshake_citizen)                       office's end (handshake_office)
    Begin      → Send(init), 15 s begin                     Begin      → nothing: it waits for init
    resp comes → PinPeer, Send(reveal)                      init comes → PinPeer; 15 s begin
    conf comes → Confirmed                                  Answering  → Send(resp)
                                                            reveal comes → Send(conf), Confirmed

Contract: give every input with the time in seconds since 1970 UTC (certificates are judged by it), perform the effects
in order, call `handle(Passed(), now)` when `deadline` is reached. Pin the peer before anything else is done; send or
play nothing before `Confirmed`. After `Refuse` nothing comes out any more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tawasul.e2ee.errors import (
    CertificateMissing,
    HandshakeLate,
    HandshakeStale,
    KeyMismatch,
    PrivacyError,
    Reflected,
    RefusedByOther,
    RoleWrong,
    SealOutOfOrder,
    SealRepeated,
    SessionWrong,
)
from tawasul.e2ee.handshake_messages import InitClaims, Message, Refused, RespClaims, read_message, write_refused
from tawasul.e2ee.keys import PublicKey, SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.e2ee.revocation import Trust
from tawasul.e2ee.session import Peer, Session, Side, sha256

WITHIN = 15.0
"""Seconds from init to the confirmation. Two round trips and an answer take one; a person waits no longer."""
CLOCK_DIFFERENCE = 300
"""Seconds by which the other end's `iat` may differ from this end's clock."""
NONCE_SIZE = 32


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an end proves itself by; a citizen's own device has neither chain nor name, and a key made for the call."""

    key: SigningKey
    chain: tuple[str, ...] = field(default=(), repr=False)
    name: DeviceName | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """The attempt begins; at the citizen's end the offer is made."""


@dataclass(frozen=True, slots=True)
class Received:
    """A `seal` of this attempt came from the other end; the bytes in it."""

    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answering:
    """The office's end has made its answer: its own DTLS fingerprint, as ``sha-256 AB:CD:…``."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class Passed:
    """The deadline has come."""


Given = Begin | Received | Answering | Passed


@dataclass(frozen=True, slots=True)
class Send:
    """Send these bytes to the other end in a `seal`."""

    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinPeer:
    """Take no other DTLS certificate than this one. Who it is is not confirmed yet."""

    fingerprint: str
    peer: Peer


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Both ends have the same keys over the same transcript: media may flow under them."""

    session: Session


@dataclass(frozen=True, slots=True)
class Refuse:
    """It is over. `tell`: this end found it, so the server is told (the other end has been, by the Send before)."""

    error: PrivacyError
    tell: bool


Effect = Send | PinPeer | Confirmed | Refuse


class HandshakeEnd:
    """What both ends do alike: order, time, and refusing once."""

    side: Side

    def __init__(self, credentials: Credentials, *, trust: Trust, sid: str) -> None:
        self._credentials = credentials
        self._trust = trust
        self._sid = sid
        self._taken: list[bytes] = []
        self._late_at: float | None = None
        self._over = False

    @property
    def deadline(self) -> float | None:
        """When `Passed` is due; None when nothing is awaited."""
        return self._late_at

    def handle(self, given: Given, now: float) -> list[Effect]:
        """What to do about `given`; `now` in seconds since 1970 UTC."""
        if self._over:
            return []
        try:
            if self._late_at is not None and now >= self._late_at:
                raise HandshakeLate
            match given:
                case Begin():
                    return self._begin(now)
                case Answering(fingerprint):
                    return self._answer(fingerprint, now)
                case Received(payload):
                    return self._receive(payload, now)
            return []
        except PrivacyError as error:
            return self._refuse(error)

    def _begin(self, now: float) -> list[Effect]:
        return []

    def _answer(self, fingerprint: str, now: float) -> list[Effect]:
        return []

    def _take(self, message: Message, now: float) -> list[Effect]:
        raise SealOutOfOrder

    def _receive(self, payload: bytes, now: float) -> list[Effect]:
        message = read_message(payload)
        if isinstance(message, Refused):
            raise RefusedByOther(message.code)
        if payload in self._taken:
            raise SealRepeated
        effects = self._take(message, now)
        self._taken.append(payload)  # at most two: a third is out of order
        return effects

    def _refuse(self, error: PrivacyError) -> list[Effect]:
        self._over, self._late_at = True, None
        if isinstance(error, RefusedByOther):
            return [Refuse(error, tell=False)]
        return [Send(write_refused(error)), Refuse(error, tell=True)]

    def _check_claims(self, claims: InitClaims | RespClaims, now: float) -> None:
        if claims.sid != self._sid:
            raise SessionWrong
        if abs(now - claims.iat) > CLOCK_DIFFERENCE:
            raise HandshakeStale
        if claims.role != self.side.other:
            raise RoleWrong

    def _check_peer(
        self, signer: PublicKey, chain: list[str] | None, now: float, role: DeviceRole, place: str | None
    ) -> Peer:
        """Who signed. `chain` is None only where the caller allows it."""
        certificate = None
        if chain is not None:
            certificate = self._trust.verify(chain, now, frozenset({role}), place)
            if certificate.key != signer:
                raise KeyMismatch
        elif place is not None:
            raise CertificateMissing
        if signer == self._credentials.key.public:
            raise Reflected
        return Peer(signer.thumbprint, certificate)


def hash_of(text: str) -> bytes:
    """SHA-256 of a signed text: `hi`, and what binds the sealed secret to its init."""
    return sha256(text.encode())


def commitment(nonce: bytes) -> bytes:
    """`hc`: what the citizen's end commits itself to before it knows the office's part."""
    return sha256(b"tawasul/1 commit" + nonce)
