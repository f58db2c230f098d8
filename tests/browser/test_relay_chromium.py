"""Chromium with the relay-only policy: two peers in one page, both ends on our relay, and a channel between them."""

from __future__ import annotations

import time

from playwright.async_api import async_playwright
from support.relay_client import credentials
from support.relay_process import address_of, last_statistics, running_relay

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
    return { answers: [first, await again], candidates };
}
"""

STRAY = [
    # What peers on other networks offer: a service of this machine, a private network, the metadata of a cloud.
    "candidate:1 1 udp 2130706431 127.0.0.1 5432 typ host",
    "candidate:2 1 udp 2130706430 192.168.1.1 5432 typ host",
    "candidate:3 1 udp 2130706429 169.254.169.254 5432 typ host",
]


async def test_both_ends_relayed(tmp_path):
    async with running_relay(tmp_path, addresses=("127.0.0.1",)) as relay, async_playwright() as playwright:
        given = credentials("page", expires_at=time.time() + 600)
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        try:
            page = await browser.new_page()
            urls = f"turn:127.0.0.1:{address_of(relay, '127.0.0.1')[1]}?transport=udp"
            account = {"username": given.username, "credential": given.password}
            outcome = await page.evaluate(ECHO, {"urls": urls, **account, "stray": STRAY})
        finally:
            await browser.close()
        counted = await last_statistics(relay)

    assert outcome["answers"] == ["hello heard", "still there? heard"]
    assert outcome["candidates"]
    assert all(" typ relay " in candidate for candidate in outcome["candidates"])
    # The candidates that nobody may reach were refused, and the call did not suffer for it.
    assert counted["requests"]["refused.403"] >= 2
    # Loopback is permitted as an address, for the other end's relayed port is there: what went elsewhere was dropped.
    assert counted["requests"]["dropped.send-no-permission"] >= 1
    assert counted["to_peers"]["packets"] > 10
