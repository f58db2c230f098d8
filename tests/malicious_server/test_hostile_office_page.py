"""The malicious server between a native kiosk and the office's console in Chromium."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from support.call_pages import chromium
from support.call_walk import Person
from support.hostile_impostor import told_of
from support.hostile_pages import (
    FALSE,
    Kiosk,
    a_kiosk,
    at_work,
    call,
    digits,
    enrolled,
    played,
    privacy,
    says_different,
    sees,
    thief_of_the_issuers_key,
    watched_office,
)
from support.hostile_pair import KIOSK, OFFICE, understood
from support.hostile_peers import NoKey, OtherKey, PlainSender, Reflector, Repeater
from support.hostile_service import HostileService, Row, a_hostile_service
from support.media_browser import capture_flags
from support.trust import make_trust

from kiosk_client import peer
from kiosk_client.core.kiosk_events import KioskState
from kiosk_client.frame_guard import FrameGuard
from tawasul.e2ee.handshake import Credentials
from tawasul.e2ee.names import DeviceName, DeviceRole
from tawasul.e2ee.session import Side

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.realtime]

OFFICE_NAME = DeviceName("madinah", DeviceRole.OFFICE, "emirate")
KIOSK_NAME = DeviceName("madinah", DeviceRole.KIOSK, "badr-1")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HostileService]:
    async with a_hostile_service(tmp_path_factory.mktemp("hostile")) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium(*capture_flags(tmp_path_factory.mktemp("camera"), OFFICE)) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kiosk(service: HostileService) -> AsyncIterator[Kiosk]:
    async with a_kiosk(service, KIOSK) as here:
        yield here


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def console(browser: Browser, service: HostileService) -> AsyncIterator[Person]:
    office = await watched_office(browser, service)
    yield office
    await office.page.context.close()
    assert office.faults == []


@pytest_asyncio.fixture(loop_scope="module")
async def office(service: HostileService, console: Person) -> AsyncIterator[Person]:
    """The console, loaded anew: it has played nothing yet."""
    await at_work(console)
    yield console
    await service.over(service.audience_at("badr-1").audience_id)


async def ended(office: Person, kiosk: Kiosk) -> tuple[str, str | None]:
    """What both say is wrong: the words on the page, the code at the kiosk."""
    view = await kiosk.shows(lambda view: view.state is KioskState.ENDED)
    assert view.because == "not-private"
    return await privacy(office, "ended"), view.privacy


async def nothing_was_played(office: Person, kiosk: Kiosk) -> None:
    assert await played(office) == {"shown": 0, "decoded": 0, "energy": 0, "identities": []}
    witness = kiosk.station.witness
    assert witness is not None
    assert (witness.picture.frames, witness.sound.seconds) == (0, 0.0)


async def loot(service: HostileService) -> list[Row]:
    """Of both ends, once the attack is over."""
    await service.looted("media", lambda row: bool(row["from"] == "office"))
    return service.loot("media")


@pytest.mark.parametrize(("place", "level"), [("instead", "media"), ("before", "session"), ("after", "media")])
async def test_a_fingerprint_of_the_server_is_never_used(
    service: HostileService, office: Person, kiosk: Kiosk, place: str, level: str
) -> None:
    service.plan("fingerprints", place=place, level=level)
    await call(office, kiosk)
    assert "كشك بدر 1" in await privacy(office, "verified")
    await kiosk.shows(lambda view: view.privacy == "verified")
    await says_different(office)
    assert (await ended(office, kiosk))[1] in {None, "refused-by-other"}


async def test_dtls_that_ends_in_the_middle_is_noticed_by_both(
    service: HostileService, office: Person, kiosk: Kiosk
) -> None:
    service.plan("middle", silent=True)
    await call(office, kiosk)
    words, code = await ended(office, kiosk)
    assert "certificate-in-use-wrong" in words
    assert code == "certificate-in-use-wrong"
    # Nobody told the server's people that it is over; the kiosk says so once more.
    assert understood(await loot(service)) == []
    await nothing_was_played(office, kiosk)


@pytest.mark.parametrize(
    ("forgery", "codes"),
    [("own-ca", {"chain-wrong"}), ("other-enrolled", {"certificate-place-wrong", "certificate-role-wrong"})],
)
async def test_seals_made_anew_in_the_middle_are_refused(
    service: HostileService, office: Person, kiosk: Kiosk, forgery: str, codes: set[str]
) -> None:
    if forgery == "own-ca":
        own = make_trust()
        shown = own.credentials(DeviceRole.OFFICE, "emirate"), own.credentials(DeviceRole.KIOSK, "badr-1")
    else:
        yanbu = await enrolled(service, DeviceRole.KIOSK, "yanbu-1")
        shown = yanbu, yanbu
    impersonate(service, Credentials(shown[0].key, shown[0].chain, OFFICE_NAME), shown[1])
    await call(office, kiosk)
    words, _ = await ended(office, kiosk)
    assert any(code in words for code in codes), words
    assert {row["code"] for row in service.loot("alarm")} & codes
    assert understood(await loot(service)) == []
    await nothing_was_played(office, kiosk)


@pytest.mark.parametrize("on", ["init", "resp"])
async def test_what_was_said_in_another_call_is_refused(
    service: HostileService, office: Person, kiosk: Kiosk, on: str
) -> None:
    service.plan("none")
    await call(office, kiosk)
    await privacy(office, "verified")
    await says_different(office)
    await ended(office, kiosk)
    await at_work(office)
    service.plan("tampered", on=on, how="replayed")
    await call(office, kiosk)
    words, _ = await ended(office, kiosk)
    assert "session-wrong" in words
    await nothing_was_played(office, kiosk)


async def test_with_the_issuers_key_stolen_the_phrase_differs_and_the_office_ends_it(
    service: HostileService, office: Person, kiosk: Kiosk
) -> None:
    """The one attack that certificates do not stop, until somebody compares."""
    thief = await thief_of_the_issuers_key(service)
    impersonate(service, thief.credentials(DeviceRole.OFFICE, "emirate"), thief.credentials(DeviceRole.KIOSK, "badr-1"))
    await call(office, kiosk)
    await privacy(office, "verified")
    view = await kiosk.shows(lambda view: view.privacy == "verified")
    await sees(office, FALSE)
    await office.page.click("#privacy-open")
    await expect(office.page.locator("#privacy-digits .phrase-number")).to_have_count(6)
    assert await digits(office) != view.phrase
    assert len(view.phrase or "") == 6
    await office.page.click("#privacy-dialog [data-compare=different]")
    words, _ = await ended(office, kiosk)
    assert "phrase-differs" in words
    taken = {row["from"]: row["identity"] for row in await loot(service)}
    assert taken == {"citizen": KIOSK.identity, "office": OFFICE.identity}


@pytest.mark.parametrize("guard", [PlainSender, OtherKey, NoKey, Reflector, Repeater])
async def test_of_a_kiosk_that_does_not_seal_as_was_agreed_the_console_plays_nothing(
    service: HostileService,
    office: Person,
    kiosk: Kiosk,
    monkeypatch: pytest.MonkeyPatch,
    guard: type[FrameGuard],
) -> None:
    monkeypatch.setattr(peer, "FrameGuard", lambda side: guard(side) if side is Side.CITIZEN else FrameGuard(side))
    service.plan("none")
    await call(office, kiosk)
    await kiosk.shows(lambda view: view.phrase is not None)
    await office.page.wait_for_timeout(2500)
    if guard is not Repeater:
        assert await privacy(office, "checking") == "يُتحقق من خصوصية المكالمة…"
        assert "in-call" not in await office.passed()
    now = await played(office)
    # Of a repeater the first frame of each kind is an honest one.
    most = 1 if guard is Repeater else 0
    assert len(now["identities"]) <= most
    assert now["decoded"] <= most
    assert now["shown"] <= most
    assert now["energy"] < 0.02 * most + 1e-6, "a fiftieth of a second of a tone at most"
    kiosk.station.compare(same=False)
    await privacy(office, "ended")


def impersonate(service: HostileService, office: Credentials, citizen: Credentials) -> None:
    """From now on the middle has these keys to show."""
    service.plan(
        "impostor",
        anchor=json.loads(service.issuer.anchor.to_json()),
        kiosk="badr-1",
        office=told_of(office),
        citizen=told_of(citizen),
    )
