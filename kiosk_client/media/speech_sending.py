"""The voice as it goes out: mono, of constant size, recoverable from what follows it, and repeated as the line needs.

In RED (RFC 2198) each packet goes out with up to two earlier ones, by the loss that the other end reports; where it
does not, or much is lost, Opus carries the one before it once more, coarsely. The size of a packet changes with the
loss alone, never with what is said.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable

import numpy as np
from aiortc import MediaStreamTrack
from aiortc.rtcdtlstransport import RTCDtlsTransport
from av import AudioFrame, AudioResampler

from kiosk_client.aiortc_private import Report, Sender, Wire
from kiosk_client.media.core.redundancy import FARTHEST_BEHIND, join
from kiosk_client.media.core.redundancy_choice import DEEPEST, RedundancyChoice, affordable
from kiosk_client.media.core.speech import FRAME, RATE
from kiosk_client.media.formats import VOICE_RATE
from kiosk_client.media.libopus_encoder import OpusEncoder

EXPECTED = range(5, 26)
"""Per cent of loss that the encoder is told of where it is to carry each packet once more in the next: enough that it
does, and no more than leaves enough for the voice itself."""

MUCH = 0.13
"""Share of packets lost from which on the encoder does so beside RED too. Below, it costs more than it mends: half a
point of 4.2 PESQ-WB on a good line, and as much where a tenth is lost."""

log = logging.getLogger(__name__)


class SpeechSender(Sender):
    """Takes the place of aiortc's sender of sound. Reads its track as fast as that gives."""

    def __init__(self, track: MediaStreamTrack, transport: RTCDtlsTransport, wire: Wire) -> None:
        super().__init__(track, transport, wire)
        self._encoder = OpusEncoder(VOICE_RATE)
        self._expected: int | None = None
        self._choice = RedundancyChoice(wire.clock())
        self._earlier: deque[tuple[int, bytes]] = deque(maxlen=DEEPEST)
        self.allowed: Callable[[], float] | None = None
        """Bits a second that may be sent in all, pictures too. None while nobody knows: then nothing is too much."""
        self.is_full: Callable[[], bool] = lambda: False
        """Whether there has been a long queue on the way of late."""
        self.counts: Counter[str] = Counter()
        """`nackCount`: how often an end asked for packets again, though none offered it."""

    @property
    def redundancy(self) -> int:
        """Earlier frames in each packet now, where the other end takes them."""
        if not self.codec("red"):
            return 0
        return self._choice.depth if self.allowed is None else min(self._choice.depth, affordable(self.allowed()))

    @property
    def loss(self) -> float:
        """Share of our packets that the other end does not get: 0 … 1, smoothed."""
        return self._choice.loss

    async def run(self) -> None:
        """Send until the track or the connection ends."""
        regroup = AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=FRAME)
        clock = _Timestamps()
        # What was assumed before anything was known is not worth keeping until then.
        self._choice = RedundancyChoice(self.wire.clock())
        while (track := self.track) is not None:
            frame = await track.recv()
            assert isinstance(frame, AudioFrame)
            for piece in regroup.resample(frame):
                await self._send(piece, clock.next(piece.pts))

    def on_report(self, report: Report) -> None:
        """Repeat more or less, and let the encoder spend more or less on it too."""
        before = self._choice.depth
        depth = self._choice.heard(report.fraction_lost, self.wire.clock(), full=self.is_full())
        if depth != before:
            log.debug("each packet of speech carries %d earlier ones, at %.1f %% loss", depth, 100 * self.loss)

    def on_nack(self, missing: list[int]) -> None:
        """Speech comes again in RED or not at all: by the time it is asked for it is late.

        To obey would let one datagram bring forth hundreds of packets, which go before pictures.
        """
        self.counts["nackCount"] += 1

    def _expect_loss(self) -> None:
        """Have the encoder carry each packet once more where nothing else does, or that is not enough."""
        expected = min(max(round(100 * self.loss), EXPECTED.start), EXPECTED.stop - 1)
        if self.codec("red") and self.loss < MUCH and (self.redundancy or not self._choice.depth):
            expected = 0
        if expected != self._expected:
            self._encoder.expect_loss(expected)
            self._expected = expected

    async def _send(self, piece: AudioFrame, timestamp: int) -> None:
        self._expect_loss()
        encoded = self._encoder.encode(piece.to_ndarray().reshape(-1).astype(np.int16, copy=False))
        opus, red = self.codec("opus"), self.codec("red")
        payload, codec = encoded, opus
        if red is not None and opus is not None and opus.payloadType is not None:
            behind = [(timestamp - at, frame) for at, frame in self._earlier if timestamp - at <= FARTHEST_BEHIND]
            payload = join(encoded, behind[max(0, len(behind) - self.redundancy) :], opus.payloadType)
            codec = red
        self._earlier.append((timestamp, encoded))
        sealed = self.seal(payload)
        if sealed is not None:
            await self.put(self.packet(sealed, timestamp, codec=codec))


class _Timestamps:
    """Of frames in a row: 20 ms on, or more where the source had a gap, so that sound is not thought to come late."""

    def __init__(self) -> None:
        self._origin: int | None = None
        self._last = 0

    def next(self, pts: int | None) -> int:
        if self._origin is None:
            self._origin = pts or 0
            return 0
        following = self._last + FRAME
        # Behind by less than a frame it is the source's unsteady clock, and no gap.
        self._last = max(following, pts - self._origin) if pts is not None else following
        if self._last - following < FRAME:
            self._last = following
        return self._last
