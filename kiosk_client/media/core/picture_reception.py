"""Receives the picture of one stream: what to ask for again, when to ask for a key frame, what to decode and when.

A pure core: `handle` takes what happened and the time, and returns what to do; call it again with `Tick` when
`deadline` has passed. Whatever packets come, it never holds more than a bounded number of them, and a picture that
cannot go on is never waited for without a key frame being asked for.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from kiosk_client.media.core.missing import Missing
from kiosk_client.media.core.picture_assembly import PictureAssembly, PictureFrame, Piece
from kiosk_client.media.core.picture_timing import PictureTiming
from kiosk_client.media.core.sequence import SequenceNumbers
from kiosk_client.media.core.vp8_payload import PayloadMalformed, parse_payload

BLOCKED_FOR = 0.300
"""Seconds for which a picture waits for what is missing before a key frame is asked for; where that is longer, two
round trips, so that what was asked for again has come once."""

KEY_FRAME_ASKED_EVERY = 1.0
"""Seconds at least between two asks: each key frame costs ten ordinary ones, and on a narrow line takes its time."""

KEY_FRAME_ASKED_AGAIN_AFTER = 0.5
"""Seconds at least, and two round trips, before the second ask where nothing of a key frame has come since the first:
ask or answer was lost."""

GUESS_WAITS = 1.5
"""Round trips that a packet lost at the very beginning of the stream is waited for before a key frame is asked for:
sooner than that there is no other, since browsers make them 300 ms apart."""

MOST_WAITING = 60
"""Frames that wait to be decoded at most; more come only of timestamps that lie."""


@dataclass(frozen=True, slots=True)
class PacketArrived:
    """An RTP packet of the stream, as it came or from a retransmission. `timestamp`: 32 bits, 90 kHz."""

    sequence: int
    timestamp: int
    marker: bool
    payload: bytes


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """It takes `seconds` to the other end and back."""

    seconds: float


@dataclass(frozen=True, slots=True)
class PictureRefused:
    """The frame that began with `first` did not open or decode: those that build on it are of no use."""

    first: int


@dataclass(frozen=True, slots=True)
class InStep:
    """The sound waits for `seconds` before it is played; the picture had better not be ahead of it."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Tick:
    """The deadline may have passed."""


Given = PacketArrived | RoundTrip | PictureRefused | InStep | Tick


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Ask for these packets again (NACK). `sequences`: 16 bits each, in order, at most `missing.MOST_AT_ONCE`."""

    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AskForKeyFrame:
    """Ask for a key frame (picture loss indication, RFC 4585, section 6.3.1)."""


@dataclass(frozen=True, slots=True)
class Decode:
    """Open, decode and show this frame now; they come in the order of decoding."""

    frame: PictureFrame


Effect = AskAgain | AskForKeyFrame | Decode


@dataclass
class ReceptionCounts:
    """With the names of the W3C's `RTCInboundRtpStreamStats`, in Python's spelling; `malformed` is our own.

    `jitter_buffer_delay`: seconds, the sum over `jitter_buffer_emitted_count` frames.
    """

    frames_received: int = 0
    nack_count: int = 0
    pli_count: int = 0
    packets_discarded: int = 0
    jitter_buffer_delay: float = 0.0
    jitter_buffer_emitted_count: int = 0
    malformed: int = 0


class PictureReception:
    """From a stream's first packet to its last. Times are seconds of any one clock that never runs back."""

    def __init__(self) -> None:
        self._numbers = SequenceNumbers()
        self._missing = Missing()
        self._assembly = PictureAssembly()
        self._timing = PictureTiming()
        self._waiting: deque[tuple[float, PictureFrame]] = deque()
        self._counts = ReceptionCounts()
        self._last_key_frame = -1
        self._blocked_since: float | None = None
        self._asked_at = float("-inf")
        self._begun_when_asked = -1
        self._asked_in_vain = 0
        self._guesses = False

    @property
    def deadline(self) -> float | None:
        """When to call `handle` with `Tick` at the latest; None when nothing is awaited but packets."""
        frame_due = self._waiting[0][0] if self._waiting else None
        ends = (frame_due, self._missing.deadline, self._key_frame_due())
        return min((at for at in ends if at is not None), default=None)

    @property
    def counts(self) -> ReceptionCounts:
        """What has come so far."""
        return replace(self._counts, packets_discarded=self._assembly.discarded)

    @property
    def held(self) -> int:
        """Packets that wait for others, and frames that wait for their time; bounded, whatever comes."""
        return self._assembly.held + len(self._waiting)

    @property
    def wait(self) -> float:
        """Seconds for which frames wait at present, that jitter is not seen."""
        return self._timing.wait

    def handle(self, given: Given, now: float) -> list[Effect]:
        """What to do about `given`."""
        match given:
            case PacketArrived():
                self._take(given, now)
            case RoundTrip(seconds):
                self._missing.measured(min(max(seconds, 0.0), 1.0))
                self._timing.bear(self._missing.round_trip)
            case PictureRefused(first):
                if first >= self._last_key_frame:
                    self._assembly.begin_anew()
            case InStep(seconds):
                self._timing.least_wait = seconds
            case Tick():
                pass
        return self._due(now)

    def _take(self, packet: PacketArrived, now: float) -> None:
        is_first = self._numbers.highest < 0
        number = self._numbers.extend(packet.sequence)
        if number is None:
            self._counts.malformed += 1
            return
        if not self._missing.arrived(number, now):
            self._assembly.begin_anew(number - 1)
        try:
            payload = parse_payload(packet.payload) if packet.payload else None
        except PayloadMalformed:
            self._counts.malformed += 1
            self._assembly.begin_anew(number)
            return
        if is_first and payload is not None and not payload.begins:
            self._guesses = True
            self._missing.guess_before(number, now)
        self._assembly.add(number, Piece(packet.timestamp, packet.marker, payload, now))
        while (frame := self._assembly.take()) is not None:
            self._counts.frames_received += 1
            self._missing.forget_before(frame.first)
            self._last_key_frame = frame.first if frame.is_key else self._last_key_frame
            self._waiting.append((self._timing.due(frame.timestamp, now), frame))
            self._blocked_since, self._guesses = None, False

    def _due(self, now: float) -> list[Effect]:
        effects: list[Effect] = []
        while self._waiting and (self._waiting[0][0] <= now or len(self._waiting) > MOST_WAITING):
            effects.append(self._decoded(self._waiting.popleft()[1], now))
        lost = self._missing.given_up(now)
        if lost is not None:
            self._assembly.begin_anew(lost)
        if self._numbers.highest < 0 or not self._assembly.is_blocked:
            self._blocked_since = None
        elif self._blocked_since is None:
            self._blocked_since = now
        due = self._key_frame_due()
        if due is not None and due <= now:
            begun = self._assembly.key_frames_begun
            self._asked_in_vain = 0 if begun > self._begun_when_asked else self._asked_in_vain + 1
            self._asked_at, self._begun_when_asked = now, begun
            self._counts.pli_count += 1
            effects.append(AskForKeyFrame())
        missing = self._missing.due(now)
        if missing:
            self._counts.nack_count += 1
            effects.append(AskAgain(tuple(number & 0xFFFF for number in missing)))
        return effects

    def _decoded(self, frame: PictureFrame, now: float) -> Decode:
        self._counts.jitter_buffer_delay += now - frame.began
        self._counts.jitter_buffer_emitted_count += 1
        return Decode(frame)

    def _key_frame_due(self) -> float | None:
        if self._blocked_since is None:
            return None
        two_ways = 2 * self._missing.round_trip
        answered = self._assembly.key_frames_begun > self._begun_when_asked
        soon = not answered and self._asked_in_vain == 0
        again = max(KEY_FRAME_ASKED_AGAIN_AFTER if soon else KEY_FRAME_ASKED_EVERY, two_ways)
        # Where nothing can be waited for but a key frame, and none is coming in, there is nothing to be patient for.
        hopeless = self._assembly.needs_key_frame and not self._assembly.key_frame_coming
        patience = 0.0 if hopeless else max(BLOCKED_FOR, two_ways)
        if hopeless and self._guesses:
            patience = GUESS_WAITS * self._missing.round_trip
        return max(self._blocked_since + patience, self._asked_at + again)
