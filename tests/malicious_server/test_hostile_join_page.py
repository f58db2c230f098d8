"""The malicious server between a citizen's own page and the office's console, both in Chromium.

A citizen's own device has no certificate, and its trust comes through the same server: here the phrase is the proof,
and these tests say exactly what holds without it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from support.call_pages import chromium
from support.call_walk import Person
from support.hostile_impostor import own_device, told_of
from support.hostile_pages import (
    FALSE,
    HOSTILE_PAGES,
    at_work,
    call,
    digits,
    enrolled,
    played,
    privacy,
    says_different,
    sees,
    thief_of_the_issuers_key,
    watched_citizen,
    watched_office,
)
from support.hostile_pair import OFFICE, understood
from support.hostile_service import HostileService, Row, a_hostile_service
from support.media_browser import capture_flags
from support.trust import MadeTrust, make_trust

from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.names import DeviceName, DeviceRole

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.realtime]

OFFICE_NAME = DeviceName("madinah", DeviceRole.OFFICE, "emirate")
NOTHING = {"shown": 0, "decoded": 0, "energy": 0, "identities": []}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HostileService]:
    folder = tmp_path_factory.mktemp("hostile")
    # The false ends have no relay, and need none: who owns the server sees every address.
    async with a_hostile_service(folder, TAWASUL_ICE__OWN_LOCATION_POLICY="all") as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium(*capture_flags(tmp_path_factory.mktemp("camera"), OFFICE)) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def console(browser: Browser, service: HostileService) -> AsyncIterator[Person]:
    office = await watched_office(browser, service)
    yield office
    await office.page.context.close()
    assert office.faults == []


@pytest_asyncio.fixture(loop_scope="module")
async def office(console: Person) -> Person:
    """The console, loaded anew: it has played nothing yet."""
    await at_work(console)
    return console


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def phone(browser: Browser, service: HostileService) -> AsyncIterator[Person]:
    citizen = await watched_citizen(browser, service)
    yield citizen
    await citizen.page.context.close()
    assert citizen.faults == []


@pytest_asyncio.fixture(loop_scope="module")
async def citizen(service: HostileService, phone: Person) -> AsyncIterator[Person]:
    """The citizen's page, loaded anew: it waits, and has played nothing yet."""
    await phone.page.reload()
    await phone.step("waiting")
    yield phone
    await service.over(phone.invited.audience_id)


async def ended(office: Person, citizen: Person) -> tuple[str, str]:
    """What both read of why it ended; the citizen waits again."""
    words = await privacy(office, "ended")
    await citizen.step("waiting")
    return words, await citizen.page.locator("#waiting-ended-text").inner_text()


async def both_ask(office: Person, citizen: Person) -> tuple[str, str]:
    """Neither is verified, both are asked to compare: the digits that each shows."""
    for person in (office, citizen):
        await privacy(person, "unverified")
        await expect(person.page.locator("#phrase-digits .phrase-number")).to_have_count(6)
    return await digits(office), await digits(citizen)


async def loot(service: HostileService) -> dict[str, Row]:
    """Of both ends, once the attack is over."""
    await service.looted("media", lambda row: bool(row["from"] == "office"))
    return {row["from"]: row for row in service.loot("media")}


def impersonate(
    service: HostileService, office: Credentials, citizen: Credentials, anchored_in: MadeTrust | None = None
) -> None:
    """From now on the middle has these keys to show; the phone is told of another anchor where one is given."""
    trust = {}
    if anchored_in is not None:
        listed = {"list": anchored_in.list_text(), "chain": [anchored_in.issuer_certificate]}
        trust = {"/anchor": json.loads(anchored_in.anchor.to_json()), "/revocations": listed}
    service.plan(
        "impostor",
        trust=trust,
        anchor=json.loads(service.issuer.anchor.to_json()),
        kiosk=None,
        office=told_of(office),
        citizen=told_of(citizen),
    )


async def test_a_fingerprint_of_the_server_is_never_used(
    service: HostileService, office: Person, citizen: Person
) -> None:
    service.plan("fingerprints", place="after", level="media")
    await call(office)
    at_office, at_phone = await both_ask(office, citizen)
    assert at_office == at_phone
    for person in (office, citizen):
        await person.page.click("#phrase [data-compare=same]")
        await privacy(person, "verified")
    for person in (office, citizen):
        await sees(person, {OFFICE.identity})


async def test_dtls_that_ends_in_the_middle_is_noticed(
    service: HostileService, office: Person, citizen: Person
) -> None:
    service.plan("middle")
    await call(office)
    assert any("certificate-in-use-wrong" in words for words in await ended(office, citizen))
    assert "certificate-in-use-wrong" in service.alarms().values()
    assert understood(list((await loot(service)).values())) == []
    assert await played(office) == await played(citizen) == NOTHING


@pytest.mark.parametrize(("forgery", "code"), [("own-ca", "chain-wrong"), ("other-enrolled", "certificate-role-wrong")])
async def test_seals_made_anew_in_the_middle_are_refused_by_the_phone(
    service: HostileService, office: Person, citizen: Person, forgery: str, code: str
) -> None:
    """A phone that has the true anchor takes nobody else for the office. The office itself cannot know more of a phone
    than what people compare; it is never told that anything is verified."""
    if forgery == "own-ca":
        shown = make_trust().credentials(DeviceRole.OFFICE, "emirate")
    else:
        shown = await enrolled(service, DeviceRole.KIOSK, "yanbu-1")
    impersonate(service, Credentials(shown.key, shown.chain, OFFICE_NAME), own_device())
    await call(office)
    assert any(code in words for words in await ended(office, citizen))
    assert service.alarms()["citizen"] == code
    assert understood([(await loot(service))["citizen"]]) == []
    assert await played(citizen) == NOTHING


async def test_what_was_said_in_another_call_is_refused(
    service: HostileService, office: Person, citizen: Person
) -> None:
    service.plan("tampered", on="resp", how="replayed")
    await call(office)
    assert any("session-wrong" in words for words in await ended(office, citizen))
    assert await played(office) == await played(citizen) == NOTHING


@pytest.mark.parametrize("how", ["stolen-key", "own-anchor"])
async def test_whoever_stands_in_for_both_has_another_phrase_with_each(
    service: HostileService, office: Person, citizen: Person, how: str
) -> None:
    """A phone's anchor comes through the server, so the server needs no theft to stand in between. Neither page ever
    calls that verified; both ask, the digits differ, and whoever says so ends it. Until then it is seen and heard."""
    if how == "stolen-key":
        impersonate(
            service, (await thief_of_the_issuers_key(service)).credentials(DeviceRole.OFFICE, "emirate"), own_device()
        )
    else:
        own = make_trust()
        impersonate(service, own.credentials(DeviceRole.OFFICE, "emirate"), own_device(), anchored_in=own)
    await call(office)
    at_office, at_phone = await both_ask(office, citizen)
    assert at_office != at_phone
    assert len(at_office) == len(at_phone) == 6
    for person in (office, citizen):
        await sees(person, FALSE)
    await says_different(citizen if how == "stolen-key" else office)
    assert any("phrase-differs" in words for words in await ended(office, citizen))
    taken = await loot(service)
    assert {taken[end]["identity"] for end in ("citizen", "office")} == {OFFICE.identity}


@pytest.mark.parametrize("how", HOSTILE_PAGES)
async def test_of_a_citizens_page_that_does_not_seal_as_was_agreed_the_office_plays_nothing(
    browser: Browser, service: HostileService, office: Person, how: str
) -> None:
    service.plan("none")
    await service.clear()
    citizen = await watched_citizen(browser, service, HOSTILE_PAGES[how])
    try:
        await call(office)
        await expect(office.page.locator("#stage")).to_have_attribute("data-state", "calling")
        await service.looted("seal", lambda row: bool(row["kind"] == "resp"))
        await office.page.wait_for_timeout(2500)
        assert await played(office) == NOTHING
        assert await office.page.locator("#privacy").get_attribute("data-state") == "checking"
        assert "in-call" not in await office.passed()
    finally:
        await service.over(citizen.invited.audience_id)
        await citizen.page.context.close()
