"""Integrity, fingerprint and the keys of long-term credentials (RFC 8489 sections 9.2 and 14.5–14.7).

Each covers the message up to itself, with the header's length set as if it were the last attribute.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
import zlib
from dataclasses import dataclass

from media_relay.stun.attributes import FINGERPRINT, MESSAGE_INTEGRITY, MESSAGE_INTEGRITY_SHA256

_HEADER_SIZE = 20
_FINGERPRINT_MASK = 0x5354554E  # RFC 8489 section 14.7: "STUN"


@dataclass(frozen=True, slots=True)
class Protection:
    """Where in a datagram the integrity attributes stand (offsets of their headers)."""

    datagram: bytes
    sha1_at: int | None
    sha256_at: int | None
    fingerprinted: bool

    @property
    def signed(self) -> bool:
        """Whether there is any integrity attribute."""
        return self.sha1_at is not None or self.sha256_at is not None

    def verify(self, key: bytes) -> bool:
        """Whether the message was signed with ``key``. The stronger attribute decides where both are there
        (RFC 8489 section 9.2.4: so that nobody can strip it)."""
        # RFC 8489 section 14.6 lets a usage allow a value that is cut; TURN does not.
        if self.sha256_at is not None:
            return self._matches(self.sha256_at, key, "sha256", 32)
        if self.sha1_at is not None:
            return self._matches(self.sha1_at, key, "sha1", 20)
        return False

    def _matches(self, at: int, key: bytes, algorithm: str, size: int) -> bool:
        if int.from_bytes(self.datagram[at + 2 : at + 4], "big") != size:
            return False
        covered = _with_length(self.datagram[:at], at - _HEADER_SIZE + 4 + size)
        expected = hmac.digest(key, covered, algorithm)
        return hmac.compare_digest(expected, self.datagram[at + 4 : at + 4 + size])


def long_term_key(username: str, realm: str, password: str) -> bytes:
    """The 16-byte key of long-term credentials with the MD5 password algorithm (RFC 8489 section 9.2.2).

    Usernames and passwords of ours are ASCII, which OpaqueString (RFC 8265) leaves as it is.
    """
    return hashlib.md5(f"{username}:{realm}:{password}".encode(), usedforsecurity=False).digest()


def long_term_key_sha256(username: str, realm: str, password: str) -> bytes:
    """The 32-byte key of the SHA-256 password algorithm (RFC 8489 section 18.5.1.2)."""
    return hashlib.sha256(f"{username}:{realm}:{password}".encode()).digest()


def userhash(username: str, realm: str) -> bytes:
    """What stands in USERHASH in place of the name (RFC 8489 section 14.4): 32 bytes."""
    return hashlib.sha256(f"{username}:{realm}".encode()).digest()


def sign_sha1(message: bytes, key: bytes) -> bytes:
    """``message`` with a MESSAGE-INTEGRITY behind it."""
    return _signed(message, key, "sha1", MESSAGE_INTEGRITY.number, 20)


def sign_sha256(message: bytes, key: bytes) -> bytes:
    """``message`` with a MESSAGE-INTEGRITY-SHA256 behind it."""
    return _signed(message, key, "sha256", MESSAGE_INTEGRITY_SHA256.number, 32)


def add_fingerprint(message: bytes) -> bytes:
    """``message`` with a FINGERPRINT as its last attribute."""
    covered = _with_length(message, len(message) - _HEADER_SIZE + 8)
    return covered + struct.pack("!HHI", FINGERPRINT.number, 4, zlib.crc32(covered) ^ _FINGERPRINT_MASK)


def fingerprint_matches(datagram: bytes, at: int) -> bool:
    """Whether the FINGERPRINT at offset ``at``, the last attribute of ``datagram``, is right."""
    expected = zlib.crc32(datagram[:at]) ^ _FINGERPRINT_MASK
    return int.from_bytes(datagram[at + 4 : at + 8], "big") == expected


def _signed(message: bytes, key: bytes, algorithm: str, number: int, size: int) -> bytes:
    covered = _with_length(message, len(message) - _HEADER_SIZE + 4 + size)
    return covered + struct.pack("!HH", number, size) + hmac.digest(key, covered, algorithm)


def _with_length(message: bytes, length: int) -> bytes:
    return message[:2] + length.to_bytes(2, "big") + message[4:]
