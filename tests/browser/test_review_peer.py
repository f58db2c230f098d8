"""Review: keys that could not be renewed are not used on; and the two ends speak over one channel."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from support.call_pages import End, a_region, as_message, bare_app, chromium, sees_movement
from support.web_server import serving

CALL = "call-1"

WRONG_ANSWER = """() => {
  const send = RTCDataChannel.prototype.send;
  RTCDataChannel.prototype.send = function (text) {
    const said = JSON.parse(text);
    const wrong = said.type === "rekey" ? { ...said, mac: "A".repeat(43) } : said;
    return send.call(this, JSON.stringify(wrong));
  };
}
"""
"""At the office: its second step of the renewal does not hold."""

KNOWN = """() => {
  const Real = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Real {
    constructor(configuration) {
      super(configuration);
      globalThis.connection = this;
    }
  };
}
"""

HEARD = """async () => {
  const stats = [...(await connection.getStats()).values()];
  const sound = stats.find(({ type, kind }) => type === "inbound-rtp" && kind === "audio");
  return [sound.packetsReceived, sound.totalSamplesReceived - sound.concealedSamples];
}
"""
"""Packets of sound that came, and samples that were decoded from packets."""

PLAYED = "document.getElementById('remote').getVideoPlaybackQuality().totalVideoFrames"


def negotiate(*, offers: bool) -> dict[str, Any]:
    """What the server tells an end."""
    return {
        "type": "negotiate", "call_id": CALL, "attempt": 1, "audience_id": "a-1", "reference": "AB12",
        "offers": offers, "ice": {"servers": [], "policy": "all"},
        "other": {"name": {"arabic": "أ", "english": "A"}},
    }  # fmt: skip


@pytest.fixture
async def ends() -> AsyncIterator[tuple[End, End]]:
    async with serving(bare_app()) as address, chromium() as browser, asyncio.TaskGroup() as carrying:
        citizen, office = await End.open(browser, address), await End.open(browser, address)
        tasks = [carrying.create_task(carry(one, other)) for one, other in ((citizen, office), (office, citizen))]
        yield citizen, office
        for task in tasks:
            task.cancel()


async def carry(source: End, target: End) -> None:
    """As a service does, in order."""
    queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def forward(event: dict[str, Any]) -> None:
        message = as_message(event, CALL, 1)
        if message is not None:
            queue.put_nowait(message)

    source.forward = forward
    while True:
        await target.take(await queue.get())


async def test_nothing_passes_under_keys_that_could_not_be_renewed(ends: tuple[End, End]) -> None:
    citizen, office = ends
    region = await a_region(office)
    await office.page.evaluate(WRONG_ANSWER)
    await office.start(negotiate(offers=False), region)
    await citizen.page.evaluate(KNOWN)
    await citizen.start(negotiate(offers=True), region, renews_after=4)
    await asyncio.gather(citizen.seen("connected"), office.seen("connected"))
    await sees_movement(citizen.page, "remote")
    await citizen.seen("lost")
    # The office does not know it yet, and goes on.
    sealed = (await office.traffic())["sealed"]
    first = await office.traffic(f"sealed > {sealed + 60}")
    played, (came, heard) = await citizen.page.evaluate(PLAYED), await citizen.page.evaluate(HEARD)
    second = await office.traffic(f"sealed > {first['sealed'] + 120}")
    assert second["opened"] == first["opened"], "the citizen's end sends nothing"
    assert second["refused"] == first["refused"], "in clear neither: its worker is gone, its camera is not"
    assert await citizen.page.evaluate(PLAYED) == played, "and plays nothing"
    still_came, still_heard = await citizen.page.evaluate(HEARD)
    assert still_came > came, "though the other end goes on"
    assert still_heard == heard
    counted = await citizen.traffic()
    assert counted["epoch"] == 0
    assert counted["opened"] > 0, "what was counted is still known, and is signed at the end"


async def test_a_second_channel_is_closed_and_nothing_on_it_is_heard(ends: tuple[End, End]) -> None:
    citizen, office = ends
    region = await a_region(office)
    await citizen.page.evaluate(KNOWN)
    await office.start(negotiate(offers=False), region)
    await citizen.start(negotiate(offers=True), region)
    await asyncio.gather(citizen.seen("connected"), office.seen("connected"))
    async with asyncio.timeout(10):
        await citizen.page.evaluate(
            """() => new Promise((closed) => {
                const second = connection.createDataChannel("tawasul");
                second.onopen = () => second.send(JSON.stringify({ type: "goodbye" }));
                second.onclose = closed;
            })"""
        )
    assert not [event for event in office.events if event["type"] in ("goodbye", "lost")]
