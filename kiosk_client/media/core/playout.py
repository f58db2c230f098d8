"""The play-out buffer of speech: packets go in as the network brings them, and out comes what to play next.

A pure core. `put` takes each packet as it arrives; `next` is called whenever less than a frame is left to play, and
answers with one thing to do. Delay adapts to jitter (`delay_target`) by playing a little faster or slower. A frame that
is missing while later ones are there is lost: at its time it is recovered or concealed. Where nothing is there at all,
time is held back, so that what comes late is played and not thrown away.

While packets are at hand, they are played: at most `HELD` seconds wait here, and a hole among them is made up in real
time, or left out where it is longer. After any burst the delay is back at its target by playing faster.
"""

from __future__ import annotations

from collections import OrderedDict, deque

from kiosk_client.media.core.delay_target import DelayTarget
from kiosk_client.media.core.speech import (
    FRAME,
    LONGEST,
    RATE,
    Comfort,
    Conceal,
    Decision,
    Fate,
    Pace,
    Play,
    PlayoutCounts,
    Recover,
    SpeechPacket,
)
from kiosk_client.media.core.speech_timeline import SpeechTimeline

HELD = 0.5
"""Seconds of sound at most, from what is played next to the newest: the greatest delay wanted, and room for jitter.
Older sound is left out: a second of speech could only be caught up with over several."""
MOST_PACKETS = 256
"""Held at a time, more than `HELD` of the shortest that there are."""
LEAST = RATE // 400
"""Samples in 2.5 ms: a decoder conceals a whole multiple of it."""
COMFORT_AFTER = RATE // 5
"""Samples made up on end, 200 ms, after which silence is kinder than what is left of a vowel."""
FORGET_AFTER = RATE * 3 // 5
"""Samples made up while nothing was at hand, after which time is held back no more: what comes then begins anew."""
LENGTHEN_BELOW, SHORTEN_ABOVE, HURRY_ABOVE = -0.01, 0.02, 0.1
"""Seconds beside the target: between the first two the pace stays, above the last it changes with every packet."""
CHANGE_EVERY = 5
"""Packets from one shortened to the next, where there is no hurry: some seven per cent of speed."""


class Playout:
    """One stream of speech, from its first packet to the end of the call."""

    def __init__(self) -> None:
        self.counts = PlayoutCounts()
        self._target = DelayTarget()
        self._timeline = SpeechTimeline()
        self._packets: dict[int, SpeechPacket] = {}
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._next: int | None = None
        """When what is played next begins, in ticks; None while nothing is played."""
        self._held = 0
        """Samples made up since nothing was at hand, while `_next` stood still."""
        self._made_up = 0
        """Samples made up since something true was played."""
        self._spans: deque[int] = deque(maxlen=RATE // FRAME // 2)
        self._since_change = CHANGE_EVERY

    @property
    def target(self) -> float:
        """Seconds that sound should wait here, beside what comes the fastest way."""
        return self._target.seconds

    @property
    def at_hand(self) -> float:
        """Seconds from what is played next to the end of the newest packet."""
        return self._span() / RATE

    def delay(self, now: float) -> float:
        """Seconds that what is played next has waited, beside what comes the fastest way; 0.0 while nothing is."""
        base = self._target.base
        if self._next is None or base is None:
            return 0.0
        # A sender that has stood still looks like a slow way for two seconds; what was at hand of late tells it apart.
        return min(now - self._next / RATE - base, max(self._spans, default=0) / RATE)

    def put(self, packet: SpeechPacket) -> Fate:
        """Take a packet, in whatever order they come; what becomes of it is also counted."""
        fate = self._judge(packet)
        if begun := self._timeline.begin_anew():
            self._packets.clear()
            self._seen.clear()
            self._stop()
            self.counts.restarts += 1
            fate = [self._judge(each) for each in begun][-1]
        self.counts.fates[fate] += 1
        return fate

    def next(self, now: float) -> Decision:
        """What to play next. `now` never runs back."""
        self._leave_out_old()
        if self._next is None and not self._begins(now):
            return self._made(Comfort(FRAME))
        return self._of_packets(now) if self._packets else self._starve()

    def _judge(self, packet: SpeechPacket) -> Fate:
        if not 0 < packet.samples <= LONGEST or not packet.payload:
            return Fate.MALFORMED
        at = self._timeline.place(packet, self._target.base)
        if at is None:
            return Fate.STRANGE
        if at in self._seen:
            return Fate.COPY
        self._note(packet, at)
        if self._next is not None and at < self._next:
            return Fate.LATE
        self._packets[at] = packet
        if len(self._packets) > MOST_PACKETS:
            self._leave_out(min(self._packets))
        return Fate.KEPT

    def _note(self, packet: SpeechPacket, at: int) -> None:
        before = at - packet.samples
        if packet.recovers and self._seen and before not in self._seen:
            # From now on the one before can be played too, if it is not merely overtaken.
            self._target.add(packet.arrival - before / RATE, packet.arrival)
        self._target.add(packet.arrival - at / RATE, packet.arrival)
        self._seen[at] = None
        if len(self._seen) > 2 * MOST_PACKETS:
            self._seen.popitem(last=False)

    def _begins(self, now: float) -> bool:
        base = self._target.base
        # One packet is no speech yet: what would be made up after it could pass for a sign of life.
        if len(self._packets) < 2 or base is None:
            return False
        first = min(self._packets)
        if now - first / RATE - base < self.target:
            return False
        self._next = first
        return True

    def _stop(self) -> None:
        self._next, self._held = None, 0
        self._spans.clear()
        self._target.forget_way()

    def _leave_out_old(self) -> None:
        begin = self._next if self._next is not None else min(self._packets, default=0)
        if self._packets and self._end() - begin > HELD * RATE:
            oldest = self._end() - HELD * RATE
            for at in [each for each in self._packets if each < oldest]:
                self._leave_out(at)
            if self._next is not None:
                self._next, self._held = min(self._packets), 0

    def _leave_out(self, at: int) -> None:
        del self._packets[at]
        self.counts.skipped += 1

    def _of_packets(self, now: float) -> Decision:
        assert self._next is not None
        first = min(self._packets)
        packet = self._packets[first]
        # What was made up while nothing was at hand stands for as much of what never came.
        self._next += min(first - self._next, self._held)
        self._held = 0
        self._spans.append(self._span())
        gap = first - self._next
        if gap < LEAST:
            return self._play(packet, first, now)
        if packet.recovers and gap <= packet.samples:
            self._next, self._made_up = first, 0
            self.counts.recovered += gap
            return Recover(packet.payload, gap)
        lost = gap - packet.samples if packet.recovers else gap
        samples = max(min(lost, FRAME) // LEAST * LEAST, LEAST)
        self._next += samples
        return self._made(Conceal(samples))

    def _play(self, packet: SpeechPacket, at: int, now: float) -> Play:
        pace = self._pace(now)
        del self._packets[at]
        self._next, self._made_up = at + packet.samples, 0
        for overlapping in [each for each in self._packets if each < self._next]:
            self._leave_out(overlapping)
        self.counts.played += packet.samples
        self.counts.emitted += 1
        self.counts.waited += now - packet.arrival
        return Play(packet.payload, pace)

    def _pace(self, now: float) -> Pace:
        self._since_change += 1
        excess = self.delay(now) - self.target
        if excess < LENGTHEN_BELOW:
            return Pace.LONGER
        if excess > HURRY_ABOVE or (excess > SHORTEN_ABOVE and self._since_change >= CHANGE_EVERY):
            self._since_change = 0
            return Pace.SHORTER
        return Pace.STEADY

    def _starve(self) -> Decision:
        self._held += FRAME
        if self._held >= FORGET_AFTER:
            self._stop()
        return self._made(Conceal(FRAME))

    def _made(self, decision: Conceal | Comfort) -> Decision:
        """Silence in place of what has been made up for too long."""
        self._made_up = min(self._made_up + decision.samples, COMFORT_AFTER + 1)
        if isinstance(decision, Comfort) or self._made_up > COMFORT_AFTER:
            self.counts.comfort += decision.samples
            return Comfort(decision.samples)
        self.counts.concealed += decision.samples
        return decision

    def _end(self) -> int:
        return max((at + packet.samples for at, packet in self._packets.items()), default=0)

    def _span(self) -> int:
        return max(self._end() - self._next, 0) if self._packets and self._next is not None else 0
