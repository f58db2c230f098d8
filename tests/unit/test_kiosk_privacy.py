"""What a kiosk shows and keeps of a call's privacy: a sentence for every cause, phrase, QR, attestations."""

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from aiortc import RTCRtpReceiver, RTCRtpSender
from support.e2ee_world import OFFICE, TRUST

from kiosk_client import aiortc_private
from kiosk_client.attestations import MOST_KEPT, AttestationFolder
from kiosk_client.core.call_record import CallRecord
from kiosk_client.core.kiosk_events import Enrolment, KioskState, View
from kiosk_client.errors import LibraryChanged
from kiosk_client.farewell import Farewell
from kiosk_client.privacy_wording import BECAUSE, not_private
from kiosk_client.terminal import Terminal, qr
from kiosk_client.wording import sentence
from tawasul.e2ee.attestation import make, verify_file
from tawasul.e2ee.errors import BY_CODE
from tawasul.e2ee.session import EpochSecrets, Peer, Session, Side
from tawasul.protocol.base import BothNames
from tawasul.protocol.peer import Attestation

AMIR = BothNames(arabic="مكتب سمو الأمير", english="The Amir's office")
CHAIN = OFFICE.chain


def session(side: Side = Side.OFFICE, attempt: int = 1, other: str = "k" * 43) -> Session:
    """A confirmed handshake of the office with a citizen's own device (or the other way about)."""
    certificate = TRUST.verify(OFFICE.chain, 1_763_800_000, frozenset({OFFICE.name.role})) if OFFICE.name else None
    office = side is Side.OFFICE
    return Session(
        sid=f"call-1/{attempt}",
        side=side,
        thumbprint=OFFICE.key.thumbprint if office else other,
        name=OFFICE.name if office else None,
        peer=Peer(other, None) if office else Peer(OFFICE.key.thumbprint, certificate),
        phrase="012345",
        secrets=EpochSecrets(0, bytes(32), bytes([attempt]) * 32),
        confirmed_at=1_763_800_000.0 + attempt,
    )


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_every_cause_has_its_own_sentence_in_both_languages(code: str) -> None:
    said = not_private(code)
    assert said != not_private(None)
    assert [other for other, because in BECAUSE.items() if because == BECAUSE[code]] == [code]
    assert any("\u0600" <= letter <= "\u06ff" for letter in BECAUSE[code].arabic)
    assert BECAUSE[code].english.isascii()
    view = View(state=KioskState.ENDED, because="not-private", privacy=code)
    assert sentence(view) == said


def test_no_sentence_is_for_a_cause_that_there_is_not() -> None:
    assert set(BECAUSE) == set(BY_CODE)


def test_a_cause_that_only_the_other_end_knows_is_still_said_in_words() -> None:
    assert sentence(View(state=KioskState.ENDED, because="not-private")) == not_private("a-code-to-come")


def test_the_terminal_shows_who_is_there_and_the_phrase_at_a_glance() -> None:
    out = io.StringIO()
    terminal = Terminal(out)
    in_call = View(state=KioskState.IN_CALL, line=True, privacy="not-yet", phrase="012345", present=(AMIR,))
    terminal.show(in_call)
    assert "verified, private" not in out.getvalue()
    assert "012345" not in out.getvalue()
    verified = replace(in_call, privacy="verified")
    terminal.show(verified)
    terminal.show(replace(verified, office_present=True))  # nothing that is shown has changed
    assert out.getvalue().count("✓ verified, private, with: The Amir's office. Phrase: 012345") == 1
    assert "مكتب سمو الأمير. الرقم: 012345" in out.getvalue()


def test_the_terminal_shows_code_and_qr_once() -> None:
    out = io.StringIO()
    terminal = Terminal(out)
    waits = Enrolment("ABCD-EFGH-JKMN", "tawasul-enrol:1:urn:tawasul:madinah:kiosk:badr-1:" + "x" * 43)
    terminal.show(View(enrolment=waits))
    terminal.show(View(enrolment=replace(waits, reached=True, approvals=1), state=KioskState.UNENROLLED, line=True))
    shown = out.getvalue()
    assert shown.count(qr(waits)) == 1
    assert "رمز التسجيل: ABCD-EFGH-JKMN" in shown
    assert "Approvals: 1 of 2" in shown
    assert set("▀▄█") & set(shown)


def test_a_record_spans_the_attempts_of_a_call_and_verifies() -> None:
    record = CallRecord("call-1")
    assert record.statement(0) is None
    assert record.file() is None
    record.confirm(1, session(), CHAIN)
    record.count(sealed=10, opened=5, refused=1)
    record.switch(1, 1_763_800_100)
    record.end_attempt(1_763_800_200)
    record.confirm(2, session(attempt=2), ("never shown",))
    record.count(sealed=1, opened=1, refused=0)
    record.compared = True
    statement = record.statement(1_763_800_300)
    assert statement is not None
    assert (statement.frames.sealed, statement.frames.opened, statement.frames.refused) == (11, 6, 1)
    first, second = statement.handshakes
    assert (first.ends, first.epochs) == (1_763_800_200, [[0, 1_763_800_001], [1, 1_763_800_100]])
    assert (second.attempt, second.ends) == (2, 1_763_800_300)
    record.own = make(OFFICE.key, statement)
    verified = verify_file(record.file() or b"", TRUST.anchor)
    assert verified.citizen is None
    assert verified.office == statement
    assert statement.phrase == "same"


def test_a_record_with_another_device_at_the_other_end_begins_anew() -> None:
    record = CallRecord("call-1")
    record.confirm(1, session(), CHAIN)
    record.confirm(2, session(attempt=2, other="m" * 43), CHAIN)
    statement = record.statement(1_763_800_300)
    assert statement is not None
    assert [handshake.attempt for handshake in statement.handshakes] == [2]
    assert statement.parties.citizen.jkt == "m" * 43


async def test_an_attestation_of_somebody_else_or_of_another_call_is_not_kept() -> None:
    said: list[Attestation] = []
    record, theirs = CallRecord("call-1"), CallRecord("call-2")
    kiosk = session(Side.CITIZEN)
    record.confirm(1, kiosk, ())
    farewell = Farewell(record)
    farewell.hear("before.there.are.keys")
    farewell.begin(kiosk, OFFICE.key, said.append)
    theirs.confirm(1, session(), CHAIN)
    other_call = theirs.statement(1_763_800_300)
    assert other_call is not None
    for wrong in ("x.y.z", make(OFFICE.key, other_call)):
        farewell.hear(wrong)
        assert record.other is None
    right = other_call.model_copy(update={"call": "call-1"})
    signed = make(OFFICE.key, right)
    farewell.hear(signed)
    farewell.hear(signed)
    assert record.other == signed
    assert [message.jws for message in said] == [record.own]  # it signed too, once


def test_the_folder_keeps_the_newest_for_its_owner_alone(tmp_path: Path) -> None:
    folder = AttestationFolder(tmp_path / "attestations")
    record = CallRecord("call-1")
    folder.keep(record)  # nothing was signed
    assert not folder.folder.exists()
    record.confirm(1, session(), CHAIN)
    record.own = "signed"
    for number in range(MOST_KEPT + 2):
        old = folder.folder / f"old-{number}.json"
        old.parent.mkdir(exist_ok=True)
        old.write_text("{}")
        os.utime(old, (number, number))
    folder.keep(record)
    kept = {path.name for path in folder.folder.iterdir()}
    assert len(kept) == MOST_KEPT
    assert "call-1.json" in kept
    assert not {"old-0.json", "old-1.json", "old-2.json"} & kept
    assert (folder.folder / "call-1.json").stat().st_mode & 0o777 == 0o600


def test_a_disk_that_does_not_take_it_costs_no_call(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "attestations").write_text("a file in the way")
    record = CallRecord("call-1")
    record.confirm(1, session(), CHAIN)
    record.own = "signed"
    AttestationFolder(tmp_path / "attestations").keep(record)
    assert "could not be kept" in caplog.text


@pytest.mark.parametrize("gone", ["_run_rtp", "_handle_rtp_packet"])
def test_a_hook_that_is_gone_stops_the_start_in_one_sentence(gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = RTCRtpSender if gone == "_run_rtp" else RTCRtpReceiver
    monkeypatch.delattr(owner, gone)
    aiortc_private.require_known_names.cache_clear()
    with pytest.raises(LibraryChanged, match=r"without aiortc: RTCRtp\w+\._\w+.*; install the versions"):
        aiortc_private.require_known_names()
    aiortc_private.require_known_names.cache_clear()


def test_another_version_stops_the_start_even_where_every_name_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(aiortc_private.WRITTEN_FOR, "aiortc", "1.15.0")
    aiortc_private.require_known_names.cache_clear()
    with pytest.raises(LibraryChanged, match=r"written for aiortc 1\.15\.0 .* but finds aiortc 1\.16\.0"):
        aiortc_private.require_known_names()
    aiortc_private.require_known_names.cache_clear()
