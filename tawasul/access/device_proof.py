"""A kiosk proves its device key: Ed25519 (RFC 8032) over our nonce and its own name. Pure."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tawasul.access.errors import KioskNotRecognised
from tawasul.domain.places import KioskId

_LABEL = b"tawasul kiosk hello v1\n"


def hello_message(nonce: str, kiosk_id: KioskId) -> bytes:
    """What the kiosk signs. The label keeps the signature from meaning anything elsewhere; the nonce, from a replay."""
    return _LABEL + nonce.encode() + b"\n" + kiosk_id.encode()


def verify(public_key: bytes, nonce: str, kiosk_id: KioskId, signature: str) -> None:
    """``signature`` is base64url, padded or not; ``public_key`` is 32 bytes.

    Raises:
        KioskNotRecognised: it is not this key's signature of this nonce and name.
    """
    try:
        raw = base64.b64decode(signature + "=" * (-len(signature) % 4), altchars=b"-_", validate=True)
        Ed25519PublicKey.from_public_bytes(public_key).verify(raw, hello_message(nonce, kiosk_id))
    except (InvalidSignature, binascii.Error, ValueError):
        raise KioskNotRecognised from None
