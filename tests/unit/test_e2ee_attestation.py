"""Attestations: a file that holds, and each way in which one does not."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from support.e2ee_accept import code_of
from support.e2ee_fixtures import statement
from support.e2ee_world import KIOSK, MADINAH, NOW, OFFICE, PHONE, SID, citizen_end, office_end, shake_hands

from tawasul.e2ee import jws
from tawasul.e2ee.attestation import (
    TYPE,
    Frames,
    Handshake,
    make,
    parties_of,
    read_statement,
    verify_file,
    write_file,
)
from tawasul.e2ee.session import Side

TALK = shake_hands(citizen_end(), office_end())
CITIZEN, OFFICES = statement(TALK, Side.CITIZEN, KIOSK), statement(TALK, Side.OFFICE, OFFICE)


def test_both_ends_sign_the_same_call() -> None:
    verified = verify_file(write_file(make(KIOSK.key, CITIZEN), make(OFFICE.key, OFFICES)), MADINAH.anchor)
    assert verified.anchored
    assert {side: certificate.name for side, certificate in verified.certificates.items()} == {
        Side.CITIZEN: KIOSK.name,
        Side.OFFICE: OFFICE.name,
    }
    assert [each.handshakes[0].th for each in verified.statements] == [TALK.citizen.transcript] * 2
    assert verified.citizen == CITIZEN


def test_without_an_anchor_the_names_are_unproven() -> None:
    verified = verify_file(write_file(make(KIOSK.key, CITIZEN), None))
    assert not verified.anchored
    assert verified.certificates == {}
    assert verified.office is None
    assert len(verified.statements) == 1


def test_a_phone_has_a_key_and_no_name() -> None:
    talk = shake_hands(citizen_end(PHONE), office_end(kiosk=None))
    parties = parties_of(talk.office)
    assert parties == parties_of(talk.citizen)
    assert (parties.citizen.urn, parties.citizen.jkt) == (None, PHONE.key.thumbprint)
    signed = make(PHONE.key, statement(talk, Side.CITIZEN, PHONE))
    assert "urn" not in read_statement(signed)[1].claims()["parties"]["citizen"]
    file = write_file(signed, make(OFFICE.key, statement(talk, Side.OFFICE, OFFICE)))
    assert verify_file(file, MADINAH.anchor).certificates.keys() == {Side.OFFICE}


def test_an_attempt_that_one_end_only_confirmed_is_no_contradiction() -> None:
    lost = Handshake(attempt=2, th="A" * 43, begins=NOW + 5, ends=NOW + 9, epochs=[[0, NOW + 5]])
    more = OFFICES.model_copy(update={"handshakes": [*OFFICES.handshakes, lost]})
    assert verify_file(write_file(make(KIOSK.key, CITIZEN), make(OFFICE.key, more)), MADINAH.anchor).office == more
    only = OFFICES.model_copy(update={"handshakes": [lost]})
    both = write_file(make(KIOSK.key, CITIZEN), make(OFFICE.key, only))
    assert code_of(partial(verify_file, both)) == "attestation-disagrees"


def changed(**changes: Any) -> bytes:
    """A file with the citizen's end alone, which signs other claims."""
    claims = {member: value for member, value in (CITIZEN.claims() | changes).items() if value is not None}
    return write_file(jws.sign(KIOSK.key, TYPE, claims), None)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"v": True},
        {"recorder": True},
        {"recorder": 0},
        {"recorder": None},
        {"phrase": "differs"},
        {"role": "king"},
        {"handshakes": []},
        {"handshakes": [{"attempt": 1}]},
        {"frames": {"sealed": -1, "opened": 0, "refused": 0}},
        {"parties": {"citizen": {"jkt": "x"}, "office": {"jkt": "x"}}},
        {"more": 1},
        {"call": ""},
        {"chain": "x"},
    ],
    ids=str,
)
def test_another_shape_is_malformed(changes: dict[str, Any]) -> None:
    assert code_of(partial(verify_file, changed(**changes), MADINAH.anchor)) == "attestation-malformed"


def test_a_null_is_not_what_is_absent() -> None:
    parties = CITIZEN.claims()["parties"]
    parties["citizen"] = parties["citizen"] | {"urn": None}
    assert code_of(partial(verify_file, changed(parties=parties))) == "attestation-malformed"


def test_a_chain_that_is_not_this_ends_does_not_count() -> None:
    for changes, code in (
        ({"chain": list(OFFICE.chain)}, "certificate-role-wrong"),
        ({"chain": list(MADINAH.credentials("kiosk", "yanbu-1").chain)}, "attestation-disagrees"),
        ({"chain": list(MADINAH.chain(KIOSK.name, KIOSK.key, now=NOW - 3 * 86_400))}, "certificate-expired"),  # type: ignore[arg-type]
        ({"chain": None}, "certificate-missing"),
    ):
        assert code_of(partial(verify_file, changed(**changes), MADINAH.anchor)) == code


def test_a_certificate_counts_that_was_good_when_the_call_began() -> None:
    # Years later it has long expired, and the file still holds.
    assert verify_file(write_file(make(KIOSK.key, CITIZEN), None), MADINAH.anchor).certificates != {}


def test_a_phone_cannot_sign_for_the_office() -> None:
    nameless = OFFICES.claims()
    nameless["parties"]["office"] = {"jkt": PHONE.key.thumbprint}
    del nameless["chain"]
    file = write_file(None, jws.sign(PHONE.key, TYPE, nameless))
    assert code_of(partial(verify_file, file)) == "attestation-disagrees"


def test_a_statement_is_by_the_key_it_names_also_without_a_certificate() -> None:
    talk = shake_hands(citizen_end(PHONE), office_end(kiosk=None))
    file = write_file(make(KIOSK.key, statement(talk, Side.CITIZEN, PHONE)), None)
    assert code_of(partial(verify_file, file, MADINAH.anchor)) == "attestation-disagrees"


def test_two_transcripts_of_one_attempt_contradict_each_other() -> None:
    other = shake_hands(citizen_end(label="other"), office_end(label="other"))
    file = write_file(make(KIOSK.key, CITIZEN), make(OFFICE.key, statement(other, Side.OFFICE, OFFICE)))
    assert code_of(partial(verify_file, file, MADINAH.anchor)) == "attestation-disagrees"


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"[]",
        b'{"v":1}',
        b'{"v":2,"citizen":null,"office":"x"}',
        b'{"v":1,"citizen":null,"office":null}',
        b'{"v":1,"citizen":1,"office":null}',
        b'{"v":1,"citizen":"x","office":null,"more":1}',
        json.dumps({"v": 1, "citizen": "x" * 30_000, "office": None}).encode(),
    ],
    ids=lambda file: repr(file[:40]),
)
def test_what_is_no_file(file: bytes) -> None:
    assert code_of(partial(verify_file, file)) == "attestation-malformed"


def test_they_contradict_each_other() -> None:
    signed = make(KIOSK.key, CITIZEN)
    other_call = OFFICES.model_copy(update={"call": "another"})
    other_parties = OFFICES.model_copy(
        update={"parties": OFFICES.parties.model_copy(update={"citizen": parties_of(TALK.office).office})}
    )
    for statement_ in (other_call, other_parties):
        file = write_file(signed, make(OFFICE.key, statement_))
        assert code_of(partial(verify_file, file, MADINAH.anchor)) == "attestation-disagrees"
    assert SID.startswith(CITIZEN.call)
    assert Frames(sealed=1, opened=1, refused=0).sealed == 1
