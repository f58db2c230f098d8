"""Pictures out, over a real connection of two ends in this process: what goes out, when, and on whose demand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import av
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection
from aiortc.codecs.vpx import VpxPayloadDescriptor
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import RTCP_PSFB, RTCP_PSFB_APP, RtpPacket, pack_remb_fci, pack_rtcp_packet
from av import VideoFrame

from kiosk_client.aiortc_private import Receiver, Wire, agree_formats, offer_formats, place_receiver, place_sender
from kiosk_client.media.core.bandwidth import CEILING, FLOOR, Target
from kiosk_client.media.core.picture_choice import KEY_FRAME_EVERY
from kiosk_client.media.core.vp8_packets import LARGEST, PICTURE_IDS
from kiosk_client.media.core.vp8_payload import parse_payload
from kiosk_client.media.formats import picture_formats, sound_formats
from kiosk_client.media.paced_sending import PacedSending
from kiosk_client.media.pattern import Pattern, draw_pattern, read_pattern
from kiosk_client.media.picture import DrawnTrack, planes_of
from kiosk_client.media.picture_sending import MOST_ASKED, REPEATS_WAIT, STILL_EVERY, PictureSender
from kiosk_client.media.telling_arrivals import ArrivalTeller

# Pictures are encoded as they are drawn, and packets tell by when they come what the line bears: a neighbour is seen.
pytestmark = pytest.mark.realtime

PATIENCE = 30

SEAL = b"sealed"


@dataclass
class Frame:
    """One frame as it arrived, its seal taken off. `at`: seconds."""

    data: bytes
    picture_id: int
    timestamp: int
    at: float

    @property
    def key(self) -> bool:
        return not self.data[0] & 1


class Taker(Receiver):
    """Puts packets together, and keeps them."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.packets: list[RtpPacket] = []
        self.frames: asyncio.Queue[Frame] = asyncio.Queue()
        self.drop: Callable[[RtpPacket], bool] = lambda packet: False
        self._parts: dict[int, bytes] = {}

    def take(self, packet: RtpPacket, codec: RTCRtpCodecParameters, arrival: float) -> None:
        if self.drop(packet):
            return
        if any(packet.sequence_number == before.sequence_number for before in self.packets):
            return  # padding of a probe
        self.packets.append(packet)
        assert len(packet.payload) <= LARGEST
        part = parse_payload(packet.payload)
        self._parts[packet.timestamp] = self._parts.get(packet.timestamp, b"") + part.data
        if packet.marker:
            data = self._parts.pop(packet.timestamp)
            assert data.endswith(SEAL)
            picture_id = VpxPayloadDescriptor.parse(packet.payload)[0].picture_id
            assert picture_id is not None
            self.frames.put_nowait(Frame(data.removesuffix(SEAL), picture_id, packet.timestamp, arrival))

    def ended(self) -> None:
        pass

    async def frame(self, wanted: Callable[[Frame], bool] = lambda frame: True) -> Frame:
        async with asyncio.timeout(PATIENCE):
            while not wanted(frame := await self.frames.get()):
                pass
            return frame


@dataclass
class Line:
    """A sender of pictures, and an end that takes them. With `tells`, that end gives transport-wide feedback."""

    tells: bool = True
    locked: bool = False
    sender: PictureSender = field(init=False)
    taker: Taker = field(init=False)

    async def open(self) -> "Line":
        formats = {
            "audio": sound_formats(redundant=False, transport_wide=self.tells),
            "video": picture_formats(transport_wide=self.tells),
        }
        self.ends = [RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(2)]
        one, other = self.ends
        wires = [Wire(), Wire()]
        self.track = DrawnTrack(lambda number: draw_pattern(Pattern(0xCAFE, number & 0xFFFF)))
        transceiver = one.addTransceiver(self.track, direction="sendonly")
        self.sender = place_sender(transceiver, lambda track, transport: PictureSender(track, transport, wires[0]))
        self.sender.seal = lambda frame: None if self.locked else frame + SEAL
        offer = await one.createOffer()
        offered = offer_formats(one, offer.sdp, formats)
        await one.setLocalDescription(type(offer)(sdp=offered, type="offer"))
        transceiver = other.addTransceiver("video", direction="recvonly")
        self.taker = place_receiver(transceiver, lambda transport: Taker("video", transport, wires[1]))
        self.teller = ArrivalTeller(wires[1], self.taker) if self.tells else None
        await other.setRemoteDescription(one.localDescription)
        agree_formats(other, one.localDescription.sdp, formats)
        await other.setLocalDescription(await other.createAnswer())
        await one.setRemoteDescription(other.localDescription)
        agree_formats(one, other.localDescription.sdp, formats)
        return self

    async def close(self) -> None:
        if self.teller is not None:
            self.teller.close()
        for end in self.ends:
            await end.close()
        self.track.stop()


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    opened = await Line().open()
    yield opened
    await opened.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.02)


async def test_pictures_arrive_one_after_the_other_and_are_decoded(line: Line) -> None:
    decoder = av.CodecContext.create("libvpx", "r")
    before: Frame | None = None
    sizes = []
    for _ in range(24):
        frame = await line.taker.frame()
        if frame.key:
            sizes.append(size_of(frame))
        if before is not None:
            assert (frame.picture_id - before.picture_id) % PICTURE_IDS == 1
            assert 0 < (frame.timestamp - before.timestamp) % 2**32 < 90000
        (shown,) = decoder.decode(av.Packet(frame.data))
        assert isinstance(shown, VideoFrame)
        pattern = read_pattern(planes_of(shown))
        assert pattern is not None
        assert pattern.identity == 0xCAFE
        before = frame
    # A key frame at first and where there is room for larger ones, and no other.
    assert len(sizes) == len(set(sizes)) <= 2
    numbers = [packet.sequence_number for packet in line.taker.packets]
    assert numbers == [(numbers[0] + step) % 2**16 for step in range(len(numbers))]


async def test_the_first_key_frame_is_sent_twice_so_that_no_lost_packet_keeps_a_call_waiting() -> None:
    line = Line()
    dropped: set[int] = set()

    def drop(packet: RtpPacket) -> bool:
        """Each packet of the first frame when it comes for the first time."""
        first = not dropped or packet.timestamp == stamps[0]
        if not first or packet.sequence_number in dropped:
            return False
        stamps.append(packet.timestamp)
        dropped.add(packet.sequence_number)
        return True

    stamps: list[int] = []
    await line.open()
    line.taker.drop = drop
    frame = await line.taker.frame()
    assert frame.key
    assert frame.timestamp == stamps[0]
    assert line.sender.counts["pliCount"] == line.sender.counts["nackCount"] == 0
    assert line.sender.counts["sent twice"] == len(dropped)
    await line.close()


async def test_feedback_raises_the_target_within_seconds_on_a_clean_line(line: Line) -> None:
    await line.taker.frame()
    await until(lambda: line.sender.paced.target.rate > 800_000)
    assert line.sender.paced.counts["feedback malformed"] == 0
    assert line.sender.paced.counts["padding"] > 0


async def test_a_key_frame_comes_when_it_is_asked_for_but_not_more_often_than_it_may(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = sender_takes(line, monkeypatch)
    keys: list[Frame] = []
    while len(keys) < 4:
        line.taker.send_picture_loss()
        frame = await line.taker.frame()
        if frame.key and frame.timestamp in taken:
            # A picture of another size begins with one as well, whenever that is: counted anew from there.
            keys = [*keys, frame] if keys and size_of(frame) == size_of(keys[-1]) else [frame]
    assert line.sender.counts["pliCount"] >= 3
    for before, after in pairwise(keys):
        assert taken[after.timestamp] - taken[before.timestamp] >= KEY_FRAME_EVERY - 1e-6


def sender_takes(line: Line, monkeypatch: pytest.MonkeyPatch) -> dict[int, float]:
    """When, by the sender's own clock, it takes each picture from now on: by the picture's timestamp.

    That clock is what it goes by. A track that was held up gives its pictures out faster than their timestamps say.
    """
    taken: dict[int, float] = {}
    clock, packet = line.sender.wire.clock, line.sender.packet
    latest = clock()

    def read() -> float:
        nonlocal latest
        latest = clock()
        return latest

    def made(payload: bytes, timestamp: int, *, marker: bool, late: float) -> RtpPacket:
        at = latest - late  # how late it is was reckoned from the latest reading
        whole = packet(payload, timestamp, marker=marker, late=late)
        taken[whole.timestamp] = at
        return whole

    monkeypatch.setattr(line.sender.wire, "clock", read)
    monkeypatch.setattr(line.sender, "packet", made)
    return taken


async def test_what_was_lost_comes_again_once_however_often_it_is_asked_for(line: Line) -> None:
    await line.taker.frame()
    lost: list[int] = []
    asked = False

    def drop(packet: RtpPacket) -> bool:
        lost[:] = lost or [packet.sequence_number]
        return packet.sequence_number == lost[0] and not asked  # nor is it let in as a probe's padding

    line.taker.drop = drop
    await until(lambda: bool(lost))
    asked = True
    for _ in range(5):
        line.taker.send_nack(lost)
    await until(lambda: lost[0] in [packet.sequence_number for packet in line.taker.packets])
    await until(lambda: line.sender.counts["nackCount"] == 5)
    await until(lambda: line.sender.counts["retransmittedPacketsSent"] > 0)
    for _ in range(5):
        await line.taker.frame()
    assert line.sender.counts["retransmittedPacketsSent"] == 1


async def test_nothing_goes_out_unsealed_and_what_comes_after_begins_with_a_key_frame(line: Line) -> None:
    last = await line.taker.frame()
    line.locked = True
    made = line.sender.counts["framesEncoded"]
    await asyncio.sleep(0.3)
    assert line.sender.counts["framesEncoded"] <= made + 1  # one may have been under way
    line.locked = False
    while (frame := await line.taker.frame()).timestamp - last.timestamp & 0xFFFFFFFF < 90000 * 0.2:
        last = frame
    assert frame.key
    assert (frame.picture_id - last.picture_id) % PICTURE_IDS == 1


async def test_an_end_without_feedback_is_believed_what_it_estimates() -> None:
    line = await Line(tells=False).open()
    try:
        await line.taker.frame()
        for bits in (300_000, 10, 2**60):
            estimate = pack_remb_fci(bits, [line.sender.source])
            await line.taker.transport._send_rtp(pack_rtcp_packet(RTCP_PSFB, RTCP_PSFB_APP, bytes(8) + estimate))
            believed = min(max(bits, FLOOR), CEILING)
            await until(partial(lambda believed: line.sender.paced.target.rate == believed, believed))
    finally:
        await line.close()


async def test_a_narrow_line_gets_smaller_and_fewer_pictures_and_at_last_a_still_one() -> None:
    line = await Line(tells=False).open()
    try:
        assert size_of(await line.taker.frame()) == (480, 360)  # of 640 by 480, for what is believed at first

        async def told(bits: int) -> None:
            estimate = pack_remb_fci(bits, [line.sender.source])
            await line.taker.transport._send_rtp(pack_rtcp_packet(RTCP_PSFB, RTCP_PSFB_APP, bytes(8) + estimate))

        for bits, height in ((160_000, 270), (90_000, 180)):
            await told(bits)
            await line.taker.frame(lambda frame, height=height: frame.key and size_of(frame)[1] == height)  # type: ignore[misc]
        await told(0)  # at least FLOOR is reckoned with, and that is for 180 lines, eight times a second
        await until(lambda: line.sender.step.frames == 8)
        line.sender.paced.target = Target(FLOOR, "loss")
        speaking = asyncio.create_task(speak(line.sender.wire))
        await until(lambda: line.sender.step.height == 0)
        before = await line.taker.frame()
        while (still := await line.taker.frame()).at - before.at < STILL_EVERY * 0.7:
            before = still
        assert still.at - before.at < STILL_EVERY * 1.5
        speaking.cancel()
    finally:
        await line.close()


async def speak(wire: Wire) -> None:
    """Sound that takes 80 kbit/s, as far as the wire is told."""
    while True:
        wire.departed(wire.next_number(), wire.clock(), 200)
        await asyncio.sleep(0.020)


def size_of(frame: Frame) -> tuple[int, int]:
    """RFC 6386, section 9.1: in a key frame after its start code, 14 bits each."""
    return int.from_bytes(frame.data[6:8], "little") & 0x3FFF, int.from_bytes(frame.data[8:10], "little") & 0x3FFF


async def test_when_the_track_ends_so_does_the_sender_and_its_encoder(line: Line) -> None:
    await line.taker.frame()
    line.track.stop()
    await line.ends[0].close()
    assert line.sender.track is None


async def test_where_much_is_lost_each_packet_goes_out_twice_running(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    await line.taker.frame()
    await until(lambda: line.sender.paced.target.rate > 500_000)
    came: list[int] = []

    def note(packet: RtpPacket) -> bool:
        came.append(packet.sequence_number)
        return False

    line.taker.drop = note
    before = line.sender.counts["sent twice"]
    monkeypatch.setattr(PacedSending, "lost", property(lambda self: 0.2))
    await until(lambda: line.sender.counts["sent twice"] > before + 40)
    # Padding of a probe, which is packets of before, may stand between two.
    await until(lambda: sum(one == following for one, following in pairwise(came)) >= 30)
    while not line.taker.frames.empty():
        line.taker.frames.get_nowait()
    assert (await line.taker.frame()).data  # they are whole as before
    assert line.sender.paced.counts["dropped"] == line.sender.counts["pliCount"] == 0


async def test_without_a_stream_of_repeats_nothing_goes_out_twice(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PacedSending, "lost", property(lambda self: 0.2))
    usual = line.sender.codec
    monkeypatch.setattr(line.sender, "codec", lambda name: None if name == "rtx" else usual(name))
    await line.taker.frame()
    await until(lambda: line.sender.counts["framesEncoded"] > 20)
    assert line.sender.counts["sent twice"] == 0


async def test_a_flood_of_requests_brings_forth_few_packets(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    await line.taker.frame()
    again: list[int] = []
    monkeypatch.setattr(line.sender.paced, "again", lambda size, make: again.append(size))
    monkeypatch.setattr(PacedSending, "lost", property(lambda self: 0.5))
    monkeypatch.setattr(line.sender, "retransmission", lambda number: RtpPacket(payload=b"any"))
    line.sender.on_nack(list(range(1024)))
    assert 0 < len(again) <= 3 * MOST_ASKED
    again.clear()
    monkeypatch.setattr(PacedSending, "waits", property(lambda self: 2 * REPEATS_WAIT))
    line.sender.on_nack(list(range(2000, 2100)))
    assert again == []
