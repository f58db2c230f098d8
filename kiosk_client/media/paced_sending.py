"""The shell around estimator and pacer: when each packet of pictures goes out, and how much may.

One for a connection. Sound passes it by, since sound never waits; but all that goes out is counted here, by the
transport-wide numbers that the connection's `Wire` gives.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiortc.rtp import RtpPacket

from kiosk_client.aiortc_private import Wire
from kiosk_client.media.core import bandwidth, pacer
from kiosk_client.media.core.bandwidth import Bandwidth, BeginProbe, Target
from kiosk_client.media.core.pacer import DroppedPictures, Kind, Pacer, Pad, Send
from kiosk_client.media.core.transport_feedback import FeedbackMalformed, parse

AROUND = 60
"""Bytes around a payload, on the wire of the connection: RTP and its extensions, SRTP."""

BESIDE_SOUND = 40_000
"""Bits a second by which a picture goes out, while one is to, beside sound that takes all that is allowed: a still one
of three kilobytes in less time than after which it is given up. How seldom there is one is not decided here."""

WINDOW, REPEATED_WINDOW = 1.0, 2.0
"""Seconds over which the rates of sound and of what is repeated are reckoned. What is repeated comes in bursts."""

Make = Callable[[], RtpPacket]
"""Makes the packet when its turn has come. What is dropped before leaves no gap in the numbers, which the other end
would ask for."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ways:
    """What the sender of pictures lends. `put` puts a packet on the wire; `pad` makes one of no further use, of about
    so many bytes, if it can; `dropped` is told of pictures that will not go out."""

    put: Callable[[RtpPacket], Awaitable[object]]
    pad: Callable[[int], RtpPacket | None]
    dropped: Callable[[], None]


class PacedSending:
    """Used in the event loop only. Nothing goes out unless `run` runs."""

    def __init__(self, wire: Wire, ways: Ways) -> None:
        now = wire.clock()
        self.counts: Counter[str] = Counter()
        """Feedback that was dropped (`feedback malformed`), packets that were (`dropped`) and those of padding."""
        self._clock = wire.clock
        self._ways = ways
        self._bandwidth = Bandwidth(now)
        self.target = self._bandwidth.target
        """What all together may send."""
        self._pacer: Pacer[Make] = Pacer(self.target.rate, now)
        self._feedback = False
        self._ours = False
        self._probe: int | None = None
        self._sound: deque[tuple[float, int]] = deque()
        self._repeated: deque[tuple[float, int]] = deque()
        self._effects: deque[bandwidth.Effect | pacer.Effect[Make]] = deque()
        self._woken = asyncio.Event()
        wire.departed = self._departed
        self.wanted(0)

    @property
    def round_trip(self) -> float:
        """Seconds, the shortest of late, by the feedback."""
        return self._bandwidth.round_trip.shortest

    @property
    def lost(self) -> float:
        """Share of the packets of late that did not arrive, 0 to 1."""
        return self._bandwidth.lost

    @property
    def is_full(self) -> bool:
        """Whether there has been a long queue on the way of late: what is lost is lost for want of room."""
        return self._bandwidth.full(self._clock())

    @property
    def is_measured(self) -> bool:
        """Whether the other end's feedback says what arrives, so that `target` and `round_trip` are no guess."""
        return self._feedback and self._bandwidth.round_trip.is_measured

    @property
    def waits(self) -> float:
        """Seconds that what waits now will take to go out."""
        return self._pacer.waits

    def sound_rate(self) -> float:
        """Bits a second that sound and all else beside pictures has taken of late."""
        return self._rate_of(self._sound, WINDOW)

    def repeated_rate(self) -> float:
        """Bits a second that what was asked for again has taken of late."""
        return self._rate_of(self._repeated, REPEATED_WINDOW)

    def picture(self, size: int, make: Make) -> None:
        """A packet of a picture, whose payload has `size` bytes, is to go out."""
        self._pace(self._allowed())
        self._pace(pacer.Queue(Kind.PICTURE, size + AROUND, make))

    def again(self, size: int, make: Make) -> None:
        """The other end asked for this one again."""
        self._repeated.append((self._clock(), size + AROUND))
        self._forget(self._repeated, REPEATED_WINDOW)  # as that of sound
        self._pace(pacer.Queue(Kind.RETRANSMISSION, size + AROUND, make))

    def heard(self, information: bytes) -> None:
        """Transport-wide feedback has come in. What cannot be read is counted and dropped."""
        try:
            feedback = parse(information)
        except FeedbackMalformed:
            self.counts["feedback malformed"] += 1
            return
        self._feedback = True
        self._estimate(bandwidth.Heard(feedback))

    def told(self, rate: float) -> None:
        """The other end estimates this rate itself. Believed where it gives no feedback to estimate from."""
        if not self._feedback:
            rate = min(max(rate, bandwidth.FLOOR), bandwidth.CEILING)
            self._perform(Target(rate, "growing"))

    def wanted(self, rate: float) -> None:
        """So much could be used: more is not probed for. At first nothing, since there is nothing to probe with."""
        self._estimate(bandwidth.Wanted(rate))

    async def run(self) -> None:
        """Send until cancelled. Raises ConnectionError when the connection has ended."""
        loop = asyncio.get_running_loop()
        while True:
            while self._effects:
                await self._do(self._effects.popleft())
            deadlines = [each for each in (self._pacer.deadline, self._bandwidth.deadline) if each is not None]
            self._woken.clear()
            if deadlines:
                timer = loop.call_later(max(0.0, min(deadlines) - self._clock()), self._woken.set)
                await self._woken.wait()
                timer.cancel()
            else:
                await self._woken.wait()
            self._pace(pacer.Tick())
            self._estimate(bandwidth.Tick())

    def _forget(self, sent: deque[tuple[float, int]], window: float) -> None:
        while sent and sent[0][0] < self._clock() - window:
            sent.popleft()

    def _rate_of(self, sent: deque[tuple[float, int]], window: float) -> float:
        self._forget(sent, window)
        return sum(size for _, size in sent) * 8 / window

    def _departed(self, number: int, at: float, size: int) -> None:
        """A numbered packet goes out, ours or not. The estimator counts from 0 as the connection does."""
        # Taken at once: while ours is on its way sound may go out.
        ours, probe = self._ours, self._probe
        self._ours, self._probe = False, None
        if not ours:
            self._sound.append((at, size))
            self._forget(self._sound, WINDOW)  # its rate may not be asked for a long time
            # It counts, and may be part of a probe; it is not the pacer's to send, and was not made by it.
            for effect in self._pacer.handle(pacer.Queue(Kind.SOUND, size, _sent_already), at):
                probe = effect.probe if isinstance(effect, Send) else None
        self._bandwidth.sent(size, at, probe)
        self._woken.set()

    def _pace(self, given: pacer.Given[Make]) -> None:
        self._effects += self._pacer.handle(given, self._clock())
        self._woken.set()

    def _estimate(self, given: bandwidth.Given) -> None:
        for effect in self._bandwidth.handle(given, self._clock()):
            self._perform(effect)

    def _perform(self, effect: bandwidth.Effect) -> None:
        match effect:
            case Target():
                self.target = effect
                self._pace(self._allowed())
            case BeginProbe(probe):
                self._pace(pacer.Begin(probe))

    def _allowed(self) -> pacer.Allow:
        return pacer.Allow(max(self.target.rate, (self.sound_rate() + BESIDE_SOUND) / pacer.PACE))

    async def _do(self, effect: bandwidth.Effect | pacer.Effect[Make]) -> None:
        match effect:
            case Send(make, probe):
                await self._put(make(), probe)
            case Pad(size, probe):
                padding = self._ways.pad(size)
                if padding is not None:
                    self.counts["padding"] += 1
                    await self._put(padding, probe)
            case DroppedPictures(packets):
                self.counts["dropped"] += packets
                self._ways.dropped()

    async def _put(self, packet: RtpPacket, probe: int | None) -> None:
        self._ours, self._probe = True, probe
        try:
            await self._ways.put(packet)
        finally:
            self._ours, self._probe = False, None


def _sent_already() -> RtpPacket:
    raise AssertionError("sound is not paced")
