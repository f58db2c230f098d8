"""Whether the way from here to the relay is the bad part of a bad path. Pure.

Small questions are sent to the relay beside the call. What the call suffers and they do not happens beyond the relay;
what they suffer too happens on the way to it. Between the two nothing is said.
"""

from __future__ import annotations

from collections import deque
from math import isfinite
from statistics import median

from tawasul.protocol.peer import Leg

WINDOW = 20.0
"""Seconds of questions that count: at two a second forty, enough to tell 5 % of loss each way from none."""

MOST_KEPT = 200

ENOUGH = 4.0
"""Questions that would have been lost if all of the call's loss were on this way: that none is, though, is then chance
once in fifty times (e⁻⁴, Poisson)."""

FEWEST_LOST = 2
MOSTLY, HARDLY = 0.4, 0.1
"""The share of what the call suffers from which on this way is the bad part; and up to which it is not."""

RISE = 0.15
"""Seconds by which the call's round trip must have grown for its share on this way to be told."""

FEWEST_ANSWERS = 6


class RelayLeg:
    """Takes what became of each question. Times: seconds of any one clock that never runs back."""

    def __init__(self) -> None:
        self._asked: deque[tuple[float, float | None]] = deque(maxlen=MOST_KEPT)
        self._shortest = float("inf")

    def take(self, sent_at: float, round_trip: float | None) -> None:
        """One question, sent then. `round_trip`: seconds until the answer; None where none came in time."""
        if not isfinite(sent_at) or (round_trip is not None and not 0 <= round_trip < 60):
            return
        self._asked.append((sent_at, round_trip))
        if round_trip is not None:
            self._shortest = min(self._shortest, round_trip)

    def judge(self, loss: float | None, rise: float | None, now: float) -> Leg | None:
        """`bad`, `good`, or None where the evidence does not tell.

        `loss`: the shares of packets that the call loses there and back, added up, over `WINDOW`. `rise`: seconds by
        which its round trip is longer than the shortest. None for what is not known.
        """
        lately = [way for at, way in self._asked if now - WINDOW <= at <= now]
        if self._shortest == float("inf"):
            return None  # it never answers such questions: that says nothing of the way
        lost, expected = lately.count(None), len(lately) * (loss or 0.0)
        if lost >= FEWEST_LOST and 0 < MOSTLY * expected <= lost:
            return "bad"
        if expected >= ENOUGH:
            return "good" if lost <= HARDLY * expected else None
        return self._by_delay([way for way in lately if way is not None], rise)

    def _by_delay(self, answers: list[float], rise: float | None) -> Leg | None:
        if rise is None or rise < RISE or len(answers) < FEWEST_ANSWERS:
            return None
        ours = median(answers[-FEWEST_ANSWERS:]) - self._shortest
        if ours >= MOSTLY * rise:
            return "bad"
        return "good" if ours <= HARDLY * rise else None
