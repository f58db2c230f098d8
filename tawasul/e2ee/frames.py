"""Every encoded frame of sound and picture, sealed before it is packed and opened before it is decoded.

What travels is ``clear ‖ SFrame header ‖ ciphertext ‖ tag``. `clear` is what a packetizer must read: of VP8 the first
10 bytes of a key frame and the first byte of another, of Opus nothing; it is authenticated all the same. KID is
``epoch·4 + sender·2 + kind``.

A sealer belongs to one encoder's thread, an opener to one decoder's; keys may be installed from another thread. Without
a key nothing is sealed and nothing opened: the caller drops the frame, and never passes it on.
"""

from __future__ import annotations

from collections import Counter
from enum import IntEnum

from tawasul.e2ee.errors import (
    FrameKeyUnknown,
    FrameMalformed,
    FrameProblem,
    FrameReplayed,
    FrameWrongSender,
)
from tawasul.e2ee.session import EpochSecrets, Side
from tawasul.e2ee.sframe import TAG_SIZE, FrameKey, read_header

KEY_FRAME_CLEAR = 10
"""Bytes: the frame tag, the start code and the size of a VP8 key frame (RFC 6386 §9.1)."""
WINDOW = 1024
"""Counters behind the highest that may still come: 20 s of sound, which no network reorders by."""


class Kind(IntEnum):
    """What a frame is of."""

    SOUND = 0
    PICTURE = 1


def kid_of(epoch: int, sender: Side, kind: Kind) -> int:
    """The key identifier of one sender's sound or picture in one epoch."""
    return epoch * 4 + (2 if sender is Side.OFFICE else 0) + kind


def clear_length(kind: Kind, frame: bytes) -> int:
    """How many bytes at the beginning of an encoded frame, sealed or not, stay readable.

    Raises FrameMalformed for a picture that is shorter than its clear part.
    """
    if kind is Kind.SOUND:
        return 0
    if not frame:
        raise FrameMalformed
    length = 1 if frame[0] & 1 else KEY_FRAME_CLEAR  # RFC 6386 §9.1: 0 is a key frame
    if len(frame) < length:
        raise FrameMalformed
    return length


class FrameSealer:
    """Seals what this end sends of one kind. One for each kind and session: a second would use counters twice."""

    def __init__(self, side: Side, kind: Kind) -> None:
        self.kind = kind
        self.sealed = 0
        """Frames sealed, in all epochs."""
        self._side = side
        self._key: FrameKey | None = None
        self._counter = 0
        self._next: FrameKey | None = None
        self._epoch = -1

    def switch(self, secrets: EpochSecrets) -> None:
        """From the next frame on, seal under this epoch. Raises ValueError for an epoch that is not later."""
        if secrets.epoch <= self._epoch:
            raise ValueError("an epoch is begun once, or its counters would be used twice")
        kid = kid_of(secrets.epoch, self._side, self.kind)
        self._epoch = secrets.epoch
        self._next = FrameKey(kid, secrets.base_key(kid))

    def seal(self, frame: bytes) -> bytes:
        """The frame as it travels. Raises FrameKeyUnknown before the first `switch`, FrameMalformed."""
        upcoming = self._next
        if upcoming is not self._key:  # here, in the encoder's thread, so that key and counter change together
            self._key, self._counter = upcoming, 0
        if self._key is None:
            raise FrameKeyUnknown
        length = clear_length(self.kind, frame)
        clear = frame[:length]
        sealed = self._key.seal(self._counter, clear, frame[length:])
        self._counter += 1
        self.sealed += 1
        return clear + sealed


class FrameOpener:
    """Opens what the other end sends of one kind, under as many epochs as are installed. `side` is this end's own."""

    def __init__(self, side: Side, kind: Kind) -> None:
        self.kind = kind
        self.opened = 0
        """Frames opened, in all epochs."""
        self.copies = 0
        """Frames opened before, or too old to know: a browser makes some itself, to measure the path."""
        self._refused: Counter[str] = Counter()
        self._sender = side.other
        self._receiving: dict[int, _Receiving] = {}

    @property
    def refused(self) -> Counter[str]:
        """Frames refused so far, by code; copies are not among them. May be asked from another thread."""
        return self._refused.copy()

    def install(self, secrets: EpochSecrets) -> None:
        """Open frames of this epoch too. A second time for the same epoch changes nothing."""
        kid = kid_of(secrets.epoch, self._sender, self.kind)
        if kid not in self._receiving:
            self._receiving[kid] = _Receiving(FrameKey(kid, secrets.base_key(kid)))

    def drop(self, epoch: int) -> None:
        """Open no more frames of this epoch."""
        self._receiving.pop(kid_of(epoch, self._sender, self.kind), None)

    def open(self, frame: bytes) -> bytes:
        """The frame as its encoder made it. Raises FrameMalformed, FrameWrongSender, FrameKeyUnknown, FrameReplayed,
        FrameForged, and counts them; nothing of the frame may then be passed on."""
        try:
            plain = self._open(frame)
        except FrameReplayed:
            self.copies += 1
            raise
        except FrameProblem as problem:
            self._refused[problem.code] += 1
            raise
        self.opened += 1
        return plain

    def _open(self, frame: bytes) -> bytes:
        length = clear_length(self.kind, frame)
        clear, rest = frame[:length], frame[length:]
        header = read_header(rest)
        if len(rest) < header.size + TAG_SIZE:
            raise FrameMalformed
        if header.kid & 3 != kid_of(0, self._sender, self.kind):
            raise FrameWrongSender
        receiving = self._receiving.get(header.kid)
        if receiving is None:
            raise FrameKeyUnknown
        if receiving.seen.has(header.counter):
            raise FrameReplayed
        plain = receiving.key.open(header.counter, rest[: header.size], clear, rest[header.size :])
        receiving.seen.add(header.counter)  # only now: a forged counter must not push true ones out of the window
        return clear + plain


class _Receiving:
    """One epoch's key and what was received under it."""

    def __init__(self, key: FrameKey) -> None:
        self.key = key
        self.seen = _Seen()


class _Seen:
    """Which counters were received: the highest, and one bit for each of the 1 024 behind it."""

    def __init__(self) -> None:
        self._highest = -1
        self._bits = 0

    def has(self, counter: int) -> bool:
        """Whether a counter was seen, or is too far behind to know."""
        behind = self._highest - counter
        return behind > WINDOW or (behind >= 0 and bool(self._bits >> behind & 1))

    def add(self, counter: int) -> None:
        """Remember a counter that `has` does not have."""
        ahead = counter - self._highest
        if ahead > 0:
            self._bits = (self._bits << ahead if ahead <= WINDOW else 0) | 1
            self._bits &= (1 << WINDOW + 1) - 1
            self._highest = counter
        else:
            self._bits |= 1 << -ahead
