"""Kiosk and office's robot over the real service: proven, under keys that change, attested; and every refusal told."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.coming import comes
from support.proven_call import CITIZEN_SOURCE, ProvenCall, decodes, given, proven_call
from support.service import Service, a_service
from support.trust import KIOSK, OFFICE, REGION, TITLES, MadeTrust, make_trust

from kiosk_client.core.kiosk_events import KioskState
from kiosk_client.identity import Identity
from tawasul.e2ee.attestation import Verified, verify_file
from tawasul.e2ee.errors import BY_CODE
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.names import DeviceName
from tawasul.protocol.peer import Rekey

pytestmark = [pytest.mark.realtime, pytest.mark.timeout(180)]

OFFICE_NAME = DeviceName(REGION, OFFICE, "emirate")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with a_service(tmp_path / "service") as running:
        yield running


def kept(folder: Path, trust: MadeTrust) -> Verified:
    """The one attestation in the kiosk's folder, verified offline."""
    (path,) = (folder / "attestations").glob("*.json")
    assert path.stat().st_mode & 0o777 == 0o600
    return verify_file(path.read_bytes(), trust.anchor)


async def test_a_call_is_verified_at_both_ends_and_attested_when_a_person_hangs_up(
    service: Service, tmp_path: Path
) -> None:
    trust = make_trust()
    async with proven_call(service, trust, tmp_path) as call:
        await call.in_call()
        view, robot = call.station.view, call.robot
        assert view.privacy == "verified"
        assert [(who.arabic, who.english) for who in view.present] == [(TITLES["emirate"].ar, TITLES["emirate"].en)]
        assert view.phrase == robot.phrase
        assert robot.phrase is not None
        assert robot.phrase.isdecimal()
        assert len(robot.phrase) == 6
        assert robot.identity is not None
        assert str(robot.identity.name) == "urn:tawasul:madinah:kiosk:badr-1"
        call.station.compare(same=True)
        call.station.hang_up()
        await robot.until(lambda them: them.ended is not None, 10, "ended")
        await robot.closed()
        await call.until_shown(KioskState.WAITING, 15)
    verified = kept(tmp_path, trust)
    assert verified.citizen is not None
    assert verified.office is not None
    assert (verified.citizen.phrase, verified.office.phrase) == ("same", "not-compared")
    assert verified.citizen.call == robot.record.call_id
    for statement in verified.statements:
        assert statement.frames.sealed > 20
        assert statement.frames.opened > 20
    assert robot.record.file() is not None
    assert verify_file(robot.record.file() or b"", trust.anchor).citizen == verified.citizen


async def test_it_is_attested_when_the_server_says_that_it_is_over(service: Service, tmp_path: Path) -> None:
    trust = make_trust()
    async with proven_call(service, trust, tmp_path) as call:
        await call.in_call()
        row = call.robot.row(call.reference)
        assert row is not None
        await call.robot.conclude(row.audience_id, None)
        await call.until_shown(KioskState.ENDED)
        await call.until_shown(KioskState.IDLE, 15)
        await call.robot.closed()
    verified = kept(tmp_path, trust)
    assert len(verified.statements) == 2
    assert set(verified.certificates) == {"citizen", "office"}


async def test_the_keys_are_renewed_and_not_a_frame_is_lost(service: Service, tmp_path: Path) -> None:
    trust = make_trust()
    async with proven_call(service, trust, tmp_path, rekey_every=1.0) as call:
        await call.in_call()
        seen, station = call.of(call.robot.witness), call.of(call.station.witness)
        before, frames_before = seen.picture.patterns, seen.picture.frames
        await comes(seen, lambda them: them.picture.patterns >= before + 24 * 7, 20)
        # Each picture's number is one higher than the one before: none was skipped, dropped or shown twice.
        assert seen.picture.patterns - before == seen.picture.frames - frames_before
        assert decodes(seen, CITIZEN_SOURCE, 24 * 7)
        assert station.picture.patterns > 24 * 6
        await call.robot.hang_up()
        await call.robot.closed()
    verified = kept(tmp_path, trust)
    for statement in verified.statements:
        (handshake,) = statement.handshakes
        assert [number for number, _ in handshake.epochs] == list(range(len(handshake.epochs)))
        assert len(handshake.epochs) >= 6
        assert statement.frames.refused == 0


async def test_a_renewal_that_is_not_the_other_ends_costs_an_attempt_and_no_call(
    service: Service, tmp_path: Path
) -> None:
    trust = make_trust()
    async with proven_call(service, trust, tmp_path) as call:
        await call.in_call()
        first, conversation = call.robot.witness, call.robot._conversation
        assert conversation is not None
        assert conversation._peer is not None
        # An answer to what was never asked, as from an end that holds the connection and not the keys.
        conversation._peer._channel._say(Rekey(step=2, epoch=1, ct="AAAA", mac="AAAA"))
        await call.robot.until(lambda them: them.witness is not first, 10, "negotiated")
        await call.robot.until_in_call()
        view = await call.seen.until(lambda view: view.privacy == "verified")
        assert view.phrase == call.robot.phrase
        assert call.robot.refused is None


async def test_a_reconnection_is_a_whole_new_handshake_and_one_attestation_names_both(
    service: Service, tmp_path: Path
) -> None:
    trust = make_trust()
    async with proven_call(service, trust, tmp_path) as call:
        await call.in_call()
        first_phrase, first = call.robot.phrase, call.robot.witness
        call.robot._stop(goodbye=False)  # the office's connection breaks; its line to the service stands
        await call.robot.until(lambda them: them.witness is not first, 10, "negotiated")
        assert call.station.view.privacy != "verified"
        await call.robot.until_in_call()
        assert call.robot.phrase == call.station.view.phrase
        assert call.robot.phrase != first_phrase  # one in a million
        await call.robot.hang_up()
        await call.robot.closed()
    for statement in kept(tmp_path, trust).statements:
        assert [handshake.attempt for handshake in statement.handshakes] == [1, 2]
        assert len({handshake.th for handshake in statement.handshakes}) == 2


@pytest.mark.parametrize("end", ["citizen", "office"])
async def test_a_phrase_that_differs_ends_the_call_at_both_ends(service: Service, tmp_path: Path, end: str) -> None:
    trust = make_trust()
    async with proven_call(service, trust, tmp_path) as call:
        await call.in_call()
        (call.station if end == "citizen" else call.robot).compare(same=False)
        await both_refused(call)
        here, there = "phrase-differs", "refused-by-other"
        assert call.station.view.privacy == (here if end == "citizen" else there)
        assert call.robot.refused == (here if end == "office" else there)
    assert not (tmp_path / "attestations").exists()


async def both_refused(call: ProvenCall) -> None:
    """Both ends have ended it, and the server knows why."""
    await call.robot.until(lambda them: them.refused is not None and them.ended is not None, 20, "refused")
    assert call.robot.ended is not None
    assert (call.robot.ended.because, call.robot.ended.waits_again) == ("not-private", True)
    await call.until_shown(KioskState.ENDED)
    assert call.station.view.because == "not-private"


async def test_every_wrong_proof_is_refused_with_its_code_and_nothing_is_decoded(
    service: Service, tmp_path: Path
) -> None:
    """The kiosk's is wrong: the office says why. The office's is wrong: the kiosk does. One after the other."""
    trust, elsewhere = make_trust(), make_trust()
    hour = 3600
    revoked = trust.credentials(KIOSK, "badr-1")
    revoked_office = trust.credentials(OFFICE, "emirate")
    trust.revoked |= {revoked.key.thumbprint, revoked_office.key.thumbprint}
    good = trust.credentials(KIOSK, "badr-1")
    kiosks: dict[str, Credentials] = {
        "chain-wrong": elsewhere.credentials(KIOSK, "badr-1"),
        "certificate-role-wrong": trust.credentials(OFFICE, "badr-1"),
        "certificate-place-wrong": trust.credentials(KIOSK, "badr-2"),
        "certificate-expired": trust.credentials(KIOSK, "badr-1", issued=time.time() - 2 * hour, lifetime=hour),
        "certificate-not-yet-valid": trust.credentials(KIOSK, "badr-1", issued=time.time() + hour),
        "certificate-revoked": revoked,
        "certificate-too-large": replace(good, chain=("x" * 4097, good.chain[1])),
        "key-mismatch": replace(good, key=trust.credentials(KIOSK, "badr-1").key),
    }
    for code, credentials in kiosks.items():
        own = given(credentials, trust.trust())
        await refused_there(service, trust, tmp_path, code, kiosk=own)
    offices: dict[str, Credentials] = {
        "chain-wrong": elsewhere.credentials(OFFICE, "emirate"),
        "certificate-role-wrong": replace(trust.credentials(KIOSK, "emirate"), name=OFFICE_NAME),
        "certificate-place-wrong": replace(trust.credentials(OFFICE, "deputy"), name=OFFICE_NAME),
        "certificate-revoked": revoked_office,
        "certificate-expired": trust.credentials(OFFICE, "emirate", issued=time.time() - 2 * hour, lifetime=hour),
    }
    for code, credentials in offices.items():
        await refused_here(service, trust, tmp_path, code, office=credentials)


async def refused_there(service: Service, trust: MadeTrust, folder: Path, code: str, *, kiosk: Identity) -> None:
    assert code in BY_CODE
    async with proven_call(service, trust, folder, kiosk=kiosk) as call:
        await call.call_in()
        await both_refused(call)
        assert (call.robot.refused, call.station.view.privacy) == (code, "refused-by-other")
        nothing_came(call)


async def refused_here(service: Service, trust: MadeTrust, folder: Path, code: str, *, office: Credentials) -> None:
    assert code in BY_CODE
    async with proven_call(service, trust, folder, office=office) as call:
        await call.call_in()
        await both_refused(call)
        assert (call.station.view.privacy, call.robot.refused) == (code, "refused-by-other")
        nothing_came(call)


def nothing_came(call: ProvenCall) -> None:
    for witness in (call.of(call.robot.witness), call.of(call.station.witness)):
        assert (witness.picture.frames, witness.sound.seconds) == (0, 0.0)


async def test_without_certificate_or_fresh_list_there_is_no_call(service: Service, tmp_path: Path) -> None:
    trust = make_trust()
    bare = given(None, trust.trust())
    async with proven_call(service, trust, tmp_path, kiosk=bare) as call:
        await call.call_in()
        await both_ended(call)
        assert call.station.view.privacy == "certificate-missing"
    async with proven_call(service, trust, tmp_path, no_office=True) as call:
        await call.call_in()
        await call.robot.until(lambda them: them.refused == "certificate-missing", 15, "refused")
        await call.until_shown(KioskState.ENDED)
        assert call.station.view.because == "not-private"
    stale = trust.trust()
    assert stale.revocations is not None
    stale = replace(stale, revocations=replace(stale.revocations, expires=int(time.time())))
    for list_, code in ((stale, "revocations-stale"), (replace(stale, revocations=None), "revocations-missing")):
        own = given(trust.credentials(KIOSK, "badr-1"), list_)
        async with proven_call(service, trust, tmp_path, kiosk=own) as call:
            await call.call_in()
            await both_refused(call)
            assert call.station.view.privacy == code


async def both_ended(call: ProvenCall) -> None:
    await call.robot.until(lambda them: them.ended is not None, 20, "ended")
    await call.until_shown(KioskState.ENDED)
    assert call.station.view.because == "not-private"
