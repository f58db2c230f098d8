"""Chromium's picture at the native kiosk, on a line that loses packets and on one that does not."""

from pathlib import Path

import pytest
from support.bad_line import BadLine
from support.coming import comes
from support.kiosk_page import OFFICE, kiosk_and_page
from support.media_pair import sees

pytestmark = pytest.mark.realtime

CAN_SEND = """
async () => {
    const pairs = [...(await pc.getStats()).values()].filter((each) => each.type === "candidate-pair");
    return Math.max(0, ...pairs.map((pair) => pair.availableOutgoingBitrate ?? 0));
}
"""
"""How many bits a second the page's own estimator believes that the path bears."""


async def test_at_ten_percent_of_loss_the_picture_goes_on(tmp_path: Path) -> None:
    async with kiosk_and_page(tmp_path) as (kiosk, _):
        await comes(kiosk.witness, lambda _: sees(kiosk, OFFICE.identity, 5), 20)
        receiver = kiosk.peer.picture_in
        before = receiver.picture_counts
        BadLine(kiosk, loss=0.1, delay=0.040)
        seen = kiosk.witness.picture.patterns
        await comes(kiosk.witness, lambda them: them.picture.patterns >= seen + 100, 60)
        after = receiver.picture_counts
        assert after.reception.nack_count > before.reception.nack_count + 10
        assert kiosk.peer.guard.counts.refused.total() == 0


async def test_on_a_clean_line_the_page_finds_out_soon_that_it_may_send_more(tmp_path: Path) -> None:
    async with kiosk_and_page(tmp_path) as (kiosk, page):
        await comes(kiosk.witness, lambda _: sees(kiosk, OFFICE.identity, 5), 20)
        await page.wait_for_function(f"async () => await ({CAN_SEND})() > 1_000_000", timeout=20_000)
