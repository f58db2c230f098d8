"""A frame of VP8 cut into the payloads of RTP packets: RFC 7741, section 4.

Each begins with a descriptor of four bytes: X and S in the first, I in the second, and a PictureID of 15 bits, which
counts the frames that are sent. A frame is one partition here, since what is sealed is the whole of it.
"""

from __future__ import annotations

from itertools import pairwise
from struct import pack

LARGEST = 1170
"""Bytes of a payload. With RTP and its extensions (32), the number of what is sent again (2), SRTP (16), a channel of
TURN (4), UDP and IPv6 (48) it is 1,272: below the 1,280 that every path of IPv6 carries whole (RFC 8200, section 5)."""

DESCRIPTOR = 4

PICTURE_IDS = 1 << 15

_EXTENDED, _BEGINS, _HAS_PICTURE_ID, _LONG = 0x80, 0x10, 0x80, 0x8000


def cut(frame: bytes, picture_id: int) -> list[bytes]:
    """The payloads of `frame` (at least a byte), in order, of sizes that differ by one byte at most.

    `picture_id`: one more than that of the frame before, modulo `PICTURE_IDS`: of a number that is left out a receiver
    may think that a frame is missing.
    """
    room = LARGEST - DESCRIPTOR
    count = -(-len(frame) // room)
    ends = [len(frame) * number // count for number in range(count + 1)]
    return [
        pack("!BBH", _EXTENDED | (_BEGINS if begin == 0 else 0), _HAS_PICTURE_ID, _LONG | picture_id) + frame[begin:end]
        for begin, end in pairwise(ends)
    ]
