"""From packets of speech to frames of sound, 20 ms each: the play-out buffer's decisions, carried out.

Not for two threads at once. Nothing here waits or asks a clock.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kiosk_client.media.core.playout import Playout
from kiosk_client.media.core.speech import FRAME, Comfort, Conceal, Decision, Pace, Play, Recover, SpeechPacket
from kiosk_client.media.core.time_scale import lengthened, shortened
from kiosk_client.media.libopus import OpusDecoder, OpusFailed, Samples

FADE = FRAME // 4
"""Samples, 5 ms, in which sound comes back out of silence without a click."""


@dataclass
class PlayerCounts:
    """Samples of this stream so far that nobody spoke so, and packets that were none."""

    inserted: int = 0
    """By playing slower."""
    removed: int = 0
    """By playing faster."""
    undecodable: int = 0


class SpeechPlayer:
    """Raises `OpusMissing` where there is no library to decode with."""

    def __init__(self) -> None:
        self.playout = Playout()
        self.counts = PlayerCounts()
        self._decoder = OpusDecoder()
        self._ready: Samples = np.empty(0, dtype=np.int16)
        self._silent = True
        self.is_silent = True
        """Whether of the last frame nothing was left but silence of our own."""

    def put(self, packet: SpeechPacket) -> None:
        """Take a packet, in whatever order they come."""
        self.playout.put(packet)

    def frame(self, now: float) -> Samples:
        """The next 20 ms, mono at 48 kHz, shape (960,). `now`: seconds of the packets' clock, when it is heard."""
        while len(self._ready) < FRAME:
            self._perform(self.playout.next(now))
        frame, self._ready = self._ready[:FRAME], self._ready[FRAME:]
        self.is_silent = self._silent and not frame.any()
        return frame

    def _perform(self, decision: Decision) -> None:
        try:
            sound = self._sound_of(decision)
        except OpusFailed:
            # It was authenticated, so the other end's encoder is at fault: as if it had been lost.
            self.counts.undecodable += 1
            sound = self._decoder.conceal(FRAME)
        ready = np.concatenate([self._ready, sound])
        self._ready = self._at_pace(ready, decision.pace) if isinstance(decision, Play) else ready

    def _sound_of(self, decision: Decision) -> Samples:
        was_silent, self._silent = self._silent, isinstance(decision, Comfort)
        match decision:
            case Comfort(samples) if was_silent:
                return np.zeros(samples, dtype=np.int16)
            case Comfort(samples):
                return _ramped(self._decoder.conceal(samples), 1.0, 0.0)
            case Conceal(samples):
                sound = self._decoder.conceal(samples)
            case Recover(payload, samples):
                sound = self._decoder.recover(payload, samples)
            case Play(payload):
                sound = self._decoder.decode(payload)
        if was_silent:
            sound[:FADE] = _ramped(sound[:FADE], 0.0, 1.0)
        return sound

    def _at_pace(self, sound: Samples, pace: Pace) -> Samples:
        if pace is Pace.STEADY:
            return sound
        changed = shortened(sound) if pace is Pace.SHORTER else lengthened(sound)
        self.counts.removed += max(len(sound) - len(changed), 0)
        self.counts.inserted += max(len(changed) - len(sound), 0)
        return changed


def _ramped(sound: Samples, begin: float, end: float) -> Samples:
    return np.rint(sound * np.linspace(begin, end, len(sound))).astype(np.int16)
