"""A kiosk's proof: its key, our nonce, its own name, and nothing else."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tawasul.access.device_proof import hello_message, verify
from tawasul.access.errors import KioskNotRecognised
from tawasul.domain.places import KioskId

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
BADR, YANBU = KioskId("badr-1"), KioskId("yanbu-1")


def signed(message: bytes, key: Ed25519PrivateKey = KEY) -> str:
    return base64.urlsafe_b64encode(key.sign(message)).decode()


def test_the_message_that_is_signed() -> None:
    assert hello_message("nonce", BADR) == b"tawasul kiosk hello v1\nnonce\nbadr-1"


def test_the_right_signature_padded_or_not() -> None:
    signature = signed(b"tawasul kiosk hello v1\nnonce\nbadr-1")
    verify(PUBLIC, "nonce", BADR, signature)
    verify(PUBLIC, "nonce", BADR, signature.rstrip("="))


@pytest.mark.parametrize(
    "signature",
    [
        signed(hello_message("another nonce", BADR)),
        signed(hello_message("nonce", YANBU)),
        signed(b"nonce\nbadr-1"),
        signed(hello_message("nonce", BADR), Ed25519PrivateKey.from_private_bytes(b"x" * 32)),
        base64.urlsafe_b64encode(bytes(64)).decode(),
        base64.urlsafe_b64encode(bytes(63)).decode(),
        "",
        "!!",
        "ليس توقيعًا",
        "A",
    ],
)
def test_any_other(signature: str) -> None:
    with pytest.raises(KioskNotRecognised):
        verify(PUBLIC, "nonce", BADR, signature)


@pytest.mark.parametrize("public_key", [b"", bytes(31), bytes(32), b"\xff" * 32])
def test_a_key_that_is_none(public_key: bytes) -> None:
    with pytest.raises(KioskNotRecognised):
        verify(public_key, "nonce", BADR, signed(hello_message("nonce", BADR)))
