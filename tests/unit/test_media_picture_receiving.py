"""The shells around the reception of a picture: decoding in a thread's stead, and telling the other end of arrivals."""

import asyncio
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pytest
from av import VideoFrame

from kiosk_client.aiortc_private import Wire
from kiosk_client.frame_guard import FrameGuard
from kiosk_client.media.alarm import Alarm
from kiosk_client.media.core.picture_assembly import PictureFrame
from kiosk_client.media.core.picture_timing import CLOCK_RATE
from kiosk_client.media.core.transport_feedback import FORMAT, parse
from kiosk_client.media.libvpx import Vp8Encoder
from kiosk_client.media.picture_decoding import PictureDecoder
from kiosk_client.media.telling_arrivals import ArrivalTeller
from tawasul.e2ee.frames import Kind
from tawasul.e2ee.session import EpochSecrets, Side

KEYS = EpochSecrets(0, bytes(32), bytes(32))


@pytest.fixture
def sealed() -> list[PictureFrame]:
    """Ten pictures of a citizen, the sixth a key frame as well as the first; timestamps wrap among them."""
    guard, encoder = FrameGuard(Side.CITIZEN), Vp8Encoder()
    guard.unlock(KEYS)
    frames = []
    for number in range(10):
        picture = VideoFrame.from_ndarray(np.full((180, 160), 16 * number, dtype=np.uint8), format="yuv420p")
        picture.pts, picture.time_base = number * 3000, Fraction(1, CLOCK_RATE)
        encoded = encoder.encode(picture, 500_000, 30, key=number in (0, 5))
        assert encoded is not None
        data = guard.seal(Kind.PICTURE, encoded.data)
        assert data is not None
        timestamp = (0xFFFFFFFF - 9000 + number * 3000) & 0xFFFFFFFF
        frames.append(PictureFrame(number, number, timestamp, not encoded.data[0] & 1, data, 0.0))
    encoder.close()
    return frames


@pytest.fixture
def decoder() -> PictureDecoder:
    guard = FrameGuard(Side.OFFICE)
    guard.unlock(KEYS)
    return PictureDecoder(lambda frame: guard.open(Kind.PICTURE, frame))


def test_sealed_frames_become_pictures_whose_times_go_on_through_the_wrap(
    sealed: list[PictureFrame], decoder: PictureDecoder
) -> None:
    decoded = [decoder.decode(frame).pictures for frame in sealed]
    pictures = [picture for each in decoded if each is not None for picture in each]
    assert [picture.pts for picture in pictures] == [number * 3000 for number in range(10)]
    levels = [round(float(picture.to_ndarray()[:100].mean())) for picture in pictures]
    assert levels == pytest.approx([16 * number for number in range(10)], abs=4)


def test_after_a_frame_that_does_not_open_only_a_key_frame_is_decoded(
    sealed: list[PictureFrame], decoder: PictureDecoder
) -> None:
    touched = PictureFrame(2, 2, 0, is_key=False, data=sealed[2].data[:-1] + b"\x00", began=0.0)
    outcomes = [decoder.decode(frame).pictures is not None for frame in (*sealed[:2], touched, *sealed[3:])]
    assert outcomes == [True, True, False, False, False, True, True, True, True, True]


def test_pictures_begin_with_a_key_frame(sealed: list[PictureFrame], decoder: PictureDecoder) -> None:
    assert [decoder.decode(frame).pictures is not None for frame in sealed[1:6]] == [False] * 4 + [True]


def test_what_opens_but_is_no_picture_is_refused() -> None:
    decoder = PictureDecoder(lambda frame: frame)
    for data in (b"\x00", b"\x01", b"\x00" * 40, b"\x10\x00\x00\x9d\x01\x2a\x00\x00\x00\x00"):
        assert decoder.decode(PictureFrame(1, 1, 0, is_key=True, data=data, began=0.0)).pictures is None


@dataclass
class Way:
    """Keeps what is sent by it."""

    sent: list[tuple[int, bytes]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def send_feedback(self, form: int, information: bytes) -> None:
        self.sent.append((form, information))
        self.news.set()


async def test_the_other_end_is_told_of_what_arrived_and_of_what_did_not() -> None:
    wire, way = Wire(), Way()
    teller = ArrivalTeller(wire, way)
    now = wire.clock()
    for number in (65_534, 65_535, 1, 2):
        wire.arrived(number, now, 1000)
    await asyncio.wait_for(way.news.wait(), 10)
    form, information = way.sent[0]
    statuses = parse(information).statuses
    assert form == FORMAT
    assert [(each.sequence, each.received) for each in statuses] == [
        (65_534, True), (65_535, True), (0, False), (1, True), (2, True)
    ]  # fmt: skip
    wire.arrived(3, wire.clock(), 1000)
    teller.close()
    way.news.clear()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(way.news.wait(), 0.2)


async def test_an_alarm_rings_once_and_only_at_the_moment_that_was_set_last() -> None:
    loop, rung = asyncio.get_running_loop(), asyncio.Queue[float]()
    alarm = Alarm(lambda: rung.put_nowait(loop.time()), loop.time)
    begins = loop.time()
    alarm.set(begins + 0.01)
    alarm.set(begins + 0.05)
    assert await asyncio.wait_for(rung.get(), 10) >= begins + 0.045
    alarm.set(loop.time() - 1)
    assert await asyncio.wait_for(rung.get(), 10) < begins + 10
    alarm.set(loop.time() + 0.01)
    alarm.set(None)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(rung.get(), 0.1)
