"""What an RTP packet of VP8 carries: RFC 7741, section 4.2, the payload descriptor, and what follows it.

0  X R N S R PID PID PID    X: the next byte is there; S: a partition begins here; PID: which one
1  I L T K RSV              which of the bytes below are there
   M PictureID              I: 7 bits, or 15 bits in two bytes where M is set
   TL0PICIDX                L
   TID TID Y KEYIDX         T or K
"""

from __future__ import annotations

from dataclasses import dataclass

_EXTENDED, _BEGINS_PARTITION, _PARTITION = 0x80, 0x10, 0x07
_PICTURE_ID, _TL0PICIDX, _TID, _KEYIDX = 0x80, 0x40, 0x20, 0x10
_TWO_BYTES = 0x80


class PayloadMalformed(ValueError):
    """The payload ends before its descriptor does, or directly after it."""


@dataclass(frozen=True, slots=True)
class Vp8Payload:
    """A part of a frame. `begins`: it is the first. `data`: at least one byte of the frame, perhaps sealed."""

    begins: bool
    data: bytes

    @property
    def begins_key_frame(self) -> bool:
        """Whether a key frame begins here (RFC 6386, section 9.1: 0 is one). This byte is clear in a sealed frame."""
        return self.begins and not self.data[0] & 1


def parse_payload(payload: bytes) -> Vp8Payload:
    """Take the descriptor off a payload. Raises `PayloadMalformed`, nothing else."""
    try:
        first, size = payload[0], 1
        if first & _EXTENDED:
            present, size = payload[1], 2
            if present & _PICTURE_ID:
                size += 2 if payload[size] & _TWO_BYTES else 1
            size += bool(present & _TL0PICIDX) + bool(present & (_TID | _KEYIDX))
    except IndexError:
        raise PayloadMalformed from None
    if len(payload) <= size:
        raise PayloadMalformed
    return Vp8Payload(begins=bool(first & _BEGINS_PARTITION) and not first & _PARTITION, data=payload[size:])
