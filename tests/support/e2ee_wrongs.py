"""Certificates, lists and first messages that are wrong in one way each, with the code by which they are refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.jws import JWSRegistry
from support.e2ee_world import (
    KIOSK,
    MADINAH,
    NOW,
    OFFICE,
    PHONE,
    SID,
    Region,
    citizen_end,
    fingerprint,
    key,
    name,
    octets,
    sent,
)

from tawasul.e2ee import jws
from tawasul.e2ee.certificate import TYPE as CERTIFICATE_TYPE
from tawasul.e2ee.encoding import b64, json_object, unb64
from tawasul.e2ee.handshake import Begin
from tawasul.e2ee.handshake_messages import INIT_TYPE, RESP_TYPE, write_message
from tawasul.e2ee.keys import SigningKey
from tawasul.e2ee.revocation import TYPE as LIST_TYPE

THIEF = Region(label="thief")
"""Somebody with a root and an issuer of their own, of the same names."""
OTHER_REGION = Region(label="other", region="tabuk")
MINUTE = 60


@dataclass(frozen=True)
class Case:
    """A chain, how it is looked at, and what comes of it: None when it holds."""

    name: str
    chain: Sequence[str]
    code: str | None
    role: str = "kiosk"
    place: str | None = "badr-1"
    now: int = NOW
    listed: bool = True
    """Whether there is a revocation list; the default one revokes nothing."""
    list_serials: tuple[str, ...] = ()
    list_keys: tuple[str, ...] = ()


def claims_of(text: str) -> dict[str, Any]:
    """The claims of a signed text, unproven."""
    return json_object(unb64(text.split(".")[1]))


def altered(text: str, signer: SigningKey, typ: str = CERTIFICATE_TYPE, **changes: Any) -> str:
    """A signed text with other claims (None takes one away), signed anew and named by `kid`."""
    claims = {member: value for member, value in (claims_of(text) | changes).items() if value is not None}
    return jws.sign(signer, typ, claims, kid=signer.thumbprint)


def flipped(text: str) -> str:
    """A signed text whose signature does not fit: one bit of it is another."""
    head, _, signature = text.rpartition(".")
    octet = bytearray(unb64(signature))
    octet[7] ^= 1
    return f"{head}.{b64(bytes(octet))}"


def with_header(text: str, signer: SigningKey, **changes: Any) -> str:
    """A signed text with another header and a signature that fits it."""
    head, claims, _ = text.split(".")
    header = {member: value for member, value in (json_object(unb64(head)) | changes).items() if value is not None}
    signing_input = f"{b64(json.dumps(header).encode())}.{claims}".encode()
    signature = JWSRegistry.algorithms["ES256"].sign(signing_input, signer.jose)
    return f"{signing_input.decode()}.{b64(signature)}"


def cases() -> list[Case]:
    """Every kind of chain: those that hold first."""
    kiosk, issuer_text = KIOSK.chain
    office = OFFICE.chain
    issuer = MADINAH.issuer
    steward_key = key("steward a")
    steward = MADINAH.sign_by_root(name("steward", "a"), steward_key)
    badr = name("kiosk", "badr-1")
    expired = MADINAH.chain(badr, KIOSK.key, now=NOW - 3 * 86_400)
    future = MADINAH.chain(badr, KIOSK.key, now=NOW + MINUTE + 1)
    soon = MADINAH.chain(badr, KIOSK.key, now=NOW + MINUTE)
    old_issuer = MADINAH.sign_by_root(MADINAH.issuer_name, issuer, now=NOW - 90 * 86_400)
    by_root = altered(kiosk, MADINAH.root, iss=str(MADINAH.root_name))
    by_kiosk = altered(OFFICE.chain[0], KIOSK.key, iss=str(badr))
    by_steward = altered(kiosk, steward_key, iss=str(name("steward", "a")))
    key_of = KIOSK.key.thumbprint
    serial = claims_of(kiosk)["jti"]
    jwk = KIOSK.key.public.jwk()

    def one(what: str, **changes: Any) -> Case:
        return Case(what, (altered(kiosk, issuer, **changes), issuer_text), "certificate-malformed")

    abroad = altered(kiosk, issuer, sub="urn:tawasul:tabuk:kiosk:badr-1")
    low_steward = altered(steward, issuer, iss=str(MADINAH.issuer_name))
    unnamed = altered(kiosk, issuer, iss=str(name("issuer", "issuer-2")))
    approval = with_header(kiosk, issuer, typ="tawasul-approval+jwt")
    huge = altered(kiosk, issuer, name={"ar": "م" * 4000, "en": "x"})
    return [
        Case("kiosk", KIOSK.chain, None),
        Case("kiosk, any place", KIOSK.chain, None, place=None),
        Case("office", office, None, role="office", place="emirate"),
        Case("steward", (steward,), None, role="steward", place=None),
        Case("steward without a list", (steward,), None, role="steward", place=None, listed=False),
        Case("issuer", (issuer_text,), None, role="issuer", place=None, listed=False),
        Case("begins within a minute", soon, None),
        Case("expired", expired, "certificate-expired"),
        Case("issuer expired", (kiosk, old_issuer), "certificate-expired"),
        Case("not yet valid", future, "certificate-not-yet-valid"),
        Case("kiosk for an office", KIOSK.chain, "certificate-role-wrong", role="office", place=None),
        Case("steward for an office", (steward,), "certificate-role-wrong", role="office", place=None),
        Case("issuer for an office", (issuer_text,), "certificate-role-wrong", role="office", place=None),
        Case("another kiosk", KIOSK.chain, "certificate-place-wrong", place="yanbu-1"),
        Case("own root", THIEF.chain(badr, KIOSK.key), "chain-wrong"),
        Case("own issuer under the true root's name", (THIEF.chain(badr, KIOSK.key)[0], issuer_text), "chain-wrong"),
        Case("another region", OTHER_REGION.chain(name("kiosk", "badr-1", "tabuk"), KIOSK.key), "chain-wrong"),
        Case("of another region", (abroad, issuer_text), "chain-wrong"),
        Case("signature wrong", (flipped(kiosk), issuer_text), "chain-wrong"),
        Case("issuer's signature wrong", (kiosk, flipped(issuer_text)), "chain-wrong"),
        Case("issuer missing", (kiosk,), "chain-wrong"),
        Case("empty", (), "chain-wrong"),
        Case("too many", (kiosk, issuer_text, issuer_text), "chain-wrong"),
        Case("in the wrong order", (issuer_text, kiosk), "chain-wrong"),
        Case("kiosk signed by the root", (by_root,), "chain-wrong"),
        Case("office signed by a kiosk", (by_kiosk, kiosk), "chain-wrong"),
        Case("kiosk signed by a steward", (by_steward, steward), "chain-wrong"),
        Case("steward below an issuer", (low_steward, issuer_text), "chain-wrong"),
        Case("another signer is named", (unnamed, issuer_text), "chain-wrong"),
        Case("another key is named", (with_header(kiosk, issuer, kid=key_of), issuer_text), "chain-wrong"),
        Case("serial revoked", KIOSK.chain, "certificate-revoked", list_serials=(serial,)),
        Case("key revoked", KIOSK.chain, "certificate-revoked", list_keys=(key_of,)),
        Case("issuer's key revoked", KIOSK.chain, "certificate-revoked", list_keys=(issuer.thumbprint,)),
        Case("steward revoked", (steward,), "certificate-revoked", role="steward", place=None,
             list_keys=(steward_key.thumbprint,)),
        Case("no list", KIOSK.chain, "revocations-missing", listed=False),
        Case("list expired", KIOSK.chain, "revocations-stale", now=NOW - 600 + 86_400),
        Case("huge", (huge, issuer_text), "certificate-too-large"),
        Case("no text", ("", issuer_text), "certificate-malformed"),
        Case("no signature", (kiosk.rpartition(".")[0], issuer_text), "certificate-malformed"),
        Case("algorithm none", (with_header(kiosk, issuer, alg="none"), issuer_text), "certificate-malformed"),
        Case("algorithm HS256", (with_header(kiosk, issuer, alg="HS256"), issuer_text), "certificate-malformed"),
        Case("another type", (approval, issuer_text), "certificate-malformed"),
        Case("critical header", (with_header(kiosk, issuer, crit=["exp"]), issuer_text), "certificate-malformed"),
        Case("key in the header", (with_header(kiosk, issuer, jwk=jwk), issuer_text), "certificate-malformed"),
        one("no expiry", exp=None),
        one("expiry is a text", exp=str(NOW + 60)),
        one("expiry is true", exp=True),
        one("expiry is a fraction", exp=NOW + 60.5),
        one("begins before time", nbf=-1),
        one("unknown claim", admin=True),
        one("no name", name=None),
        one("name is empty", name={"ar": "", "en": "x"}),
        one("name too long", name={"ar": "م" * 121, "en": "x"}),
        one("name in three languages", name={"ar": "م", "en": "x", "fr": "y"}),
        one("role unknown", sub="urn:tawasul:madinah:king:badr-1"),
        one("place with capitals", sub="urn:tawasul:madinah:kiosk:Badr-1"),
        one("place with a line", sub="urn:tawasul:madinah:kiosk:badr-1\n"),
        one("serial too short", jti="AAAA"),
        one("serial not canonical", jti="A" * 21 + "B"),
        one("no key", cnf={}),
        one("more than the key", cnf={"jwk": jwk, "kid": "x"}),
        one("private key", cnf={"jwk": jwk | {"d": jwk["x"]}}),
        one("key off the curve", cnf={"jwk": jwk | {"x": jwk["y"]}}),
        one("key on another curve", cnf={"jwk": jwk | {"crv": "P-384"}}),
        one("coordinate too short", cnf={"jwk": jwk | {"x": jwk["x"][:-2]}}),
    ]  # fmt: skip


@dataclass(frozen=True)
class ListCase:
    """A revocation list as it travels, and what comes of it."""

    name: str
    text: str
    chain: Sequence[str]
    code: str | None
    now: int = NOW
    at_least: int = 0


def list_cases() -> list[ListCase]:
    """Every kind of revocation list."""
    chain = (MADINAH.issuer_certificate,)
    text = MADINAH.list_text(serials=[b64(octets("revoked", 16))], keys=[key("revoked").thumbprint])

    def wrong(what: str, signed: str, by: Sequence[str] = chain) -> ListCase:
        return ListCase(what, signed, by, "revocations-wrong")

    def changed(what: str, **changes: Any) -> ListCase:
        return wrong(what, altered(text, MADINAH.issuer, LIST_TYPE, **changes))

    thumbprint = KIOSK.key.thumbprint
    return [
        ListCase("good", text, chain, None),
        ListCase("the same again", text, chain, None, at_least=7),
        ListCase("full", MADINAH.list_text(keys=[b64(octets(f"full {n}")) for n in range(1000)]), chain, None),
        ListCase("older than one seen", text, chain, "revocations-rolled-back", at_least=8),
        ListCase("expired", text, chain, "revocations-stale", now=NOW - 600 + 86_400),
        wrong("own root", THIEF.list_text(), (THIEF.issuer_certificate,)),
        wrong("own issuer", THIEF.list_text()),
        wrong("signed by a kiosk", altered(text, KIOSK.key, LIST_TYPE, iss=str(KIOSK.name)), KIOSK.chain),
        wrong("signature wrong", flipped(text)),
        wrong("no chain", text, ()),
        wrong("a certificate", MADINAH.issuer_certificate),
        wrong("huge", MADINAH.list_text() + "A" * 64_000),
        changed("lasts longer", exp=NOW - 600 + 86_401),
        changed("another signer is named", iss=str(name("issuer", "issuer-2"))),
        changed("no number", seq=None),
        changed("number is a text", seq="9"),
        changed("unknown claim", more=[]),
        changed("too many", keys=[thumbprint] * 1001),
        changed("entry is no thumbprint", keys=["x"]),
        changed("entry is a number", serials=[1]),
        changed("list is an object", serials={}),
    ]


@dataclass(frozen=True)
class InitCase:
    """A first message as the office's end gets it, and what comes of it. `kiosk` is what its server says."""

    name: str
    payload: bytes
    code: str | None
    kiosk: str | None = "badr-1"
    now: int = NOW


def init_cases() -> list[InitCase]:
    """Every kind of first message."""
    good = sent(citizen_end().handle(Begin(), NOW))
    by_phone = sent(citizen_end(PHONE).handle(Begin(), NOW))
    text: str = json_object(good)["jws"]

    def init(what: str, code: str, signer: SigningKey = KIOSK.key, **changes: Any) -> InitCase:
        claims = {member: value for member, value in (claims_of(text) | changes).items() if value is not None}
        return InitCase(what, write_message("init", jws=jws.sign(signer, INIT_TYPE, claims)), code)

    def raw(what: str, payload: bytes, code: str = "seal-malformed") -> InitCase:
        return InitCase(what, payload, code)

    def header(what: str, **changes: Any) -> InitCase:
        return raw(what, write_message("init", jws=with_header(text, KIOSK.key, **changes)))

    pk = claims_of(text)["pk"]
    thief = key("thief")
    null_chain = jws.sign(KIOSK.key, INIT_TYPE, claims_of(text) | {"chain": None})
    office_as_citizen = jws.sign(OFFICE.key, INIT_TYPE, claims_of(text) | {"chain": list(OFFICE.chain)})
    both = key("region urn:tawasul:madinah:office:emirate")
    same_key = MADINAH.chain(name("kiosk", "badr-1"), both)
    return [
        InitCase("kiosk", good, None),
        InitCase("own device", by_phone, None, kiosk=None),
        InitCase("kiosk where none was told of", good, None, kiosk=None),
        InitCase("own device for a kiosk", by_phone, "certificate-missing"),
        InitCase("another kiosk", good, "certificate-place-wrong", kiosk="yanbu-1"),
        InitCase("five minutes later", good, None, now=NOW + 300),
        InitCase("too late", good, "handshake-stale", now=NOW + 301),
        InitCase("too early", good, "handshake-stale", now=NOW - 301),
        raw("nothing", b""),
        raw("not UTF-8", b'{"t":"init","jws":"\xff"}'),
        raw("a list", b"[]"),
        raw("deep", b"[" * 10_000),
        raw("no type", b'{"jws":"x"}'),
        raw("unknown type", b'{"t":"hello","jws":"x"}'),
        raw("no text", b'{"t":"init"}'),
        raw("text is a number", b'{"t":"init","jws":1}'),
        raw("unknown member", good[:-1] + b',"x":1}'),
        raw("named twice", good[:-1] + b',"t":"init"}'),
        raw("cut short", good[:-1]),
        raw("too large", good[:-1] + b" " * 16_384 + b"}", "seal-too-large"),
        raw("text too large", write_message("init", jws=text.ljust(12_289, "A")), "seal-too-large"),
        raw("answer first", write_message("resp", jws=text), "seal-out-of-order"),
        raw("reveal first", write_message("reveal", n="A" * 43, mac="A" * 43), "seal-out-of-order"),
        raw("conf first", write_message("conf", mac="A" * 43), "seal-out-of-order"),
        raw("short reveal", write_message("reveal", n="A" * 42, mac="A" * 43)),
        raw("refused", write_message("refused", code="not-for-us"), "refused-by-other"),
        raw("signature wrong", write_message("init", jws=flipped(text)), "signature-wrong"),
        raw("no signature", write_message("init", jws=text.rpartition(".")[0] + "."), "signature-wrong"),
        header("algorithm none", alg="none"),
        header("another type", typ=RESP_TYPE),
        header("critical header", crit=["b64"], b64=True),
        header("key named only", jwk=None, kid=KIOSK.key.thumbprint),
        header("private key in the header", jwk=KIOSK.key.public.jwk() | {"d": "A" * 43}),
        init("version 2", "version-unknown", v=2),
        init("version 2 with other members", "version-unknown", v=2, pk=None, kem="x"),
        init("version is a text", "seal-malformed", v="1"),
        init("version is true", "seal-malformed", v=True),
        init("another call", "session-wrong", sid="0192f7c0-other/1"),
        init("another attempt", "session-wrong", sid=SID[:-1] + "2"),
        init("time is huge", "seal-malformed", iat=10**400),
        init("time is a text", "seal-malformed", iat=str(NOW)),
        init("office's role", "role-wrong", role="office"),
        init("role unknown", "role-wrong", role="king"),
        init("for another office", "not-for-us", to="urn:tawasul:madinah:office:deputy"),
        init("chain is empty", "chain-wrong", chain=[]),
        raw("chain is null", write_message("init", jws=null_chain)),
        init("chain is a text", "seal-malformed", chain="x"),
        init("own root", "chain-wrong", chain=list(THIEF.chain(name("kiosk", "badr-1"), KIOSK.key))),
        init("expired", "certificate-expired",
             chain=list(MADINAH.chain(name("kiosk", "badr-1"), KIOSK.key, now=NOW - 3 * 86_400))),
        raw("an office as a citizen", write_message("init", jws=office_as_citizen), "certificate-role-wrong"),
        init("another's chain", "key-mismatch", signer=thief),
        init("this end's own key", "reflected", signer=both, chain=list(same_key)),
        init("fingerprint in small letters", "seal-malformed", fp=fingerprint("x").lower()),
        init("fingerprint by SHA-1", "seal-malformed", fp="sha-1 " + fingerprint("x")[8:][:59]),
        init("two fingerprints", "seal-malformed", fp=fingerprint("x") + "\n" + fingerprint("y")),
        init("no key share", "seal-malformed", pk=None),
        init("short key share", "seal-malformed", pk=pk[:-4]),
        init("key share padded", "seal-malformed", pk=pk + "="),
        init("commitment too short", "seal-malformed", hc="AAAA"),
        init("unknown claim", "seal-malformed", x=1),
        init("huge certificate", "certificate-too-large", chain=["A" * 5000]),
    ]  # fmt: skip


def late_key_share_case() -> InitCase:
    """A first message that is taken, whose key share is found to be none when the answer is made."""
    text: str = json_object(sent(citizen_end().handle(Begin(), NOW)))["jws"]
    claims = claims_of(text) | {"pk": b64(b"\xff" * 1216)}
    payload = write_message("init", jws=jws.sign(KIOSK.key, INIT_TYPE, claims))
    return InitCase("key share is none", payload, "key-share-wrong")
