"""How large and how many pictures are sent for the rate there is: at once down, slowly up, and at last a still picture.

A pure core without a timer: `choose` is asked for each picture, and says what it should be and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk_client.media.core.bandwidth import Cause, Target


@dataclass(frozen=True)
class Rung:
    """Pictures of `height` lines, 16:9, and `frames` a second are good from `least` bits a second of encoded VP8 on."""

    height: int
    frames: float
    least: float

    @property
    def richest(self) -> float:
        """Bits a pixel beyond which it gets no better that anyone would see."""
        pixels = self.frames * self.height * self.height * 16 / 9
        return max(RICHEST, 2 * self.least / pixels) if pixels else 0.0


RUNGS = (
    Rung(720, 30, 1_000_000),
    Rung(540, 30, 500_000),
    Rung(360, 30, 250_000),
    Rung(270, 20, 130_000),
    Rung(180, 15, 65_000),
    Rung(180, 8, 35_000),
)
"""From the top, each with less `least` than the one before. At `least` each has between 0.03 bits a pixel, of large
pictures, and 0.08, of small ones, which repeat themselves less. Smaller pictures before fewer: people bear with a soft
picture rather than with one that stumbles."""

STILL = Rung(0, 0, 0)
"""Voice alone, with the last picture left standing."""

HOLDS = 0.8
"""A rung is held down to this share of its `least`: each change of size costs a key frame."""

CLIMBS = 1.15
"""The next rung is climbed from this multiple of its `least` on, so that it is not left again at once."""

PATIENCE, FIRST_PATIENCE, LONGEST_PATIENCE = 4.0, 0.6, 40.0
"""Seconds for which there must be room before a climb; at the start of a call, and at most. Doubled by each fall that
comes within `SOON` of a climb, and made good by a long stay."""

SOON = 15.0
STARTING = 8.0
"""Seconds for which a call is at its start: what the first probes find is used without waiting."""

RICHEST = 0.09
"""Bits a pixel beyond which a picture gets no better that anyone would see: 2.5 Mbit/s of 720 lines, as libwebrtc has
it; small ones need more, up to twice the `least` of their rung. More packets a picture are more that can be lost."""

Reason = Literal["start", "more room", "line full", "line loses", "line silent"]
"""Why the step is this one and not another; the words that people see are made from it."""

_REASONS: dict[Cause, Reason] = {
    "growing": "line full",
    "delay": "line full",
    "loss": "line loses",
    "silence": "line silent",
}


@dataclass(frozen=True)
class Step:
    """What pictures should be. `height`: lines; 0 where none should be sent. `frames`: a second. `rate`: bits a second.

    `reason`: why height and frames are what they are, since they last changed.
    """

    height: int
    frames: float
    rate: float
    reason: Reason


class Ladder:
    """Of one call. Times: seconds of any one clock that never runs back."""

    def __init__(self, now: float) -> None:
        self._rung: Rung | None = None
        self._reason: Reason = "start"
        self._began = now
        self._patience = PATIENCE
        self._climbed = self._moved = float("-inf")
        # Since when there has been room for this rung and all below it.
        self._room: dict[Rung, float] = {}

    def choose(self, target: Target, rate: float, source: int, now: float) -> Step:
        """What the next picture should be.

        `target`: what may be sent in all, and why. `rate`: of it, what is left for encoded pictures, bits a second;
        may be below zero. `source`: lines of the pictures there are; none larger are made.
        """
        self._note_room(rate, now)
        if self._rung is None:
            self._rung = _best(rate)
        elif rate < HOLDS * self._rung.least:
            self._fall(rate, target.cause, now)
        else:
            self._climb(now)
        return self._step(self._rung, rate, source)

    def _note_room(self, rate: float, now: float) -> None:
        for rung in RUNGS:
            if rate >= CLIMBS * rung.least:
                self._room.setdefault(rung, now)
            else:
                self._room.pop(rung, None)

    def _fall(self, rate: float, cause: Cause, now: float) -> None:
        if now - self._climbed < SOON:
            self._patience = min(2 * self._patience, LONGEST_PATIENCE)
        self._rung, self._reason, self._moved = _best(rate), _REASONS[cause], now

    def _climb(self, now: float) -> None:
        if now - self._moved > 4 * SOON:
            self._patience = PATIENCE
        patience = FIRST_PATIENCE if now - self._began < STARTING else self._patience
        room = [rung for rung, since in self._room.items() if now - since >= patience]
        higher = [rung for rung in room if self._rung is not None and rung.least > self._rung.least]
        if higher:
            self._rung, self._reason = max(higher, key=lambda rung: rung.least), "more room"
            self._climbed = self._moved = now

    def _step(self, rung: Rung, rate: float, source: int) -> Step:
        height = min(rung.height, source)
        richest = rung.richest * rung.frames * height * height * 16 / 9
        return Step(height, rung.frames, min(max(rate, 0.0), richest), self._reason)


def _best(rate: float) -> Rung:
    """The highest rung whose pictures are good at this rate, or the still picture."""
    return next((rung for rung in RUNGS if rate >= rung.least), STILL)
