"""Personal columns are sealed before they reach the database, and found again by a keyed hash.

A sealed value is ``version (1 byte, 0x01) ‖ key id (4) ‖ nonce (12) ‖ AES-256-GCM ciphertext and tag`` with
``table.column:row id`` as associated data (NIST SP 800-38D): a value moved to another row or column does not open.
Nonces are random, 96 bits: safe for 2³² values under one key, more than a region has citizens. Keys come from the key
file by HKDF-SHA-256 (RFC 5869) under a label each. The key id allows rotation: new values under the current key, old
ones opened by a retired one.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tawasul.store import key_file
from tawasul.store.errors import SealBroken, WrongPersonalDataKey

_VERSION = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12
_HEADER_BYTES = len(_VERSION) + _KEY_ID_BYTES + _NONCE_BYTES


@dataclass(frozen=True, slots=True, repr=False)
class PersonalDataKey:
    """The key of the personal columns and what is derived from it. Does not print itself."""

    key_id: bytes
    sealing: bytes
    looking_up: bytes

    @classmethod
    def from_secret(cls, secret: bytes) -> PersonalDataKey:
        """From the 32 bytes of the key file."""
        return cls(
            key_id=_derive(secret, b"key id", _KEY_ID_BYTES),
            sealing=_derive(secret, b"seal AES-256-GCM", 32),
            looking_up=_derive(secret, b"look up HMAC-SHA-256", 32),
        )

    @classmethod
    def load_or_create(cls, path: Path) -> PersonalDataKey:
        """From a file of mode 0600, made at the first start. Without it nothing personal can be read again.

        Raises:
            KeyFileInvalid: the file is not one of ours.
        """
        return cls.from_secret(key_file.load_or_create(path))


class Sealer:
    """Seals under the current key; opens what was sealed under it or a retired one."""

    def __init__(self, current: PersonalDataKey, retired: Sequence[PersonalDataKey] = ()) -> None:
        self.key_id = current.key_id
        self._looking_up = current.looking_up
        self._ciphers = {key.key_id: AESGCM(key.sealing) for key in (current, *retired)}

    def knows(self, key_id: bytes) -> bool:
        """Whether what was sealed under this key can be opened."""
        return key_id in self._ciphers

    def seal(self, text: str, *, column: str, row_id: str) -> bytes:
        """``text`` for ``column`` (``table.column``) of the row ``row_id``."""
        return self.seal_bytes(text.encode(), column=column, row_id=row_id)

    def seal_bytes(self, content: bytes, *, column: str, row_id: str) -> bytes:
        """``content`` likewise: the whole of a file, at most some megabytes."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self.key_id].encrypt(nonce, content, _place(column, row_id))
        return _VERSION + self.key_id + nonce + sealed

    def open(self, sealed: bytes, *, column: str, row_id: str) -> str:
        """The text again.

        Raises:
            WrongPersonalDataKey: sealed under a key that we do not have.
            SealBroken: altered, or from another place.
        """
        return self.open_bytes(sealed, column=column, row_id=row_id).decode()

    def open_bytes(self, sealed: bytes, *, column: str, row_id: str) -> bytes:
        """The content of ``seal_bytes`` again. Raises: as ``open``."""
        if len(sealed) <= _HEADER_BYTES or sealed[:1] != _VERSION:
            raise SealBroken(f"{column} holds no sealed value")
        key_id = sealed[1 : 1 + _KEY_ID_BYTES]
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise WrongPersonalDataKey(f"{column} was sealed under the key {key_id.hex()}, which is not here")
        nonce = sealed[1 + _KEY_ID_BYTES : _HEADER_BYTES]
        try:
            return cipher.decrypt(nonce, sealed[_HEADER_BYTES:], _place(column, row_id))
        except InvalidTag as error:
            raise SealBroken(f"{column} does not open") from error

    def fingerprint(self, text: str, *, column: str) -> bytes:
        """HMAC-SHA-256 (32 bytes) by which a value of ``column`` is found again without being readable."""
        return hmac.digest(self._looking_up, column.encode() + b"\x00" + text.encode(), "sha256")


def _derive(secret: bytes, label: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=b"tawasul personal data v1: " + label).derive(secret)


def _place(column: str, row_id: str) -> bytes:
    return f"{column}:{row_id}".encode()
