"""Chains, revocation lists, the anchor and enrolment: each wrong kind is refused by its own code."""

from __future__ import annotations

import json
from functools import partial

import pytest
from support.e2ee_accept import code_of
from support.e2ee_world import KIOSK, MADINAH, NOW, OFFICE, TRUST, key, name, octets
from support.e2ee_wrongs import THIEF, Case, ListCase, cases, list_cases

from tawasul.e2ee import enrolment
from tawasul.e2ee.certificate import LIFETIME, Anchor, issue, verify_chain
from tawasul.e2ee.errors import (
    CertificateMalformed,
    ChainWrong,
    EnrolmentMalformed,
    EnrolmentNameWrong,
    EnrolmentStale,
    RevocationsRolledBack,
    RevocationsStale,
    RevocationsWrong,
)
from tawasul.e2ee.names import DeviceRole
from tawasul.e2ee.revocation import Trust, sign_revocations, verify_revocations


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_kind_of_chain(case: Case) -> None:
    trust = MADINAH.trust(serials=case.list_serials, keys=case.list_keys)
    roles = frozenset({DeviceRole(case.role)})
    revocations = trust.revocations if case.listed else None
    verify = partial(verify_chain, now=case.now, revocations=revocations, roles=roles, place=case.place)
    assert code_of(partial(verify, case.chain, MADINAH.anchor)) == case.code


@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.name)
def test_every_kind_of_list(case: ListCase) -> None:
    verify = partial(verify_revocations, now=case.now, at_least=case.at_least)
    assert code_of(partial(verify, case.text, case.chain, MADINAH.anchor)) == case.code


def test_a_certificate_says_who_it_is() -> None:
    kiosk = TRUST.verify(KIOSK.chain, NOW, frozenset({DeviceRole.KIOSK}), "badr-1")
    assert (kiosk.name, kiosk.key, kiosk.title.ar) == (KIOSK.name, KIOSK.key.public, "محافظة بدر")
    assert kiosk.expires - kiosk.not_before == LIFETIME[DeviceRole.KIOSK] == 72 * 3600
    assert kiosk.signer == MADINAH.issuer_name


def test_another_region_is_not_believed_by_this_anchor_nor_this_by_another() -> None:
    assert code_of(partial(THIEF.trust().verify, KIOSK.chain, NOW, frozenset({DeviceRole.KIOSK}))) == "chain-wrong"


def test_nobody_signs_what_is_not_theirs_to_sign() -> None:
    sign = partial(issue, title=MADINAH.anchor.title, key=key("x").public, now=NOW)
    for signer_name, holder in (
        (MADINAH.issuer_name, name("steward", "a")),
        (MADINAH.issuer_name, name("issuer", "issuer-2")),
        (MADINAH.root_name, name("kiosk", "badr-1")),
        (name("kiosk", "badr-1"), name("office", "emirate")),
        (MADINAH.root_name, name("root", "root")),
        (MADINAH.issuer_name, name("kiosk", "badr-1", "tabuk")),
    ):
        with pytest.raises(ChainWrong):
            sign(MADINAH.issuer, signer_name, name=holder, serial=octets("serial", 16))
    with pytest.raises(ChainWrong):
        sign(MADINAH.issuer, MADINAH.issuer_name, name=name("kiosk", "badr-1"), serial=b"short")


def test_trust_keeps_the_newest_list_and_its_number() -> None:
    by = [MADINAH.issuer_certificate]
    trust = Trust(MADINAH.anchor).learn(MADINAH.list_text(seq=5), by, NOW)
    newer = trust.learn(MADINAH.list_text(seq=6, keys=[KIOSK.key.thumbprint]), by, NOW)
    assert newer.at_least == 6
    kiosks = frozenset({DeviceRole.KIOSK})
    assert code_of(partial(trust.verify, KIOSK.chain, NOW, kiosks)) is None
    assert code_of(partial(newer.verify, KIOSK.chain, NOW, kiosks)) == "certificate-revoked"
    with pytest.raises(RevocationsRolledBack):
        newer.learn(MADINAH.list_text(seq=5), by, NOW)
    with pytest.raises(RevocationsStale):
        newer.learn(MADINAH.list_text(seq=9, now=NOW - 86_400), by, NOW)
    # After a restart nothing is left of it but the number.
    with pytest.raises(RevocationsRolledBack):
        Trust(MADINAH.anchor, at_least=6).learn(MADINAH.list_text(seq=5), by, NOW)
    assert newer.learn(MADINAH.list_text(seq=6), by, NOW).at_least == 6


def test_without_a_list_no_device_is_believed() -> None:
    kiosks = frozenset({DeviceRole.KIOSK})
    assert code_of(partial(Trust(MADINAH.anchor).verify, KIOSK.chain, NOW, kiosks)) == "revocations-missing"
    late = NOW - 600 + 86_400
    assert code_of(partial(TRUST.verify, KIOSK.chain, late - 1, kiosks)) is None
    assert code_of(partial(TRUST.verify, KIOSK.chain, late, kiosks)) == "revocations-stale"


def test_a_list_has_a_largest_size() -> None:
    full = [key("x").thumbprint[:-5] + f"{number:04}A" for number in range(1001)]
    sign = partial(sign_revocations, MADINAH.issuer, MADINAH.issuer_name, now=NOW, seq=1)
    assert len(sign(serials=[], keys=full[:1000])) < 64_000
    with pytest.raises(RevocationsWrong):
        sign(serials=[], keys=full)


def test_the_anchor_is_a_file() -> None:
    anchor = MADINAH.anchor
    assert Anchor.from_json(anchor.to_json()) == anchor
    assert anchor.fingerprint == MADINAH.root.thumbprint
    good = json.loads(anchor.to_json())
    for change in (
        {"v": 2},
        {"v": True},
        {"region": "Madinah"},
        {"region": 1},
        {"root": good["root"] | {"d": "x"}},
        {"name": "Madinah"},
        {"more": 1},
    ):
        with pytest.raises(CertificateMalformed):
            Anchor.from_json(json.dumps(good | change))
    for text in ("", "[]", b"\xff", "{"):
        with pytest.raises(CertificateMalformed):
            Anchor.from_json(text)


def test_enrolment_is_signed_by_who_asks() -> None:
    badr, device, steward = name("kiosk", "badr-1"), KIOSK.key, key("steward a")
    request = enrolment.make_request(device, badr, now=NOW)
    assert enrolment.read_request(request, now=NOW + 300) == enrolment.Request(device.public, badr, NOW)
    approval = enrolment.make_approval(steward, badr, device.thumbprint, now=NOW)
    assert enrolment.read_approval(approval, now=NOW + 86_400).jkt == device.thumbprint
    for read, text, late in (
        (enrolment.read_request, request, NOW + 301),
        (enrolment.read_request, request, NOW - 301),
        (enrolment.read_approval, approval, NOW + 86_401),
    ):
        with pytest.raises(EnrolmentStale):
            read(text, now=late)  # type: ignore[operator]
    # One kind is never taken for another.
    for read in (enrolment.read_request, enrolment.read_renewal, enrolment.read_revocation):
        with pytest.raises(EnrolmentMalformed):
            read(approval, now=NOW)  # type: ignore[operator]


@pytest.mark.parametrize("role", ["root", "issuer", "steward"])
def test_only_offices_and_kiosks_are_enrolled(role: str) -> None:
    with pytest.raises(EnrolmentNameWrong):
        enrolment.read_request(enrolment.make_request(KIOSK.key, name(role, "x"), now=NOW), now=NOW)


def test_a_revocation_has_a_reason_that_is_short() -> None:
    jkt = OFFICE.key.thumbprint
    longest = enrolment.make_revocation(KIOSK.key, jkt, "س" * 200, now=NOW)
    assert enrolment.read_revocation(longest, now=NOW).reason == "س" * 200
    for wrong_jkt, reason in ((jkt, "x" * 201), (jkt[:-1], ""), ("", "")):
        with pytest.raises(EnrolmentMalformed):
            enrolment.read_revocation(enrolment.make_revocation(KIOSK.key, wrong_jkt, reason, now=NOW), now=NOW)


def test_the_code_is_as_people_type_it() -> None:
    code = enrolment.code_of(KIOSK.key.thumbprint)
    assert [len(part) for part in code.split("-")] == [4, 4, 4]
    assert set(code) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")
    assert enrolment.read_code(code.lower().replace("-", " ")) == code
    assert enrolment.read_code("oil0 1234 5678") == "0110-1234-5678"
    assert code != enrolment.code_of(OFFICE.key.thumbprint)
    for text in ("", "ABCD-EFGH", "ABCD-EFGH-JKMU", "ABCD-EFGH-JKMNP"):
        with pytest.raises(EnrolmentMalformed):
            enrolment.read_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tawasul-enrol:1:",
        "tawasul-enrol:2:urn:tawasul:madinah:kiosk:badr-1:" + KIOSK.key.thumbprint,
        "tawasul-enrol:1:urn:tawasul:madinah:kiosk:badr-1:short",
        "tawasul-enrol:1:urn:tawasul:madinah:kiosk:badr-1",
        "urn:tawasul:madinah:kiosk:badr-1:" + KIOSK.key.thumbprint,
    ],
)
def test_what_is_no_qr_of_ours(text: str) -> None:
    with pytest.raises(EnrolmentMalformed):
        enrolment.read_qr(text)
