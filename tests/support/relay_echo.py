"""Two peers in one page of Chromium, both ends relayed, and a channel between them that echoes what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, async_playwright

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-loopback-in-peer-connection",
]

ECHO = """
async ({ urls, username, credential, stray }) => {
    const configuration = { iceServers: [{ urls, username, credential }], iceTransportPolicy: "relay" };
    const [here, there] = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
    const candidates = [];
    let openTheWay;
    const way = new Promise((resolve) => { openTheWay = resolve; });
    for (const [from, to] of [[here, there], [there, here]]) {
        from.onicecandidate = ({ candidate }) => {
            if (!candidate?.candidate) return;
            candidates.push(candidate.candidate);
            way.then(() => to.addIceCandidate(candidate));
        };
    }
    there.ondatachannel = ({ channel }) => {
        channel.onmessage = ({ data }) => channel.send(data + " heard");
    };
    const channel = here.createDataChannel("voice");
    const answer = new Promise((resolve) => { channel.onmessage = ({ data }) => resolve(data); });
    channel.onopen = () => channel.send("hello");
    await here.setLocalDescription();
    await there.setRemoteDescription(here.localDescription);
    await there.setLocalDescription();
    await here.setRemoteDescription(there.localDescription);
    // The forbidden come first, so that they have been tried when the way is open.
    for (const candidate of stray) await here.addIceCandidate({ candidate, sdpMid: "0" });
    while (!candidates.length) await new Promise((resolve) => setTimeout(resolve, 20));
    openTheWay();
    const first = await answer;
    const again = new Promise((resolve) => { channel.onmessage = ({ data }) => resolve(data); });
    channel.send("still there?");
    const used = [];
    for (const each of (await here.getStats()).values()) {
        if (each.type === "local-candidate") used.push({ port: each.port, by: each.relayProtocol, url: each.url });
    }
    return { answers: [first, await again], candidates, used };
}
"""
"""Given `urls`, `username`, `credential`, and `stray` candidates: the `answers`, the `candidates` of both, and by
which relays they were `used`."""


@asynccontextmanager
async def chromium_page(*flags: str) -> AsyncIterator[Page]:
    """An empty page of Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*FLAGS, *flags])
        try:
            yield await browser.new_page()
        finally:
            await browser.close()
