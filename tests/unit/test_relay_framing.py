"""STUN and ChannelData on a stream: cut into frames, whole and halved, and what ends a stream."""

from __future__ import annotations

import struct

import pytest
from support.relay_client import channel_data, send_indication

from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.framing import LONGEST, LONGEST_OF_A_STRANGER, StreamDecoder, padded
from media_relay.stun.message import MessageClass, Method, build, parse

BINDING = build(Method.BINDING, MessageClass.REQUEST, bytes(12), [stun.SOFTWARE("kiosk")], fingerprint=True)
FRAMES = [BINDING, channel_data(0x4000, b"hello"), channel_data(0x4FFF, b""), BINDING, channel_data(0x4001, b"four")]
STREAM = b"".join(padded(frame) for frame in FRAMES)


def test_frames_come_as_they_were_without_their_padding():
    decoder = StreamDecoder()

    assert decoder.feed(STREAM) == FRAMES
    assert decoder.broken is None
    assert not decoder.half


def test_byte_by_byte_they_are_the_same():
    decoder = StreamDecoder()

    assert [frame for at in range(len(STREAM)) for frame in decoder.feed(STREAM[at : at + 1])] == FRAMES
    assert not decoder.half


def test_no_more_at_once_than_are_asked_for():
    decoder = StreamDecoder()

    assert decoder.feed(STREAM + BINDING[:7], most=2) == FRAMES[:2]
    assert decoder.feed(b"", most=2) == FRAMES[2:4]
    assert decoder.feed(BINDING[7:], most=2) == [FRAMES[4], BINDING]
    assert not decoder.half


def test_what_breaks_a_stream_is_found_behind_what_is_whole():
    decoder = StreamDecoder()

    assert decoder.feed(STREAM + b"\xff", most=len(FRAMES)) == FRAMES
    assert decoder.broken is None
    assert decoder.feed(b"", most=1) == []
    assert decoder.broken is not None


def test_channel_data_ends_with_its_padding():
    # RFC 8656 section 12.5: over a stream the padding is not left out.
    decoder = StreamDecoder()

    assert decoder.feed(channel_data(0x4000, b"hello")) == []
    assert decoder.half
    assert decoder.feed(b"\xff\xff\xff") == [channel_data(0x4000, b"hello")]


@pytest.mark.parametrize("end", range(1, len(BINDING)))
def test_half_a_frame_is_known_as_such(end):
    decoder = StreamDecoder()

    assert decoder.feed(BINDING[:end]) == []
    assert decoder.half
    assert decoder.broken is None


@pytest.mark.parametrize(
    ("stream", "as_soon_as"),
    {
        "another protocol": (b"GET / HTTP/1.1\r\n\r\n", 4),  # G is a channel's first byte; its length is too long
        "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 4),
        "a channel too high": (b"\x50\x00\x00\x00", 1),
        "RTP": (b"\x80\x00\x00\x00", 1),
        "no cookie": (struct.pack("!HHI", 0x0001, 0, 0x2112A443), 8),
        "another cookie from the first byte": (struct.pack("!HHI", 0x0001, 0, 0x11111111), 5),
        "a length that is not in steps of four": (struct.pack("!HH", 0x0001, 6), 4),
        "longer than a stranger's may be": (struct.pack("!HH", 0x0003, LONGEST_OF_A_STRANGER - 16), 4),
        "channel data longer than a stranger's may be": (struct.pack("!HH", 0x4000, LONGEST_OF_A_STRANGER - 3), 4),
    }.values(),
)
def test_a_stream_that_is_none_is_broken_at_once_and_for_good(stream, as_soon_as):
    decoder = StreamDecoder()
    for at in range(as_soon_as):
        assert decoder.broken is None
        assert decoder.feed(stream[at : at + 1]) == []

    assert decoder.broken is not None
    assert not decoder.half, "nothing is kept"
    assert decoder.feed(STREAM) == []


def test_what_came_whole_before_it_broke_is_not_lost():
    decoder = StreamDecoder()

    assert decoder.feed(STREAM + b"\xff" + STREAM) == FRAMES
    assert decoder.broken is not None


def test_the_longest_frame_is_what_fits_into_a_datagram():
    long = channel_data(0x4000, bytes(LONGEST - 4))
    decoder = StreamDecoder()
    decoder.limit = LONGEST

    assert decoder.feed(padded(long)) == [long]
    assert decoder.feed(struct.pack("!HH", 0x4000, LONGEST - 3)) == []
    assert decoder.broken is not None


def test_the_longest_request_of_a_stranger_fits():
    fields = [
        stun.USERNAME("u" * 508),
        stun.REALM("r" * 763),
        stun.NONCE("n" * 763),
        stun.SOFTWARE("s" * 763),
    ]
    request = build(Method.ALLOCATE, MessageClass.REQUEST, bytes(12), fields, key=b"k", sha256=True, fingerprint=True)

    assert StreamDecoder().feed(request) == [request]


def test_a_frame_is_a_message_as_a_datagram_is():
    indication = send_indication(TransportAddress("10.20.0.7", 5), b"hello")
    (frame,) = StreamDecoder().feed(indication)

    assert parse(frame).get(stun.DATA) == b"hello"
