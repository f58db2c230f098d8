"""Any bytes as a stream, cut anywhere: the frames are the same, nothing grows, nothing raises."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from support.relay_client import channel_data, on_paper
from support.relay_paper import SERVER, PaperRelay

from media_relay.core.effects import FiveTuple, Transport
from media_relay.stun import attributes as stun
from media_relay.stun.address import TransportAddress
from media_relay.stun.channel import FIRST_CHANNEL
from media_relay.stun.framing import LONGEST_OF_A_STRANGER, StreamDecoder, padded
from media_relay.stun.message import MessageClass, Method, build

KIOSK = TransportAddress("5.5.5.5", 40_000)

stun_messages = st.builds(
    lambda transaction, software: build(
        Method.ALLOCATE, MessageClass.REQUEST, transaction, [stun.SOFTWARE(software)], fingerprint=True
    ),
    st.binary(min_size=12, max_size=12),
    st.text(max_size=20),
)
frames = st.one_of(
    stun_messages, st.builds(channel_data, st.integers(0x4000, 0x4FFF), st.binary(max_size=300)), st.just(b"")
)
streams = st.lists(st.one_of(frames.map(padded), st.binary(max_size=40)), max_size=8).map(b"".join)


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    """``stream`` in pieces."""
    ends = sorted({place % (len(stream) + 1) for place in places} | {len(stream)})
    return [stream[start:end] for start, end in zip([0, *ends], ends, strict=False)]


@given(streams, st.lists(st.integers(0, 4096), max_size=12))
@settings(max_examples=500)
def test_how_it_was_cut_makes_no_difference(stream, places):
    whole, pieces = StreamDecoder(), StreamDecoder()
    expected = whole.feed(stream)

    assert [frame for piece in cut(stream, places) for frame in pieces.feed(piece)] == expected
    assert (pieces.broken, pieces.half) == (whole.broken, whole.half)


@given(st.lists(frames.filter(bool), max_size=10), st.lists(st.integers(0, 4096), max_size=12))
@settings(max_examples=300)
def test_lawful_frames_all_come_through(sent, places):
    stream = b"".join(padded(frame) for frame in sent)
    decoder = StreamDecoder()

    assert [frame for piece in cut(stream, places) for frame in decoder.feed(piece)] == sent
    assert decoder.broken is None
    assert not decoder.half


@given(st.lists(streams, max_size=6), st.booleans())
@settings(max_examples=200)
def test_a_relay_takes_whatever_comes_on_a_stream(pieces, has_allocation):
    relay, decoder = PaperRelay(), StreamDecoder()
    client = on_paper(relay, KIOSK, transport=Transport.TCP)
    if has_allocation:
        client.relayed()
    for piece in pieces:
        for frame in decoder.feed(piece):
            if frame[0] < FIRST_CHANNEL >> 8:
                relay.deliver(frame, KIOSK, transport=Transport.TCP)
    assert len(relay.tables) == has_allocation
    assert relay.agrees()
    relay.disconnect(FiveTuple(KIOSK, SERVER, Transport.TCP))
    assert not relay.tables


@given(st.lists(st.binary(max_size=400), max_size=60))
@settings(max_examples=300)
def test_no_more_is_kept_than_one_frame(pieces):
    decoder = StreamDecoder()
    for piece in pieces:
        for frame in decoder.feed(piece):
            assert len(frame) <= LONGEST_OF_A_STRANGER
        assert len(decoder._pending) <= LONGEST_OF_A_STRANGER + 3
