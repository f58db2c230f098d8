"""Packets of VP8 into whole frames, in the order of decoding (RFC 7741). A pure part of `picture_reception`.

A frame runs from the packet with which its first partition begins to the one with the marker, or to where another
timestamp follows. Frames are handed on one after the other; a key frame may be handed on though what is before it never
came. Nothing is read of a frame but whether it is a key frame: it is sealed (ADR 19).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from kiosk_client.media.core.vp8_payload import Vp8Payload

MOST_PIECES = 1024
"""Packets that are held at most: some five seconds of a good picture."""

MOST_BYTES = 4 << 20
"""Bytes that are held at most: packets are of 1,200 bytes, but a lying end may send larger ones."""

MOST_KEY_FRAMES = 4
"""Key frames whose beginnings are remembered while they come in; of more, the newest."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One packet. `payload`: None for one without, which a sender uses to measure the path.

    `timestamp`: 32 bits, 90 kHz. `arrived`: seconds.
    """

    timestamp: int
    marker: bool
    payload: Vp8Payload | None
    arrived: float


@dataclass(frozen=True, slots=True)
class PictureFrame:
    """A whole frame as it travelled, sealed. `began`: when the first of its packets arrived, seconds."""

    first: int
    last: int
    timestamp: int
    is_key: bool
    data: bytes
    began: float


class PictureAssembly:
    """Of one stream. Numbers are extended ones (`sequence`). At first only a key frame is of use."""

    def __init__(self) -> None:
        self.discarded = 0
        """Packets that came too late, twice, or were of no use any more (`packetsDiscarded`)."""
        self.key_frames_begun = 0
        """Beginnings of key frames that came in."""
        self._pieces: dict[int, Piece] = {}
        self._bytes = 0
        self._highest = -1
        self._floor = 0  # what is before this is of no use
        self._next: _Run | None = None
        self._key_frames: dict[int, _Run] = {}

    @property
    def needs_key_frame(self) -> bool:
        """Whether nothing but a key frame can be handed on."""
        return self._next is None

    @property
    def key_frame_coming(self) -> bool:
        """Whether a key frame has begun to come in that may still become whole."""
        return bool(self._key_frames)

    @property
    def is_blocked(self) -> bool:
        """Whether later packets wait for one that is missing."""
        return self._next is None or self._highest > self._next.at

    @property
    def held(self) -> int:
        """Packets held, at most `MOST_PIECES`."""
        return len(self._pieces)

    def add(self, number: int, piece: Piece) -> None:
        """Take a packet, in any order."""
        if number < self._floor or number in self._pieces:
            self.discarded += 1
            return
        if len(self._pieces) >= MOST_PIECES or self._bytes > MOST_BYTES:
            self.begin_anew(max(number, self._highest))
        self._pieces[number] = piece
        self._highest = max(self._highest, number)
        if piece.payload is not None:
            self._bytes += len(piece.payload.data)
            if piece.payload.begins_key_frame:
                self.key_frames_begun += 1
                self._key_frames[number] = _Run(number)
                if len(self._key_frames) > MOST_KEY_FRAMES:
                    del self._key_frames[min(self._key_frames)]

    def take(self) -> PictureFrame | None:
        """The next frame to be handed on, where it is whole; None else. Call it until it gives None."""
        if self._next is not None:
            match self._next.advance(self._pieces):
                case _Stand.WHOLE:
                    return self._handed_on(self._next)
                case _Stand.BROKEN:
                    self._next = None
        for first in sorted(self._key_frames):
            match self._key_frames[first].advance(self._pieces):
                case _Stand.WHOLE:
                    return self._handed_on(self._key_frames[first])
                case _Stand.BROKEN:
                    del self._key_frames[first]
        return None

    def begin_anew(self, lost: int | None = None) -> None:
        """Only a key frame is of use from now on. `lost`: a packet that will not come, and nothing before it either."""
        self._next = None
        if lost is not None:
            self._forget_before(lost + 1)

    def _handed_on(self, run: _Run) -> PictureFrame:
        pieces = [self._pieces[at] for at in range(run.first, run.at)]
        payloads = [piece.payload for piece in pieces if piece.payload is not None]
        frame = PictureFrame(
            first=run.first,
            last=run.at - 1,
            timestamp=pieces[0].timestamp,
            is_key=payloads[0].begins_key_frame,
            data=b"".join(payload.data for payload in payloads),
            began=min(piece.arrived for piece in pieces),
        )
        self._forget_before(run.at)
        self._next = _Run(run.at)
        self.discarded -= run.at - run.first  # they were of use
        return frame

    def _forget_before(self, number: int) -> None:
        self._floor = max(self._floor, number)
        for each in [each for each in self._pieces if each < self._floor]:
            payload = self._pieces.pop(each).payload
            self._bytes -= len(payload.data) if payload is not None else 0
            self.discarded += 1
        for each in [each for each in self._key_frames if each < self._floor]:
            del self._key_frames[each]


class _Stand(Enum):
    WAITING = auto()
    WHOLE = auto()
    BROKEN = auto()


class _Run:
    """A frame that comes in: `at` is the first number after those that are there without a gap, from `first` on."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.at = first
        self._timestamp: int | None = None

    def advance(self, pieces: dict[int, Piece]) -> _Stand:
        """Go as far as there are packets. When `WHOLE`, the frame is of all from `first` to before `at`."""
        while (piece := pieces.get(self.at)) is not None:
            if piece.payload is not None:
                if self._timestamp is None:
                    if not piece.payload.begins:
                        return _Stand.BROKEN
                    self.first, self._timestamp = self.at, piece.timestamp
                elif piece.timestamp != self._timestamp:
                    return _Stand.WHOLE
                elif piece.payload.begins:
                    return _Stand.BROKEN
                if piece.marker:
                    self.at += 1
                    return _Stand.WHOLE
            self.at += 1
        return _Stand.WAITING
