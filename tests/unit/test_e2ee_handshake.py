"""The handshake with examples: who is confirmed, what each end refuses and how it tells, and the time it has."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from support.e2ee_accept import refusal
from support.e2ee_world import (
    KIOSK,
    MADINAH,
    NOW,
    OFFICE,
    PHONE,
    SID,
    citizen_end,
    fingerprint,
    key,
    name,
    office_end,
    sent,
    shake_hands,
)
from support.e2ee_wrongs import THIEF, InitCase, claims_of, flipped, init_cases, late_key_share_case

from tawasul.e2ee import jws
from tawasul.e2ee.encoding import b64
from tawasul.e2ee.frames import Kind, kid_of
from tawasul.e2ee.handshake import (
    WITHIN,
    Answering,
    Begin,
    Confirmed,
    Credentials,
    Passed,
    PinPeer,
    Received,
    Refuse,
    Send,
)
from tawasul.e2ee.handshake_citizen import CitizenEnd
from tawasul.e2ee.handshake_messages import INIT_TYPE, RESP_TYPE, write_message
from tawasul.e2ee.handshake_office import OfficeEnd
from tawasul.e2ee.phrase import PICTURES, pictures_of
from tawasul.e2ee.session import Side


def test_two_ends_agree() -> None:
    talk = shake_hands(citizen_end(), office_end())
    citizen, office = talk.citizen, talk.office
    assert citizen.transcript == office.transcript
    assert citizen.phrase == office.phrase
    assert len(citizen.phrase) == 6
    assert citizen.phrase.isdigit()
    keys = {kid: citizen.base_key(kid) for kid in (kid_of(0, side, kind) for side in Side for kind in Kind)}
    assert keys == {kid: office.base_key(kid) for kid in keys}
    assert len(set(keys.values())) == 4
    assert (citizen.peer.certificate.name, office.peer.certificate.name) == (OFFICE.name, KIOSK.name)  # type: ignore[union-attr]
    assert citizen.both_certified
    assert office.both_certified
    assert (citizen.sid, citizen.side, office.side) == (SID, Side.CITIZEN, Side.OFFICE)


def test_a_citizens_own_device_has_no_certificate_but_a_key() -> None:
    talk = shake_hands(citizen_end(PHONE), office_end(kiosk=None))
    assert talk.office.peer.certificate is None
    assert talk.office.peer.thumbprint == PHONE.key.thumbprint
    assert not talk.office.both_certified
    assert not talk.citizen.both_certified
    assert len(pictures_of(talk.office.phrase)) == 6
    assert len(set(PICTURES)) == 10


def test_the_peer_is_pinned_before_anything_is_sent_on() -> None:
    citizen, office = citizen_end(), office_end()
    (init,) = citizen.handle(Begin(), NOW)
    assert isinstance(init, Send)
    (pinned,) = office.handle(Received(init.payload), NOW)
    assert isinstance(pinned, PinPeer)
    assert pinned.fingerprint == fingerprint("citizen ")
    (resp,) = office.handle(Answering(fingerprint("office")), NOW)
    assert isinstance(resp, Send)
    pin, reveal = citizen.handle(Received(resp.payload), NOW)
    assert isinstance(pin, PinPeer)
    assert (pin.fingerprint, pin.peer.thumbprint) == (fingerprint("office"), OFFICE.key.thumbprint)
    assert isinstance(reveal, Send)
    conf, confirmed = office.handle(Received(reveal.payload), NOW)
    assert isinstance(conf, Send)
    assert isinstance(confirmed, Confirmed)


@pytest.mark.parametrize("case", [*init_cases(), late_key_share_case()], ids=lambda case: case.name)
def test_every_kind_of_first_message(case: InitCase) -> None:
    office = office_end(kiosk=case.kiosk)
    effects = office.handle(Received(case.payload), case.now)
    if isinstance(effects[-1], PinPeer):
        effects = office.handle(Answering(fingerprint("office")), case.now)
    assert refusal(effects) == case.code
    if case.code == "refused-by-other":
        assert [type(effect) for effect in effects] == [Refuse]
    elif case.code:
        told, refuse = effects
        assert isinstance(told, Send)
        assert json.loads(told.payload) == {"t": "refused", "code": case.code}
        assert isinstance(refuse, Refuse)
        assert refuse.tell
        assert office.handle(Received(case.payload), case.now) == []
        assert office.deadline is None


def answered() -> tuple[CitizenEnd, OfficeEnd, str]:
    """Two ends and the office's signed text, not yet delivered."""
    citizen, office = citizen_end(), office_end()
    office.handle(Received(sent(citizen.handle(Begin(), NOW))), NOW)
    return citizen, office, json.loads(sent(office.handle(Answering(fingerprint("office")), NOW)))["jws"]


def resp(text: str, signer: Credentials = OFFICE, **changes: Any) -> bytes:
    """An answer with other claims, signed by the office or by somebody else."""
    claims = {member: value for member, value in (claims_of(text) | changes).items() if value is not None}
    return write_message("resp", jws=jws.sign(signer.key, RESP_TYPE, claims))


DEPUTY = MADINAH.credentials("office", "deputy")
SAME_KEY = Credentials(KIOSK.key, MADINAH.chain(name("office", "emirate"), KIOSK.key), name("office", "emirate"))
WRONG_ANSWERS: dict[str, tuple[Callable[[str], bytes], str]] = {
    "signature": (lambda text: write_message("resp", jws=flipped(text)), "signature-wrong"),
    "type": (
        lambda text: write_message("resp", jws=jws.sign(OFFICE.key, INIT_TYPE, claims_of(text))),
        "seal-malformed",
    ),
    "version": (lambda text: resp(text, v=2), "version-unknown"),
    "session": (lambda text: resp(text, sid="other/1"), "session-wrong"),
    "old": (lambda text: resp(text, iat=NOW - 301), "handshake-stale"),
    "role": (lambda text: resp(text, role="citizen"), "role-wrong"),
    "for another": (lambda text: resp(text, to=PHONE.key.thumbprint), "not-for-us"),
    "no chain": (lambda text: resp(text, chain=None), "seal-malformed"),
    "empty chain": (lambda text: resp(text, chain=[]), "chain-wrong"),
    "a kiosk as the office": (lambda text: resp(text, KIOSK, chain=list(KIOSK.chain)), "certificate-role-wrong"),
    "another office": (lambda text: resp(text, DEPUTY, chain=list(DEPUTY.chain)), "certificate-place-wrong"),
    "own root": (
        lambda text: resp(text, chain=list(THIEF.chain(name("office", "emirate"), OFFICE.key))),
        "chain-wrong",
    ),
    "expired": (
        lambda text: resp(text, chain=list(MADINAH.chain(name("office", "emirate"), OFFICE.key, now=NOW - 3 * 86_400))),
        "certificate-expired",
    ),
    "the office's chain, another key": (lambda text: resp(text, PHONE), "key-mismatch"),
    "this end's own key": (lambda text: resp(text, SAME_KEY, chain=list(SAME_KEY.chain)), "reflected"),
    "another init": (lambda text: resp(text, hi=b64(bytes(32))), "transcript-wrong"),
    "another secret": (lambda text: resp(text, ct=b64(bytes(1168))), "key-share-wrong"),
    "short secret": (lambda text: resp(text, ct=b64(bytes(1167))), "seal-malformed"),
    "short nonce": (lambda text: resp(text, n=b64(bytes(31))), "seal-malformed"),
    "fingerprint": (lambda text: resp(text, fp="sha-256 AB"), "seal-malformed"),
}


@pytest.mark.parametrize("what", WRONG_ANSWERS)
def test_every_kind_of_answer(what: str) -> None:
    citizen, _, text = answered()
    payload, code = WRONG_ANSWERS[what][0](text), WRONG_ANSWERS[what][1]
    effects = citizen.handle(Received(payload), NOW)
    assert refusal(effects) == code
    assert not any(isinstance(effect, PinPeer) for effect in effects)
    assert citizen.handle(Received(write_message("resp", jws=text)), NOW) == []


def test_another_nonce_of_the_office_is_noticed_by_the_office() -> None:
    # The citizen's end cannot know; the transcripts then differ, and the first confirmation does not fit.
    citizen, office, text = answered()
    reveal = sent(citizen.handle(Received(resp(text, n=b64(bytes(32)))), NOW))
    assert refusal(office.handle(Received(reveal), NOW)) == "confirmation-wrong"


def test_what_is_revealed_is_what_was_committed_to() -> None:
    citizen, office, text = answered()
    reveal = json.loads(sent(citizen.handle(Received(write_message("resp", jws=text)), NOW)))
    other = write_message("reveal", n=b64(bytes(32)), mac=reveal["mac"])
    assert refusal(office.handle(Received(other), NOW)) == "commitment-broken"


@pytest.mark.parametrize("part", ["reveal", "conf"])
def test_a_confirmation_that_does_not_fit_confirms_nothing(part: str) -> None:
    citizen, office, text = answered()
    payload = sent(citizen.handle(Received(write_message("resp", jws=text)), NOW))
    end: CitizenEnd | OfficeEnd = office
    if part == "conf":
        payload, end = sent(office.handle(Received(payload), NOW)), citizen
    message = json.loads(payload) | {"mac": b64(bytes(32))}
    effects = end.handle(Received(json.dumps(message).encode()), NOW)
    assert refusal(effects) == "confirmation-wrong"
    assert not any(isinstance(effect, Confirmed) for effect in effects)


def test_a_message_that_comes_again_ends_the_call_even_after_the_confirmation() -> None:
    office = office_end()
    talk = shake_hands(citizen_end(), office)
    assert refusal(office.handle(Received(talk.init), NOW)) == "seal-repeated"
    citizen = citizen_end()
    talk = shake_hands(citizen, office_end())
    assert refusal(citizen.handle(Received(talk.conf), NOW)) == "seal-repeated"


def test_messages_out_of_order_end_the_call() -> None:
    talk = shake_hands(citizen_end(), office_end())
    fresh = citizen_end()
    assert refusal(fresh.handle(Received(talk.resp), NOW)) == "seal-out-of-order"  # before it began
    for payload in (talk.conf, talk.init, talk.reveal):
        begun = citizen_end()
        begun.handle(Begin(), NOW)
        assert refusal(begun.handle(Received(payload), NOW)) == "seal-out-of-order"
    office = office_end()
    office.handle(Received(talk.init), NOW)
    assert refusal(office.handle(Received(talk.reveal), NOW)) == "seal-out-of-order"  # before it answered


THIEF_KEY = key("a thief's key")


def test_who_has_all_of_the_office_but_its_key_is_not_the_office() -> None:
    citizen, impostor = citizen_end(), office_end(replace(OFFICE, key=THIEF_KEY))
    impostor.handle(Received(sent(citizen.handle(Begin(), NOW))), NOW)
    answer = sent(impostor.handle(Answering(fingerprint("thief")), NOW))
    assert refusal(citizen.handle(Received(answer), NOW)) == "key-mismatch"


def test_who_has_all_of_the_kiosk_but_its_key_is_not_the_kiosk() -> None:
    impostor = citizen_end(replace(KIOSK, key=THIEF_KEY))
    assert refusal(office_end().handle(Received(sent(impostor.handle(Begin(), NOW))), NOW)) == "key-mismatch"


def test_an_enrolled_kiosk_cannot_stand_between_a_kiosk_and_the_office() -> None:
    """It answers the kiosk as the office, and calls the office itself: both ends refuse it."""
    thief = MADINAH.credentials("kiosk", "yanbu-1")
    as_office = Credentials(thief.key, thief.chain, OFFICE.name)
    citizen, towards_citizen = citizen_end(), office_end(as_office)
    towards_citizen.handle(Received(sent(citizen.handle(Begin(), NOW))), NOW)
    answer = sent(towards_citizen.handle(Answering(fingerprint("thief")), NOW))
    assert refusal(citizen.handle(Received(answer), NOW)) == "certificate-role-wrong"
    init = sent(citizen_end(thief, label="thief").handle(Begin(), NOW))
    assert refusal(office_end().handle(Received(init), NOW)) == "certificate-place-wrong"


def test_somebody_between_a_phone_and_the_office_is_seen_by_the_phrase() -> None:
    """A phone has no certificate: whoever is in the middle gets through, and the two people see two phrases.

    Only who has an office's certificate and key can answer the phone: a thief of the issuer's key.
    """
    towards_phone = shake_hands(citizen_end(PHONE), office_end(kiosk=None, label="thief"))
    towards_office = shake_hands(citizen_end(Credentials(THIEF_KEY), label="thief"), office_end(kiosk=None))
    assert towards_phone.citizen.phrase != towards_office.office.phrase


def test_an_answer_of_an_earlier_attempt_is_refused() -> None:
    earlier = shake_hands(citizen_end(), office_end())
    now = citizen_end(label="again")
    now.handle(Begin(), NOW)
    assert refusal(now.handle(Received(earlier.resp), NOW)) == "transcript-wrong"


def test_the_other_end_gives_up() -> None:
    citizen = citizen_end()
    citizen.handle(Begin(), NOW)
    (refuse,) = citizen.handle(Received(write_message("refused", code="certificate-revoked")), NOW)
    assert isinstance(refuse, Refuse)
    assert not refuse.tell
    assert refuse.error.code == "refused-by-other"
    assert refuse.error.reason == "certificate-revoked"  # type: ignore[attr-defined]


def test_each_end_has_fifteen_seconds_from_init() -> None:
    citizen, office = citizen_end(), office_end()
    assert citizen.deadline is None
    init = sent(citizen.handle(Begin(), NOW))
    assert citizen.deadline == NOW + WITHIN
    assert refusal(citizen.handle(Passed(), NOW + WITHIN - 0.1)) is None
    assert refusal(citizen.handle(Passed(), NOW + WITHIN)) == "handshake-late"
    assert office.handle(Begin(), NOW) == []
    assert office.deadline is None  # a citizen may take long to allow the camera
    office.handle(Received(init), NOW + 60)
    assert office.deadline == NOW + 60 + WITHIN
    assert refusal(office.handle(Answering(fingerprint("office")), NOW + 60 + WITHIN)) == "handshake-late"


def test_after_the_confirmation_there_is_no_deadline() -> None:
    citizen, office = citizen_end(), office_end()
    shake_hands(citizen, office)
    assert citizen.deadline is None
    assert office.deadline is None
    assert citizen.handle(Passed(), NOW + 100) == []


def test_what_is_given_twice_is_done_once() -> None:
    citizen, office, _ = answered()
    assert citizen.handle(Begin(), NOW) == []
    assert office.handle(Answering(fingerprint("again")), NOW) == []
    assert citizen.handle(Answering(fingerprint("x")), NOW) == []
    assert office_end().handle(Answering(fingerprint("x")), NOW) == []


def test_revoked_on_either_side() -> None:
    revoked = MADINAH.trust(keys=[KIOSK.key.thumbprint])
    office = office_end(trust=revoked)
    assert refusal(office.handle(Received(sent(citizen_end().handle(Begin(), NOW))), NOW)) == "certificate-revoked"
    citizen = citizen_end(trust=MADINAH.trust(keys=[OFFICE.key.thumbprint]))
    office = office_end()
    office.handle(Received(sent(citizen.handle(Begin(), NOW))), NOW)
    answer = sent(office.handle(Answering(fingerprint("office")), NOW))
    assert refusal(citizen.handle(Received(answer), NOW)) == "certificate-revoked"


def test_the_office_always_has_a_certificate() -> None:
    for credentials in (replace(OFFICE, chain=()), replace(OFFICE, name=None)):
        with pytest.raises(ValueError, match="certificate"):
            office_end(credentials)


def test_nothing_secret_is_printed() -> None:
    talk = shake_hands(citizen_end(), office_end())
    shown = repr(talk.citizen) + repr(Confirmed(talk.citizen)) + repr(Send(talk.reveal)) + repr(Received(talk.reveal))
    for secret in (talk.citizen.phrase, talk.citizen.secrets.chain.hex(), str(talk.citizen.secrets.chain)):
        assert secret not in shown
    assert talk.reveal.decode() not in shown
    assert key("x").to_pem(None).decode() not in repr(key("x"))
