"""The kiosk's two keys, made on the kiosk itself, in files that only its user can read; they never leave it.

The device key, Ed25519 (RFC 8032), lets it into the service; staff register its public half (`public_text`). The
signing key, P-256, stands in its certificate and proves to the other end of a call who it is (`tawasul.e2ee`): the
service holds nothing with which it could pass for it.
"""

from __future__ import annotations

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from kiosk_client.errors import KeyUnreadable
from kiosk_client.key_file import create_private, read_private
from tawasul.e2ee.errors import KeyProblem
from tawasul.e2ee.keys import SigningKey
from tawasul.protocol.from_endpoint import Proof

PROOF_LABEL = b"tawasul kiosk hello v1\n"
"""Keeps the signature from meaning anything anywhere else; see `tawasul.protocol.from_endpoint.Proof`."""


class DeviceKey:
    """A kiosk's key. It does not print, and cannot be pickled."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def load_or_create(cls, path: Path) -> DeviceKey:
        """The key in the file `path`, made there if there is none.

        Raises `KeyNotPrivate` when others may read the file, `KeyUnreadable` when it holds no Ed25519 key or cannot
        be read or made.
        """
        try:
            return cls._load(path)
        except FileNotFoundError:
            return cls._create(path)

    @property
    def public_bytes(self) -> bytes:
        """The public key, 32 bytes."""
        return self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def public_text(self) -> str:
        """The public key in base64url without padding, 43 characters: what staff register."""
        return _base64url(self.public_bytes)

    def prove(self, nonce: str, kiosk_id: str) -> Proof:
        """The proof that answers the server's challenge."""
        message = PROOF_LABEL + nonce.encode() + b"\n" + kiosk_id.encode()
        return Proof(kiosk_id=kiosk_id, signature=_base64url(self._private.sign(message)))

    @classmethod
    def _load(cls, path: Path) -> DeviceKey:
        written = read_private(path)
        try:
            private = load_pem_private_key(written, password=None)
        except (ValueError, TypeError) as cause:
            raise KeyUnreadable(f"the device key {path} is no key in PEM") from cause
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyUnreadable(f"the device key {path} is not of the kind Ed25519")
        return cls(private)

    @classmethod
    def _create(cls, path: Path) -> DeviceKey:
        private = Ed25519PrivateKey.generate()
        written = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return cls(private) if create_private(path, written) else cls._load(path)

    def __repr__(self) -> str:
        return f"DeviceKey(public={self.public_text})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a device key does not leave its process")


def signing_key(path: Path) -> SigningKey:
    """The signing key in the file `path`, made there if there is none.

    Raises `KeyNotPrivate` when others may read the file, `KeyUnreadable` when it holds no P-256 key or cannot be read
    or made.
    """
    try:
        written = read_private(path)
    except FileNotFoundError:
        key = SigningKey.generate()
        if create_private(path, key.to_pem(None)):
            return key
        written = read_private(path)
    try:
        return SigningKey.from_pem(written, None)
    except KeyProblem as cause:
        raise KeyUnreadable(f"the signing key {path} is no key on the curve P-256 in PEM") from cause


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
