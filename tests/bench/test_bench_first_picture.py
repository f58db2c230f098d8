"""From *call in* to the first picture: through our service, and beside it between the same two ends without it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from support.bench import Row, interleaved
from support.bench_calls import FIRST_PICTURE, FirstPicture, a_plain_exchange, both, first_at, in_clear, relayed
from support.call_pages import chromium
from support.media_browser import READ_PATTERN, capture_flags
from support.media_pair import End, connect
from support.service import Service, a_service

from kiosk_client.config import KioskConfig
from kiosk_client.media.sources import CodedSource
from kiosk_client.run import station
from kiosk_client.station import Station
from tawasul import selftest
from tawasul.serving import Running

pytestmark = [pytest.mark.bench, pytest.mark.timeout(240)]

CITIZEN = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)
ROUNDS = 21
NATIVE_ROUNDS = 11
QUIET = 0.5
"""Seconds between two calls: what the last one leaves to be closed is then closed, and not measured with the next."""

Record = Callable[[list[Row]], None]

PEER = "the plain exchange"

BROWSER_WORK = (
    "A native kiosk (aiortc) with its citizen waiting, and the office's console in Chromium, over the running service "
    "(`tawasul serve`, SQLite) and its relay; only relayed paths are allowed (relay-only ICE at both ends). From the "
    "click that calls the citizen in to the first decoded picture. The first call is *call next*; each later one calls "
    "the same citizen back in. Kiosk and console stay open between the calls; camera and microphone do not."
)
BROWSER_PEER = (
    "Beside it, the plain exchange: the same kiosk's connection (`kiosk_client.peer`), the same sources, and a bare "
    "page with one `RTCPeerConnection` in the same Chromium. Offer, answer and candidates go over one WebSocket "
    "straight between the two: no service, no sign-in, no database, no handshake, frames in clear. Through the same "
    "relay, relay-only."
)
NATIVE_WORK = (
    "The self-test's robots (`tawasul selftest`): a native kiosk and a native office (both aiortc, in one process) "
    "over the running service and its relay, relay-only. From the robot's word that calls the citizen in to the first "
    "decoded picture. Each round signs on anew, in a sitting of its own."
)
NATIVE_PEER = (
    "Beside it, the plain exchange: two of the same connections in one process, whose offer and answer are handed "
    "over as a function's argument, without handshake and with frames in clear, through the same relay, relay-only."
)
COST = (
    "The plain exchange has nothing between the two ends: it cannot be beaten, only approached. The ratio is what our "
    "signaling and the proof of privacy cost: lines, checks, the database's commits, the handshake and the sealing of "
    "frames, and what else the two programs do meanwhile."
)
NATIVE_COST = (
    "The plain exchange has nothing between the two ends: it cannot be beaten, only approached. A check of the path "
    "that overtakes the other end's permission at the relay is dropped; aioice repeats it after 0.5 s, both ends here "
    "after 50 ms (ADR 43)."
)
CLOCKS = {
    "office": "Both moments by the page's own clock (0.1 ms); the picture counts when the browser has decoded it and "
    "hands it to the screen (`requestVideoFrameCallback`, at 60 pictures a second: 17 ms).",
    "screen": "The same clock, until a person can see the picture. The console shows it when picture and sound are "
    "proved to come in and both ends stand connected, and fades it in (not counted); the bare page shows whatever "
    "comes, at once.",
    "kiosk": "The click by the browser's `Date.now()`, the picture by the kiosk's clock: one machine, 1 ms.",
}
PARTS = {
    "office": "decoded at the office",
    "screen": "on the office's screen",
    "kiosk": "decoded at the kiosk",
}


async def test_kiosk_and_browser(tmp_path: Path, record: Record, say: Callable[[str], None]) -> None:
    say(f"\ncall in → first picture, kiosk and Chromium, {ROUNDS} rounds")
    flags = capture_flags(tmp_path, OFFICE)
    async with (
        a_service(tmp_path / "service", TAWASUL_ICE__KIOSK_POLICY="relay") as service,
        a_plain_exchange(CITIZEN) as plain,
        chromium(*flags) as browser,
    ):
        context = await browser.new_context(permissions=["camera", "microphone"])
        await context.add_init_script(FIRST_PICTURE)
        office, bare = await context.new_page(), await context.new_page()
        kiosk = station(_kiosk(service), source=CITIZEN)
        running = asyncio.create_task(kiosk.run())
        try:
            await _sign_in(office, service)
            await plain.open(bare)

            async def ours() -> FirstPicture:
                await office.bring_to_front()
                await asyncio.sleep(QUIET)
                return await _our_call(office, kiosk)

            async def peer() -> FirstPicture:
                await bare.bring_to_front()
                await asyncio.sleep(QUIET)
                return await plain.call(bare, service.settings)

            measured = await interleaved(ROUNDS, ours, peer, say=say)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    record(_rows("kiosk and Chromium", (BROWSER_WORK, BROWSER_PEER, COST), CLOCKS, measured))


async def test_two_natives(tmp_path: Path, record: Record, say: Callable[[str], None]) -> None:
    say(f"\ncall in → first picture, both native, {NATIVE_ROUNDS} rounds")
    async with a_service(tmp_path / "service") as service:
        noted = Running.noted(service.directory)
        assert noted is not None

        async def ours() -> FirstPicture:
            await asyncio.sleep(QUIET)
            report = await selftest.call(service.settings, noted)
            times = report.call_in_to_first_picture_ms
            assert (report.ok, report.path) == (True, "relay"), report
            assert times.office is not None
            assert times.kiosk is not None
            return FirstPicture(times.office, times.kiosk)

        async def peer() -> FirstPicture:
            await asyncio.sleep(QUIET)
            return await _native_exchange(service)

        measured = await interleaved(NATIVE_ROUNDS, ours, peer, say=say)
    clocks = dict.fromkeys(("office", "kiosk"), "One process, one clock; our times are in whole milliseconds.")
    record(_rows("both native", (NATIVE_WORK, NATIVE_PEER, NATIVE_COST), clocks, measured))


def _kiosk(service: Service) -> KioskConfig:
    return KioskConfig(
        server=service.address,
        kiosk_id="badr-1",
        key_file=service.kiosk_key("badr-1"),
        anchor=service.issuer.anchor_file,
        check_in=(service.audience_at("badr-1").reference,),
    )


async def _sign_in(page: Page, service: Service) -> None:
    await page.goto(f"{service.address}/sign-in")
    await page.fill("#user_name", "office")
    await page.fill("#password", service.password("office"))
    await page.click("#sign-in-button")
    await page.wait_for_url("**/office")
    # A browser that comes for the first time is enrolled first; the stewards of a bench approve at once.
    await expect(page.locator("#enrolment")).to_be_hidden(timeout=20_000)
    await expect(page.locator("#call-next")).to_be_enabled(timeout=20_000)


async def _our_call(page: Page, kiosk: Station) -> FirstPicture:
    """The citizen is called in, or back in, seen, and then the call is ended by the office."""
    heard = await page.get_attribute("#office", "data-state") == "heard"
    await page.click("#call-again" if heard else "#call-next")
    in_page = await page.evaluate("bench.measured()")
    # The office has a picture: the kiosk's evidence is that of this call, and not of the one before.
    assert kiosk.witness is not None
    measured = await both(in_page, kiosk.witness)
    await expect(page.locator("#stage")).to_have_attribute("data-state", "in-call")
    assert kiosk.view.path == "relay"
    seen = await page.locator("#remote-video").evaluate(READ_PATTERN)
    assert seen["identity"] == CITIZEN.identity
    await page.click("#hang-up")
    await page.click("#hang-up-confirm")
    await expect(page.locator("#office")).to_have_attribute("data-state", "heard")
    return measured


async def _native_exchange(service: Service) -> FirstPicture:
    loop = asyncio.get_running_loop()
    office_ice, kiosk_ice = relayed(service.settings, "plain-office"), relayed(service.settings, "plain-kiosk")
    kiosk, office = End(), End()
    before = loop.time()
    try:
        await kiosk.open(CITIZEN, offers=True, ice=kiosk_ice)
        await office.open(OFFICE, offers=False, ice=office_ice)
        in_clear(kiosk)
        in_clear(office)
        await connect(kiosk, office, keys=None)
        for end in (kiosk, office):
            await first_at(end.witness)
            assert end.peer.path() == "relay"
        seen_at = (office.witness.picture.first_at, kiosk.witness.picture.first_at)
        return FirstPicture(*((at - before) * 1000 for at in seen_at if at is not None))
    finally:
        await asyncio.gather(kiosk.close(), office.close())


def _rows(
    ends: str, work: tuple[str, ...], clocks: dict[str, str], measured: tuple[list[FirstPicture], list[FirstPicture]]
) -> list[Row]:
    """One row for each end."""

    def samples(of: list[FirstPicture], end: str) -> tuple[float, ...]:
        return tuple(round(getattr(sample, end), 1) for sample in of)

    ours, peer = measured

    return [
        Row(
            f"Call in → first picture ({ends})",
            "\n\n".join(work),
            "ms",
            samples(ours, end),
            samples(peer, end),
            peer_name=PEER,
            part=PARTS[end],
            reading=clock,
        )
        for end, clock in clocks.items()
    ]
