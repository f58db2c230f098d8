"""The native kiosk and Chromium, without any server of ours between them: each opens and decodes the other's frames."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page
from support.call_pages import bare_app, chromium
from support.media_browser import MEASURE_TONE, READ_PATTERN, capture_flags
from support.media_pair import KEYS, NO_SERVERS, End, sees
from support.media_turn import coturn
from support.web_server import serving

from kiosk_client.media.sources import CodedSource
from kiosk_client.peer_events import OtherLeft, OtherMuted, PathLost
from tawasul.e2ee.pinning import fingerprint_of
from tawasul.protocol.ice import IceCandidate, IceConfiguration

KIOSK = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)

ANSWER = """
async ([offer, ice, processing]) => {
    const { FrameGuard, guarded } = await import("/static/tests/js/e2ee/guard.js");
    const { Epoch } = await import("/static/tests/js/e2ee/session.js");
    const epoch = await Epoch.of(0, new Uint8Array(32), new Uint8Array(32));
    globalThis.guard = new FrameGuard("office", (error) => { throw error; });
    const constraints = { video: { width: 640, height: 480 }, audio: processing };
    globalThis.local = await navigator.mediaDevices.getUserMedia(constraints);
    globalThis.pc = new RTCPeerConnection(guarded(ice));
    globalThis.remote = new MediaStream();
    globalThis.candidates = [];
    pc.ontrack = (event) => {
        guard.guardSender(event.transceiver.sender, event.track.kind);
        guard.guardReceiver(event.receiver, event.track.kind);
        remote.addTrack(event.track); document.querySelector("video").srcObject = remote;
    };
    pc.onicecandidate = (event) => globalThis.trickled(event.candidate ? event.candidate.toJSON() : null);
    pc.ondatachannel = (event) => {
        globalThis.channel = event.channel;
        globalThis.heard = [];
        channel.onmessage = (message) => heard.push(JSON.parse(message.data).type);
        globalThis.beating = setInterval(() => channel.send('{"type":"heartbeat"}'), 1000);
        // As the pages do: of a channel that has just opened the first word is lost now and then.
        setTimeout(() => channel.send('{"type":"muted","sound":false,"picture":false}'), 1000);
        const greet = () => channel.send('{"type":"muted","sound":false,"picture":false}');
        // It is announced a moment before it is open, now and then.
        if (channel.readyState === "open") greet();
        else channel.onopen = greet;
    };
    await pc.setRemoteDescription({ type: "offer", sdp: offer });
    await guard.receiveUnder(0, await epoch.frameKeys("citizen"));
    await guard.sendUnder(0, await epoch.frameKeys("office"));
    for (const track of local.getTracks()) pc.addTrack(track, local);
    await pc.setLocalDescription(await pc.createAnswer());
    return pc.localDescription.sdp;
}
"""


def as_browser(ice: IceConfiguration) -> dict[str, Any]:
    servers = [
        {"urls": list(each.urls), "username": each.username, "credential": each.credential} for each in ice.servers
    ]
    return {"iceServers": servers, "iceTransportPolicy": ice.policy}


@asynccontextmanager
async def kiosk_and_page(
    folder: Path, ice: IceConfiguration = NO_SERVERS, *, processing: bool = True
) -> AsyncIterator[tuple[End, Page]]:
    """A kiosk in a call with a page, which trickles its candidates as browsers do."""
    kiosk = await End().open(KIOSK, offers=True, ice=ice)
    try:
        async with serving(bare_app()) as address, chromium(*capture_flags(folder, OFFICE)) as browser:
            context = await browser.new_context(permissions=["camera", "microphone"])
            page = await context.new_page()
            await page.goto(f"{address}/bare")
            found: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
            await page.expose_function("trickled", found.put_nowait)
            sdp = await page.evaluate(ANSWER, [await kiosk.peer.offer(), as_browser(ice), processing])
            assert "a=candidate" not in sdp
            assert "audio-level" not in sdp
            await kiosk.peer.take_answer(sdp, fingerprint_of(sdp))
            kiosk.peer.guard.unlock(KEYS)
            while True:
                each = await asyncio.wait_for(found.get(), 10)
                if each is None:
                    break
                await kiosk.peer.add_candidate(
                    IceCandidate(
                        candidate=each["candidate"], sdp_mid=each["sdpMid"], sdp_m_line_index=each["sdpMLineIndex"]
                    )
                )
            await kiosk.peer.add_candidate(IceCandidate(candidate=""))
            yield kiosk, page
    finally:
        await kiosk.close()


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
        assert await kiosk.witness.until(lambda _: sees(kiosk, OFFICE.identity, 20), 20)
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
