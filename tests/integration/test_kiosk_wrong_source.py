"""What comes in another stream than the described one is no picture of the other end's."""

from __future__ import annotations

import asyncio

import pytest
from aiortc import RTCRtpCodecParameters
from aiortc.rtp import RtpPacket
from support.media_pair import End, connect, sees

from kiosk_client.media.formats import VP8
from kiosk_client.media.sources import CodedSource

pytestmark = pytest.mark.realtime

CITIZEN = CodedSource(hertz=440, identity=0xC171)
OFFICE = CodedSource(hertz=700, identity=0x0FF1)


async def test_pictures_in_another_stream_are_counted_and_harm_none() -> None:
    citizen, office = End(), End()
    await citizen.open(CITIZEN, offers=True)
    await office.open(OFFICE, offers=False)
    try:
        await connect(citizen, office)
        assert await citizen.witness.until(lambda _: sees(citizen, OFFICE.identity, 3), 20)
        pictures = citizen.peer.picture_in
        took, last = pictures.take, asyncio.get_running_loop().create_future()

        def take(packet: RtpPacket, codec: RTCRtpCodecParameters, arrival: float) -> None:
            took(packet, codec, arrival)
            if packet.marker and not last.done():
                last.set_result(packet)

        pictures.take = take  # type: ignore[method-assign]
        before = await asyncio.wait_for(last, 10)
        for number in range(1, 51):  # in the places of the packets that come next
            stray = RtpPacket(
                payload_type=VP8,
                sequence_number=before.sequence_number + number & 0xFFFF,
                timestamp=before.timestamp + 3000 * number & 0xFFFFFFFF,
                marker=1,
                ssrc=4711,
                payload=b"\x10\x00\x00",
            )
            await pictures._handle_rtp_packet(stray, 0)
        seen = citizen.witness.picture.patterns
        assert await citizen.witness.until(lambda _: sees(citizen, OFFICE.identity, seen + 20), 10)
        assert pictures.counts["unknown source"] == 50
        assert citizen.peer.guard.counts.refused.total() == 0
    finally:
        await citizen.close()
        await office.close()
