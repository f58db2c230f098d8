"""A kiosk and Chromium by one relay, each with a line of its own: whose is bad is told right at both ends."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Page
from support.coming import comes
from support.kiosk_page import OFFICE, kiosk_and_page
from support.lossy_door import LossyDoor, lossy_door
from support.media_pair import End, sees
from support.media_turn import coturn

from kiosk_client.media.core.steady import ToldQuality
from kiosk_client.peer_events import OtherMuted, QualityHeard
from kiosk_client.quality_watch import QualityWatch
from kiosk_client.relays import Relays

pytestmark = pytest.mark.realtime

WATCH = """
async () => {
    const { QualityWatch } = await import("/static/tests/js/call/quality-watch.js");
    const { readQuality } = await import("/static/tests/js/call/quality-reading.js");
    const nothing = () => ({ sound: false, picture: false });
    globalThis.told = { level: "good", cause: null };
    const watch = new QualityWatch(pc, {
        muted: nothing,
        otherMuted: nothing,
        repeat: () => {},
        say: (quality) => channel.send(JSON.stringify(quality)),
        changed: (now, other) => { globalThis.told = now; globalThis.other = other; },
    });
    channel.addEventListener("message", ({ data }) => {
        const message = JSON.parse(data);
        const read = message.type === "quality" ? readQuality(message) : { ok: false };
        if (read.ok) watch.hear(read.quality);
    });
    watch.start();
}
"""
"""The page's own watch, on the connection of `kiosk_page`."""


@dataclass
class Watched:
    """A call in which both ends watch how it is."""

    kiosk: End
    page: Page
    kiosk_line: LossyDoor
    page_line: LossyDoor
    told: ToldQuality = field(default_factory=lambda: ToldQuality("good"))
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, told: ToldQuality) -> None:
        self.told = told
        self._news.set()

    async def kiosk_tells(self, holds: Callable[[ToldQuality], bool]) -> None:
        async with asyncio.timeout(90):
            while not holds(self.told):
                self._news.clear()
                await self._news.wait()

    async def page_tells(self, cause: str) -> None:
        blamed = "(cause) => told.level !== 'good' && told.cause === cause"
        await self.page.wait_for_function(blamed, arg=cause, timeout=90_000)


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[Watched]:
    async with (
        coturn(folder) as ice,
        lossy_door(ice, seed=1) as (kiosk_line, kiosk_ice),
        lossy_door(ice, seed=2) as (page_line, page_ice),
        kiosk_and_page(folder, kiosk_ice, page_ice=page_ice) as (kiosk, page),
    ):
        await comes(kiosk.witness, lambda _: sees(kiosk, OFFICE.identity, 20), 20)
        call = Watched(kiosk, page, kiosk_line, page_line)
        relay = await Relays().find(kiosk_ice, "call-1")
        watch = QualityWatch(kiosk.peer, relay, lambda: OtherMuted(sound=False, picture=False), call.tell)
        try:
            await page.evaluate(WATCH)
            yield call
        finally:
            watch.close()


def sound_reported(end: End) -> Mapping[str, object]:
    """What the other end reported of this one's sound; nothing before its first report."""
    reported: Mapping[str, object] = end.peer.statistics()["remoteInbound"]["audio"]
    return reported


async def test_a_bad_line_of_the_kiosk_is_told_as_its_own(tmp_path: Path) -> None:
    async with watched(tmp_path) as call:
        call.kiosk_line.loss = 0.15
        await call.kiosk_tells(lambda told: told.level != "good" and told.cause == "own")
        await call.page_tells("other")


async def test_a_bad_line_of_the_page_is_told_as_the_pages(tmp_path: Path) -> None:
    async with watched(tmp_path) as call:
        call.page_line.loss = 0.15
        await call.kiosk_tells(lambda told: told.level != "good" and told.cause == "other")
        await call.page_tells("own")


async def test_on_a_good_line_all_is_well_and_the_numbers_of_each_end_reach_the_other(tmp_path: Path) -> None:
    async with watched(tmp_path) as call:
        heard = await call.kiosk.event(QualityHeard, 30)
        assert isinstance(heard, QualityHeard)
        assert heard.message.leg is None, "a page cannot ask the relay"
        await call.page.wait_for_function("() => globalThis.other?.frames_per_second > 5", timeout=30_000)
        await comes(call.kiosk.witness, lambda _: "roundTripTime" in sound_reported(call.kiosk), 20)
        statistics = call.kiosk.peer.statistics()
        assert json.loads(json.dumps(statistics)) == statistics
        assert statistics["candidatePair"]["localCandidateType"] == "relay"
        assert statistics["inbound"]["audio"]["totalSamplesReceived"] > 48_000
        assert statistics["inbound"]["video"]["framesDecoded"] >= 20
        assert statistics["outbound"]["video"]["framesEncoded"] >= 20
        assert 0 <= statistics["remoteInbound"]["audio"]["roundTripTime"] < 5
        assert not {"framesDecoded", "freezeCount"} & statistics["inbound"]["audio"].keys(), "sound has none: absent"
