"""What comes in on a connection, fuzzed: any bytes, and such as are nearly right, are taken or counted; none raises."""

import asyncio
from collections.abc import Iterator
from struct import pack

import pytest
from aiortc import VideoStreamTrack
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceTransport
from aiortc.rtcrtpparameters import RTCRtpParameters
from aiortc.rtp import RTCP_BYE, RTCP_PSFB, RTCP_RR, RTCP_RTPFB, RTCP_SDES, RTCP_SR
from hypothesis import given, settings
from hypothesis import strategies as st
from support.media_ground import FORMATS, Giver, Taker

from kiosk_client.aiortc_private import Wire
from kiosk_client.aiortc_private.receiving import CODECS, MOST_SOURCES
from kiosk_client.aiortc_private.wire import MOST_SOURCES as MOST_OF_A_CONNECTION
from kiosk_client.aiortc_private.wire import TAKE_CONTROL, TAKE_MEDIA

WORDS = st.integers(0, 0xFFFFFFFF)
SOURCES = st.one_of(st.integers(0, 40), WORDS)
VP8, REPEATED = 97, 98


@st.composite
def media(draw: st.DrawFn) -> bytes:
    """RTP, with header extensions of any identifier and length."""
    extensions = b"".join(
        bytes([number << 4 | len(value) - 1 + lie & 0xFF]) + value
        for number, value, lie in draw(
            st.lists(
                st.tuples(st.integers(0, 14), st.binary(min_size=1, max_size=16), st.sampled_from([0, 0, 0, 3])),
                max_size=4,
            )
        )
    )
    extensions += bytes(-len(extensions) % 4)
    first = 0x80 | 0x10 * bool(extensions) | draw(st.sampled_from([0, 0, 0, 0x20, 3]))
    header = pack(
        "!BBHLL",
        first,
        draw(st.sampled_from([VP8, REPEATED, VP8 | 0x80, 50])),
        draw(st.integers(0, 65535)),
        draw(WORDS),
        draw(SOURCES),
    )
    if extensions:
        header += pack("!HH", 0xBEDE, len(extensions) // 4 + draw(st.sampled_from([0, 0, 0, 9]))) + extensions
    return header + draw(st.binary(max_size=40))


@st.composite
def control(draw: st.DrawFn) -> bytes:
    """A compound of RTCP whose counts and lengths may lie."""
    packets = b""
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from([RTCP_SR, RTCP_RR, RTCP_SDES, RTCP_BYE, RTCP_RTPFB, RTCP_PSFB, 204]))
        body = pack("!LL", draw(SOURCES), draw(SOURCES)) + draw(st.sampled_from([b"", b"REMB"]))
        body += draw(st.binary(max_size=60))
        body += bytes(-len(body) % 4)
        words = len(body) // 4 + draw(st.sampled_from([0, 0, 0, 0, 1, -1, 5000]))
        first = 0x80 | draw(st.sampled_from([0, 0x20])) | draw(st.integers(0, 31))
        packets += pack("!BBH", first, kind, max(words, 0)) + body
    return packets


class Bed:
    """A transport that was never connected, with a receiver and a sender of pictures."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self._open())

    async def _open(self) -> None:
        self.wire = Wire()
        self.transport = RTCDtlsTransport(
            RTCIceTransport(RTCIceGatherer(iceServers=[])), [RTCCertificate.generateCertificate()]
        )
        formats = FORMATS["video"]
        parameters = RTCRtpParameters(codecs=[*formats.codecs], headerExtensions=[*formats.extensions], muxId="1")
        self.receiver = Taker("video", self.transport, self.wire)
        getattr(self.receiver, CODECS).update({codec.payloadType: codec for codec in formats.codecs})
        self.transport._rtp_header_extensions_map.configure(parameters)
        self.transport._rtp_router.register_receiver(self.receiver, [1], [VP8, REPEATED], "1")
        self.sender = Giver(VideoStreamTrack(), self.transport, self.wire)
        self.sender._ssrc = 2
        self.sender.codecs = [*formats.codecs]
        self.transport._rtp_router.register_sender(self.sender, 2)
        self.wire.join(self.sender)

    def take(self, how: str, *given: object) -> None:
        self.loop.run_until_complete(getattr(self.transport, how)(*given))

    def close(self) -> None:
        self.loop.run_until_complete(self.receiver.stop())
        self.loop.close()


@pytest.fixture(scope="module")
def bed() -> Iterator[Bed]:
    made = Bed()
    yield made
    made.close()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(media(), st.binary(max_size=60)), max_size=8))
def test_no_media_does_harm(bed: Bed, packets: list[bytes]) -> None:
    for packet in packets:
        bed.take(TAKE_MEDIA, packet, 0)
    assert bed.wire.counts["failed"] == 0
    assert len(bed.transport._rtp_router.ssrc_table) <= MOST_OF_A_CONNECTION
    assert len(bed.receiver._RTCRtpReceiver__remote_streams) <= MOST_SOURCES + 2  # type: ignore[attr-defined]
    while not bed.receiver.taken.empty():
        taken, codec, _ = bed.receiver.taken.get_nowait()
        assert (taken.payload_type, codec.name) == (VP8, "VP8")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(control(), st.binary(max_size=60)), max_size=8))
def test_no_control_does_harm(bed: Bed, packets: list[bytes]) -> None:
    for packet in packets:
        bed.take(TAKE_CONTROL, packet)
    assert bed.wire.counts["failed"] == 0
    while not bed.sender.heard.empty():
        bed.sender.heard.get_nowait()
