"""Our own receiver and sender in aiortc's places: real connections, two in this process, and packets of our making."""

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import closing
from fractions import Fraction
from struct import pack

import pytest
from aiortc.codecs.opus import OpusDecoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtp import RTCP_PSFB, RTCP_PSFB_APP, RTCP_RTPFB, RtpPacket, pack_rtcp_packet
from av import AudioFrame, VideoFrame
from support.media_ground import PATIENCE, End, connect

from kiosk_client.aiortc_private import Report
from kiosk_client.aiortc_private.receiving import MOST_WAITING
from kiosk_client.aiortc_private.wire import MOST_SOURCES, TRANSPORT_FEEDBACK


@pytest.fixture
async def ends() -> AsyncIterator[tuple[End, End]]:
    """Connected; sender and receiver of sound and picture at both."""
    one, other = End(), End()
    await one.open()
    await other.open()
    try:
        await connect(one, other)
        yield one, other
    finally:
        await one.close()
        await other.close()


async def test_a_packet_is_taken_with_its_codec_and_number_and_a_frame_comes_out_at_the_track(
    ends: tuple[End, End],
) -> None:
    one, other = ends
    arrived: list[tuple[int, int]] = []
    departed: list[tuple[int, int]] = []
    other.wire.arrived = lambda number, at, size: arrived.append((number, size))
    one.wire.departed = lambda number, at, size: departed.append((number, size))
    sound, picture = one.senders
    for number, sender in enumerate((sound, picture, sound)):
        assert await sender.put(sender.packet(b"\x78" + bytes(number), 960 * number, marker=True)) == number
    first, codec, at = await other.receivers[0].next()
    assert (codec.name, first.payload, first.marker) == ("red", b"\x78", 1)
    assert 0 <= other.wire.clock() - at < PATIENCE
    shown, codec, _ = await other.receivers[1].next()
    assert (codec.name, shown.payload, shown.ssrc) == ("VP8", b"\x78\x00", picture.source)
    third, _, _ = await other.receivers[0].next()
    assert third.timestamp - first.timestamp & 0xFFFFFFFF == 1920
    assert third.sequence_number - first.sequence_number & 0xFFFF == 1
    assert departed == arrived == [(0, departed[0][1]), (1, departed[1][1]), (2, departed[2][1])]
    packet = JitterFrame(b"\xf8\xff\xfe", 0)
    for decoded in OpusDecoder().decode(packet):
        other.receivers[0].give(decoded)
    async with asyncio.timeout(PATIENCE):
        frame = await other.receivers[0].track.recv()
    assert isinstance(frame, AudioFrame)


@pytest.mark.parametrize(("kind", "kept"), [(0, MOST_WAITING["audio"]), (1, MOST_WAITING["video"])], ids=MOST_WAITING)
async def test_of_frames_that_nobody_takes_the_newest_are_kept(ends: tuple[End, End], kind: int, kept: int) -> None:
    receiver = ends[1].receivers[kind]
    for number in range(kept + 3):
        frame = VideoFrame(16, 16) if kind else AudioFrame(samples=960)
        frame.pts = number
        receiver.give(frame)
    assert [(await receiver.track.recv()).pts for _ in range(kept)] == list(range(3, kept + 3))


async def test_packets_came_when_they_reached_this_machine_whatever_the_event_loop_did_then(
    ends: tuple[End, End],
) -> None:
    one, other = ends
    sound = one.senders[0]
    departed: list[float] = []
    arrived: list[float] = []
    one.wire.departed = lambda number, at, size: departed.append(at)
    other.wire.arrived = lambda number, at, size: arrived.append(at)
    for number in range(20):
        await sound.put(sound.packet(b"\x78", 960 * number))
        _busy(0.05)
    taken = [(await other.receivers[0].next())[2] for _ in range(20)]
    assert taken == arrived == sorted(arrived)
    late = sorted(came - went for went, came in zip(departed, arrived, strict=True))
    assert late[10] < 0.02, "of most of them at least, on a machine with other work"


def _busy(seconds: float) -> None:
    time.sleep(seconds)


async def test_missing_packets_that_are_asked_for_come_again_as_those_they_repeat(ends: tuple[End, End]) -> None:
    one, other = ends
    picture, receiver = one.senders[1], other.receivers[1]
    sent = [picture.packet(bytes([number]), 3000) for number in range(40)]
    for packet in sent:
        await picture.put(packet)
    for _ in sent:
        await receiver.next()
    # They were all on the wire, so that the same again, and not in a stream of their own, would be a replay.
    missing = [packet.sequence_number for packet in (sent[3], sent[5], sent[39])]
    receiver.send_nack([*missing, missing[0], 60_000])  # one twice, and one that never was
    repeated = [(await receiver.next())[0] for _ in missing]
    assert [packet.sequence_number for packet in repeated] == missing
    assert [packet.payload for packet in repeated] == [b"\x03", b"\x05", b"\x27"]
    assert {packet.ssrc for packet in repeated} == {picture.source}
    assert receiver.taken.empty()


async def test_what_is_asked_and_reported_reaches_the_sender(ends: tuple[End, End]) -> None:
    one, other = ends
    sound, picture = one.senders
    await picture.put(picture.packet(b"\x00", 0))
    await picture.put(picture.packet(b"\x00", 0))
    await other.receivers[1].next()
    other.receivers[1].send_picture_loss()
    assert await picture.hears(str) == "key frame"
    await asyncio.to_thread(other.receivers[1].send_picture_loss)
    assert await picture.hears(str) == "key frame"
    information = bytes(range(24))
    other.receivers[1].send_feedback(TRANSPORT_FEEDBACK, information)
    assert await sound.hears(tuple) == await picture.hears(tuple) == (TRANSPORT_FEEDBACK, information)
    other.receivers[1].send_feedback(7, information)
    assert await picture.hears(tuple) == (7, information)
    assert sound.heard.empty() or not isinstance(sound.heard.get_nowait(), tuple)
    report = await picture.hears(Report)
    assert isinstance(report, Report)
    assert (report.fraction_lost, report.lost) == (0, 0)


async def test_what_cannot_be_read_is_counted_and_the_connection_goes_on(ends: tuple[End, End]) -> None:
    one, other = ends
    picture = one.senders[1]
    transport = picture.transport
    for number in (3, 4):  # absolute send time and the transport-wide number, of four bytes each
        header = pack("!BBHLL", 0x90, 97, number, 0, picture.source)
        await transport._send_rtp(header + pack("!HHB", 0xBEDE, 2, number << 4 | 3) + bytes(7))
    remb = pack("!LL", 1, 0) + b"REMB" + pack("!BBH", 200, 0, 0) + pack("!L", picture.source)
    lying = [
        pack_rtcp_packet(RTCP_PSFB, RTCP_PSFB_APP, remb),
        pack_rtcp_packet(RTCP_RTPFB, TRANSPORT_FEEDBACK, b"\x00" * 4),
        pack("!BBH", 0x8F, RTCP_RTPFB, 500) + bytes(8),
        pack("!BBH", 0xAF, RTCP_RTPFB, 2) + bytes(7) + b"\xff",
    ]
    for control in lying:
        await transport._send_rtp(control)
    for form, information in ((1, bytes(4)), (7, b"")):  # a NACK, and feedback of another kind, about nobody's stream
        await transport._send_rtp(pack_rtcp_packet(RTCP_RTPFB, form, pack("!LL", 1, 4711) + information))
    for source in range(2 * MOST_SOURCES):
        await transport._send_rtp(RtpPacket(payload_type=97, sequence_number=9, ssrc=source, payload=b"x").serialize())
    await transport._send_rtp(RtpPacket(payload_type=50, sequence_number=9, ssrc=5, payload=b"x").serialize())
    await picture.put(picture.packet(b"bad", 0))
    await picture.put(picture.packet(b"\x01", 0xFFFFFFFF))
    await picture.put(picture.packet(b"good", 12345))
    while (await other.receivers[1].next())[0].payload != b"good":
        pass
    assert other.wire.counts["malformed"] == 2
    assert other.wire.counts["control malformed"] == len(lying)
    assert other.wire.counts["control unrouted"] == 2
    assert other.wire.counts["failed"] == 1
    assert other.wire.counts["unknown source"] > MOST_SOURCES / 2
    assert other.receivers[1].counts["unknown source"] > 0
    await picture.hears(Report)  # the reports go on
    assert other.connection.connectionState == "connected"


async def test_an_empty_datagram_from_a_stranger_does_not_end_the_call(ends: tuple[End, End]) -> None:
    one, other = ends
    described = other.connection.localDescription.sdp
    candidates = re.findall(r"candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host", described)
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as stranger:
        for address, port in candidates:
            if ":" not in address:
                stranger.sendto(b"", (address, int(port)))
                stranger.sendto(b"x", (address, int(port)))
    async with asyncio.timeout(PATIENCE):
        while not other.wire.counts["empty"]:
            await one.senders[0].put(one.senders[0].packet(b"\x78", 0))
            await other.receivers[0].next()
    await one.senders[0].put(one.senders[0].packet(b"good", 0))
    assert (await other.receivers[0].next())[0].payload == b"good"
    assert other.connection.connectionState == "connected"


async def test_frames_that_nobody_watches_do_not_pile_up(ends: tuple[End, End]) -> None:
    _, other = ends
    receiver = other.receivers[0]
    for number in range(500):
        frame = AudioFrame(format="s16", layout="mono", samples=960)
        frame.pts, frame.time_base, frame.sample_rate = number, Fraction(1, 48000), 48000
        receiver.give(frame)
    oldest = await receiver.track.recv()
    assert oldest.pts == 400


async def test_the_end_is_told_and_ends_the_track(ends: tuple[End, End]) -> None:
    one, other = ends
    await one.close()
    async with asyncio.timeout(PATIENCE):
        await other.receivers[0].over.wait()
    assert all(sender.track is None for sender in one.senders)
    other.receivers[0].give(AudioFrame(format="s16", layout="mono", samples=960))
