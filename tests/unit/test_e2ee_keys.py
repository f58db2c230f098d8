"""Keys, names, signed texts and their encodings: what is taken, and what is refused."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from support.e2ee_world import KIOSK, key, octets
from support.e2ee_wrongs import flipped, with_header

from tawasul.e2ee import errors, jws
from tawasul.e2ee.encoding import b64, json_object, length_prefixed, u32, u64, unb64
from tawasul.e2ee.errors import (
    BY_CODE,
    EnrolmentMalformed,
    KeyMalformed,
    KeyPasswordWrong,
    NameMalformed,
    PrivacyError,
    SealMalformed,
    SignatureWrong,
)
from tawasul.e2ee.key_share import KeyShare
from tawasul.e2ee.keys import PublicKey, SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole


def test_each_cause_has_a_code_of_its_own() -> None:
    leaves = [each for each in vars(errors).values() if isinstance(each, type) and "code" in vars(each)]
    codes = [each.code for each in leaves if each is not PrivacyError]
    assert sorted(codes) == sorted(BY_CODE)
    assert len(set(codes)) == len(codes) > 45
    for code, cause in BY_CODE.items():
        error = cause("x") if code == "refused-by-other" else cause()
        assert str(error).endswith(".")


def test_names_are_read_and_written() -> None:
    name = DeviceName.parse("urn:tawasul:madinah:kiosk:badr-1")
    assert name == DeviceName("madinah", DeviceRole.KIOSK, "badr-1")
    assert str(name) == "urn:tawasul:madinah:kiosk:badr-1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "madinah:kiosk:badr-1",
        "urn:tawasul:madinah:kiosk",
        "urn:tawasul:madinah:kiosk:badr-1:x",
        "urn:tawasul:madinah:king:badr-1",
        "urn:tawasul::kiosk:badr-1",
        "urn:tawasul:madinah:kiosk:Badr",
        "urn:tawasul:madinah:kiosk:badr 1",
        "urn:tawasul:madinah:kiosk:badr-1\n",
        "urn:tawasul:madinah:kiosk:بدر",
        "urn:tawasul:madinah:kiosk:" + "x" * 65,
        "URN:tawasul:madinah:kiosk:badr-1",
    ],
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(NameMalformed):
        DeviceName.parse(text)


def test_a_private_key_does_not_show_itself() -> None:
    secret = KIOSK.key
    assert repr(secret) == f"SigningKey({secret.thumbprint})"
    share = KeyShare.from_seed(octets("share"))
    for each in (secret, share):
        for leave in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="not pickled"):
                leave(each)  # type: ignore[operator]
    assert KIOSK.chain[0] not in repr(KIOSK)


def test_a_key_file_opens_with_its_password_only() -> None:
    secret = SigningKey.generate()
    pem = secret.to_pem(b"password")
    assert b"ENCRYPTED" in pem
    assert SigningKey.from_pem(pem, b"password").thumbprint == secret.thumbprint
    for password in (b"Password", b"", None):
        with pytest.raises(KeyPasswordWrong):
            SigningKey.from_pem(pem, password)
    clear = secret.to_pem(None)
    assert SigningKey.from_pem(clear, None).public == secret.public
    with pytest.raises(KeyPasswordWrong):
        SigningKey.from_pem(clear, b"password")


@pytest.mark.parametrize("private", [ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()])
def test_other_keys_are_refused(private: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> None:
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(KeyMalformed):
        SigningKey.from_pem(pem, None)
    with pytest.raises(KeyMalformed):
        SigningKey.from_pem(pem[:-40], None)


def test_a_public_key_has_four_members() -> None:
    jwk = KIOSK.key.public.jwk()
    assert PublicKey.from_jwk(jwk) == KIOSK.key.public
    assert {PublicKey.from_jwk(jwk), KIOSK.key.public} == {KIOSK.key.public}
    wrong = [
        {**jwk, "d": jwk["x"]},
        {**jwk, "kid": "x"},
        {**jwk, "crv": "P-384"},
        {**jwk, "kty": "RSA"},
        {**jwk, "x": jwk["y"], "y": jwk["x"]},
        {**jwk, "x": b64(bytes(31))},
        {**jwk, "x": jwk["x"] + "="},
        {**jwk, "x": b64(b"\xff" * 32)},
        {**jwk, "x": b64(bytes(32)), "y": b64(bytes(32))},
        {member: jwk[member] for member in ("kty", "crv", "x")},
    ]
    for each in wrong:
        with pytest.raises(KeyMalformed):
            PublicKey.from_jwk(each)


def test_a_signed_text_is_of_one_type_and_one_key() -> None:
    signer, other = key("signer"), key("other")
    text = jws.sign(signer, "tawasul-x+jwt", {"x": "بدر"})
    assert jws.read(text, "tawasul-x+jwt") == (signer.public, {"x": "بدر"})
    named = jws.sign(signer, "tawasul-x+jwt", {"x": 1}, kid=signer.thumbprint)
    assert jws.read(named, "tawasul-x+jwt", signer.public)[1] == {"x": 1}
    with pytest.raises(SealMalformed):
        jws.read(text, "tawasul-y+jwt")
    with pytest.raises(EnrolmentMalformed):
        jws.read(text, "tawasul-y+jwt", malformed=EnrolmentMalformed)
    with pytest.raises(SealMalformed):
        jws.read(named, "tawasul-x+jwt")
    for wrong, by in ((named, other.public), (flipped(named), signer.public)):
        with pytest.raises(SignatureWrong):
            jws.read(wrong, "tawasul-x+jwt", by)
    with pytest.raises(SignatureWrong):
        jws.read(with_header(named, other, kid=other.thumbprint), "tawasul-x+jwt", signer.public)
    with pytest.raises(SignatureWrong):
        jws.read(with_header(text, other), "tawasul-x+jwt")


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b"[1]",
        b'{"a":' * 10_000,
        b"",
    ],
)
def test_json_that_could_be_read_in_two_ways_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        json_object(text)


def test_encodings() -> None:
    assert (u32(1), u64(258)) == (b"\0\0\0\1", b"\0\0\0\0\0\0\1\2")
    assert length_prefixed(b"abc") == b"\0\0\0\3abc"
    assert (b64(b"\xfb\xff"), unb64("-_8")) == ("-_8", b"\xfb\xff")
    for text in ("-_9", "-_8=", "+/8", "A", "-_8\n"):
        with pytest.raises(ValueError, match="base64url"):
            unb64(text)
    assert replace(KIOSK, chain=()).name == KIOSK.name
