"""The secrets of the doors, derived from one key file by HKDF-SHA-256 (RFC 5869) under a label each."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@dataclass(frozen=True, slots=True, repr=False)
class AccessKeys:
    """32 bytes each. Does not print itself."""

    links: bytes
    csrf: bytes
    tickets: bytes
    bookings: bytes
    cases: bytes

    @classmethod
    def from_secret(cls, secret: bytes) -> AccessKeys:
        """From the 32 bytes of the key file."""
        return cls(
            links=_derive(secret, b"links"),
            csrf=_derive(secret, b"csrf"),
            tickets=_derive(secret, b"tickets"),
            bookings=_derive(secret, b"bookings"),
            cases=_derive(secret, b"cases"),
        )


def _derive(secret: bytes, label: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tawasul access v1: " + label).derive(secret)
