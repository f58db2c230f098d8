"""What a review of the kiosk's enrolling found: a clock that was ahead, and answers that are no answers."""

from __future__ import annotations

import asyncio
import gzip
import logging
from pathlib import Path

import pytest
from support.saying import a_server_that_says, an_answer
from support.trust import make_trust

from kiosk_client.core import enrolment as core
from kiosk_client.core.enrolment import LIST_EVERY, RETRY_LONGEST, Enroller, Holding
from kiosk_client.core.kiosk_events import Enrolment
from kiosk_client.enrolment import DeviceIdentity
from kiosk_client.errors import IssuerAway
from kiosk_client.papers import Papers
from kiosk_client.trust_client import TrustClient
from kiosk_client.vault import signing_key
from tawasul.e2ee.names import DeviceName, DeviceRole

YEAR = 365 * 86_400.0
NOW = 1_800_000_000.0


def passing(enroller: Enroller, now: float, seconds: float) -> list[type[core.Effect]]:
    """What is done in these seconds, looked at each minute as the shell does; everything fails."""
    done: list[type[core.Effect]] = []
    until = now + seconds
    while now <= until:
        effects = enroller.handle(core.Passed(), now)
        done += [type(effect) for effect in effects]
        for effect in effects:
            match effect:
                case core.FetchList():
                    enroller.handle(core.ListFailed(), now)
                case core.Ask() | core.LookUp() | core.Renew():
                    enroller.handle(core.Failed(), now)
        now += 60
    return done


def test_after_a_clock_that_was_ahead_it_asks_and_fetches_within_the_usual_times() -> None:
    enroller = Enroller(Enrolment("code", "qr"))
    for given in (core.Begin(), core.Failed(), core.ListFailed()):
        enroller.handle(given, NOW + YEAR)
    assert set(passing(enroller, NOW, RETRY_LONGEST)) >= {core.Ask}
    assert core.FetchList in passing(enroller, NOW, LIST_EVERY)


def test_a_renewal_that_failed_by_a_clock_that_was_ahead_is_tried_again_when_its_time_has_come() -> None:
    holding = Holding("serial", NOW, NOW + 100_000)
    enroller = Enroller(Enrolment("code", "qr"), holding)
    for given in (core.Begin(), core.Failed(), core.ListFailed()):
        enroller.handle(given, NOW + YEAR)
    assert core.Renew not in passing(enroller, NOW, 40_000), "its half is not over"
    assert core.Renew in passing(enroller, holding.renew_at - RETRY_LONGEST, 2 * RETRY_LONGEST)


async def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then would hold the fetching of lists for days; meanwhile the one that is kept ends."""
    monkeypatch.setattr("kiosk_client.trust_client.WITHIN", 0.5)
    async with a_server_that_says(an_answer(b" " * 50), pause=0.1) as address, TrustClient(address) as client:
        async with asyncio.timeout(6):  # to its end it would take twelve seconds
            with pytest.raises(IssuerAway):
                await client.revocations()


async def test_an_answer_that_unfolds_is_not_unfolded() -> None:
    folded = gzip.compress(b'{"list":"' + b"a" * 60_000 + b'"}')
    async with (
        a_server_that_says(an_answer(folded, "content-encoding: gzip")) as address,
        TrustClient(address) as client,
    ):
        with pytest.raises(IssuerAway):
            await client.revocations()


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"list":' + b"[" * 100_000, b'{"state":"waiting","approvals":[]}', b"{}"]
)
async def test_no_answer_is_a_fault_of_the_kiosk(tmp_path: Path, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    trust = make_trust()
    name = DeviceName("madinah", DeviceRole.KIOSK, "badr-1")
    papers = Papers(tmp_path / "badr-1.key", trust.anchor, name, signing_key(tmp_path / "badr-1.signing.pem"))
    async with a_server_that_says(an_answer(body)) as address:
        identity = DeviceIdentity(papers, lambda: TrustClient(address))
        proofs = await identity.proofs()
        assert proofs.credentials is None
        await identity._look_up()
    # Of the kiosk's own: asyncio may complain meanwhile of what another test left.
    ours = [record for record in caplog.records if record.name.startswith("kiosk_client")]
    assert not [record for record in ours if record.levelno >= logging.ERROR]
