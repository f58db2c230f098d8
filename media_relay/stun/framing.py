"""STUN and ChannelData on a stream, TCP or TLS: cutting it into frames (RFC 8489 section 6.2.2, RFC 8656 section 12.5).

A stream has no datagrams, so each frame says its own length. Once a length is nonsense nothing behind it can be found
again: the stream is ``broken`` for good, and its connection is closed. What is not yet whole is kept, up to ``limit``.
"""

from __future__ import annotations

import math

from media_relay.stun.address import MAGIC_COOKIE
from media_relay.stun.channel import CHANNEL_HEADER, FIRST_CHANNEL, LAST_CHANNEL
from media_relay.stun.message import HEADER_SIZE

LONGEST_OF_A_STRANGER = 4096
"""Bytes of a frame from a client without an allocation: a request with all that RFC 8489 section 9.2 lets be long in it
(a username of 508 bytes, realm and nonce of 763) has less than 2.5 KiB."""
LONGEST = 65_536
"""Bytes of any frame: more would not fit into the datagram that it becomes."""

_COOKIE = MAGIC_COOKIE.to_bytes(4, "big")


class StreamDecoder:
    """One direction of one stream. ``limit``: bytes of the longest frame that is taken; may be raised at any time."""

    def __init__(self, limit: int = LONGEST_OF_A_STRANGER) -> None:
        self.limit = limit
        self.broken: str | None = None
        """Why the stream can no more be read; None as long as it can. Names nothing of its contents."""
        self._pending = bytearray()

    @property
    def half(self) -> bool:
        """Whether a frame has begun and not ended: an honest client does not leave it so."""
        return bool(self._pending)

    def feed(self, data: bytes | memoryview, most: float = math.inf) -> list[bytes]:
        """The frames that end in ``data``, which follows what was fed before: STUN messages, and ChannelData without
        its padding. How the stream was cut into pieces makes no difference. Nothing comes once it is ``broken``.

        Of more than ``most`` frames the others stay behind, whole as they are, until more is fed, or nothing."""
        if self.broken is not None:
            return []
        pending = self._pending
        pending += data
        frames: list[bytes] = []
        at = 0
        while len(frames) < most and (length := self._length_at(at)) is not None:
            padded = length + (-length % 4)
            if len(pending) - at < padded:
                break
            frames.append(bytes(pending[at : at + length]))
            at += padded
        if self.broken is not None:
            pending.clear()
        else:
            del pending[:at]
        return frames

    def _length_at(self, at: int) -> int | None:
        """Bytes of the frame that begins at ``at``, without padding; None when that is not yet, or never, known."""
        pending = self._pending
        if at < len(pending) and pending[at] > LAST_CHANNEL >> 8:
            self.broken = "neither STUN nor ChannelData"
        if self.broken is not None or len(pending) - at < 4:
            return None
        first, size = CHANNEL_HEADER.unpack_from(pending, at)
        if first >= FIRST_CHANNEL:
            length = int(CHANNEL_HEADER.size + size)
        else:
            length = int(HEADER_SIZE + size)
            cookie = bytes(pending[at + 4 : at + 8])
            if size % 4 or not _COOKIE.startswith(cookie):
                self.broken = "no STUN message"
        if length > self.limit:
            self.broken = "too long"
        return length if self.broken is None else None


def padded(frame: bytes) -> bytes:
    """``frame``, as it is written to a stream: ChannelData there is filled up to a multiple of four bytes."""
    return frame + bytes(-len(frame) % 4)
