"""Signing keys: ECDSA on P-256, named by their SHA-256 JWK thumbprint (RFC 7638).

P-256 because every browser can keep such a key so that no script can read it. A private key does not print, is not
pickled, and leaves its object only by `to_pem`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Never, Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey

from tawasul.e2ee.encoding import b64, unb64
from tawasul.e2ee.errors import KeyMalformed, KeyPasswordWrong

_MEMBERS = {"kty", "crv", "x", "y"}
_COORDINATE = 32


class PublicKey:
    """The public half of a signing key. Two are equal when their thumbprints are."""

    __slots__ = ("jose", "thumbprint")

    def __init__(self, key: ec.EllipticCurvePublicKey) -> None:
        if not isinstance(key.curve, ec.SECP256R1):
            raise KeyMalformed
        self.jose = ECKey.import_key(key)
        """For the library that verifies signatures."""
        self.thumbprint: str = self.jose.thumbprint()
        """`jkt`: base64url of SHA-256, 43 characters."""

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> Self:
        """From ``{"kty":"EC","crv":"P-256","x":…,"y":…}`` and nothing more (RFC 7518 §6.2.1).

        Raises KeyMalformed, also for a point that is not on the curve.
        """
        try:
            if set(jwk) != _MEMBERS or jwk["kty"] != "EC" or jwk["crv"] != "P-256":
                raise KeyMalformed
            x, y = unb64(jwk["x"]), unb64(jwk["y"])
            if len(x) != _COORDINATE or len(y) != _COORDINATE:
                raise KeyMalformed
            numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1())
            return cls(numbers.public_key())  # refuses a point that is not on the curve
        except (ValueError, TypeError) as error:
            raise KeyMalformed from error

    def jwk(self) -> dict[str, str]:
        """The four members that `from_jwk` takes."""
        numbers = self.jose.public_key.public_numbers()
        x, y = (b64(number.to_bytes(_COORDINATE, "big")) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and other.thumbprint == self.thumbprint

    def __hash__(self) -> int:
        return hash(self.thumbprint)

    def __repr__(self) -> str:
        return f"PublicKey({self.thumbprint})"


class SigningKey:
    """A private key on P-256. Its `repr` shows the thumbprint only."""

    __slots__ = ("jose", "public")

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self.public = PublicKey(key.public_key())
        self.jose = ECKey.import_key(key)
        """For the library that signs."""

    @classmethod
    def generate(cls) -> Self:
        """A new key, from the library's own entropy."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes, password: bytes | None) -> Self:
        """From PKCS #8 in PEM. Raises KeyPasswordWrong (also for a password that is missing or not needed) or
        KeyMalformed."""
        try:
            key = serialization.load_pem_private_key(pem, password)
        except TypeError as error:
            raise KeyPasswordWrong from error
        except ValueError as error:
            raise (KeyPasswordWrong if b"ENCRYPTED" in pem and password else KeyMalformed) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyMalformed
        return cls(key)

    def to_pem(self, password: bytes | None) -> bytes:
        """PKCS #8 in PEM, encrypted unless the password is None."""
        key = self.jose.private_key
        assert key is not None
        return key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption(),
        )

    @property
    def thumbprint(self) -> str:
        """`jkt` of the public half."""
        return self.public.thumbprint

    def __repr__(self) -> str:
        return f"SigningKey({self.thumbprint})"

    def __reduce__(self) -> Never:
        raise TypeError("a signing key is not pickled")
