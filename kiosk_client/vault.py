"""The kiosk's device key: Ed25519 (RFC 8032), made on the kiosk itself, in a file that only its user can read.

The private key never leaves the kiosk. What is registered with the service is the public key (`public_text`).
"""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from kiosk_client.errors import KeyNotPrivate, KeyUnreadable
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
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                return cls._load(path)
            except FileNotFoundError:
                return cls._create(path)
        except OSError as cause:
            raise KeyUnreadable(f"the device key {path} cannot be read or made: {cause.strerror}") from cause

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
        # Asked of the open file and not of the path: what is checked is what is read.
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO) or status.st_uid != os.geteuid():
                raise KeyNotPrivate(f"the device key {path} can be read by others: let its owner alone read it (0600)")
            written = file.read()
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
        # Made whole under another name, then linked: a power cut leaves no half key, and of two processes that start
        # together one wins.
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(written)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                return cls._load(path)
        finally:
            draft.unlink()
        return cls(private)

    def __repr__(self) -> str:
        return f"DeviceKey(public={self.public_text})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a device key does not leave its process")


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
