"""The kiosk's voice on the wire: of one size whatever is said, in RED, and repeated more where more is lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiortc import MediaStreamTrack
from aiortc.rtcdtlstransport import RTCDtlsTransport
from support.media_ground import End, connect

from kiosk_client.aiortc_private import Report, Wire
from kiosk_client.media.core.redundancy import Block, split
from kiosk_client.media.core.speech import FRAME
from kiosk_client.media.formats import OPUS, REDUNDANT_OPUS, VOICE_RATE
from kiosk_client.media.libopus import OpusDecoder
from kiosk_client.media.speech_sending import SpeechSender

pytestmark = pytest.mark.realtime  # a voice is spoken as fast as that

SIZE = VOICE_RATE // 8 // 50

clock = [0.0]
"""Seconds, of the sender alone."""


@pytest.fixture
async def ends() -> AsyncIterator[tuple[End, End, SpeechSender]]:
    """The first sends a voice to the other, in clear; its clock is the tests'."""
    made: list[SpeechSender] = []

    def make(track: MediaStreamTrack, transport: RTCDtlsTransport, wire: Wire) -> SpeechSender:
        made.append(SpeechSender(track, transport, wire))
        made[0].seal = lambda payload: payload
        return made[0]

    one, other = End(wire=Wire(lambda: clock[0])), End()
    await one.open(sound_sender=make)
    await other.open()
    try:
        await connect(one, other)
        yield one, other, made[0]
    finally:
        await one.close()
        await other.close()


async def blocks_of(end: End) -> tuple[int, tuple[Block, ...]]:
    """The sequence number and the frames of the next packet of sound."""
    packet, codec, _ = await end.receivers[0].next()
    assert (codec.name, packet.payload_type) == ("red", REDUNDANT_OPUS)
    blocks = split(packet.payload, packet.timestamp)
    assert {block.payload_type for block in blocks} == {OPUS}
    assert {len(block.payload) for block in blocks} == {SIZE}
    return packet.sequence_number, blocks


async def test_each_packet_carries_the_one_before_it_and_two_where_much_is_lost(
    ends: tuple[End, End, SpeechSender],
) -> None:
    _, other, sender = ends
    decoder = OpusDecoder()
    first, (alone,) = await blocks_of(other)
    last = alone
    for number in range(1, 30):
        sequence, (earlier, own) = await blocks_of(other)
        assert sequence == first + number & 0xFFFF
        assert earlier == last
        assert own.timestamp == last.timestamp + FRAME & 0xFFFFFFFF
        assert decoder.decode(own.payload).shape == (FRAME,)
        last = own
    for _ in range(5):
        clock[0] += 1
        sender.on_report(Report(fraction_lost=0.2, lost=10, jitter=0, round_trip=0.08))
    assert sender.redundancy == 2
    async with asyncio.timeout(10):
        while len((await blocks_of(other))[1]) != 3:
            pass
    _, (before_last, before, own) = await blocks_of(other)
    assert (own.timestamp - before.timestamp, before.timestamp - before_last.timestamp) == (FRAME, FRAME)
    sender.allowed = lambda: 200_000.0  # a line that is too narrow for three times the same
    assert sender.redundancy == 1
    async with asyncio.timeout(10):
        while len((await blocks_of(other))[1]) != 2:
            pass
    sender.allowed = None
    for _ in range(90):
        clock[0] += 1
        sender.on_report(Report(fraction_lost=0.0, lost=10, jitter=0, round_trip=None))
    assert sender.redundancy == 0
    async with asyncio.timeout(10):
        while len((await blocks_of(other))[1]) != 1:
            pass


async def test_speech_that_is_asked_for_again_does_not_come_again(ends: tuple[End, End, SpeechSender]) -> None:
    _, other, sender = ends
    asked = [(await blocks_of(other))[0] for _ in range(10)]
    other.receivers[0].send_nack(asked)
    async with asyncio.timeout(10):
        while not sender.counts["nackCount"]:
            await blocks_of(other)
    after = [(await blocks_of(other))[0] for _ in range(20)]
    assert not set(asked) & set(after)


async def test_opus_repeats_too_only_where_red_does_not_or_much_is_lost(
    ends: tuple[End, End, SpeechSender], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, other, sender = ends
    told = [-1]
    monkeypatch.setattr(sender._encoder, "expect_loss", told.append)

    async def after(lost: float, seconds: int) -> int:
        for _ in range(seconds):
            clock[0] += 1
            sender.on_report(Report(fraction_lost=lost, lost=10, jitter=0, round_trip=0.08))
        for _ in range(5):
            await blocks_of(other)
        return told[-1]

    assert await after(0.05, 3) in (-1, 0), "RED is enough"
    assert await after(0.22, 10) in range(18, 25)
    assert await after(0.04, 60) == 0
    sender.allowed = lambda: 100_000.0
    assert await after(0.04, 10) == 5, "there is no room for RED"
    sender.allowed = None
    assert await after(0.0, 90) == 0, "nothing is lost"


async def test_what_is_not_sealed_is_not_sent_and_no_time_is_lost_by_it(ends: tuple[End, End, SpeechSender]) -> None:
    _, other, sender = ends
    await blocks_of(other)
    withheld: list[bytes] = []
    enough = asyncio.Event()

    def withhold(payload: bytes) -> None:
        withheld.append(payload)
        if len(withheld) >= 10:
            enough.set()

    sender.seal = withhold
    async with asyncio.timeout(10):
        await enough.wait()
    sent = other.receivers[0].taken.qsize()
    sender.seal = lambda payload: payload
    before = [await blocks_of(other) for _ in range(sent)]
    sequence, blocks = await blocks_of(other)
    if before:
        last_sequence, last = before[-1]
        assert sequence == last_sequence + 1 & 0xFFFF
        assert blocks[-1].timestamp - last[-1].timestamp & 0xFFFFFFFF >= 10 * FRAME


async def test_silence_and_voice_are_of_one_size(ends: tuple[End, End, SpeechSender]) -> None:
    one, other, _ = ends
    await blocks_of(other)
    sizes = set()
    for shut in (False, True):
        one.tracks[0].shut = shut
        for _ in range(20):
            packet, _, _ = await other.receivers[0].next()
            sizes.add(len(packet.payload))
    assert sizes == {2 * SIZE + 5}
