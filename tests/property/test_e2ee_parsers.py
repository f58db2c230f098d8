"""Everything that comes from outside is taken or refused by its code, whatever its bytes are."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.e2ee_world import KIOSK, MADINAH, NOW, OFFICE, key

from tawasul.e2ee import enrolment, jws
from tawasul.e2ee.attestation import TYPE as ATTESTATION
from tawasul.e2ee.attestation import verify_file
from tawasul.e2ee.certificate import TYPE as CERTIFICATE
from tawasul.e2ee.certificate import Anchor, verify_chain
from tawasul.e2ee.encoding import b64, json_bytes, json_object, unb64
from tawasul.e2ee.errors import BY_CODE
from tawasul.e2ee.handshake_messages import INIT_TYPE, InitClaims, read_claims, read_message
from tawasul.e2ee.keys import PublicKey, SigningKey
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.e2ee.pinning import fingerprint_of, pin_sdp, without_audio_level
from tawasul.e2ee.revocation import TYPE as LIST
from tawasul.e2ee.revocation import verify_revocations

PARSERS: dict[str, Callable[[str], object]] = {
    "name": DeviceName.parse,
    "anchor": Anchor.from_json,
    "chain": lambda text: verify_chain(
        [text, MADINAH.issuer_certificate], MADINAH.anchor, now=NOW, revocations=None, roles=frozenset(DeviceRole)
    ),
    "list": lambda text: verify_revocations(text, [MADINAH.issuer_certificate], MADINAH.anchor, now=NOW),
    "request": lambda text: enrolment.read_request(text, now=NOW),
    "approval": lambda text: enrolment.read_approval(text, now=NOW),
    "renewal": lambda text: enrolment.read_renewal(text, now=NOW),
    "revocation": lambda text: enrolment.read_revocation(text, now=NOW),
    "code": enrolment.read_code,
    "qr": enrolment.read_qr,
    "message": lambda text: read_message(text.encode("utf-8", "replace")),
    "claims": lambda text: read_claims(text, INIT_TYPE, InitClaims),
    "attestation": lambda text: verify_file(text.encode("utf-8", "replace"), MADINAH.anchor),
    "pem": lambda text: SigningKey.from_pem(text.encode("utf-8", "replace"), None),
    "fingerprint": fingerprint_of,
}
TEXTS = st.text(max_size=300) | st.sampled_from(
    [*KIOSK.chain, *OFFICE.chain, MADINAH.list_text(), "tawasul-enrol:1:urn:tawasul:a:kiosk:b:x"]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def taken_or_refused(parse: Callable[[Any], object], given_: Any) -> None:
    """No other error may come than those that have a code."""
    with suppress(*BY_CODE.values()):
        parse(given_)


@pytest.mark.parametrize("what", PARSERS)
def test_any_text(what: str) -> None:
    @given(TEXTS)
    def texts(text: str) -> None:
        taken_or_refused(PARSERS[what], text)

    texts()


MEMBERS = (
    "v", "sid", "iat", "role", "to", "chain", "fp", "pk", "hc", "iss", "sub", "jti", "nbf", "exp", "cnf", "name", "seq",
    "serials", "keys", "jkt", "reason", "call", "parties", "handshakes", "phrase", "frames", "recorder",
)  # fmt: skip
SIGNED = {
    "chain": (CERTIFICATE, MADINAH.issuer, json_object(unb64(KIOSK.chain[0].split(".")[1]))),
    "list": (LIST, MADINAH.issuer, json_object(unb64(MADINAH.list_text().split(".")[1]))),
    "request": (enrolment.REQUEST, None, {"sub": str(KIOSK.name), "iat": NOW}),
    "approval": (enrolment.APPROVAL, None, {"sub": str(KIOSK.name), "iat": NOW, "jkt": KIOSK.key.thumbprint}),
    "renewal": (enrolment.RENEWAL, None, {"sub": str(KIOSK.name), "iat": NOW, "jti": "A" * 22}),
    "revocation": (enrolment.REVOCATION, None, {"iat": NOW, "jkt": KIOSK.key.thumbprint, "reason": ""}),
    "claims": (INIT_TYPE, None, {"v": 1, "sid": "x", "iat": NOW, "role": "citizen", "to": "x"}),
}


@pytest.mark.parametrize("what", SIGNED)
def test_any_claims_under_a_good_signature(what: str) -> None:
    typ, signer, claims = SIGNED[what]

    @given(st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=5))
    def any_claims(changes: dict[str, Any]) -> None:
        by = signer or key("anybody")
        text = jws.sign(by, typ, claims | changes, kid=by.thumbprint if signer else None)
        taken_or_refused(PARSERS[what], text)

    any_claims()


@given(st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=12))
def test_any_attestation_under_a_good_signature(claims: dict[str, Any]) -> None:
    file = {"v": 1, "citizen": jws.sign(KIOSK.key, ATTESTATION, claims), "office": None}
    taken_or_refused(verify_file, json_bytes(file))


@given(JSON)
def test_any_key(value: object) -> None:
    taken_or_refused(PublicKey.from_jwk, value)
    if isinstance(value, dict):
        taken_or_refused(PublicKey.from_jwk, value | {"kty": "EC", "crv": "P-256"})


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_points_off_the_curve(x: bytes, y: bytes) -> None:
    taken_or_refused(PublicKey.from_jwk, {"kty": "EC", "crv": "P-256", "x": b64(x), "y": b64(y)})


@given(st.binary(max_size=100))
def test_b64_has_one_text_for_each_value(data: bytes) -> None:
    text = b64(data)
    assert unb64(text) == data
    for other in (text + "=", text + "\n", " " + text, text.replace("-", "+").replace("_", "/") + "+"):
        with pytest.raises(ValueError, match="base64url"):
            unb64(other)


@given(JSON)
def test_json_that_is_written_is_read(value: object) -> None:
    assert json_object(json_bytes({"x": value})) == json.loads(json.dumps({"x": value}))


@given(st.lists(st.text(max_size=30) | st.sampled_from(["a=fingerprint:sha-256 AB", "m=audio", "\r\n", "\u2028"])))
def test_a_pinned_description_has_one_fingerprint(parts: list[str]) -> None:
    pinned = pin_sdp("\r\n".join(parts), "sha-256 CD")
    lines = pinned.splitlines()
    assert [line for line in lines if "fingerprint" in line.lower() and line.startswith("a=")] == [
        "a=fingerprint:sha-256 CD"
    ] * sum(line.startswith("m=") for line in lines)
    assert pin_sdp(pinned, "sha-256 CD") == pinned
    assert without_audio_level(pinned) == pinned
