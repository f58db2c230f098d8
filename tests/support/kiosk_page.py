"""The native kiosk in a call with a page in Chromium, without any server of ours between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page
from support.call_pages import bare_app, chromium
from support.media_browser import capture_flags
from support.media_pair import KEYS, NO_SERVERS, End
from support.web_server import serving

from kiosk_client.media.sources import CodedSource
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
    folder: Path,
    ice: IceConfiguration = NO_SERVERS,
    *,
    page_ice: IceConfiguration | None = None,
    processing: bool = True,
) -> AsyncIterator[tuple[End, Page]]:
    """A kiosk in a call with a page, which trickles its candidates as browsers do. `page_ice`: the same if None."""
    kiosk = await End().open(KIOSK, offers=True, ice=ice)
    try:
        async with serving(bare_app()) as address, chromium(*capture_flags(folder, OFFICE)) as browser:
            context = await browser.new_context(permissions=["camera", "microphone"])
            page = await context.new_page()
            await page.goto(f"{address}/bare")
            found: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
            await page.expose_function("trickled", found.put_nowait)
            sdp = await page.evaluate(ANSWER, [await kiosk.peer.offer(), as_browser(page_ice or ice), processing])
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
