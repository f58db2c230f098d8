"""SFrame (RFC 9605), cipher suite AES_256_GCM_SHA512_128 (0x0005): the header, the keys, one frame sealed and opened.

No library that is kept up implements it for Python; what is cryptography here comes from `cryptography`.
"""

from __future__ import annotations

from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from tawasul.e2ee.encoding import u64
from tawasul.e2ee.errors import FrameForged, FrameMalformed

CIPHER_SUITE = 5
TAG_SIZE = 16
_KEY_SIZE, _NONCE_SIZE = 32, 12
_LARGEST_INLINE = 7


class Header(NamedTuple):
    """RFC 9605 §4.3: which key, which frame of it, and how many bytes the header takes."""

    kid: int
    counter: int
    size: int


def write_header(kid: int, counter: int) -> bytes:
    """The config byte, then key identifier and counter where they are over 7 (both below 2**64).

    ::

        X KKK Y CCC   X, Y: 0 the value itself stands in KKK or CCC, 1 the value's length in bytes, less one
    """
    kid_bits, kid_bytes = _write_field(kid)
    counter_bits, counter_bytes = _write_field(counter)
    return bytes([kid_bits << 4 | counter_bits]) + kid_bytes + counter_bytes


def read_header(data: bytes) -> Header:
    """The header at the beginning. Raises FrameMalformed when the data end within it."""
    if not data:
        raise FrameMalformed
    kid, at = _read_field(data, data[0] >> 4, 1)
    counter, at = _read_field(data, data[0] & 15, at)
    return Header(kid, counter, at)


class FrameKey:
    """Key and salt that follow from one base key (RFC 9605 §4.4.2)."""

    __slots__ = ("_cipher", "_salt", "kid")

    def __init__(self, kid: int, base_key: bytes) -> None:
        self.kid = kid
        secret = HKDF.extract(hashes.SHA512(), b"", base_key)
        suffix = u64(kid) + CIPHER_SUITE.to_bytes(2, "big")
        key = HKDFExpand(hashes.SHA512(), _KEY_SIZE, b"SFrame 1.0 Secret key " + suffix).derive(secret)
        salt = HKDFExpand(hashes.SHA512(), _NONCE_SIZE, b"SFrame 1.0 Secret salt " + suffix).derive(secret)
        self._cipher = AESGCM(key)
        self._salt = int.from_bytes(salt, "big")

    def seal(self, counter: int, metadata: bytes, plaintext: bytes) -> bytes:
        """SFrame header ‖ ciphertext ‖ tag. A counter is never used twice (RFC 9605 §4.4.3)."""
        header = write_header(self.kid, counter)
        return header + self._cipher.encrypt(self._nonce(counter), plaintext, header + metadata)

    def open(self, counter: int, header: bytes, metadata: bytes, sealed: bytes) -> bytes:
        """The plaintext of ciphertext ‖ tag. Raises FrameForged (RFC 9605 §4.4.4)."""
        try:
            return self._cipher.decrypt(self._nonce(counter), sealed, header + metadata)
        except InvalidTag as error:
            raise FrameForged from error

    def _nonce(self, counter: int) -> bytes:
        return (self._salt ^ counter).to_bytes(_NONCE_SIZE, "big")

    def __repr__(self) -> str:
        return f"FrameKey(kid={self.kid})"


def _write_field(value: int) -> tuple[int, bytes]:
    if value <= _LARGEST_INLINE:
        return value, b""
    size = (value.bit_length() + 7) // 8
    return 8 | (size - 1), value.to_bytes(size, "big")


def _read_field(data: bytes, bits: int, at: int) -> tuple[int, int]:
    if bits <= _LARGEST_INLINE:
        return bits, at
    end = at + (bits & 7) + 1
    if end > len(data):
        raise FrameMalformed
    return int.from_bytes(data[at:end], "big"), end
