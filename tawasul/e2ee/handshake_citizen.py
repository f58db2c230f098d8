"""The citizen's end of the handshake (A): begins, checks the office's answer, reveals, waits for the confirmation."""

from __future__ import annotations

from tawasul.e2ee.encoding import b64
from tawasul.e2ee.errors import ConfirmationWrong, NotForUs, SealOutOfOrder, TranscriptWrong
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
    Conf,
    Message,
    Resp,
    RespClaims,
    read_claims,
    write_message,
)
from tawasul.e2ee.jws import sign
from tawasul.e2ee.key_share import KeyShare
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.e2ee.phrase import phrase_of
from tawasul.e2ee.revocation import Trust
from tawasul.e2ee.session import EpochSecrets, Peer, Session, Side, same


class CitizenEnd(HandshakeEnd):
    """A. `office` is the name that must answer, `fingerprint` this end's own DTLS certificate, `nonce` 32 random
    bytes of this attempt. `share` is made by the library unless it is given (vectors)."""

    side = Side.CITIZEN

    def __init__(
        self,
        credentials: Credentials,
        *,
        trust: Trust,
        sid: str,
        office: DeviceName,
        fingerprint: str,
        nonce: bytes,
        share: KeyShare | None = None,
    ) -> None:
        super().__init__(credentials, trust=trust, sid=sid)
        self._office = office
        self._fingerprint = fingerprint
        self._nonce = nonce
        self._share = share
        self._init: str | None = None
        self._agreed: tuple[EpochSecrets, Peer] | None = None

    def _begin(self, now: float) -> list[Effect]:
        if self._init is not None:
            return []
        self._share = self._share or KeyShare.generate()
        chain = {"chain": list(self._credentials.chain)} if self._credentials.chain else {}
        claims = {
            "v": VERSION,
            "sid": self._sid,
            "iat": int(now),
            "role": str(self.side),
            "to": str(self._office),
            **chain,
            "fp": self._fingerprint,
            "pk": b64(self._share.public),
            "hc": b64(commitment(self._nonce)),
        }
        self._init = sign(self._credentials.key, INIT_TYPE, claims)
        self._late_at = now + WITHIN
        return [Send(write_message("init", jws=self._init))]

    def _take(self, message: Message, now: float) -> list[Effect]:
        match message:
            case Resp(jws=text) if self._init is not None and self._share is not None and self._agreed is None:
                return self._take_resp(text, self._init, self._share, now)
            case Conf(mac=given) if self._agreed is not None and self._late_at is not None:
                return self._take_conf(given, *self._agreed, now)
        raise SealOutOfOrder

    def _take_resp(self, resp: str, init: str, share: KeyShare, now: float) -> list[Effect]:
        signer, claims = read_claims(resp, RESP_TYPE, RespClaims)
        self._check_claims(claims, now)
        if claims.to != self._credentials.key.thumbprint:
            raise NotForUs
        peer = self._check_peer(signer, claims.chain, now, DeviceRole.OFFICE, self._office.place)
        if not same(claims.hi, hash_of(init)):
            raise TranscriptWrong
        secret = share.open(claims.ct, hash_of(init))
        secrets = EpochSecrets.first(secret, init=init, resp=resp, nonce=self._nonce)
        self._agreed = secrets, peer
        reveal = write_message("reveal", n=b64(self._nonce), mac=b64(secrets.confirmation(Side.CITIZEN)))
        return [PinPeer(claims.fp, peer), Send(reveal)]

    def _take_conf(self, given: bytes, secrets: EpochSecrets, peer: Peer, now: float) -> list[Effect]:
        if not same(given, secrets.confirmation(Side.OFFICE)):
            raise ConfirmationWrong
        self._late_at = self._share = None
        session = Session(
            sid=self._sid,
            side=self.side,
            thumbprint=self._credentials.key.thumbprint,
            name=self._credentials.name,
            peer=peer,
            phrase=phrase_of(secrets),
            secrets=secrets,
            confirmed_at=now,
        )
        return [Confirmed(session)]
