"""What goes into the play-out buffer of speech, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

RATE = 48000
"""Ticks of a timestamp in a second: Opus's own clock, whatever is in it (RFC 7587, section 4.1)."""
FRAME = RATE // 50
"""Samples in 20 ms: what is concealed at a time."""
LONGEST = RATE * 120 // 1000
"""Samples in the longest packet of Opus (RFC 6716, section 3.2.5)."""


@dataclass(frozen=True)
class SpeechPacket:
    """One Opus packet, and when it came.

    `source`: its SSRC. `timestamp`: of RTP, 32 bits. `samples`: its length at 48 kHz. `arrival`: seconds. `recovers`:
    whether it carries, coarsely, as many samples again of what went before it (RFC 6716, section 2.1.7).
    """

    source: int
    timestamp: int
    samples: int
    payload: bytes
    arrival: float
    recovers: bool = False


class Fate(Enum):
    """What became of a packet that was put into the buffer."""

    KEPT = "kept"
    COPY = "one of its time was there before"
    LATE = "its time has passed"
    STRANGE = "its time, or its sender, is not of this stream"
    MALFORMED = "it has no lawful length"


class Pace(Enum):
    """How a packet should be played, where its sound allows it."""

    STEADY = "as it is"
    SHORTER = "a pitch period less"
    LONGER = "a pitch period more"


@dataclass(frozen=True)
class Play:
    """Decode this packet."""

    payload: bytes
    pace: Pace


@dataclass(frozen=True)
class Recover:
    """Decode the `samples` before this packet from what it carries of them; the packet itself is played later."""

    payload: bytes
    samples: int


@dataclass(frozen=True)
class Conceal:
    """Let the decoder make up `samples` out of what it played before."""

    samples: int


@dataclass(frozen=True)
class Comfort:
    """Play `samples` of silence: nothing has come for long, or nothing yet."""

    samples: int


Decision = Play | Recover | Conceal | Comfort


@dataclass
class PlayoutCounts:
    """Of one buffer so far: packets by what became of them, and what was played in samples."""

    fates: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    skipped: int = 0
    """Packets thrown away because sound had grown too old, or because they overlap with what was played."""
    restarts: int = 0
    """Times that the sender began anew."""
    played: int = 0
    recovered: int = 0
    concealed: int = 0
    comfort: int = 0
    waited: float = 0.0
    """Seconds from their arrival to their being played, of all packets together."""
    emitted: int = 0
    """Packets played."""
