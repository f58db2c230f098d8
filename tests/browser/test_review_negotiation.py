"""Review: whatever description a server makes up, no sender is without its guard, and one alone is taken."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page
from support.call_pages import bare_app, chromium
from support.web_server import serving

ENDS = """
const { Negotiation } = await import(`${scripts}/call/negotiation.js`);
const { fingerprintOf } = await import(`${scripts}/e2ee/pinning.js`);
const far = new RTCPeerConnection();
const near = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
const guarded = new Set();
let described;
const isDescribed = new Promise((resolve) => (described = resolve));
const taken = [];
const take = near.setRemoteDescription.bind(near);
near.setRemoteDescription = (each) => (taken.push(each.type), take(each));
const offered = async () => {
  const offer = await far.createOffer();
  await far.setLocalDescription(offer);
  return { type: "offer", sdp: offer.sdp };
};
const began = (offer) => new Negotiation(near, {
  made: (transceiver) => guarded.add(transceiver), describing: async () => {},
  described, failed: () => described("failed"),
  pinned: Promise.resolve(fingerprintOf(offer.sdp)),
});
const camera = () => navigator.mediaDevices.getUserMedia({ audio: true, video: true });
const replaced = [];
const replace = RTCRtpSender.prototype.replaceTrack;
let atReplaced = () => {};
const isReplacing = new Promise((resolve) => {
  RTCRtpSender.prototype.replaceTrack = function (track) {
    const doing = replace.call(this, track);
    replaced.push(doing);
    if (track) (resolve(), atReplaced());
    return doing;
  };
});
"""
"""`far` offers, `near` is the office's connection; a `Negotiation` as the served module makes it, and real senders."""


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with serving(bare_app()) as address, chromium() as browser:
        context = await browser.new_context(permissions=["camera", "microphone"])
        page = await context.new_page()
        await page.goto(f"{address}/bare")
        yield page


async def outcome(page: Page, steps: str) -> Any:
    scripts = page.url.removesuffix("/bare") + "/static/tests/js"
    return await page.evaluate("async (scripts) => {" + ENDS + steps + "}", scripts)


@pytest.mark.parametrize("direction", ["recvonly", "inactive", "sendonly", "sendrecv"])
async def test_every_sender_of_an_offered_section_is_guarded(page: Page, direction: str) -> None:
    """Of a section that offers to send nothing there is no `track` event, and a camera would be attached to it."""
    everyone = await outcome(
        page,
        f"""
        far.addTransceiver("audio");
        far.addTransceiver("video", {{ direction: "{direction}" }});
        const offer = await offered();
        const negotiation = began(offer);
        negotiation.take(offer);
        if ((await isDescribed) === "failed") return "failed";
        return near.getTransceivers().map((each) => guarded.has(each));
        """,
    )
    assert everyone == [True, True]


async def test_a_second_description_changes_nothing(page: Page) -> None:
    after = await outcome(
        page,
        """
        far.addTransceiver("audio");
        far.addTransceiver("video");
        const offer = await offered();
        const negotiation = began(offer);
        negotiation.take(offer);
        await isDescribed;
        await far.setRemoteDescription(near.localDescription);
        far.addTransceiver("video");
        negotiation.take(await offered());
        negotiation.take({ type: "answer", sdp: offer.sdp });
        negotiation.send(await camera());
        negotiation.release();
        await isReplacing;
        return [near.getTransceivers().length, taken];
        """,
    )
    assert after == [2, ["offer"]]


async def test_the_end_that_offers_takes_no_offer(page: Page) -> None:
    after = await outcome(
        page,
        """
        far.addTransceiver("audio");
        const offer = await offered();
        const negotiation = began(offer);
        negotiation.offer();
        await isDescribed;
        negotiation.take(offer);
        negotiation.send(await camera());
        negotiation.release();
        await isReplacing;
        return [near.signalingState, taken];
        """,
    )
    assert after == ["have-local-offer", []]


async def test_nothing_is_attached_any_more_once_it_is_stopped(page: Page) -> None:
    """Between the microphone and the camera, which are attached one after the other."""
    sends = await outcome(
        page,
        """
        far.addTransceiver("audio");
        far.addTransceiver("video");
        const offer = await offered();
        const negotiation = began(offer);
        negotiation.take(offer);
        await isDescribed;
        negotiation.send(await camera());
        atReplaced = () => {
          atReplaced = () => {};
          negotiation.stop();
        };
        negotiation.release();
        await isReplacing;
        for (let known = 0; known < replaced.length; ) {
          known = replaced.length;
          await Promise.allSettled(replaced);
          await new Promise((resolve) => setTimeout(resolve));
        }
        return near.getSenders().map(({ track }) => track?.kind ?? null);
        """,
    )
    assert sends == [None, None]
