"""How a secret goes to the other end: HPKE base mode (RFC 9180) over X-Wing, which is X25519 and ML-KEM-768 together.

What is recorded today stays closed as long as either of the two holds. Suite: KEM MLKEM768-X25519 (0x647a),
HKDF-SHA256, AES-256-GCM. A public key is 1 216 bytes (ML-KEM's 1 184, then X25519's 32), what is sealed is enc
(1 120) ‖ ciphertext.
"""

from __future__ import annotations

import hashlib
from typing import Never, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from tawasul.e2ee.errors import KeyShareWrong

SECRET_SIZE = 32
PUBLIC_SIZE = 1216
SEALED_SIZE = 1120 + SECRET_SIZE + 16
"""Bytes of a sealed secret: enc, then 32 bytes encrypted with a tag of 16."""

_MLKEM_PUBLIC = 1184
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class KeyShare:
    """A key pair of one attempt or one rekey, forgotten after it."""

    __slots__ = ("_private", "public")

    def __init__(self, mlkem: MLKEM768PrivateKey, x25519: X25519PrivateKey) -> None:
        self._private = hpke.MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public: bytes = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> Self:
        """A new pair, from the library's own entropy."""
        return cls(MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The pair of an X-Wing seed of 32 bytes: for vectors.

        The seed is expanded by SHAKE256 to ML-KEM's 64 bytes and X25519's 32, as draft-connolly-cfrg-xwing-kem has it.
        """
        expanded = hashlib.shake_256(seed).digest(96)
        return cls(
            MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])
        )

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """The secret that was sealed to this share. Raises KeyShareWrong."""
        try:
            return _SUITE.decrypt(sealed, self._private, info=info)
        except (InvalidTag, ValueError) as error:
            raise KeyShareWrong from error

    def __reduce__(self) -> Never:
        raise TypeError("a key share is not pickled")


def seal_to(public: bytes, secret: bytes, info: bytes) -> bytes:
    """Seal 32 bytes to a public key of 1 216. Raises KeyShareWrong for a key that is none."""
    try:
        key = hpke.MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
        )
        return _SUITE.encrypt(secret, key, info=info)
    except ValueError as error:
        raise KeyShareWrong from error
