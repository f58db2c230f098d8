"""The office's end of the handshake (B): checks who begins, answers once its description is made, and confirms."""

from __future__ import annotations

from dataclasses import dataclass

from tawasul.e2ee.encoding import b64
from tawasul.e2ee.errors import CommitmentBroken, ConfirmationWrong, NotForUs, SealOutOfOrder
from tawasul.e2ee.handshake import (
    WITHIN,
    Confirmed,
    Credentials,
    Effect,
    HandshakeEnd,
    PinPeer,
    Send,
    commitment,
    hash_of,
)
from tawasul.e2ee.handshake_messages import (
    INIT_TYPE,
    RESP_TYPE,
    VERSION,
    Init,
    InitClaims,
    Message,
    Reveal,
    read_claims,
    write_message,
)
from tawasul.e2ee.jws import sign
from tawasul.e2ee.key_share import seal_to
from tawasul.e2ee.names import DeviceRole
from tawasul.e2ee.phrase import phrase_of
from tawasul.e2ee.revocation import Trust
from tawasul.e2ee.session import EpochSecrets, Peer, Session, Side, same


@dataclass(frozen=True, slots=True)
class _Began:
    """What init said, checked."""

    init: str
    claims: InitClaims
    peer: Peer


class OfficeEnd(HandshakeEnd):
    """B. `kiosk` is the place of the kiosk that its server speaks of, None where the citizen is said to be at their
    own location. `nonce` and `secret` are 32 random bytes each, of this attempt."""

    side = Side.OFFICE

    def __init__(
        self, credentials: Credentials, *, trust: Trust, sid: str, kiosk: str | None, nonce: bytes, secret: bytes
    ) -> None:
        super().__init__(credentials, trust=trust, sid=sid)
        if credentials.name is None or not credentials.chain:
            raise ValueError("the office's end always has a certificate")
        self._kiosk = kiosk
        self._nonce = nonce
        self._secret = secret
        self._began: _Began | None = None
        self._resp: str | None = None
        self._confirmed = False

    def _answer(self, fingerprint: str, now: float) -> list[Effect]:
        if self._began is None or self._resp is not None:
            return []
        began = self._began
        claims = {
            "v": VERSION,
            "sid": self._sid,
            "iat": int(now),
            "role": str(self.side),
            "to": began.peer.thumbprint,
            "chain": list(self._credentials.chain),
            "hi": b64(hash_of(began.init)),
            "fp": fingerprint,
            "ct": b64(seal_to(began.claims.pk, self._secret, hash_of(began.init))),
            "n": b64(self._nonce),
        }
        self._resp = sign(self._credentials.key, RESP_TYPE, claims)
        return [Send(write_message("resp", jws=self._resp))]

    def _take(self, message: Message, now: float) -> list[Effect]:
        match message:
            case Init(jws=text) if self._began is None:
                return self._take_init(text, now)
            case Reveal(n=nonce, mac=given) if self._began and self._resp and not self._confirmed:
                return self._take_reveal(nonce, given, self._began, self._resp, now)
        raise SealOutOfOrder

    def _take_init(self, init: str, now: float) -> list[Effect]:
        signer, claims = read_claims(init, INIT_TYPE, InitClaims)
        self._check_claims(claims, now)
        if claims.to != str(self._credentials.name):
            raise NotForUs
        peer = self._check_peer(signer, claims.chain, now, DeviceRole.KIOSK, self._kiosk)
        self._began = _Began(init, claims, peer)
        self._late_at = now + WITHIN
        return [PinPeer(claims.fp, peer)]

    def _take_reveal(self, nonce: bytes, given: bytes, began: _Began, resp: str, now: float) -> list[Effect]:
        if not same(commitment(nonce), began.claims.hc):
            raise CommitmentBroken
        secrets = EpochSecrets.first(self._secret, init=began.init, resp=resp, nonce=nonce)
        if not same(given, secrets.confirmation(Side.CITIZEN)):
            raise ConfirmationWrong
        self._confirmed, self._late_at = True, None
        session = Session(
            sid=self._sid,
            side=self.side,
            thumbprint=self._credentials.key.thumbprint,
            name=self._credentials.name,
            peer=began.peer,
            phrase=phrase_of(secrets),
            secrets=secrets,
            confirmed_at=now,
        )
        conf = write_message("conf", mac=b64(secrets.confirmation(Side.OFFICE)))
        return [Send(conf), Confirmed(session)]
