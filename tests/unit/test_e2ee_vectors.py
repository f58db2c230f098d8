"""The standards' own vectors, and those that the browser's code reads too (tests/vectors/README.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.bindings._rust import openssl as rust_openssl
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from joserfc.jwk import RSAKey
from support.e2ee_accept import SECTIONS
from support.e2ee_fixtures import document

from tawasul.e2ee.key_share import KeyShare
from tawasul.e2ee.sframe import FrameKey, read_header, write_header

VECTORS = Path(__file__).parent.parent / "vectors"


def vectors(file: str) -> Any:
    """One file of vectors."""
    return json.loads((VECTORS / file).read_text())


def test_rfc_9605_headers() -> None:
    headers = vectors("rfc9605.json")["header"]
    assert len(headers) == 289
    for each in headers:
        encoded = bytes.fromhex(each["encoded"])
        assert write_header(each["kid"], each["ctr"]) == encoded
        assert read_header(encoded + b"more") == (each["kid"], each["ctr"], len(encoded))


def test_rfc_9605_frame() -> None:
    (each,) = vectors("rfc9605.json")["sframe"]
    key = FrameKey(each["kid"], bytes.fromhex(each["base_key"]))
    metadata, plain, sealed = (bytes.fromhex(each[part]) for part in ("metadata", "pt", "ct"))
    assert key.seal(each["ctr"], metadata, plain) == sealed
    header = read_header(sealed)
    assert key.open(header.counter, sealed[: header.size], metadata, sealed[header.size :]) == plain


def test_x_wing_of_the_hpke_pq_draft() -> None:
    (each,) = vectors("hpke.json")["xwing"]
    share = KeyShare.from_seed(bytes.fromhex(each["skRm"]))
    assert share.public.hex() == each["pkRm"]
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    check_opening(suite, share._private, each)


def test_aes_256_gcm_of_rfc_9180() -> None:
    (each,) = vectors("hpke.json")["aes_256_gcm"]
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    check_opening(suite, X25519PrivateKey.from_private_bytes(bytes.fromhex(each["skRm"])), each)


def check_opening(suite: hpke.Suite, private: Any, vector: dict[str, Any]) -> None:
    """Open the first message of a vector. Its additional data are why the library's public call does not do."""
    first = vector["encryptions"][0]
    info, enc, sealed, aad = (
        bytes.fromhex(text) for text in (vector["info"], vector["enc"], first["ct"], first["aad"])
    )
    opened = rust_openssl.hpke._decrypt_with_aad(suite, enc + sealed, private, info=info, aad=aad)
    assert opened.hex() == first["pt"]


def test_rfc_7638_example() -> None:
    # RFC 7638 §3.1 has an RSA key; ours are made by the same call of the library.
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj"
        "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ"
        "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK"
        "nqDKgw"
    )
    key = RSAKey.import_key({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"})
    assert key.thumbprint() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.parametrize("section", SECTIONS)
def test_what_is_written_for_both_languages_holds(section: str) -> None:
    SECTIONS[section](vectors("e2ee.json"))


def test_what_would_be_written_now_holds() -> None:
    fresh = json.loads(json.dumps(document()))
    for check in SECTIONS.values():
        check(fresh)
    assert fresh.keys() == vectors("e2ee.json").keys()


@pytest.mark.parametrize(
    ("section", "path"),
    [
        ("thumbprints", ("thumbprints", 0, "jkt")),
        ("handshakes", ("handshakes", 0, "epochs", 0, "chain")),
        ("handshakes", ("handshakes", 1, "epochs", 2, "base_keys", "8")),
        ("frames", ("frames", "streams", 0, "frames", 9, "sealed")),
    ],
)
def test_what_is_altered_does_not_hold(section: str, path: tuple[str | int, ...]) -> None:
    altered = vectors("e2ee.json")
    at = altered
    for step in path[:-1]:
        at = at[step]
    text = at[path[-1]]
    at[path[-1]] = ("1" if text[0] == "0" else "0") + text[1:]
    with pytest.raises(AssertionError):
        SECTIONS[section](altered)
