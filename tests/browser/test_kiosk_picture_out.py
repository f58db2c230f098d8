"""The native kiosk's picture in Chromium: as it grows with what the line is found to carry."""

from pathlib import Path

import pytest
from support.kiosk_page import KIOSK, kiosk_and_page
from support.media_browser import READ_PATTERN

pytestmark = pytest.mark.realtime

SHOWN_HEIGHT = "() => document.querySelector('video').videoHeight"

SHOWS = f"""
([identity, height]) => {{
    const video = document.querySelector("video");
    return video.videoHeight === height && ({READ_PATTERN})(video)?.identity === identity;
}}
"""

RECEIVED = """
async () => {
    const all = [...(await pc.getStats()).values()];
    return all.find((each) => each.type === "inbound-rtp" && each.kind === "video");
}
"""


async def test_a_page_decodes_the_kiosk_s_picture_at_every_size(tmp_path: Path) -> None:
    async with kiosk_and_page(tmp_path) as (kiosk, page):
        # A function, since the page's policy forbids to evaluate an expression a second time.
        await page.wait_for_function("() => document.querySelector('video').videoHeight > 0", timeout=20_000)
        first = await page.evaluate(SHOWN_HEIGHT)
        assert first < 480  # what is believed before anything is known is not enough for all of it
        await page.wait_for_function(SHOWS, arg=[KIOSK.identity, 480], timeout=60_000)
        received, sent = await page.evaluate(RECEIVED), kiosk.peer.picture_out.counts
        # A key frame for each size, and where the page asked for one; never for a change of rate.
        assert received["keyFramesDecoded"] <= sent["keyFramesEncoded"] <= 8 + sent["pliCount"]
        assert received["framesDecoded"] > 0.8 * received["framesReceived"]
        assert kiosk.peer.picture_out.paced.counts["feedback malformed"] == 0
