"""The voice between the kiosk and Chromium goes in RED, sealed as a whole, and what is lost is mended at both ends."""

from pathlib import Path

import pytest
from aiortc.rtp import RtpPacket, is_rtcp
from support.kiosk_page import OFFICE, kiosk_and_page
from support.media_pair import End, hears

from kiosk_client.media.core.redundancy import split
from kiosk_client.media.formats import OPUS, REDUNDANT_OPUS

pytestmark = pytest.mark.realtime

LOSES = 4
"""Every fourth packet of sound, in both directions: none next to another, so that one repeat mends all."""

INBOUND = """
async () => {
    const all = [...(await pc.getStats()).values()];
    const sound = all.find((each) => each.type === "inbound-rtp" && each.kind === "audio");
    return sound ?? { packetsReceived: 0 };
}
"""

REPEATS = """
async () => {
    const { RedundancyChoice } = await import("/static/tests/js/call/redundancy-choice.js");
    const choice = new RedundancyChoice();
    setInterval(async () => guard.repeat(choice.take((await pc.getStats()).values())), 500);
}
"""
"""As the pages' quality watch has it."""


def lose(kiosk: End) -> None:
    """Lose every fourth packet of sound of this end, in and out."""
    transport = kiosk.peer.sound_out.transport
    send, take = transport._send_rtp, kiosk.peer.sound_in._handle_rtp_packet

    async def sends(data: bytes) -> None:
        packet = None if is_rtcp(data) else RtpPacket.parse(data)
        if packet is None or packet.payload_type != REDUNDANT_OPUS or packet.sequence_number % LOSES:
            await send(data)

    async def takes(packet: RtpPacket, arrival_time_ms: int) -> None:
        if packet.sequence_number % LOSES:
            await take(packet, arrival_time_ms)

    transport._send_rtp = sends  # type: ignore[method-assign]
    kiosk.peer.sound_in._handle_rtp_packet = takes  # type: ignore[method-assign]


def opened_by(kiosk: End) -> list[bytes]:
    """The payloads of the voice that this end opens, as they come."""
    opened: list[bytes] = []
    open_frame = kiosk.peer.sound_in.open_frame

    def opens(sealed: bytes) -> bytes | None:
        plain = open_frame(sealed)
        if plain is not None:
            opened.append(plain)
        return plain

    kiosk.peer.sound_in.open_frame = opens
    return opened


async def test_a_page_repeats_two_frames_where_it_is_told_to(tmp_path: Path) -> None:
    async with kiosk_and_page(tmp_path) as (kiosk, page):
        opened = opened_by(kiosk)
        assert await kiosk.witness.until(lambda _: len(opened) > 10, 20)
        assert {len(split(payload, 0)) for payload in opened[5:]} == {2}  # Chromium's own
        await page.evaluate("guard.repeat(2)")
        assert await kiosk.witness.until(lambda _: len(opened) > 10 and len(split(opened[-10], 0)) == 3, 20)
        assert await kiosk.witness.until(lambda seen: hears(kiosk, OFFICE.hertz), 20)
        last = [split(payload, 0) for payload in opened[-9:]]
    for first, second, third in zip(last, last[1:], last[2:], strict=False):
        assert first[2].payload == second[1].payload == third[0].payload
        assert [block.timestamp for block in third] == [-1920 % 2**32, -960 % 2**32, 0]


async def test_what_is_lost_of_the_voice_is_mended_at_both_ends(tmp_path: Path) -> None:
    async with kiosk_and_page(tmp_path) as (kiosk, page):
        opened = opened_by(kiosk)
        await page.evaluate(REPEATS)
        lose(kiosk)
        assert await kiosk.witness.until(lambda seen: seen.sound.seconds > 6 and hears(kiosk, OFFICE.hertz), 30)
        await page.wait_for_function(
            f"""async () => {{
                const {{ packetsReceived, fecPacketsReceived, totalSamplesReceived }} = await ({INBOUND})();
                return packetsReceived > 200 && fecPacketsReceived > 150 && totalSamplesReceived > 48000 * 5;
            }}""",
            timeout=30_000,
        )
        # By what each reported to the other.
        assert await kiosk.witness.until(lambda _: kiosk.peer.sound_out.redundancy == 2, 20)
        assert await kiosk.witness.until(lambda _: len(split(opened[-1], 0)) == 3, 20)
        seen = await page.evaluate(INBOUND)
        counts = kiosk.peer.sound_in.speech_counts
    sizes = {tuple((block.payload_type, len(block.payload)) for block in split(payload, 0)) for payload in opened[5:]}
    # 32 kbit/s at a constant rate: each frame twice by Chromium itself, and then three times by the page.
    assert sizes == {((OPUS, 80),) * 2, ((OPUS, 80),) * 3}
    assert seen["packetsLost"] > 0.15 * seen["packetsReceived"]
    # Without RED and FEC it would be a quarter; a machine with other work is late now and then.
    assert seen["concealedSamples"] < 0.12 * seen["totalSamplesReceived"]
    assert counts.concealed_samples < 0.12 * counts.total_samples_received
