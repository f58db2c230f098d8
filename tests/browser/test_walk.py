"""The walk of the whole issue over the real parts, every medium through the relay: proved by pixels and by spectrum.

Each end sends a tone and coded pictures of its own, so that what is decoded at the other end can be nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from support.call_pages import chromium
from support.coming import comes
from support.media_browser import MEASURE_TONE, READ_PATTERN, capture_flags
from support.service import Service, a_service

from kiosk_client.config import KioskConfig
from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import CodedSource
from kiosk_client.run import station
from kiosk_client.station import Station
from tawasul.domain.audience import State
from tawasul.domain.outcome import Directive
from tawasul.e2ee.attestation import verify_file
from tawasul.e2ee.session import Side

CITIZEN = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)
WORDS = "يُحال إلى بلدية المحافظة، ويُفاد خلال أسبوعين."


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with a_service(tmp_path / "service", TAWASUL_ICE__KIOSK_POLICY="relay") as running:
        yield running


def made(folder: Path, name: str) -> Path:
    """A folder in it."""
    (folder / name).mkdir()
    return folder / name


@contextlib.asynccontextmanager
async def a_browser(folder: Path, sends: CodedSource) -> AsyncIterator[Browser]:
    """Chromium whose camera and microphone give this source."""
    async with chromium(*capture_flags(folder, sends)) as browser:
        yield browser


@contextlib.asynccontextmanager
async def a_kiosk(service: Service) -> AsyncIterator[Station]:
    """The native kiosk of Badr, with its citizen checked in."""
    config = KioskConfig(
        server=service.address,
        kiosk_id="badr-1",
        key_file=service.kiosk_key("badr-1"),
        anchor=service.issuer.anchor_file,
        check_in=(service.audience_at("badr-1").reference,),
    )
    kiosk = station(config, source=CITIZEN)
    running = asyncio.create_task(kiosk.run())
    try:
        yield kiosk
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def office_page(browser: Browser, service: Service) -> Page:
    """Signed in as a person does it, at the console."""
    page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
    await page.goto(f"{service.address}/sign-in")
    await page.fill("#user_name", "office")
    await page.fill("#password", service.password("office"))
    await page.click("#sign-in-button")
    await page.wait_for_url("**/office")
    await expect(page.locator("#enrolment")).to_be_hidden(timeout=20_000)
    await expect(page.locator("#office")).to_have_attribute("data-line", "up")
    return page


async def page_decodes(page: Page, source: CodedSource) -> None:
    """The page shows this source's pictures, one after another, and plays its tone."""
    video = await page.wait_for_selector("#remote-video")
    numbers: set[int] = set()
    async with asyncio.timeout(20):
        while len(numbers) < 5:
            seen = await video.evaluate(READ_PATTERN)
            if seen is not None:
                assert seen["identity"] == source.identity
                numbers.add(seen["number"])
        while True:
            heard = await page.evaluate(f"({MEASURE_TONE})(document.getElementById('remote-video').srcObject)")
            if abs(heard["hertz"] - source.hertz) < 6 and heard["decibels"] > -60:
                return


async def kiosk_decodes(kiosk: Station, source: CodedSource) -> None:
    """The kiosk sees this source's pictures, one after another, and hears its tone."""

    def decodes(witness: Witness) -> bool:
        pattern, heard = witness.picture.pattern, witness.sound.last
        return (
            witness.picture.patterns >= 5
            and pattern is not None
            and pattern.identity == source.identity
            and heard is not None
            and abs(heard.frequency - source.hertz) < 10
        )

    assert kiosk.witness is not None
    await comes(kiosk.witness, decodes, 20)


async def called_in(page: Page) -> None:
    await expect(page.locator("#call-next")).to_be_enabled(timeout=20_000)
    await page.click("#call-next")
    await expect(page.locator("#stage")).to_have_attribute("data-state", "in-call", timeout=20_000)
    await expect(page.locator("#call-path")).to_contain_text("الترحيل")


async def concluded(page: Page, service: Service, audience_id: str) -> None:
    """The office writes the directive; it is in the database."""
    await page.click("#open-outcome")
    await page.fill("#directive", WORDS)
    await page.click("#conclude-directive")
    await expect(page.locator("#office")).to_have_attribute("data-state", "idle")
    audience = await service.audience(audience_id)
    assert audience.state is State.CONCLUDED
    assert isinstance(audience.outcome, Directive)
    assert audience.outcome.wording.reveal() == WORDS


async def attestation(page: Page, folder: Path) -> str:
    """What both ends signed of the call that is over, saved as a person does it."""
    await expect(page.locator("#privacy")).to_have_attribute("data-state", "over")
    await page.click("#privacy-open")
    await page.click("#privacy-dialog summary")
    async with page.expect_download() as download:
        await page.click("#save-attestation")
    await (await download.value).save_as(folder / "attestation.json")
    return (folder / "attestation.json").read_text()


async def test_a_kiosks_citizen_is_heard_and_the_servers_death_disturbs_nobody(
    service: Service, tmp_path: Path
) -> None:
    async with a_kiosk(service) as kiosk, a_browser(made(tmp_path, "office"), OFFICE) as browser:
        page = await office_page(browser, service)
        await called_in(page)
        await page_decodes(page, CITIZEN)
        await kiosk_decodes(kiosk, OFFICE)
        # Both have certificates: nobody is asked to read digits, and the strip names the kiosk from its own.
        await expect(page.locator("#privacy")).to_have_attribute("data-state", "verified")
        await expect(page.locator("#privacy-text")).to_contain_text("كشك بدر 1")
        await expect(page.locator("#phrase")).to_be_hidden()

        witness, before = kiosk.witness, kiosk.witness.picture.patterns if kiosk.witness else 0
        async with service.away():
            await expect(page.locator("#office")).to_have_attribute("data-line", "down")
            await page_decodes(page, CITIZEN)
        await expect(page.locator("#office")).to_have_attribute("data-line", "up", timeout=30_000)
        assert kiosk.witness is witness, "the same connection: nothing was made anew"
        assert kiosk.witness is not None
        await comes(kiosk.witness, lambda of: of.picture.patterns > before + 5, 10)
        await expect(page.locator("#stage")).to_have_attribute("data-state", "in-call")

        await concluded(page, service, service.audience_at("badr-1").audience_id)
        attested = verify_file(await attestation(page, tmp_path), service.issuer.anchor)
        assert set(attested.certificates) == set(Side), (
            "the browser and the kiosk signed the same, by their certificates"
        )


async def test_a_citizen_at_their_own_location_is_heard(service: Service, tmp_path: Path) -> None:
    own = service.audience_with_link()
    async with (
        a_browser(made(tmp_path, "office"), OFFICE) as office_browser,
        a_browser(made(tmp_path, "citizen"), CITIZEN) as citizen_browser,
    ):
        citizen = await (await citizen_browser.new_context(viewport={"width": 390, "height": 844})).new_page()
        await citizen.goto(f"{service.address}/join#{own.link_token}")
        await citizen.click("#consent")
        await citizen.click("#begin")
        await citizen.click("#devices-done")
        await expect(citizen.locator("#join")).to_have_attribute("data-step", "waiting", timeout=20_000)
        office = await office_page(office_browser, service)
        await called_in(office)
        await asyncio.gather(page_decodes(office, CITIZEN), page_decodes(citizen, OFFICE))
        for page in (office, citizen):
            await page.click("#phrase [data-compare=same]")
            await expect(page.locator("#privacy")).to_have_attribute("data-state", "verified")
        await concluded(office, service, own.audience_id)
        await expect(citizen.locator("#join")).to_have_attribute("data-step", "thanks")
