"""RED, split and joined: what is joined is split again, and no bytes do any harm."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_client.media.core.redundancy import (
    FARTHEST_BEHIND,
    LARGEST_EARLIER,
    MOST_BLOCKS,
    Block,
    RedundancyMalformed,
    join,
    split,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/red.json").read_text())

timestamps = st.integers(0, 0xFFFFFFFF)
payload_types = st.integers(0, 127)
earlier = st.lists(
    st.tuples(st.integers(1, FARTHEST_BEHIND), st.binary(min_size=1, max_size=LARGEST_EARLIER)),
    max_size=MOST_BLOCKS - 1,
)


@given(st.binary(max_size=400), earlier, payload_types, timestamps)
def test_what_is_joined_is_split_again(
    own: bytes, before: list[tuple[int, bytes]], payload_type: int, timestamp: int
) -> None:
    blocks = split(join(own, before, payload_type), timestamp)
    assert blocks == (
        *(Block(payload_type, (timestamp - behind) % 2**32, frame) for behind, frame in before),
        Block(payload_type, timestamp, own),
    )


@given(st.binary(max_size=200), timestamps)
def test_any_bytes_are_split_or_refused_and_nothing_is_made_up(payload: bytes, timestamp: int) -> None:
    try:
        blocks = split(payload, timestamp)
    except RedundancyMalformed:
        return
    assert 1 <= len(blocks) <= MOST_BLOCKS
    assert blocks[-1].timestamp == timestamp
    assert sum(len(block.payload) for block in blocks) < len(payload)
    assert all(0 < timestamp - block.timestamp & 0xFFFFFFFF <= FARTHEST_BEHIND for block in blocks[:-1])


@given(st.binary(min_size=1, max_size=100), earlier, st.data())
def test_a_packet_that_was_cut_off_within_its_earlier_frames_is_refused(
    own: bytes, before: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    whole = join(own, before, 96)
    cut = data.draw(st.integers(0, len(whole) - len(own) - 1))
    with pytest.raises(RedundancyMalformed):
        split(whole[:cut], 0)


def test_it_reads_as_the_standard_draws_it() -> None:
    """RFC 2198, section 3: F, block PT (7), timestamp offset (14), block length (10); F = 0 and PT before the last."""
    payload = bytes.fromhex("ef0f0003 6f") + b"old" + b"own"
    assert split(payload, 100) == (Block(111, (100 - 960) % 2**32, b"old"), Block(111, 100, b"own"))
    assert join(b"own", [(960, b"old")], 111) == payload


@pytest.mark.parametrize(
    ("own", "before"),
    [
        (b"x", [(0, b"y")]),
        (b"x", [(FARTHEST_BEHIND + 1, b"y")]),
        (b"x", [(960, bytes(LARGEST_EARLIER + 1))]),
        (b"x", [(960, b"y")] * MOST_BLOCKS),
    ],
)
def test_what_there_is_no_room_for_is_not_joined(own: bytes, before: list[tuple[int, bytes]]) -> None:
    with pytest.raises(ValueError, match="too many earlier frames"):
        join(own, before, 96)


def test_silence_that_was_not_sent_is_left_out() -> None:
    assert split(join(b"own", [(960, b"")], 96), 5000) == (Block(96, 5000, b"own"),)


def test_a_packet_of_headers_alone_is_refused() -> None:
    with pytest.raises(RedundancyMalformed):
        split(bytes.fromhex("ef0f0003") * 300, 0)


@pytest.mark.parametrize("packet", VECTORS["packets"], ids=lambda packet: packet["name"])
def test_it_writes_and_reads_what_the_pages_do(packet: dict[str, Any]) -> None:
    *earlier, (_, own) = [(behind, bytes.fromhex(frame)) for behind, frame in packet["blocks"]]
    payload_type, payload = packet["payload_type"], bytes.fromhex(packet["payload"])
    assert join(own, earlier, payload_type) == payload
    assert split(payload, 20_000) == (
        *(Block(payload_type, 20_000 - behind, frame) for behind, frame in earlier),
        Block(payload_type, 20_000, own),
    )


@pytest.mark.parametrize("refused", VECTORS["refused"], ids=lambda refused: refused["name"])
def test_it_refuses_what_the_pages_refuse(refused: dict[str, Any]) -> None:
    with pytest.raises(RedundancyMalformed):
        split(bytes.fromhex(refused["payload"]), 0)
