"""What two ends share once each has proven the transcript to the other, and the keys that follow from it.

Every key of an epoch is HKDF-SHA-256 (RFC 5869) of one secret, salted with the transcript's hash, under a label of its
own. Epoch 0 comes of the handshake, each later one of a rekey that mixes the former epoch's chain in.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from tawasul.e2ee.certificate import Certificate
from tawasul.e2ee.encoding import b64, length_prefixed, u32, u64
from tawasul.e2ee.names import DeviceName

KEY_SIZE = 32


class Side(StrEnum):
    """The two ends of a call."""

    CITIZEN = "citizen"
    OFFICE = "office"

    @property
    def other(self) -> Side:
        """The end across."""
        return Side.OFFICE if self is Side.CITIZEN else Side.CITIZEN


class EpochSecrets:
    """The keys of one epoch. Its `repr` shows the epoch only."""

    __slots__ = ("_extracted", "epoch", "transcript")

    def __init__(self, epoch: int, secret: bytes, transcript: bytes) -> None:
        self.epoch = epoch
        self.transcript = transcript
        """TH: 32 bytes."""
        self._extracted = HKDF.extract(hashes.SHA256(), transcript, secret)

    @classmethod
    def first(cls, secret: bytes, *, init: str, resp: str, nonce: bytes) -> Self:
        """Those of a handshake: its secret (ss, 32 bytes), both signed texts, and n_A."""
        parts = (b"tawasul/1 transcript", init.encode(), resp.encode(), nonce)
        return cls(0, secret, sha256(b"".join(map(length_prefixed, parts))))

    def next(self, secret: bytes, *, public: bytes, sealed: bytes) -> EpochSecrets:
        """Those of the next epoch: the rekey's secret (ss_n), its pk and its ct."""
        epoch = self.epoch + 1
        transcript = sha256(
            length_prefixed(b"tawasul/1 rekey")
            + length_prefixed(self.transcript)
            + u32(epoch)
            + length_prefixed(public)
            + length_prefixed(sealed)
        )
        return EpochSecrets(epoch, self.chain + secret, transcript)

    def derive(self, label: bytes, length: int) -> bytes:
        """K(label, length) of docs/end-to-end.md."""
        return HKDFExpand(hashes.SHA256(), length, label).derive(self._extracted)

    @property
    def chain(self) -> bytes:
        """What the next epoch mixes in: 32 bytes."""
        return self.derive(b"tawasul/1 chain", KEY_SIZE)

    def base_key(self, kid: int) -> bytes:
        """SFrame's base key for a key identifier of this epoch: 32 bytes."""
        if kid >> 2 != self.epoch:
            raise ValueError("a key identifier of another epoch")
        return self.derive(b"tawasul/1 sframe" + u64(kid), KEY_SIZE)

    def confirmation(self, side: Side) -> bytes:
        """The MAC by which one end shows that it has these keys over this transcript: 32 bytes."""
        return mac(self.derive(f"tawasul/1 confirm {side}".encode(), KEY_SIZE), self.transcript)

    def rekey_key(self, side: Side) -> bytes:
        """R(who): the key under which one end's messages of the next rekey are authenticated."""
        info = f"tawasul/1 rekey {side}".encode()
        return HKDF(hashes.SHA256(), KEY_SIZE, salt=self.transcript, info=info).derive(self.chain)

    def __repr__(self) -> str:
        return f"EpochSecrets(epoch={self.epoch})"


@dataclass(frozen=True, slots=True)
class Peer:
    """Who the other end is: its signing key's thumbprint, and its certificate unless it is a citizen's own device."""

    thumbprint: str
    certificate: Certificate | None


@dataclass(frozen=True, slots=True)
class Session:
    """A confirmed handshake. `confirmed_at` in seconds since 1970 UTC; `sid` is ``<call id>/<attempt>``."""

    sid: str
    side: Side
    thumbprint: str
    """This end's own."""
    name: DeviceName | None
    """This end's own; None for a citizen's own device."""
    peer: Peer
    phrase: str = field(repr=False)
    """Six digits."""
    secrets: EpochSecrets
    """Those of epoch 0."""
    confirmed_at: float

    @property
    def transcript(self) -> str:
        """TH in b64, as an attestation names it."""
        return b64(self.secrets.transcript)

    @property
    def both_certified(self) -> bool:
        """Whether both ends have certificates: the phrase is then a second proof, otherwise the needed one."""
        return self.name is not None and self.peer.certificate is not None

    def base_key(self, kid: int) -> bytes:
        """SFrame's base key for a key identifier of epoch 0: 32 bytes."""
        return self.secrets.base_key(kid)


def sha256(data: bytes) -> bytes:
    """SHA-256: 32 bytes."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()


def mac(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA-256: 32 bytes."""
    return hmac.digest(key, data, "sha256")


def same(given: bytes, expected: bytes) -> bool:
    """Whether two authenticators are equal, in constant time."""
    return hmac.compare_digest(given, expected)
