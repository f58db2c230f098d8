"""An ear on the play-out buffer's core: it takes what is decided, 20 ms at a time, and remembers what it heard."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk_client.media.core.playout import Playout
from kiosk_client.media.core.speech import FRAME, RATE, Decision, Fate, Pace, Play, SpeechPacket

PERIOD = RATE // 150
"""Samples by which a changed pace shortens or lengthens a packet here: a voice of 150 Hz."""


def packet(number: int, arrival: float, *, source: int = 1, first: int = 0, recovers: bool = False) -> SpeechPacket:
    """The packet of this number, from 0, whose payload is the number. `first`: the timestamp of number 0."""
    timestamp = (first + number * FRAME) % 2**32
    return SpeechPacket(source, timestamp, FRAME, str(number).encode(), arrival, recovers)


@dataclass
class Ear:
    """Hears `playout`; time is that of its ticks."""

    playout: Playout
    heard: list[Decision] = field(default_factory=list)
    put: dict[Fate, list[int]] = field(default_factory=dict)
    _ready: int = 0

    def take(self, given: SpeechPacket) -> Fate:
        """Put a packet into the buffer."""
        fate = self.playout.put(given)
        self.put.setdefault(fate, []).append(int(given.payload or b"-1"))
        return fate

    def tick(self, now: float) -> list[Decision]:
        """Hear the next 20 ms; returns what had to be decided for it."""
        decided = []
        while self._ready < FRAME:
            decision = self.playout.next(now)
            decided.append(decision)
            self._ready += FRAME if isinstance(decision, Play) else decision.samples
            if isinstance(decision, Play):
                self._ready += {Pace.STEADY: 0, Pace.SHORTER: -PERIOD, Pace.LONGER: PERIOD}[decision.pace]
        self._ready -= FRAME
        self.heard += decided
        return decided


def played(decisions: list[Decision]) -> list[int]:
    """The numbers of the packets among them."""
    return [int(each.payload) for each in decisions if isinstance(each, Play)]
