"""What the benches of calls share: the moment of the first picture in a page, and a plain exchange without a server.

In both pages the same few lines note the first picture, by the page's own clock; the other end's moments come from the
same machine's wall clock.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from playwright.async_api import Page
from support.media_pair import End
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from kiosk_client.media.evidence import Witness
from kiosk_client.media.sources import Source
from media_relay.directory import RelayDirectory, RelayState
from signaling.ice import EmbeddedRelay, IceConfig, IceIssuer
from tawasul.e2ee.pinning import fingerprint_of
from tawasul.protocol.ice import IceCandidate, IceConfiguration
from tawasul.settings import Settings

PICTURE_WITHIN = 30.0

FIRST_PICTURE = """
(() => {
    // The first decoded picture of every connection, on a video of the bench's own: that of the page may be hidden.
    const videos = new Set();
    globalThis.bench = {
        begin() {
            this.wall = Date.now();
            this.began = performance.now();
            this.picture = new Promise((resolve) => { this.decoded = resolve; });
            this.screen = new Promise((resolve) => { this.shown = resolve; });
        },
        async measured() {
            const [picture, screen] = await Promise.all([this.picture, this.screen]);
            return { office: picture - this.began, screen: screen - this.began, wall: this.wall };
        },
    };
    addEventListener("DOMContentLoaded", () => {
        // Until the stage says "in-call" its style sheet hides the other's picture.
        const stage = document.getElementById("stage");
        if (stage) new MutationObserver(() => {
            if (stage.dataset.state === "in-call") requestAnimationFrame(() => bench.shown(performance.now()));
        }).observe(stage, { attributeFilter: ["data-state"] });
    });
    addEventListener("click", ({ target }) => {
        if (target instanceof Element && target.closest("#call-next, #call-again")) bench.begin();
    }, { capture: true });
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(...given) {
            super(...given);
            this.addEventListener("track", ({ track }) => {
                if (track.kind !== "video") return;
                const video = document.createElement("video");
                videos.add(video);
                video.muted = true;
                video.srcObject = new MediaStream([track]);
                video.requestVideoFrameCallback(() => {
                    bench.decoded(performance.now());
                    video.srcObject = null;
                    videos.delete(video);
                });
                video.play().catch(() => {});
            });
        }
    };
})();
"""
"""Runs in a page before its own scripts. `bench.begin()` starts the clock, as does a click that calls a citizen in;
`bench.measured()` gives {office: ms to the first picture decoded, screen: ms until it can be seen on the page, wall: ms
since 1970 at the beginning}."""

PLAIN_PAGE = """<!doctype html><meta charset="utf-8"><title>plain</title><video autoplay playsinline></video><script>
const line = new WebSocket(`ws://${location.host}/line`);
const send = (message) => line.send(JSON.stringify(message));
globalThis.ready = new Promise((resolve) => { line.onopen = () => resolve(true); });
globalThis.call = async (ice, constraints) => {
    bench.begin();
    send({ type: "call" });
    const pc = globalThis.pc = new RTCPeerConnection({ ...ice, bundlePolicy: "max-bundle" });
    const local = globalThis.local = navigator.mediaDevices.getUserMedia(constraints);
    const remote = new MediaStream();
    const video = document.querySelector("video");
    video.requestVideoFrameCallback(() => bench.shown(performance.now()));
    pc.ontrack = ({ track }) => { remote.addTrack(track); video.srcObject = remote; };
    pc.onicecandidate = ({ candidate }) => send({ type: "candidate", candidate: candidate && candidate.toJSON() });
    line.onmessage = async ({ data }) => {
        await pc.setRemoteDescription({ type: "offer", sdp: JSON.parse(data).sdp });
        // As in the product: the connection does not wait for the camera.
        for (const each of pc.getTransceivers()) each.direction = "sendrecv";
        local.then((stream) => {
            for (const { receiver, sender } of pc.getTransceivers()) {
                sender.replaceTrack(stream.getTracks().find(({ kind }) => kind === receiver.track.kind));
            }
        });
        await pc.setLocalDescription(await pc.createAnswer());
        send({ type: "answer", sdp: pc.localDescription.sdp });
    };
    return bench.measured();
};
globalThis.end = async () => {
    pc.close();
    for (const track of (await local).getTracks()) track.stop();
    document.querySelector("video").srcObject = null;
};
</script>"""

CONSTRAINTS = {
    "video": {"width": {"ideal": 1280}, "height": {"ideal": 720}, "frameRate": {"ideal": 24, "max": 30}},
    "audio": {"echoCancellation": True, "noiseSuppression": True, "autoGainControl": True, "channelCount": 1},
}
"""What the product asks of camera and microphone (js/call/devices-core.js), so that both open the same."""


@dataclass(frozen=True)
class FirstPicture:
    """Milliseconds from the beginning to the first picture that each end decoded.

    `screen`: until it could be seen on the office's page; None where the office is a robot.
    """

    office: float
    kiosk: float
    screen: float | None = None

    def __str__(self) -> str:
        screen = f", on its screen {self.screen:.0f} ms" if self.screen is not None else ""
        return f"office {self.office:.0f} ms{screen}, kiosk {self.kiosk:.0f} ms"


async def first_at(witness: Witness) -> float:
    """Seconds since 1970 at which this end decoded its first picture, once it has."""
    assert await witness.until(lambda seen: seen.picture.first_at is not None, PICTURE_WITHIN), "no picture came"
    at = witness.picture.first_at
    assert at is not None
    return time.time() - (asyncio.get_running_loop().time() - at)


async def both(in_page: dict[str, float], kiosk: Witness) -> FirstPicture:
    """From what the page measured, and from the kiosk's witness."""
    at_kiosk = await first_at(kiosk) * 1000 - in_page["wall"]
    return FirstPicture(office=in_page["office"], kiosk=at_kiosk, screen=in_page["screen"])


def in_clear(end: End) -> None:
    """From here on this end's frames are neither sealed nor opened: what the product never does, to compare it with."""
    peer = end.peer
    peer.sound_out.seal = peer.picture_out.seal = lambda frame: frame
    peer.sound_in.open_frame = peer.picture_in.open_frame = lambda frame: frame
    peer.picture_in.has_keys = lambda: True


def relayed(settings: Settings, name: str) -> IceConfiguration:
    """The running service's relay and no other way, for an end that does not go through the service."""
    state = RelayState.read(RelayDirectory(settings.directory / "relay").state)
    assert state is not None
    secret = settings.relay_with_secret.secrets[0]
    issuer = IceIssuer(IceConfig(), secret=secret, embedded=EmbeddedRelay(port=state.listening[0][1]))
    return issuer.issue(name, host="127.0.0.1", policy="relay", now=time.time())


def as_browser(ice: IceConfiguration) -> dict[str, Any]:
    """As `RTCPeerConnection` takes it."""
    servers = [
        {"urls": list(each.urls), "username": each.username, "credential": each.credential} for each in ice.servers
    ]
    return {"iceServers": servers, "iceTransportPolicy": ice.policy}


@dataclass
class PlainExchange:
    """Offer, answer and candidates between a native kiosk and a bare page, over one WebSocket and nothing else.

    `source`: what the kiosk sends.
    """

    source: Source
    address: str = ""
    _line: asyncio.Future[ServerConnection] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    async def open(self, page: Page) -> None:
        """Show the bare page, with its line."""
        await page.goto(self.address)
        await page.evaluate("ready")

    async def call(self, page: Page, settings: Settings) -> FirstPicture:
        """One call through the relay of the service with these settings, from the page's word to the end of it."""
        line = await self._line
        office_ice, kiosk_ice = relayed(settings, "plain-office"), relayed(settings, "plain-kiosk")
        kiosk = End()
        carrying = asyncio.create_task(self._carry(line, kiosk, kiosk_ice))
        try:
            in_page = await page.evaluate("([ice, media]) => call(ice, media)", [as_browser(office_ice), CONSTRAINTS])
            measured = await both(in_page, kiosk.witness)
            assert kiosk.peer.path() == "relay"
            return measured
        finally:
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)
            await kiosk.close()
            await page.evaluate("end()")

    async def _carry(self, line: ServerConnection, kiosk: End, ice: IceConfiguration) -> None:
        async for text in line:
            message = json.loads(text)
            match message["type"]:
                case "call":
                    await kiosk.open(self.source, offers=True, ice=ice)
                    in_clear(kiosk)
                    await line.send(json.dumps({"sdp": await kiosk.peer.offer()}))
                case "answer":
                    await kiosk.peer.take_answer(message["sdp"], fingerprint_of(message["sdp"]))
                case "candidate":
                    await kiosk.peer.add_candidate(_candidate(message["candidate"]))


@asynccontextmanager
async def a_plain_exchange(source: Source) -> AsyncIterator[PlainExchange]:
    """The bare page's server and its line, in this process."""
    exchange = PlainExchange(source)

    async def line(connection: ServerConnection) -> None:
        exchange._line.set_result(connection)
        await connection.wait_closed()

    def page(connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/line":
            return None
        response = connection.respond(HTTPStatus.OK, PLAIN_PAGE)
        del response.headers["Content-Type"]
        response.headers["Content-Type"] = "text/html; charset=utf-8"
        return response

    async with serve(line, "127.0.0.1", 0, process_request=page) as server:
        exchange.address = f"http://127.0.0.1:{_port(server)}/"
        yield exchange


def _port(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])


def _candidate(each: dict[str, Any] | None) -> IceCandidate:
    if each is None:
        return IceCandidate(candidate="")
    return IceCandidate(candidate=each["candidate"], sdp_mid=each["sdpMid"], sdp_m_line_index=each["sdpMLineIndex"])
