"""The native kiosk and Chromium, without any server of ours between them: each opens and decodes the other's frames."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page
from support.coming import comes
from support.kiosk_page import KIOSK, OFFICE, kiosk_and_page
from support.media_browser import MEASURE_TONE, READ_PATTERN
from support.media_pair import NO_SERVERS, End, sees
from support.media_turn import coturn

from kiosk_client.peer_events import OtherLeft, OtherMuted, PathLost
from tawasul.protocol.ice import IceConfiguration


async def page_sees(page: Page, identity: int) -> None:
    """The page shows this source, and its frame number goes up."""
    await page.wait_for_function(
        f"""(identity) => {{
            const read = ({READ_PATTERN})(document.querySelector("video"));
            if (read?.identity !== identity) return false;
            globalThis.numbers = [...(globalThis.numbers ?? []), read.number];
            return new Set(numbers).size >= 10 && numbers.every((n, i) => i === 0 || n >= numbers[i - 1]);
        }}""",
        arg=identity,
        timeout=20_000,
    )


async def page_hears(page: Page, hertz: float) -> None:
    """The page plays a tone of `hertz`. A machine with other work drops packets now and then: it is measured anew."""
    measured: list[dict[str, float]] = []
    async with asyncio.timeout(20):
        while not measured or abs(measured[-1]["hertz"] - hertz) > 5 or measured[-1]["decibels"] < -40:
            measured.append(await page.evaluate(f"() => ({MEASURE_TONE})(remote)"))


async def kiosk_hears(kiosk: End, hertz: float) -> bool:
    """Within ten seconds the kiosk decodes a fifth of a second that is a tone of `hertz` and little else."""

    def tone(_: object) -> bool:
        last = kiosk.witness.sound.last
        return last is not None and abs(last.frequency - hertz) < 8 and last.purity > 0.7

    return await kiosk.witness.until(tone, 10)


@pytest.mark.parametrize("way", ["host", "relay"])
async def test_each_end_proves_what_it_decodes(tmp_path: Path, way: str) -> None:
    @asynccontextmanager
    async def configuration() -> AsyncIterator[IceConfiguration]:
        if way == "host":
            yield NO_SERVERS
        else:
            async with coturn(tmp_path) as ice:
                yield ice

    async with configuration() as ice, kiosk_and_page(tmp_path, ice) as (kiosk, page):
        await page_sees(page, KIOSK.identity)
        await page_hears(page, KIOSK.hertz)
        await comes(kiosk.witness, lambda _: sees(kiosk, OFFICE.identity, 20), 20)
        assert await kiosk_hears(kiosk, OFFICE.hertz)
        assert kiosk.peer.path() == way


async def test_the_channel_between_a_kiosk_and_a_page(tmp_path: Path) -> None:
    async with kiosk_and_page(tmp_path) as (kiosk, page):
        assert await kiosk.event(OtherMuted) == OtherMuted(sound=False, picture=False)
        await page.wait_for_function("() => heard.filter((type) => type === 'heartbeat').length >= 2")
        assert (await page.evaluate("() => heard"))[0] == "muted"
        kiosk.peer.mute(sound=True, picture=True)
        await page.wait_for_function("() => heard.filter((type) => type === 'muted').length >= 2")
        await page.evaluate('() => channel.send(\'{"type":"goodbye"}\')')
        await kiosk.event(OtherLeft)
        assert not [event for event in kiosk.events if isinstance(event, PathLost)]


async def test_a_page_that_is_closed_is_noticed(tmp_path: Path) -> None:
    async with kiosk_and_page(tmp_path) as (kiosk, page):
        await page_sees(page, KIOSK.identity)
        await page.close()
        lost = await kiosk.event(PathLost, 6)
        assert isinstance(lost, PathLost)
        assert re.fullmatch("transport-failed|no-heartbeat", lost.reason)
