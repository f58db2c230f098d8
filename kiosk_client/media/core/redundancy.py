"""Redundant audio data, RED (RFC 2198): a packet carries earlier frames again before its own.

Under SFrame what is sealed is the whole payload, so it is opened first and split then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack

MOST_BLOCKS = 9
"""Frames in one packet: beyond eight earlier ones nothing is sent by anybody, and each costs the receiver a look."""
FARTHEST_BEHIND = (1 << 14) - 1
"""Ticks by which an earlier frame may lie behind the packet's own (section 3): 341 ms at 48 kHz."""
LARGEST_EARLIER = (1 << 10) - 1
"""Bytes of an earlier frame (section 3)."""


class RedundancyMalformed(ValueError):
    """A payload that is no RED, or whose lengths lie."""


@dataclass(frozen=True)
class Block:
    """One frame of a packet. `timestamp`: of RTP, 32 bits. `payload_type`: 0 … 127, as the other end wrote it."""

    payload_type: int
    timestamp: int
    payload: bytes


def split(payload: bytes, timestamp: int) -> tuple[Block, ...]:
    """The frames in a packet with this RTP timestamp: earlier ones in the packet's order, its own at the end.

    Empty earlier ones (of silence that was not sent) are left out. Raises RedundancyMalformed.
    """
    headers: list[tuple[int, int, int]] = []
    at = 0
    while at < len(payload) and payload[at] & 0x80:
        if len(headers) + 1 >= MOST_BLOCKS:
            raise RedundancyMalformed(f"more than {MOST_BLOCKS} frames")
        if len(payload) < at + 4:
            raise RedundancyMalformed("a header is cut off")
        rest = int.from_bytes(payload[at + 1 : at + 4], "big")
        headers.append((payload[at] & 0x7F, rest >> 10, rest & LARGEST_EARLIER))
        at += 4
    if at >= len(payload):
        raise RedundancyMalformed("there is no last header")
    own = payload[at]
    at += 1
    blocks: list[Block] = []
    for payload_type, behind, size in headers:
        if len(payload) < at + size:
            raise RedundancyMalformed("an earlier frame is longer than the packet")
        if size and behind:
            blocks.append(Block(payload_type, timestamp - behind & 0xFFFFFFFF, payload[at : at + size]))
        at += size
    return *blocks, Block(own, timestamp, payload[at:])


def join(own: bytes, earlier: Sequence[tuple[int, bytes]], payload_type: int) -> bytes:
    """A packet's payload of its own frame and `earlier` ones, each with the ticks that it lies behind; oldest first.

    All of one payload type. Raises ValueError for what section 3 has no room for.
    """
    if len(earlier) >= MOST_BLOCKS or any(
        not 0 < behind <= FARTHEST_BEHIND or len(frame) > LARGEST_EARLIER for behind, frame in earlier
    ):
        raise ValueError("too many earlier frames, or one that is too long ago or too large")
    headers = b"".join(pack("!L", (0x80 | payload_type) << 24 | behind << 10 | len(frame)) for behind, frame in earlier)
    return headers + bytes([payload_type]) + b"".join(frame for _, frame in earlier) + own
